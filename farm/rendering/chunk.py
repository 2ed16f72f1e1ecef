"""What a rendered chunk is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from farm.rendering.table import Table, rows_in

#: Tables a chunk fills, in the order in which they are encoded, hashed and copied.
CHUNK_TABLES = (
    "environmental_reading",
    "feeding_event",
    "mortality_event",
    "growth_sample",
    "fish_observation",
    "lice_count",
    "lice_observation",
    "health_sample",
    "sensor_calibration",
    "equipment_service",
)


@dataclass(frozen=True, slots=True, eq=False)
class RenderedChunk:
    """The rows of a chunk: for each table of CHUNK_TABLES its parts, one after another.

    Parts of a table differ in which columns they have no value for. A batch-month has no
    calibrations and services; an area-month has readings and these alone.
    """

    tables: Mapping[str, Sequence[Table]]

    def rows(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return {name: sum(map(rows_in, parts)) for name, parts in self.tables.items()}
