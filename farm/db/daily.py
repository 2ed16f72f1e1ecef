"""Days as record batches, a month at a time, as the tables take them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.rendering.arrow import KILOGRAMS, MONEY, decimals
from farm.rendering.months import rows_by_month
from farm.simulation.history import SEA_ONLY, Columns

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
    table order. Within a month the order of rows is kept. Only the month that is asked for is
    copied.
    """
    for month, rows in rows_by_month(days["date"]):
        yield month, _record_batch({name: c.take(rows, axis=0) for name, c in days.items()})


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
