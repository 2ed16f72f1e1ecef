"""Days between arrays and PostgreSQL's binary COPY format, both ways, vectorised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.arrow import KILOGRAMS, MONEY, decimals
from farm.simulation.history import SEA_ONLY, SLICE_COLUMNS, Columns

#: Header of a binary COPY: signature (11), flags (4), length of the extension (4).
_HEADER = 19
#: A field count of -1 ends the stream.
_TRAILER = 2
#: Day 0 of a PostgreSQL date.
_EPOCH = np.datetime64("2000-01-01")

#: How columns arrive: big-endian, feed as whole grams, its cost as cents, dates as days since 2000.
_WIRE: dict[str, str] = {
    "int16": ">i2",
    "int32": ">i4",
    "int64": ">i8",
    "float64": ">f8",
    "datetime64[D]": ">i4",
    "bool": "?",
}

#: Columns of whole numbers that the database has as decimals, under these names.
_DECIMALS: dict[str, tuple[str, pa.Decimal128Type]] = {
    "feed_g": ("feed_kg", KILOGRAMS),
    "feed_cents": ("feed_cost", MONEY),
    "quantity_g": ("quantity_kg", KILOGRAMS),
    "cost_cents": ("cost", MONEY),
}

#: Ids that are 0 where there is none: NULL in the database.
_OPTIONAL = frozenset({"disease_id", "feed_type_id"})


def days_by_month(days: Columns) -> Iterator[tuple[Month, pa.RecordBatch]]:
    """Yield the rows of a table of days as one record batch per month, months in order.

    The columns are those of the daily state, of the feed draws, of `site_day` or of `hall_day`, in
    table order. Within a month the order of rows is kept. Only the month that is
    asked for is copied.
    """
    month_of_row = _month_of_row(days)
    order = np.argsort(month_of_row, kind="stable")
    indices, starts = np.unique(month_of_row[order], return_index=True)
    ends = [*starts[1:].tolist(), len(order)]
    for index, start, end in zip(indices.tolist(), starts.tolist(), ends, strict=False):
        rows = order[start:end]
        yield _month(index), _record_batch({name: column[rows] for name, column in days.items()})


def months_of(days: Columns) -> list[Month]:
    """Return the months that a table of days has rows in, in order."""
    return [_month(index) for index in np.unique(_month_of_row(days)).tolist()]


def _month_of_row(days: Columns) -> NDArray[np.int64]:
    """Return the months since January 1970."""
    month: NDArray[np.int64] = days["date"].astype("datetime64[M]").astype(np.int64)
    return month


def _month(since_1970: int) -> Month:
    return Month(1970 + since_1970 // 12, since_1970 % 12 + 1)


def _record_batch(days: Columns) -> pa.RecordBatch:
    arrays: dict[str, pa.Array] = {}
    for name, column in days.items():
        if name == "deaths_by_cause":
            arrays[name] = _lists(column)
        elif name in _DECIMALS:
            table_name, kind = _DECIMALS[name]
            arrays[table_name] = decimals(column, kind)
        elif name in SEA_ONLY:
            arrays[name] = pa.array(column, mask=np.isnan(column))
        elif name in _OPTIONAL:
            arrays[name] = pa.array(column, mask=column == 0)
        else:
            arrays[name] = pa.array(column)
    return pa.record_batch(arrays)


def _lists(matrix: NDArray[np.int32]) -> pa.ListArray:
    rows, width = matrix.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * width
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(matrix.reshape(-1)))


def daily_from_copy(data: bytes) -> Columns:
    """Return the daily columns out of a binary COPY of the query `slice`.

    Raises:
        ContractBroken: a row has another number of causes of death than there are.
    """
    return days_from_copy(data, SLICE_COLUMNS)


def days_from_copy(data: bytes, kinds: Mapping[str, str]) -> Columns:
    """Return columns of these names and kinds out of a binary COPY of just these, without nulls.

    Every row has the same length there, so the bytes are read as one array of records.

    Raises:
        ContractBroken: a row has another length.
    """
    body = memoryview(data)[_HEADER : len(data) - _TRAILER]
    if not body:
        return _empty(kinds)
    causes = _causes(body, kinds)
    record = _record(kinds, causes)
    rows = np.frombuffer(body[: len(body) // record.itemsize * record.itemsize], dtype=record)
    if len(rows) * record.itemsize != len(body) or np.any(rows["fields"] != len(kinds)):
        raise ContractBroken(_odd(kinds))
    if "deaths_by_cause" in kinds and np.any(rows["array_length"] != causes):
        raise ContractBroken(_odd(kinds))
    columns: Columns = {}
    for name, kind in kinds.items():
        column = rows[name]["value"] if name == "deaths_by_cause" else rows[name]
        if name == "date":
            columns[name] = _EPOCH + column.astype("timedelta64[D]")
        else:
            columns[name] = column.astype(kind)
    return columns


def _odd(kinds: Mapping[str, str]) -> str:
    if "deaths_by_cause" in kinds:
        return "there are daily states with different numbers of causes of death"
    return f"there are days with an unknown value among {', '.join(kinds)}"


def _causes(body: memoryview, kinds: Mapping[str, str]) -> int:
    """Return how many causes of death the first row has; 0 for days without deaths."""
    if "deaths_by_cause" not in kinds:
        return 0
    record = _record(kinds, 0)
    if len(body) < record.itemsize:
        raise ContractBroken(_odd(kinds))
    fields: Any = record.fields
    offset = fields["array_length"][1]
    return max(int.from_bytes(body[offset : offset + 4], "big", signed=True), 0)


def _record(kinds: Mapping[str, str], causes: int) -> np.dtype[Any]:
    """Return the layout of a row on the wire: each value after its length in four bytes."""
    fields: list[tuple[Any, ...]] = [("fields", ">i2")]
    for name, kind in kinds.items():
        fields.append((f"{name}_bytes", ">i4"))
        if name == "deaths_by_cause":
            # an array: dimensions, has-null flag and element type; length; lower bound; elements
            fields.append(("array_head", "V12"))
            fields.append(("array_length", ">i4"))
            fields.append(("array_from", ">i4"))
            fields.append((name, [("bytes", ">i4"), ("value", ">i4")], (causes,)))
        else:
            fields.append((name, _WIRE[kind]))
    return np.dtype(fields)


def _empty(kinds: Mapping[str, str]) -> Columns:
    columns: Columns = {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}
    if "deaths_by_cause" in kinds:
        columns["deaths_by_cause"] = np.empty((0, 0), dtype=kinds["deaths_by_cause"])
    return columns
