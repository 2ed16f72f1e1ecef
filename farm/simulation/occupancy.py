"""What a plan looks like over time: batches, occupied containers, batch-months."""

from __future__ import annotations

from collections import Counter
from datetime import date

from farm.domain.calendar import Month
from farm.domain.plan import Plan, PlannedBatch
from farm.domain.scenario import Scenario
from farm.domain.world import ContainerKind
from farm.simulation.facility_use import shares

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
    first_day = scenario.horizon.first_day
    kinds = {container.id: container.kind for container in plan.world.container}
    total = Counter(kinds.values())
    spans: dict[str, list[tuple[int, int]]] = {kind.value: [] for kind in ContainerKind}
    for batch in plan.batches:
        for booking in batch.bookings:
            span = ((booking.start - first_day).days, (booking.end - first_day).days)
            spans[kinds[booking.container_id]].append(span)
    return {kind: shares(scenario, found, total[kind]) for kind, found in spans.items()}


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
