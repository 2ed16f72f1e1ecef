from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from farm.domain.plan import Plan, PlannedBatch
from farm.domain.scenario import Scenario
from farm.domain.world import Stage
from farm.errors import ProgrammeImpossible
from farm.settings.scenarios import load_scenario
from farm.simulation.facility_use import facility_use
from farm.simulation.occupancy import active_batches_by_month
from farm.simulation.scheduler import make_plan
from farm.simulation.supply import supply
from tests.properties.plan_promises import assert_sound

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "config"


@pytest.fixture(scope="module")
def full():
    return load_scenario("full", CONFIG)


@pytest.fixture(scope="module")
def full_plan(full):
    return make_plan(full)


def digest(plan: Plan) -> str:
    return hashlib.sha256(repr(plan).encode()).hexdigest()


@pytest.mark.parametrize("name", ["smoke", "demo"])
@pytest.mark.parametrize("seed", [None, 1, 2**63 - 1])
def test_the_scenarios_are_booked_soundly_whatever_the_seed(name, seed):
    scenario = load_scenario(name, CONFIG, seed)
    assert_sound(scenario, make_plan(scenario))


def test_the_full_programme_is_booked_soundly(full, full_plan):
    assert_sound(full, full_plan)


def test_the_full_farm_starts_fifteen_to_twenty_batches_in_its_first_year(full_plan):
    starts = [b.start_date for b in full_plan.batches if b.start_date.year == 2015]
    assert 15 <= len(starts) <= 20
    assert len(set(starts)) > 12


def test_the_full_farm_fills_up_smoothly_and_then_has_forty_to_fifty_batches(full, full_plan):
    active = list(active_batches_by_month(full, full_plan).values())
    # The ramp takes two years, without a step and without overshooting.
    full_from = next(n for n, number in enumerate(active) if number >= 40)
    assert 20 <= full_from <= 24
    assert all(0 <= after - before <= 3 for before, after in pairwise(active[:full_from]))
    assert all(40 <= number <= 50 for number in active[full_from:])


def test_once_there_is_harvest_no_month_is_without_it_in_either_geography(full, full_plan):
    for one in supply(full, full_plan).values():
        assert len(one.pens) > 80
        assert one.empty_months == ()


def test_levelled_starts_make_harvest_steadier_than_the_nearest_day_with_room(full):
    # Given a company with some room to spare: without levelling, the full programme does not fit
    data = full.dump()
    for company in data["outline"]["companies"]:
        company["programme"]["target_active_batches"] = 21.0
    gaps = []
    for levelling in (full.breeding.levelling, 0.0):
        data["breeding"]["levelling"] = levelling
        scenario = Scenario.restore(data)
        found = supply(scenario, make_plan(scenario)).values()
        gaps.append([one.longest_gap_days for one in found])
    assert all(levelled < simple / 1.5 for levelled, simple in zip(*gaps, strict=True))


def test_large_batches_are_moved_over_several_days_and_graded_and_split(full_plan):
    for batch in full_plan.batches:
        stage_of = {booking.id: booking.stage for booking in batch.bookings}
        days: dict[tuple[Stage, str], set[date]] = defaultdict(set)
        for movement in batch.movements:
            days[stage_of[movement.to_id], movement.kind].add(movement.day)
        assert (Stage.FRY, "split") in days
        assert len(days[Stage.PARR, "grading"]) > 1
        assert 1 < len(days[Stage.SMOLT, "stage"]) <= 10
        assert 1 < len(days[Stage.ADULT, "sea"]) <= 10
        assert len(batch.bookings) < 200


def test_most_of_the_company_is_in_use(full, full_plan):
    used = {
        kind: sum(list(use.in_use.values())[36:]) / len(list(use.in_use.values())[36:])
        for kind, use in facility_use(full, full_plan).items()
    }
    assert all(0.5 < used[kind] < 0.85 for kind in ("egg_alevin", "fry", "parr", "pen", "site"))


def test_sixty_per_cent_of_the_eggs_are_bought(full_plan):
    sources = [batch.egg_source for batch in full_plan.batches]
    assert sources.count("external") == round(0.6 * len(sources))


def test_sources_are_mixed_all_along(full_plan):
    in_order = sorted(full_plan.batches, key=lambda batch: (batch.start_date, batch.code[:2]))
    for count in range(1, len(in_order) + 1):
        bought = sum(batch.egg_source == "external" for batch in in_order[:count])
        assert abs(bought - 0.6 * count) <= 0.5


