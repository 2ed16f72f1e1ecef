"""Looks a finished plan over for what must never be in it, without trusting who made it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from farm.domain.plan import Plan
from farm.domain.scenario import Scenario
from farm.domain.world import Stage


def breaches(scenario: Scenario, plan: Plan) -> tuple[str, ...]:
    """Return a line for each breach of a rule; none for a sound plan.

    The rules: one batch in a container at a time, the days of cleaning after each use of a tray or
    tank, one generation of fish at a site, and its fallow days before the next.
    """
    halls = {hall.id: hall.lifecycle_stage_id for hall in plan.world.hall}
    stages = {stage.id: stage for stage in Stage}
    codes = {container.id: container.code for container in plan.world.container}
    site_codes = {site.id: site.code for site in plan.world.site}
    rest = {
        c.id: scenario.facilities.of(stages[halls[c.hall_id]]).cleaning_days
        for c in plan.world.container
        if c.hall_id is not None
    }
    site_of = {c.id: c.site_id for c in plan.world.container if c.site_id is not None}
    uses: dict[int, list[tuple[date, date]]] = defaultdict(list)
    generations: dict[int, dict[int, tuple[date, date]]] = defaultdict(dict)
    fallow: dict[int, int] = {}
    geographies = dict(enumerate(scenario.geographies, 1))
    for batch in plan.batches:
        for booking in batch.bookings:
            uses[booking.container_id].append((booking.start, booking.end))
            site = site_of.get(booking.container_id)
            if site is None:
                continue
            start, end = generations[site].get(batch.id, (booking.start, booking.end))
            generations[site][batch.id] = (min(start, booking.start), max(end, booking.end))
            fallow[site] = geographies[batch.geography_id].pens.fallow_days
    found = []
    for container, stays in uses.items():
        for before, after in pairwise(sorted(stays)):
            free = before[1] + timedelta(days=rest.get(container, 0))
            if after[0] < free:
                found.append(f"{codes[container]}: booked from {after[0]}, but free from {free}")
    for site, of_batches in generations.items():
        for before, after in pairwise(sorted(of_batches.values())):
            free = before[1] + timedelta(days=fallow[site])
            if after[0] < free:
                found.append(
                    f"{site_codes[site]}: stocked from {after[0]}, but fallow until {free}"
                )
    return tuple(sorted(found))
