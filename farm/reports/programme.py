"""What a plan amounts to: batches, occupancy, chunks, expected rows, bytes. From bookings alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from farm.domain.calendar import Month
from farm.domain.plan import Plan
from farm.domain.scenario import Scenario
from farm.rendering.expected import estimate_rows
from farm.reports.size import bytes_needed
from farm.simulation.occupancy import active_batches_by_month, occupancy_by_month


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
    months: tuple[Month, ...]
    batches: tuple[BatchLine, ...]
    containers: int
    active_batches_by_month: Mapping[Month, int]
    occupancy: Mapping[str, Mapping[Month, float]]
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
            "active_batches_by_month": {str(m): n for m, n in self.active_batches_by_month.items()},
            "occupancy": {
                kind: {str(m): round(share, 4) for m, share in by_month.items()}
                for kind, by_month in self.occupancy.items()
            },
            "chunks": self.chunks,
            "rows": dict(self.rows),
            "bytes": self.bytes,
        }
