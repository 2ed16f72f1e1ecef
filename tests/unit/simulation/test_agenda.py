"""What is done on which day, and that a plan which contradicts itself is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from farm.domain.calendar import Month
from farm.domain.plan import Plan
from farm.domain.world import Stage
from farm.simulation.agenda import Agenda
from tests.reference.small_farm import Sketch, small_plan


@pytest.fixture
def plan() -> Plan:
    return small_plan(Sketch(start=date(2015, 1, 10), containers=(2, 3, 2, 2, 2, 2), move_days=2))


def test_eggs_are_delivered_on_the_first_day(plan):
    (handling,) = Agenda(plan, 1).handlings(date(2015, 1, 10).toordinal())
    assert [booking.stage for booking in handling.delivered] == [Stage.EGG_ALEVIN] * 2
    assert handling.movements == ()


def test_every_movement_is_done_on_its_day_and_once(plan):
    agenda = Agenda(plan, 1)
    (batch,) = plan.batches
    days = range(batch.start_date.toordinal(), batch.harvest_to.toordinal() + 1)
    done = [m for day in days for h in agenda.handlings(day) for m in h.movements]
    assert done == list(batch.movements)


def test_the_next_day_out_is_known_until_the_last_fish_have_left(plan):
    agenda = Agenda(plan, 1)
    (batch,) = plan.batches
    for booking in batch.bookings:
        start, end = booking.start.toordinal(), booking.end.toordinal()
        if booking.stage is Stage.ADULT:
            assert agenda.next_out(booking.id, start) == 0
            continue
        assert start < agenda.next_out(booking.id, start) <= end
        assert agenda.next_out(booking.id, end - 1) == end
        assert agenda.next_out(booking.id, end) == 0


def test_what_is_filled_in_a_month_is_known_before_it(plan):
    agenda = Agenda(plan, 1)
    (batch,) = plan.batches
    for month in (Month(2015, 1), Month(2015, 2), Month(2015, 3), Month(2014, 12)):
        moved = {m.to_id for m in batch.movements if Month.of(m.day) == month}
        eggs = {b.id for b in batch.bookings if b.stage is Stage.EGG_ALEVIN}
        begins = eggs if month == Month.of(batch.start_date) else set()
        assert agenda.filled_in(month) == sorted(moved | begins)


def test_another_geography_has_nothing_to_do(plan):
    assert Agenda(plan, 2).handlings(date(2015, 1, 10).toordinal()) == []


def test_a_booking_without_movements_is_refused(plan):
    (batch,) = plan.batches
    idle = replace(batch, movements=batch.movements[:-1])
    with pytest.raises(ValueError, match="no movements for booking"):
        Agenda(Plan(plan.world, (idle,)), 1)


def test_a_booking_that_ends_on_another_day_than_its_fish_leave_is_refused(plan):
    (batch,) = plan.batches
    first = batch.bookings[0]
    later = replace(first, end=first.end + timedelta(days=1))
    with pytest.raises(ValueError, match=f"no movements for booking {first.id}"):
        Agenda(Plan(plan.world, (replace(batch, bookings=(later, *batch.bookings[1:])),)), 1)
