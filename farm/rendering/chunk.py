"""What a rendered chunk is."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

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


@dataclass(frozen=True, slots=True)
class RenderedChunk:
    """The rows of a chunk: for each table of CHUNK_TABLES its record batches, in order.

    A batch-month has no calibrations and services; an area-month has readings and these alone.
    """

    tables: dict[str, list[pa.RecordBatch]]

    def rows(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return {name: sum(b.num_rows for b in parts) for name, parts in self.tables.items()}
