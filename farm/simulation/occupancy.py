"""What a plan looks like over time: batches, occupied containers, batch-months."""

from __future__ import annotations

from datetime import date

import numpy as np

from farm.domain.calendar import Month
from farm.domain.plan import Plan, PlannedBatch
from farm.domain.scenario import Scenario
from farm.domain.world import ContainerKind
from farm.simulation.facility_use import days_of_months

#: The day of the month on which batches are counted.
_COUNTED_ON = 15


def active_batches_by_month(scenario: Scenario, plan: Plan) -> dict[str, int]:
    """Return, for each month of the horizon, the batches with an open booking on its 15th.

    A pen counts as occupied until the last day by which it must be empty.
    """
    days = {
        str(month): date(month.year, month.month, _COUNTED_ON)
        for month in scenario.horizon.months()
    }
    lives = [(batch.start_date, _last_end(batch)) for batch in plan.batches]
    return {month: sum(start <= day < end for start, end in lives) for month, day in days.items()}


def occupancy(scenario: Scenario, plan: Plan) -> dict[str, dict[str, float]]:
    """Return, for each kind of container and month, the booked share of all container-days.

    Pens count until the last day by which they must be empty; cleaning and fallow days do not.
    """
    horizon = scenario.horizon
    kinds = {container.id: container.kind for container in plan.world.container}
    total = {kind.value: 0 for kind in ContainerKind}
    for kind in kinds.values():
        total[kind] += 1
    changes = {kind: np.zeros(horizon.days + 1, dtype=np.int64) for kind in total}
    for batch in plan.batches:
        for booking in batch.bookings:
            first = min((booking.start - horizon.first_day).days, horizon.days)
            last = min((booking.end - horizon.first_day).days, horizon.days)
            changes[kinds[booking.container_id]][first] += 1
            changes[kinds[booking.container_id]][last] -= 1
    shares: dict[str, dict[str, float]] = {}
    for kind, change in changes.items():
        booked = np.cumsum(change)[:-1]
        shares[kind] = {
            str(month): float(booked[days].sum()) / (total[kind] * month.days)
            if total[kind]
            else 0.0
            for month, days in days_of_months(scenario)
        }
    return shares


def batch_months(scenario: Scenario, plan: Plan, session: int) -> list[tuple[PlannedBatch, Month]]:
    """Return each batch with each month of a session in which it may have fish, in that order.

    A batch that is harvested before the last day planned for it has fewer months in the end.
    """
    period = scenario.period(session)
    found: list[tuple[PlannedBatch, Month]] = []
    for batch in plan.batches:
        first = max(Month.of(batch.start_date), period.first)
        end = _last_end(batch)
        found.extend(
            (batch, month) for month in period.months() if first <= month and month.first < end
        )
    return found


def _last_end(batch: PlannedBatch) -> date:
    return max(booking.end for booking in batch.bookings)