def test_eggs_come_from_whoever_serves_the_geography(full, full_plan):
    suppliers = {s.id: s.code for s in full_plan.world.egg_supplier}
    serves = {s.code: s.serves for s in full.catalogue.egg_suppliers}
    stocks = {stock.id: stock.geography_id for stock in full_plan.world.broodstock}
    for batch in full_plan.batches:
        if batch.egg_supplier_id is not None:
            assert batch.code[:2] in serves[suppliers[batch.egg_supplier_id]]
        else:
            assert batch.broodstock_id is not None
            assert stocks[batch.broodstock_id] == batch.geography_id


def test_more_batches_begin_in_winter_than_in_summer(full_plan):
    months = Counter(batch.start_date.month for batch in full_plan.batches)
    winter = sum(months[month] for month in (11, 12, 1, 2))
    summer = sum(months[month] for month in (5, 6, 7, 8))
    assert winter > 1.5 * summer


def test_smolts_go_to_sea_larger_and_stay_shorter_as_the_years_go_in_the_faroes(full_plan):
    def days_at_sea(batch: PlannedBatch) -> int:
        start = next(b.start for b in batch.bookings if b.stage is Stage.ADULT)
        return (batch.harvest_to - start).days

    faroe = [batch for batch in full_plan.batches if batch.code.startswith("FO")]
    early = [days_at_sea(b) for b in faroe if b.start_date.year == 2015]
    late = [days_at_sea(b) for b in faroe if b.start_date.year >= 2022]
    assert min(early) > max(late)


def test_a_batch_empties_one_site_before_the_next(full_plan):
    for batch in full_plan.batches:
        sea = [booking for booking in batch.bookings if booking.stage is Stage.ADULT]
        sites = [booking.container_id // 10_000 for booking in sea]
        assert sites == sorted(sites, key=sites.index)
        assert [b.earliest_end for b in sea] == sorted(b.earliest_end for b in sea)
        assert [b.end for b in sea] == sorted(b.end for b in sea)


def test_another_seed_gives_another_programme():
    plans = {digest(make_plan(load_scenario("demo", CONFIG, seed))) for seed in range(3)}
    assert len(plans) == 3


def test_a_longer_horizon_does_not_move_the_batches_already_planned():
    # Given ten years of the demo, and the same company with its first session alone
    demo = load_scenario("demo", CONFIG)
    data = demo.dump()
    data["outline"]["sessions"] = data["outline"]["sessions"][:1]
    short = Scenario.restore(data)

    # When both are planned
    long_plan, short_plan = make_plan(demo), make_plan(short)

    # Then the batches of the first session have the same containers on the same days
    lives = {batch.code: batch.bookings for batch in long_plan.batches}
    assert all(lives[batch.code] == batch.bookings for batch in short_plan.batches)


@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_a_plan_is_the_same_in_every_process(hash_seed):
    # Given a plan made here
    here = digest(make_plan(load_scenario("demo", CONFIG)))

    # When another process, which hashes differently, makes it again
    code = (
        "import hashlib, pathlib\n"
        "from farm.settings.scenarios import load_scenario\n"
        "from farm.simulation.scheduler import make_plan\n"
        f"plan = make_plan(load_scenario('demo', pathlib.Path({str(CONFIG)!r})))\n"
        "print(hashlib.sha256(repr(plan).encode()).hexdigest())\n"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()

    # Then nothing differs
    assert there == here


@pytest.mark.parametrize(
    ("field", "bottleneck"),
    [
        ("trays_per_hatchery", "trays for egg_alevin are the bottleneck in 2015-01"),
        ("fry_tanks_per_nursery", "tanks for fry are the bottleneck in 2015-05"),
        ("post_smolt_tanks_per_facility", "tanks for post_smolt are the bottleneck in 20"),
        ("pens_per_site", "sites of 1 pens are the bottleneck in 20"),
    ],
)
def test_a_programme_that_does_not_fit_is_refused_with_the_bottleneck(field, bottleneck):
    # Given the demo with one thing too small
    data = load_scenario("demo", CONFIG).dump()
    data["outline"]["companies"][0]["facilities"][field] = 1

    # When it is planned, Then the refusal names what, where, when, and how many
    with pytest.raises(ProgrammeImpossible, match="^Faroe Islands: " + bottleneck) as caught:
        make_plan(Scenario.restore(data))
    assert " needs " in str(caught.value)
    assert " are free" in str(caught.value)


def test_fish_that_never_grow_up_are_refused():
    data = load_scenario("smoke", CONFIG).dump()
    for code in ("FO", "SC"):
        market = data["biology"]["harvest"]["markets"][code]
        market["target"] = market["heaviest"] = 1_000_000.0
    with pytest.raises(ProgrammeImpossible, match="do not reach 1000000 g"):
        make_plan(Scenario.restore(data))
