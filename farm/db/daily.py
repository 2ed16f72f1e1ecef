"""Rows of days as the bytes of a binary COPY, a month at a time.

Rows that lack the same values are equally long: they are written together, and then put in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
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

#: Months whose rows are gathered at once: the days of one month lie scattered over all columns, and
#: those of a few on end are read in not much more time than of one.
_MONTHS_AT_ONCE = 4


def days_by_month(
    days: Columns, kinds: Mapping[str, pa.DataType]
) -> Iterator[tuple[Month, int, memoryview]]:
    """Yield number and COPY bytes of a table's rows in each month, months in order.

    Within a month the order of rows is kept. Only the month that is asked for is written, out of
    values that are gathered for a few of them.

    Args:
        days: the columns of the daily state, of the feed draws, of `site_day` or of `hall_day`.
        kinds: the types of the columns in the database.

    Raises:
        ContractBroken: the columns are not those of the table.
    """
    if [DECIMALS.get(name, name) for name in days] != list(kinds):
        raise ContractBroken(f"columns are {', '.join(days)}, not {', '.join(kinds)}")
    rows_of, months = _Rows(days, kinds), rows_by_month(days["date"])
    while some := dict(islice(months, _MONTHS_AT_ONCE)):
        of_months = rows_of.written(list(some.values()))
        for (month, rows), parts in zip(some.items(), of_months, strict=True):
            copied = b"".join((copy_rows.HEADER, *parts, copy_rows.TRAILER))
            yield month, rows.size, memoryview(copied)


class _Rows:
    """The rows of a table of days, written as they are asked for.

    Args:
        days: the columns.
        kinds: their types in the database, in the same order.
    """

    def __init__(self, days: Columns, kinds: Mapping[str, pa.DataType]) -> None:
        self._days = days
        self._kinds = dict(zip(days, kinds.values(), strict=True))
        self._writers = {name: copy_rows.writer(kind) for name, kind in self._kinds.items()}
        self._scales = copy_rows.scales(self._kinds)
        lacks = _lacks(days)
        self._optional = tuple(lacks)
        #: Which of these each row lacks: a bit for each.
        self._lacking = np.zeros(len(days["date"]), dtype=np.uint8)
        for bit, where in enumerate(lacks.values()):
            self._lacking |= where.view(np.uint8) << np.uint8(bit)
        self._blanks: dict[tuple[int | None, ...], NDArray[Any]] = {}

    def written(self, months: Sequence[NDArray[np.int64]]) -> Iterator[Iterator[memoryview]]:
        """Yield for each of a few months the bytes of its rows: see `_in_order`."""
        lacking = [self._lacking.take(rows) for rows in months]
        alike = [
            rows.take(of_rows.argsort(kind="stable"))
            for rows, of_rows in zip(months, lacking, strict=True)
        ]
        together = alike[0] if len(alike) == 1 else np.concatenate(alike)
        given = {name: column.take(together, axis=0) for name, column in self._days.items()}
        given["date"] = given["date"].astype(np.int32)
        end = 0
        for of_rows in lacking:
            written: dict[int, NDArray[Any]] = {}
            for which, number in enumerate(np.bincount(of_rows).tolist()):
                if number:
                    begin, end = end, end + number
                    absent = {name for bit, name in enumerate(self._optional) if which >> bit & 1}
                    part = {n: values[begin:end] for n, values in given.items() if n not in absent}
                    written[which] = self._records(part, number)
            yield _in_order(written, of_rows)

    def _records(self, given: Columns, number: int) -> NDArray[Any]:
        """Return rows that lack the same values as records of the bytes of a COPY."""
        sizes = tuple([self._size(name, given.get(name)) for name in self._kinds])
        if sizes not in self._blanks:
            columns = zip(self._kinds.items(), sizes, strict=True)
            self._blanks[sizes] = copy_rows.blank(tuple((*of, size) for of, size in columns))
        records = self._blanks[sizes].repeat(number)
        for name, values in given.items():
            self._writers[name](records, name, values)
        return records

    def _size(self, name: str, values: NDArray[Any] | None) -> int | None:
        """Return the size of a column's values, as `copy_rows.blank` asks for it."""
        if values is None:
            return None
        if name in self._scales:
            return copy_rows.digits(values, self._scales[name])
        return values.shape[1] if values.ndim > 1 else 0


def _in_order(
    written: Mapping[int, NDArray[Any]], lacking: NDArray[np.uint8]
) -> Iterator[memoryview]:
    """Yield the bytes of rows in their order, in runs of rows that lack the same values.

    Args:
        written: records of the rows, by what these lack.
        lacking: what each row lacks.
    """
    sizes = {which: records.itemsize for which, records in written.items()}
    bytes_of = {which: records.view(np.uint8).data for which, records in written.items()}
    begins = dict.fromkeys(written, 0)
    starts = np.flatnonzero(np.diff(lacking, prepend=~lacking[:1]))
    lengths = np.diff(starts, append=lacking.size)
    for which, length in zip(lacking[starts].tolist(), lengths.tolist(), strict=True):
        begin = begins[which]
        begins[which] = end = begin + length * sizes[which]
        yield bytes_of[which][begin:end]


def _lacks(days: Columns) -> Columns:
    """Return where columns have no value, of those that lack any."""
    lacks = {name: np.isnan(days[name]) for name in days if name in SEA_ONLY}
    lacks |= {name: days[name] == 0 for name in days if name in _OPTIONAL}
    return {name: where for name, where in lacks.items() if where.any()}
