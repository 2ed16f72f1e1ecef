"""How full the facilities are, when there is harvest, and that a bad plan is found out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from farm.domain.calendar import Month
from farm.domain.plan import Plan
from farm.domain.world import Stage
from farm.settings.scenarios import load_scenario
from farm.simulation.audit import breaches
from farm.simulation.facility_use import facility_use
from farm.simulation.occupancy import occupancy
from farm.simulation.scheduler import make_plan
from farm.simulation.supply import supply
from tests.properties.plan_promises import rest_days

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def demo():
    return load_scenario("demo", CONFIG)


@pytest.fixture(scope="module")
def plan(demo):
    return make_plan(demo)


@pytest.mark.parametrize("month", [Month(2015, 8), Month(2015, 11)])
def test_use_agrees_with_counting_day_by_day(demo, plan, month):
    days = [month.first + timedelta(days=offset) for offset in range(month.days)]
    rests = rest_days(demo, plan)
    stays = [b for batch in plan.batches for b in batch.bookings if b.stage is Stage.PARR]
    halls = {h.id for h in plan.world.hall if h.lifecycle_stage_id == Stage.PARR.id}
    total = sum(c.hall_id in halls for c in plan.world.container) * len(days)
    found = facility_use(demo, plan)["parr"]
    stocked = sum(b.start <= day < b.end for b in stays for day in days)
    used = sum(
        b.start <= day < b.end + timedelta(days=rests[b.container_id])
        for b in stays
        for day in days
    )
    assert found.stocked[str(month)] == pytest.approx(stocked / total)
    assert found.in_use[str(month)] == pytest.approx(used / total)
    assert used >= stocked > 0


def test_pens_lie_fallow_with_their_site(demo, plan):
    found = facility_use(demo, plan)
    pens, sites = found["pen"], found["site"]
    assert pens.stocked == pytest.approx(occupancy(demo, plan)["pen"])
    for month in pens.stocked:
        assert pens.stocked[month] <= pens.in_use[month] <= 1
        assert sites.stocked[month] <= sites.in_use[month] <= 1


def test_every_kind_of_container_is_counted(demo, plan):
    found = facility_use(demo, plan)
    assert list(found) == [*(s.value for s in Stage if s is not Stage.ADULT), "pen", "site"]
    of_containers = [use.containers for kind, use in found.items() if kind != "site"]
    assert sum(of_containers) == len(plan.world.container)


def test_supply_counts_every_pen_of_the_horizon_once(demo, plan):
    found = supply(demo, plan)
    surely = [
        booking
        for batch in plan.batches
        for booking in batch.bookings
        if booking.stage is Stage.ADULT and booking.end <= demo.horizon.last_day
    ]
    assert sum(sum(one.pens.values()) for one in found.values()) >= len(surely)
    for one in found.values():
        assert next(iter(one.pens.values())) > 0
        assert set(one.empty_months) == {month for month, pens in one.pens.items() if not pens}
        assert one.longest_gap_days > 0


def test_a_sound_plan_breaks_no_rule(demo, plan):
    assert breaches(demo, plan) == ()


def moved_into(plan: Plan, stage: Stage, days: int) -> Plan:
    """Let the second batch take a container of the first one, so many days after it was emptied."""
    first, second = [b for b in plan.batches if b.geography_id == 1][:2]
    mine = next(b for b in first.bookings if b.stage is stage)
    at = next(n for n, b in enumerate(second.bookings) if b.stage is stage)
    start = mine.end + timedelta(days=days)
    taken = replace(
        second.bookings[at],
        container_id=mine.container_id,
        start=start,
        earliest_end=start + timedelta(days=30),
        end=start + timedelta(days=30),
    )
    bookings = (*second.bookings[:at], taken, *second.bookings[at + 1 :])
    return Plan(plan.world, (first, replace(second, bookings=bookings)))


@pytest.mark.parametrize(
    ("stage", "days", "says"),
    [
        (Stage.FRY, -3, "but free from"),
        (Stage.FRY, 13, "but free from"),
        (Stage.ADULT, 20, "fallow"),
    ],
)
def test_a_broken_rule_is_found(demo, plan, stage, days, says):
    found = breaches(demo, moved_into(plan, stage, days))
    assert found
    assert all(says in line for line in found)


def test_a_container_is_free_after_its_cleaning(demo, plan):
    assert breaches(demo, moved_into(plan, Stage.FRY, 14)) == ()
