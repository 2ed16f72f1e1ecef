"""What a plan amounts to: batches, occupancy, chunks, expected rows, bytes. From bookings alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from farm.domain.world import Stage
from farm.orchestration.blueprint import Blueprint
from farm.rendering.expected import estimate_rows, stocked_days
from farm.reports.size import bytes_needed
from farm.simulation.audit import breaches
from farm.simulation.facility_use import FacilityUse, facility_use
from farm.simulation.occupancy import active_batches_by_month, batch_months, occupancy
from farm.simulation.supply import Supply, supply

#: The farm counts as full, and the ramp as over, from this share of the target on.
_FULL = 0.9


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

    A batch is active on the 15th of a month if it has fish then; pens count until the last day by
    which they must be empty. ``target`` is how many are to be active once the farm is full.
    ``occupancy`` is the share (0 to 1) of container-days with fish in them, by kind and month;
    ``facilities`` the same by kind of hall, and with cleaning and fallow. ``supply`` is the harvest
    by geography. ``breaches`` has a line for each broken rule of the plan. ``rows`` and ``bytes``
    are estimates: harvest dates and deaths are only known once simulated.
    """

    scenario: str
    months: tuple[str, ...]
    batches: tuple[BatchLine, ...]
    containers: int
    target: float
    active_batches_by_month: Mapping[str, int]
    occupancy: Mapping[str, Mapping[str, float]]
    facilities: Mapping[str, FacilityUse]
    supply: Mapping[str, Supply]
    breaches: tuple[str, ...]
    chunks: int
    rows: Mapping[str, int]
    bytes: int

    @property
    def full_from(self) -> str | None:
        """The month in which the ramp ends: the first with nine tenths of the target, if any."""
        return next((m for m in self.months if self._active(m) >= _FULL * self.target), None)

    @property
    def active_when_full(self) -> tuple[int, int] | None:
        """The fewest and the most active batches from `full_from` on."""
        if self.full_from is None:
            return None
        counts = [self._active(m) for m in self.months if m >= self.full_from]
        return min(counts), max(counts)

    @property
    def starts_by_year(self) -> dict[str, int]:
        """How many batches start in each year of the horizon."""
        years = dict.fromkeys((month[:4] for month in self.months), 0)
        for batch in self.batches:
            years[f"{batch.start_date.year}"] += 1
        return years

    def _active(self, month: str) -> int:
        return self.active_batches_by_month[month]

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
            "occupancy": {kind: _rounded(shares) for kind, shares in self.occupancy.items()},
            "chunks": self.chunks,
            "rows": dict(self.rows),
            "bytes": self.bytes,
            "ramp": {
                "target": self.target,
                "full_from": self.full_from,
                "active_when_full": self.active_when_full,
            },
            "starts_by_year": self.starts_by_year,
            "facilities": {
                kind: {
                    "containers": use.containers,
                    "stocked": _rounded(use.stocked),
                    "in_use": _rounded(use.in_use),
                }
                for kind, use in self.facilities.items()
            },
            "supply": {
                code: {
                    "pens_by_month": dict(one.pens),
                    "longest_gap_days": one.longest_gap_days,
                    "months_without_harvest": list(one.empty_months),
                }
                for code, one in self.supply.items()
            },
            "breaches": list(self.breaches),
        }


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    return {month: round(share, 4) for month, share in shares.items()}


def programme(blueprint: Blueprint) -> Programme:
    """Return what a scenario's plan amounts to, over its whole horizon."""
    scenario, plan = blueprint.scenario, blueprint.plan
    codes = {geography.id: geography.code for geography in plan.world.geography}
    companies = scenario.outline.companies
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
        target=sum(company.programme.target_active_batches for company in companies),
        active_batches_by_month=active_batches_by_month(scenario, plan),
        occupancy=occupancy(scenario, plan),
        facilities=facility_use(scenario, plan),
        supply=supply(scenario, plan),
        breaches=breaches(scenario, plan),
        chunks=sum(_chunks(blueprint, number) for number in scenario.session_numbers),
        rows=rows,
        bytes=bytes_needed(rows, len(months)),
    )


def expected_rows(blueprint: Blueprint, session: int) -> dict[str, int]:
    """Return the rows of each big table that the bookings promise for one session.

    A day's feed is drawn from one lot; only where that runs out, from the next one, too.
    """
    period = blueprint.scenario.period(session)
    rows = estimate_rows(blueprint.layout, period)
    days = Counter[Stage]()
    for batch in blueprint.plan.batches:
        for booking in batch.bookings:
            days[booking.stage] += stocked_days(booking, period)
    rows["daily_state"] = days.total()
    fed_days = sum(number for stage, number in days.items() if stage.is_fed)
    rows["feed_draw"] = round(fed_days * blueprint.layout.observation.planning.fed_share)
    world = blueprint.plan.world
    rows["site_day"] = len(world.site) * period.days
    rows["hall_day"] = len(world.hall) * period.days
    return rows


def _chunks(blueprint: Blueprint, session: int) -> int:
    """Return the chunks of a session: batch-months, area-months, one simulation a geography."""
    scenario = blueprint.scenario
    area_months = len(blueprint.plan.world.area) * len(list(scenario.period(session).months()))
    of_batches = len(batch_months(scenario, blueprint.plan, session))
    return of_batches + area_months + len(scenario.geography_codes)
