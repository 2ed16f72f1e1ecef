from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from farm.domain.calendar import Month
from farm.domain.world import Stage
from farm.settings.scenarios import load_scenario
from farm.simulation.occupancy import active_batches_by_month, batch_months, occupancy
from farm.simulation.scheduler import make_plan

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="module")
def smoke():
    return load_scenario("smoke", CONFIG)


@pytest.fixture(scope="module")
def plan(smoke):
    return make_plan(smoke)


def test_occupancy_agrees_with_counting_day_by_day(smoke, plan):
    kinds = {container.id: container.kind for container in plan.world.container}
    month = Month(2016, 3)
    days = [month.first + timedelta(days=offset) for offset in range(month.days)]
    for kind in ("tray", "tank", "pen"):
        booked = sum(
            booking.start <= day < booking.end
            for batch in plan.batches
            for booking in batch.bookings
            if kinds[booking.container_id] == kind
            for day in days
        )
        total = sum(k == kind for k in kinds.values()) * len(days)
        assert occupancy(smoke, plan)[kind][str(month)] == pytest.approx(booked / total)


def test_occupancy_names_every_month_and_never_exceeds_one(smoke, plan):
    months = [str(month) for month in smoke.horizon.months()]
    for shares in occupancy(smoke, plan).values():
        assert list(shares) == months
        assert all(0 <= share <= 1 for share in shares.values())


def test_a_batch_is_active_from_its_eggs_to_its_last_pen(smoke, plan):
    active = active_batches_by_month(smoke, plan)
    assert list(active) == [str(month) for month in smoke.horizon.months()]
    for month in smoke.horizon.months():
        day = month.first + timedelta(days=14)
        swimming = {
            batch.code
            for batch in plan.batches
            for booking in batch.bookings
            if booking.start <= day < booking.end
        }
        assert active[str(month)] == len(swimming)


def test_batch_months_cover_every_booked_month_once(smoke, plan):
    found = [
        (batch.code, month)
        for session in smoke.session_numbers
        for batch, month in batch_months(smoke, plan, session)
    ]
    assert len(found) == len(set(found))
    expected = {
        (batch.code, month)
        for batch in plan.batches
        for month in smoke.horizon.months()
        if any(b.start <= month.last and b.end > month.first for b in batch.bookings)
    }
    assert set(found) == expected


def test_smoke_shows_a_whole_life_within_its_sessions(smoke, plan):
    last_day = smoke.horizon.last_day
    begun = {b.stage for batch in plan.batches for b in batch.bookings if b.start <= last_day}
    assert begun == set(Stage)
    assert [batch for batch in plan.batches if batch.harvest_to <= last_day]
