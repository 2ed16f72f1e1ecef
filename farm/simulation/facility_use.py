"""How full a plan keeps its facilities, month by month: halls by stage, pens, sea sites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from farm.domain.calendar import Month
from farm.domain.plan import Booking, Plan
from farm.domain.scenario import Scenario
from farm.domain.world import Stage

#: The names under which the containers of the sea and its sites are counted.
PENS, SITES = "pen", "site"


@dataclass(frozen=True, slots=True)
class FacilityUse:
    """Containers of one kind of hall, the pens, or the sites.

    ``stocked`` is the share (0 to 1) of container-days with fish in them, by month; ``in_use``
    counts the days of cleaning or fallow as well: what is left could be booked.
    """

    containers: int
    stocked: Mapping[str, float]
    in_use: Mapping[str, float]


def facility_use(scenario: Scenario, plan: Plan) -> dict[str, FacilityUse]:
    """Return the use of halls by stage, of pens and of sites, in this order of a fish's life.

    Pens count until the last day by which they must be empty, and lie fallow with their site: a
    site is stocked from its first pen's first day to its last pen's last one.
    """
    stays = _stays(scenario, plan)
    halls = {hall.id: hall.lifecycle_stage_id for hall in plan.world.hall}
    stages = {stage.id: stage.value for stage in Stage}
    totals = dict.fromkeys((s.value for s in Stage if s is not Stage.ADULT), 0)
    totals |= {PENS: 0, SITES: len(plan.world.site)}
    for container in plan.world.container:
        kind = PENS if container.hall_id is None else stages[halls[container.hall_id]]
        totals[kind] += 1
    return {
        kind: FacilityUse(
            containers=total,
            stocked=shares(scenario, ((start, end) for start, end, _ in stays[kind]), total),
            in_use=shares(scenario, ((start, free) for start, _, free in stays[kind]), total),
        )
        for kind, total in totals.items()
    }


#: From the first day, with fish to before the second, and not to be booked to before the third.
_Stay = tuple[int, int, int]


def _stays(scenario: Scenario, plan: Plan) -> dict[str, list[_Stay]]:
    """Return all stays by kind, in days from the first of the horizon."""
    first_day = scenario.horizon.first_day
    kinds = (*(stage.value for stage in Stage if stage is not Stage.ADULT), PENS, SITES)
    found: dict[str, list[_Stay]] = {kind: [] for kind in kinds}
    site_of = {c.id: c.site_id for c in plan.world.container if c.site_id is not None}
    fallow = {
        geography.id: scenario.geography(geography.code).pens.fallow_days
        for geography in plan.world.geography
    }
    for batch in plan.batches:
        pens: dict[int, list[Booking]] = {}
        for booking in batch.bookings:
            if booking.stage is Stage.ADULT:
                pens.setdefault(site_of[booking.container_id], []).append(booking)
                continue
            start, end = (booking.start - first_day).days, (booking.end - first_day).days
            rest = scenario.facilities.of(booking.stage).cleaning_days
            found[booking.stage.value].append((start, end, end + rest))
        for bookings in pens.values():
            days = [((b.start - first_day).days, (b.end - first_day).days) for b in bookings]
            emptied = max(end for _, end in days)
            free = emptied + fallow[batch.geography_id]
            found[PENS] += [(start, end, free) for start, end in days]
            found[SITES].append((min(start for start, _ in days), emptied, free))
    return found


def shares(scenario: Scenario, spans: Iterable[tuple[int, int]], total: int) -> dict[str, float]:
    """Return for each month the share (0 to 1) of ``total`` containers' days that spans take.

    Spans run from a day of the horizon, counted from its first, to before another.
    """
    days = scenario.horizon.days
    change = np.zeros(days + 1, dtype=np.int64)
    for start, end in spans:
        change[min(start, days)] += 1
        change[min(end, days)] -= 1
    busy = np.cumsum(change)[:-1]
    return {
        str(month): float(busy[of_month].sum()) / (total * month.days) if total else 0.0
        for month, of_month in _days_of_months(scenario)
    }


def _days_of_months(scenario: Scenario) -> Iterator[tuple[Month, slice]]:
    """Yield the months of the horizon, each with its days counted from the horizon's first."""
    first_day = scenario.horizon.first_day
    for month in scenario.horizon.months():
        start = (month.first - first_day).days
        yield month, slice(start, start + month.days)
