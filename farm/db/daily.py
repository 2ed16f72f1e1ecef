"""Rows of days as the bytes of a binary COPY, a month at a time.

Rows that lack the same values are equally long: they are written together, and then put in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from farm.db import copy_rows
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.months import rows_by_month
from farm.simulation.history import SEA_ONLY, Columns

#: Columns of whole numbers that the database has as decimals, under these names.
DECIMALS = {
    "feed_g": "feed_kg",
    "feed_cents": "feed_cost",
    "quantity_g": "quantity_kg",
    "cost_cents": "cost",
    "revenue_cents": "revenue",
}

#: Ids that are 0 where there is none: NULL in the database.
_OPTIONAL = frozenset({"disease_id", "feed_type_id"})


def days_by_month(
    days: Columns, kinds: Mapping[str, pa.DataType]
) -> Iterator[tuple[Month, int, memoryview]]:
    """Yield number and COPY bytes of a table's rows in each month, months in order.

    Within a month the order of rows is kept. Only the month that is asked for is written.

    Args:
        days: the columns of the daily state, of the feed draws, of `site_day` or of `hall_day`.
        kinds: the types of the columns in the database.

    Raises:
        ContractBroken: the columns are not those of the table.
    """
    if [DECIMALS.get(name, name) for name in days] != list(kinds):
        raise ContractBroken(f"columns are {', '.join(days)}, not {', '.join(kinds)}")
    formats = dict(zip(days, kinds.values(), strict=True))
    lacks = _lacks(days)
    for month, rows in rows_by_month(days["date"]):
        parts = _in_order(days, formats, lacks, rows)
        yield month, rows.size, memoryview(b"".join((copy_rows.HEADER, *parts, copy_rows.TRAILER)))


def _lacks(days: Columns) -> Columns:
    """Return where columns have no value, of those that lack any."""
    lacks = {name: np.isnan(days[name]) for name in days if name in SEA_ONLY}
    lacks |= {name: days[name] == 0 for name in days if name in _OPTIONAL}
    return {name: where for name, where in lacks.items() if where.any()}


def _in_order(
    days: Columns, formats: Mapping[str, pa.DataType], lacks: Columns, rows: NDArray[np.int64]
) -> Iterator[bytes | memoryview]:
    """Yield the bytes of rows in their order: in runs of rows that lack the same values."""
    lacking = np.zeros(rows.size, dtype=np.uint8)
    for bit, where in enumerate(lacks.values()):
        lacking |= where.take(rows).view(np.uint8) << np.uint8(bit)
    written: dict[int, memoryview] = {}
    sizes: dict[int, int] = {}
    for which in np.flatnonzero(np.bincount(lacking)).tolist():
        absent = {name for bit, name in enumerate(lacks) if which >> bit & 1}
        alike = _write(days, formats, absent, rows[lacking == which])
        written[which], sizes[which] = alike.view(np.uint8).data, alike.itemsize
    starts = np.flatnonzero(np.diff(lacking, prepend=~lacking[:1]))
    lengths = np.diff(starts, append=rows.size)
    begins = dict.fromkeys(written, 0)
    for which, length in zip(lacking[starts].tolist(), lengths.tolist(), strict=True):
        begin = begins[which]
        begins[which] = end = begin + length * sizes[which]
        yield written[which][begin:end]


def _write(
    days: Columns, formats: Mapping[str, pa.DataType], absent: set[str], rows: NDArray[np.int64]
) -> NDArray[Any]:
    """Return rows that lack the same values as records of the bytes of a COPY."""
    given = {name: days[name].take(rows, axis=0) for name in formats if name not in absent}
    given["date"] = given["date"].astype(np.int32)
    scales = copy_rows.scales(formats)

    def size(name: str) -> int | None:
        if name not in given:
            return None
        if name in scales:
            return copy_rows.digits(given[name], scales[name])
        return given[name].shape[1] if given[name].ndim > 1 else 0

    row = copy_rows.blank(tuple((name, kind, size(name)) for name, kind in formats.items()))
    records = copy_rows.repeated(row, rows.size)
    for name, values in given.items():
        copy_rows.writer(formats[name])(records, name, values)
    return records
