"""When fish are vaccinated, and what it does to them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.domain.plan import TransferKind
from farm.domain.vaccine import side_effect_score
from farm.domain.world import Cause, Stage
from farm.simulation.care.campaigns import Campaigns, Moves
from farm.simulation.care.facts import NoteKind
from farm.simulation.care.vaccination_days import days_needed
from farm.simulation.engine import simulate
from farm.simulation.history import History
from farm.simulation.streams import Decision
from tests.reference.plain_vaccination import PlainVaccination, PlainVaccine
from tests.reference.small_farm import Nature, Sketch, Thinning, biology, small_plan
from tests.unit.simulation.watch_bench import WatchBench

PERIOD = Period(Month(2015, 1), Month(2016, 6))


@cache
def lived() -> History:
    plan = small_plan(
        Sketch(
            containers=(1, 2, 3, 3, 2, 3),
            eggs=2_000_000,
            move_days=4,
            thinned={Stage.PARR: Thinning(TransferKind.GRADING, 40, 4)},
        )
    )
    return simulate(Nature(5, biology()), plan, "FO", PERIOD, None)


def vaccinate(bench: WatchBench, container: int) -> None:
    """Vaccinate a container now."""
    bench.state.own["vaccinating"]["due"][container] = bench.date.toordinal()
    bench.vaccinating.work(bench.morning())


def test_all_fish_are_vaccinated_before_they_go_to_sea():
    history = lived()
    to_sea = {t.from_assignment_id: t.date for t in history.transfers if t.kind == "sea"}
    shares = history.snapshot.state["processes"]["vaccinating"]["share"]

    assert to_sea
    assert all(v.date < min(to_sea.values()) for v in history.health.vaccinations)
    assert sum(share > 0 for share in shares[-3:]) == 3  # the pens
    assert all(share == pytest.approx(1.0) for share in shares[-3:])


def test_fish_are_large_enough_and_neither_move_nor_eat_around_a_vaccination():
    history = lived()
    daily = history.daily
    lightest = biology().vaccines.vaccines[0].min_weight
    moved = {(t.date, i) for t in history.transfers for i in _both(t)}

    assert history.health.vaccinations
    for vaccination in history.health.vaccinations:
        assert vaccination.mean_weight_g >= lightest
        for days in range(3):
            day = vaccination.date - timedelta(days=days)
            assert (day, vaccination.assignment_id) not in moved
            here = (daily["assignment_id"] == vaccination.assignment_id) & (
                daily["date"] == np.datetime64(day)
            )
            assert daily["is_fasting"][here].all()
            if days == 0:  # the dead of the day itself are still counted
                there = daily["population"][here] + daily["deaths"][here]
                assert vaccination.count == there[0]


def _both(transfer) -> tuple[int, int]:
    return transfer.from_assignment_id, transfer.to_assignment_id


def test_a_vaccination_costs_what_its_doses_cost():
    price = biology().vaccines.vaccines[0].cost_per_fish["FO"]

    for vaccination in lived().health.vaccinations:
        assert float(vaccination.cost) == pytest.approx(price * vaccination.count, abs=0.01)


def test_fish_in_scotland_get_a_vaccine_against_pancreas_disease_as_well():
    used = biology().vaccines.used
    components = [
        {biology().vaccines.vaccines[v].component for v in used(g, 2016)} for g in ("FO", "SC")
    ]

    assert components == [{"polyvalent"}, {"polyvalent", "pd"}]


def test_a_newer_vaccine_takes_the_place_of_the_older_one():
    vaccines = biology().vaccines
    codes = [[vaccines.vaccines[v].code for v in vaccines.used("SC", y)] for y in (2015, 2024)]

    assert codes == [["polyvalent", "pd_oil"], ["polyvalent_micro", "pd_dna"]]


def test_small_fish_and_warm_water_make_side_effects_worse():
    vaccine, practice = biology().vaccines.vaccines[0], biology().vaccines.practice

    def score(weight: float, celsius: float) -> float:
        return side_effect_score(vaccine, practice, weight, celsius, 0.0)

    assert score(30.0, 12.0) > score(60.0, 12.0) > score(120.0, 12.0)
    assert score(60.0, 16.0) > score(60.0, 12.0) > score(60.0, 8.0)
    assert score(0.001, 20.0) == 6.0


def test_batches_are_timed_better_in_mature_years():
    practice = biology().vaccines.practice
    scores = np.linspace(-2, 2, 41)
    early, mature = ([practice.aim(year, z) for z in scores] for year in (2015.0, 2024.0))

    assert np.std(np.log(early)) > 2 * np.std(np.log(mature))
    assert np.median(early) < np.median(mature)
    assert min(early) < 250 < max(early) < 800


def test_days_of_a_campaign_follow_from_whole_containers():
    assert days_needed([], 100) == 0
    assert days_needed([60, 60, 60], 100) == 3
    assert days_needed([60, 40, 60], 100) == 2
    assert days_needed([250, 50], 100) == 2


@pytest.fixture
def bench() -> WatchBench:
    return WatchBench()


@pytest.fixture
def campaigns(bench) -> Campaigns:
    return Campaigns(bench.biology.vaccines.practice, bench.agenda, bench.dice)


def test_a_campaign_keeps_clear_of_moves(bench, campaigns):
    moves = campaigns.moves[1]
    rest = bench.biology.vaccines.practice.rest
    _, move = moves.land[-1]

    assert not campaigns.is_free(1, move, 1)
    assert not campaigns.is_free(1, move - rest, 1)
    assert not campaigns.is_free(1, move + rest, 1)
    assert not campaigns.is_free(1, move - rest - 3, 4)
    assert campaigns.is_free(1, move - rest - 3, 3)
    assert campaigns.is_free(1, move + rest + 1, 500)


def test_a_campaign_begins_when_what_is_left_until_the_sea_has_fallen_to_the_aim(campaigns):
    sea = campaigns.moves[1].sea
    today = date.fromordinal(sea - 60)
    aim = campaigns.aim(1, today)
    warmth = 8.0
    day = sea - int(aim / warmth)

    assert not campaigns.begins(1, today, day - 5, 2, warmth)
    assert campaigns.begins(1, today, day, 2, warmth)


def test_where_a_move_is_in_the_way_the_nearer_side_is_chosen(bench):
    practice = bench.biology.vaccines.practice.model_copy(update={"log_sd": (0.0,) * 4})
    campaigns = Campaigns(practice, bench.agenda, bench.dice)
    aim, warmth = campaigns.aim(1, date(2016, 1, 1)), 10.0
    today = date(2016, 1, 1)

    def side(days_before_sea: int) -> int:
        """The first day of a campaign, for a move of three days around the best one."""
        sea = today.toordinal() + 200
        best = sea - round(aim / warmth)
        middle = best + days_before_sea
        campaigns.moves[1] = Moves(sea, ((middle - 1, middle + 1),), {}, {})
        found = [d for d in range(sea - 150, sea) if campaigns.begins(1, today, d, 1, warmth)]
        return found[0] - best

    assert side(3) < 0  # before the move, and before the best day
    assert side(-4) > 0
    assert abs(side(3)) < 8


def test_what_a_vaccine_does_agrees_with_plain_numbers_day_by_day():
    bench = WatchBench("SC")
    tank = int(bench.frame.tanks[-1])
    bench.stock(tank, weight_g=70.0)
    vaccinate(bench, tank)
    practice = bench.biology.vaccines.practice
    records = bench.vaccinating.records()
    specs = [bench.biology.vaccines.vaccines[r.vaccine_id - 1] for r in records]
    stream = bench.dice.streams.at(
        Decision.VACCINATION_GROUP, int(bench.state.assignment[tank]), bench.date.toordinal()
    )
    luck, *groups = stream.standard_normal(1 + len(bench.biology.vaccines.vaccines)).tolist()
    scores = [
        side_effect_score(spec, practice, 70.0, 10.0, groups[record.vaccine_id - 1])
        for spec, record in zip(specs, records, strict=True)
    ]
    fading = 1.0 - 0.05 ** (1.0 / practice.mortality_days)
    killed = sum(spec.mortality for spec in specs) / 100.0
    plain = PlainVaccination(
        [
            PlainVaccine(
                min(spec.setback_depth * score / spec.side_effects, 0.9),
                spec.setback_days,
                score,
                spec.onset,
                spec.protects,
            )
            for spec, score in zip(specs, scores, strict=True)
        ],
        killed * fading * np.exp(practice.mortality_log_sd * luck),
        practice.mortality_days,
        practice.score_half,
    )
    assert [r.side_effect_score for r in records] == [round(s, 2) for s in scores]
    plain.pass_day(10.0)  # the day of the vaccination itself

    for warmth in [12.0, 4.0, -0.5] + [11.0] * 60:
        bench.tomorrow()
        morning = bench.morning(warmth)
        shield = bench.vaccinating.protection(bench.state)
        for disease in ("pd", "winter_ulcer", "agd"):
            found = shield[bench.codes.index(disease), tank]
            assert found == pytest.approx(plain.protection(disease))
        bench.vaccinating.work(morning)
        assert morning.rates.appetite[tank] == pytest.approx(plain.appetite(), abs=1e-5)
        assert morning.rates.hazard[Cause.HANDLING.id - 1, tank] == pytest.approx(
            plain.hazard(), abs=1e-8
        )
        assert morning.signs.side_effects[tank] == pytest.approx(plain.seen())
        plain.pass_day(warmth)
    assert plain.protection("pd") > 0


def test_newcomers_and_fish_of_before_share_what_they_bring(bench):
    tanks = bench.frame.tanks[-2:].tolist()
    source, target = tanks
    bench.stock(source)
    vaccinate(bench, source)
    for _ in range(60):
        bench.tomorrow()
        bench.vaccinating.work(bench.morning())
    disease = bench.codes.index("winter_ulcer")
    full = bench.vaccinating.protection(bench.state)[disease, source]
    days = bench.state.own["vaccinating"]["degree_days"][source]

    bench.stock(target)
    arrival = bench.move(source, target, count=3 * 10_000)
    bench.vaccinating.welcome(arrival, bench.state)

    assert full > 0
    after = bench.vaccinating.protection(bench.state)
    assert after[disease, target] == pytest.approx(0.75 * full)
    assert bench.state.own["vaccinating"]["degree_days"][target] == pytest.approx(days)
    assert arrival.signs.side_effects[target] > 0


def test_sick_fish_are_not_vaccinated_unless_they_must_go_to_sea(bench):
    tank = next(t for t in bench.frame.tanks.tolist() if _goes_to_sea(bench, t))
    sea = _goes_to_sea(bench, tank)
    bench.date = date.fromordinal(sea - 30)
    bench.stock(tank)
    bench.state.leaves[tank] = sea
    dates = []
    for _ in range(30):
        morning = bench.morning(14.0)
        morning.signs.sick[bench.codes.index("winter_ulcer"), tank] = 0.3
        notes = bench.vaccinating.work(morning)
        if notes:
            assert [n.kind for n in notes] == [NoteKind.VACCINATION]
            dates.append(sea - bench.date.toordinal())
        bench.tomorrow()

    latest = bench.biology.vaccines.practice.latest
    assert len(dates) == 1
    assert 0 < dates[0] <= latest


def _goes_to_sea(bench: WatchBench, container: int) -> int:
    here = bench.frame.containers[container].id
    (booking,) = [b for b in bench.agenda.bookings.values() if b.container_id == here]
    return Moves.of(bench.agenda.batches[booking.batch_id], 0).leaves.get(booking.id, 0)
