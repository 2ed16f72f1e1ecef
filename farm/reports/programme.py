"""What a plan amounts to: batches, occupancy, chunks, expected rows, bytes. From bookings alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from farm.domain.plan import Booking
from farm.domain.world import Stage
from farm.orchestration.blueprint import Blueprint
from farm.rendering.expected import estimate_rows
from farm.reports.size import bytes_needed
from farm.simulation.occupancy import active_batches_by_month, batch_months, occupancy


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch of the programme."""

    code: str
    geography: str
    egg_source: str
    eggs: int
    start_date: date
    harvest_from: date
    harvest_to: date


@dataclass(frozen=True, slots=True)
class Programme:
    """What a scenario would make.

    ``occupancy`` is the share (0 to 1) of container-days with fish in them, by kind and month;
    ``rows`` and ``bytes`` are estimates: harvest dates and deaths are only known once simulated.
    """

    scenario: str
    months: tuple[str, ...]
    batches: tuple[BatchLine, ...]
    containers: int
    active_batches_by_month: Mapping[str, int]
    occupancy: Mapping[str, Mapping[str, float]]
    chunks: int
    rows: Mapping[str, int]
    bytes: int

    def as_json(self) -> dict[str, Any]:
        """Return the answer of `farm plan --json`."""
        return {
            "scenario": self.scenario,
            "batches": [
                {
                    "code": b.code,
                    "geography": b.geography,
                    "egg_source": b.egg_source,
                    "eggs": b.eggs,
                    "start_date": b.start_date.isoformat(),
                    "harvest_from": b.harvest_from.isoformat(),
                    "harvest_to": b.harvest_to.isoformat(),
                }
                for b in self.batches
            ],
            "active_batches_by_month": dict(self.active_batches_by_month),
            "occupancy": {
                kind: {month: round(share, 4) for month, share in by_month.items()}
                for kind, by_month in self.occupancy.items()
            },
            "chunks": self.chunks,
            "rows": dict(self.rows),
            "bytes": self.bytes,
        }


def programme(blueprint: Blueprint) -> Programme:
    """Return what a scenario's plan amounts to, over its whole horizon."""
    scenario, plan = blueprint.scenario, blueprint.plan
    codes = {geography.id: geography.code for geography in plan.world.geography}
    sessions = [expected_rows(blueprint, number) for number in scenario.session_numbers]
    rows = {table: sum(one[table] for one in sessions) for table in sessions[0]}
    months = tuple(str(month) for month in scenario.horizon.months())
    return Programme(
        scenario=scenario.name,
        months=months,
        batches=tuple(
            BatchLine(
                code=batch.code,
                geography=codes[batch.geography_id],
                egg_source=batch.egg_source,
                eggs=batch.eggs,
                start_date=batch.start_date,
                harvest_from=batch.harvest_from,
                harvest_to=batch.harvest_to,
            )
            for batch in plan.batches
        ),
        containers=len(plan.world.container),
        active_batches_by_month=active_batches_by_month(scenario, plan),
        occupancy=occupancy(scenario, plan),
        chunks=sum(_chunks(blueprint, number) for number in scenario.session_numbers),
        rows=rows,
        bytes=bytes_needed(rows, len(months)),
    )


def expected_rows(blueprint: Blueprint, session: int) -> dict[str, int]:
    """Return the rows of each big table that the bookings promise for one session."""
    period = blueprint.scenario.period(session)
    rows = estimate_rows(blueprint.layout, period)
    bookings = (booking for batch in blueprint.plan.batches for booking in batch.bookings)
    after = period.last_day + timedelta(days=1)
    rows["daily_state"] = sum(
        max((min(_expected_end(b), after) - max(b.start, period.first_day)).days, 0)
        for b in bookings
    )
    return rows


def _chunks(blueprint: Blueprint, session: int) -> int:
    """Return the chunks of a session: batch-months, and one simulation for each geography."""
    scenario = blueprint.scenario
    return len(batch_months(scenario, blueprint.plan, session)) + len(scenario.geography_codes)


def _expected_end(booking: Booking) -> date:
    """Return when a container is expected to be empty: a pen half-way through its harvest."""
    if booking.stage is not Stage.ADULT:
        return booking.end
    return booking.earliest_end + (booking.end - booking.earliest_end) // 2
