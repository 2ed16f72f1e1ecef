"""What is sampled, when the answer comes, and what it says."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from farm.domain.laboratory import Screening, days_in_laboratory, picked, positives
from farm.simulation.care.facts import NoteKind
from farm.simulation.health_records import LabSampleRecord
from farm.simulation.process import Morning
from tests.unit.simulation.watch_bench import WatchBench

DISEASE = "winter_ulcer"
TEST = "culture_winter_ulcer"


@pytest.fixture
def bench() -> WatchBench:
    bench = WatchBench()
    bench.stock_pens()
    return bench


def sick_morning(bench: WatchBench, share: float = 0.4, disease: str = DISEASE) -> Morning:
    """Today, with sick fish in the second pen and half as many in the third."""
    morning = bench.morning()
    row = bench.codes.index(disease)
    pens = bench.frame.pens
    for signs in (morning.signs.sick, morning.signs.infected):
        signs[row, pens[1]], signs[row, pens[2]] = share, share / 2
    return morning


def live(bench: WatchBench, days: int, disease: str | None = DISEASE) -> list[NoteKind]:
    """Live through days with an outbreak; return the kinds of what people noted."""
    kinds, onset, diagnosed = [], bench.date, None
    for _ in range(days):
        open_ = bench.outbreaks(disease, onset, diagnosed)
        answers = bench.laboratory.work(sick_morning(bench), bench.week(), open_)
        kinds += [note.kind for note in answers.notes]
        if answers.confirmed:
            diagnosed = bench.date
        bench.tomorrow()
    return kinds


def of_test(bench: WatchBench, code: str, reason: str) -> list[LabSampleRecord]:
    codes = [test.code for test in bench.biology.laboratory.tests]
    return [
        record
        for record in bench.laboratory.records(bench.state)
        if record.lab_test_id == codes.index(code) + 1 and record.reason == reason
    ]


def test_all_tests_of_a_disease_are_made_when_it_is_noticed_on_the_worst_container(bench):
    bench.laboratory.work(sick_morning(bench), bench.week(), bench.outbreaks(DISEASE, bench.date))

    tests = [
        bench.biology.laboratory.tests[r.lab_test_id - 1].code
        for r in bench.laboratory.records(bench.state)
        if r.reason == "suspicion"
    ]
    assert sorted(tests) == sorted(bench.biology.diseases[DISEASE].tests)
    (record,) = of_test(bench, TEST, "suspicion")
    assert record.assignment_id == bench.state.assignment[bench.frame.pens[1]]
    assert record.disease_outbreak_id == 77
    assert (record.received_on, record.positive, record.result) == (None, None, None)


def test_the_answer_of_the_test_that_settles_it_confirms_an_outbreak_once(bench):
    kinds = live(bench, 60)

    assert kinds.count(NoteKind.DIAGNOSIS) == 1
    (first,) = of_test(bench, TEST, "suspicion")
    assert first.result == "positive"
    assert first.received_on is not None


def test_samples_are_taken_again_while_an_outbreak_goes_on(bench):
    live(bench, 100)

    rules = bench.biology.laboratory.sampling
    again = [record.sampled_on for record in of_test(bench, TEST, "follow_up")]
    assert len(again) >= 2
    assert all(b - a == timedelta(days=rules.follow_up_after) for a, b in pairwise(again))


def test_samples_are_sent_after_they_are_taken_and_answered_after_they_are_sent(bench):
    live(bench, 100)

    answered = [r for r in bench.laboratory.records(bench.state) if r.received_on is not None]
    assert len(answered) > 3
    for record in answered:
        assert record.sampled_on <= record.sent_on <= record.received_on
        assert 0 <= record.positive <= record.n
        assert (record.result == "positive") == (record.positive > 0)


def test_healthy_fish_are_not_suspected(bench):
    bench.laboratory.work(bench.morning(), bench.week(), bench.outbreaks())

    assert all(r.reason == "screening" for r in bench.laboratory.records(bench.state))


def test_a_negative_answer_does_not_confirm(bench):
    onset, confirmed, kinds = bench.date, [], []
    for day in range(30):
        # Signs are seen on the first day alone; there is nothing to be found in the samples.
        morning = sick_morning(bench, 1e-9) if day == 0 else bench.morning()
        answers = bench.laboratory.work(morning, bench.week(), bench.outbreaks(DISEASE, onset))
        confirmed += answers.confirmed
        kinds += [note.kind for note in answers.notes]
        bench.tomorrow()

    assert confirmed == []
    assert NoteKind.RULED_OUT in kinds


def test_treated_fish_are_sampled_again(bench):
    pen = int(bench.frame.pens[2])
    outbreaks = bench.outbreaks(DISEASE, bench.date - timedelta(days=5))
    bench.laboratory.work(sick_morning(bench), bench.week(), outbreaks)
    bench.tomorrow()

    bench.laboratory.work(sick_morning(bench), bench.week(), outbreaks, [(pen, 77)])

    (record,) = of_test(bench, TEST, "follow_up")
    assert record.assignment_id == bench.state.assignment[pen]


def test_unexplained_deaths_are_looked_into_once_in_a_while(bench):
    pen = int(bench.frame.pens[0])
    alarms = []
    for _ in range(50):
        bench.state.own["memory"]["died"][:, pen] = 40
        answers = bench.laboratory.work(bench.morning(), bench.week(), bench.outbreaks())
        alarms += [n for n in answers.notes if n.kind is NoteKind.MORTALITY]
        bench.tomorrow()

    assert len(alarms) == 2
    assert alarms[0].facts["container"] == bench.frame.containers[pen].code
    suspected = [r for r in bench.laboratory.records(bench.state) if r.reason == "suspicion"]
    panel = bench.biology.laboratory.unexplained_at_sea["FO"]
    assert len(suspected) == 2 * len(panel)
    assert {r.disease_outbreak_id for r in suspected} == {None}


def test_screening_goes_from_pen_to_pen(bench):
    for _ in range(365):
        bench.laboratory.work(bench.morning(), bench.week(), bench.outbreaks())
        bench.tomorrow()

    for rule in bench.biology.laboratory.screening["FO"]:
        found = of_test(bench, rule.test, "screening")
        assert found
        assert all(rule.is_on(record.sampled_on.month) for record in found)
        assert {record.n for record in found} == {rule.fish}
        if len(found) >= 4:
            assert len({record.assignment_id for record in found}) == 3


def test_a_season_may_go_over_the_turn_of_the_year():
    rule = Screening.model_construct(
        test="pcr_prv", fish=20, interval=30, first_month=11, last_month=2
    )

    assert [month for month in range(1, 13) if rule.is_on(month)] == [1, 2, 11, 12]


def test_four_sessions_know_what_one_knows():
    whole, cut = WatchBench(), WatchBench()
    onset = whole.date
    for bench in (whole, cut):
        bench.stock_pens()
    records: dict[int, LabSampleRecord] = {}
    for session in range(4):
        for _ in range(31):
            for bench in (whole, cut):
                bench.laboratory.work(
                    sick_morning(bench), bench.week(), bench.outbreaks(DISEASE, onset)
                )
                bench.tomorrow()
        last = cut.date - timedelta(days=1)
        ended = cut.laboratory.records(cut.state)
        assert len({record.id for record in ended}) == len(ended)
        assert all((r.received_on or last) <= last for r in ended)
        if session == 0:
            assert any(r.received_on is None for r in ended)
        records |= {record.id: record for record in ended}
        cut.cut()

    assert records == {r.id: r for r in whole.laboratory.records(whole.state)}


def test_what_a_sample_shows_follows_from_prevalence_sensitivity_and_specificity(bench):
    test = bench.biology.laboratory.tests[0].model_copy(
        update={"sensitivity": 0.8, "specificity": 0.9}
    )
    chances = np.random.default_rng(1).random(100_000)

    assert positives(test, 0.3, chances) / 100_000 == pytest.approx(0.31, abs=0.01)
    assert positives(test, 0.0, chances) / 100_000 == pytest.approx(0.1, abs=0.01)


def test_weak_fish_are_sick_more_often_than_others():
    assert picked(0.0, 25.0) == 0.0
    assert picked(1.0, 25.0) == 1.0
    assert picked(0.1, 1.0) == pytest.approx(0.1)
    odds = 0.02 / 0.98
    assert picked(0.02, 25.0) / (1 - picked(0.02, 25.0)) == pytest.approx(25 * odds)


def test_most_answers_come_soon_and_a_few_late(bench):
    test = bench.biology.laboratory.tests[0].model_copy(
        update={"days_in_laboratory": 3, "days_spread": 4}
    )
    days = [days_in_laboratory(test, chance) for chance in np.linspace(0, 0.999, 200)]

    assert (min(days), max(days)) == (3, 7)
    assert np.median(days) == 4
