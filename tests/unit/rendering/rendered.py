"""What was rendered, as Arrow shows it: with times, decimals and words as people read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from farm.db.arrow import arrow_types
from farm.rendering.chunk import RenderedChunk
from farm.rendering.table import Column, Runs, Table, Words, rows_in


def rendered_batch(name: str, rows: Table) -> pa.RecordBatch:
    """Return rendered rows of a table as a record batch, columns as given."""
    kinds, number = arrow_types(name), rows_in(rows)
    return pa.record_batch({c: _array(given, kinds[c], number) for c, given in rows.items()})


def _array(column: Column, kind: pa.DataType, rows: int) -> pa.Array:
    if column is None:
        return pa.nulls(rows, kind)
    if isinstance(column, Words):
        return pa.array([column.vocabulary[code] for code in column.codes], kind)
    if isinstance(column, Runs):
        column = column.values.repeat(column.lengths)
    if pa.types.is_decimal(kind):
        return pa.array([Decimal(one).scaleb(-kind.scale) for one in column.tolist()], kind)
    if pa.types.is_temporal(kind):
        return pa.array(column.astype(np.int32 if pa.types.is_date(kind) else np.int64)).cast(kind)
    return pa.array(column).cast(kind)


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
