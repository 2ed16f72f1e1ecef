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
)


@dataclass(frozen=True, slots=True)
class RenderedChunk:
    """The rows of one batch-month: for each table of CHUNK_TABLES its record batches, in order."""

    tables: dict[str, list[pa.RecordBatch]]

    def rows(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return {name: sum(b.num_rows for b in parts) for name, parts in self.tables.items()}
