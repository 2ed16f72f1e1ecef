"""When veterinarians come, and what they see."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from farm.domain.events import SiteEventKind
from farm.simulation.care.facts import Note, NoteKind
from tests.unit.simulation.watch_bench import FISH, WatchBench


@pytest.fixture
def bench() -> WatchBench:
    bench = WatchBench()
    bench.stock_pens()
    return bench


def days_of_visits(bench: WatchBench, days: int) -> list[date]:
    found = []
    for _ in range(days):
        notes = bench.visits.work(bench.morning(), bench.week(), bench.outbreaks())
        assert all(note.place == 0 for note in notes)  # nobody visits an empty station
        found += [bench.date for _ in notes]
        bench.tomorrow()
    return found


def visit(bench: WatchBench, **changed: float) -> Note:
    """The note of a visit to the site today, with signs as given in all its pens."""
    bench.state.own["visits"]["next"][0] = bench.date.toordinal()
    morning = bench.morning()
    for name, value in changed.items():
        getattr(morning.signs, name)[bench.frame.pens] = value
    (note,) = bench.visits.work(morning, bench.week(), bench.outbreaks())
    return note


def test_a_stocked_place_is_visited_about_as_often_as_it_should_be(bench):
    visits = days_of_visits(bench, 730)
    interval = bench.biology.laboratory.visits.interval

    gaps = [(b - a).days for a, b in pairwise(visits)]
    assert np.mean(gaps) == pytest.approx(interval, abs=4)
    assert len(set(gaps)) > 4
    assert max(gaps) <= interval + 8


def test_nobody_comes_on_a_weekend(bench):
    assert all(day.weekday() < 5 for day in days_of_visits(bench, 730))


def test_when_the_next_visit_comes_follows_from_the_day_of_the_last_one(bench):
    # Given the same farm, one where new people begin every month
    other = WatchBench()
    other.stock_pens()
    # When visits go on for two years
    found = []
    for _ in range(24):
        found += days_of_visits(other, 30)
        other.cut()
    # Then it makes no difference
    assert found == days_of_visits(bench, 720)


def test_an_empty_farm_is_not_visited():
    assert days_of_visits(WatchBench(), 200) == []


def test_a_visit_tells_what_can_be_seen(bench):
    note = visit(bench, gill_score=1.3, wounded=0.04, side_effects=1.7)

    assert note.kind is NoteKind.VISIT
    assert note.facts["fish"] == 3 * FISH
    assert note.facts["containers"] == 3
    assert note.facts["gill_score"] == pytest.approx(1.3)
    assert note.facts["wounded"] == pytest.approx(4.0)
    assert note.facts["score"] == pytest.approx(1.7)
    assert note.facts["appetite"] == pytest.approx(100.0)
    assert note.facts["adult_female"] == -1.0


def test_the_container_with_most_deaths_is_named(bench):
    pen = int(bench.frame.pens[2])
    bench.state.own["memory"]["died"][:, pen] = 20

    note = visit(bench)

    assert note.facts["worst"] == bench.frame.containers[pen].code
    expected = 1000.0 * 140 / (FISH + 140)
    assert note.facts["worst_per_mille"] == pytest.approx(expected)
    assert note.facts["per_mille"] == pytest.approx(expected / 3)


def test_the_last_lice_count_is_news_for_a_while(bench):
    memory = bench.state.own["memory"]
    memory["counted"][bench.frame.pens] = bench.date.toordinal()
    memory["adult_female"][bench.frame.pens] = 0.4

    assert visit(bench).facts["adult_female"] == pytest.approx(0.4)
    bench.date += timedelta(days=63)
    assert visit(bench).facts["adult_female"] == -1.0


def test_known_diseases_are_named_and_others_are_not(bench):
    def facts(**days: date) -> tuple[str | int | float, ...]:
        bench.state.own["visits"]["next"][0] = bench.date.toordinal()
        outbreaks = bench.outbreaks("winter_ulcer", **days)
        (note,) = bench.visits.work(bench.morning(), bench.week(), outbreaks)
        return note.facts["suspected"], note.facts["confirmed"]

    today = bench.date
    assert facts() == ("", "")
    assert facts(onset=today) == ("winter ulcer", "")
    assert facts(onset=today, diagnosed=today) == ("", "winter ulcer")


def test_fish_that_fast_have_no_appetite_to_speak_of(bench):
    bench.state.own["visits"]["next"][0] = bench.date.toordinal()
    morning = bench.morning()
    morning.rates.fast(bench.frame.at_sea)

    (note,) = bench.visits.work(morning, bench.week(), bench.outbreaks())

    assert note.facts["appetite"] == 0.0


def test_sites_report_what_befalls_them_and_when_it_is_over(bench):
    morning = bench.morning()
    kind = SiteEventKind.ALGAL_BLOOM
    morning.events.opens[kind.row, 0] = True
    (begins,) = bench.visits.work(morning, bench.week(), bench.outbreaks())
    bench.date += timedelta(days=9)
    morning = bench.morning()
    today = bench.date.toordinal()
    morning.events.closes[kind.row, 0] = True
    morning.events.start[kind.row, 0], morning.events.end[kind.row, 0] = today - 9, today

    bench.state.own["visits"]["next"][0] = today + 100
    (ends,) = bench.visits.work(morning, bench.week(), bench.outbreaks())

    assert (begins.kind, begins.facts["phase"]) == (NoteKind.EVENT, "begins")
    assert (ends.facts["event"], ends.facts["phase"], ends.facts["days"]) == (
        "algal_bloom",
        "ends",
        9,
    )
