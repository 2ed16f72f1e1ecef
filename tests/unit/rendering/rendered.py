"""What was rendered, as Arrow shows it: with times, decimals and words as people read them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from farm.db.arrow import arrow_types, rendered_batch
from farm.rendering.chunk import RenderedChunk
from farm.rendering.table import rows_in


def parts_of(chunk: RenderedChunk, name: str) -> list[pa.RecordBatch]:
    """Return the parts of a table that have rows."""
    return [rendered_batch(name, part) for part in chunk.tables[name] if rows_in(part)]


def table_of(chunk: RenderedChunk, name: str) -> pa.Table:
    """Return all rows of a table, its columns in the database's order."""
    kinds = arrow_types(name)
    parts = [part.select(list(kinds)) for part in parts_of(chunk, name)]
    return pa.Table.from_batches(parts, schema=pa.schema(list(kinds.items())))


def shown(chunk: RenderedChunk) -> dict[str, pa.Table]:
    """Return all rows of all tables; two chunks are equal when these are."""
    return {name: table_of(chunk, name) for name in chunk.tables}


def rows_of(chunk: RenderedChunk, name: str) -> list[dict[str, Any]]:
    """Return all rows of a table as plain values."""
    rows: list[dict[str, Any]] = table_of(chunk, name).to_pylist()
    return rows
