"""What each chunk of a history starts from: the part of it that its batch or its area needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.rendering.epoch import day_number
from farm.rendering.layout import Layout
from farm.rendering.months import rows_by_key_and_month, rows_by_month
from farm.simulation.history import (
    SLICE_COLUMNS,
    AreaSlice,
    Columns,
    History,
    HistorySlice,
)

#: What numpy has for no date, as a number.
_NO_DAY = np.datetime64("NaT").astype(np.int64)


def slices(layout: Layout, history: History) -> Iterator[HistorySlice | AreaSlice]:
    """Yield what the chunks of a history are rendered from, each as it is asked for.

    One for each batch and month in which it has days; then one for each area of the geography and
    month of the period.
    """
    yield from _of_batches(layout, history.daily)
    stays = stays_by_month(layout, history)
    for area in layout.areas_of(history.geography):
        sites = _days_of(history.site_days, "site_id", layout.sites.id[area.sites])
        halls = _days_of(history.hall_days, "hall_id", area.hall_ids)
        for month in history.period.months():
            yield AreaSlice(
                area.code,
                month,
                sites.get(month) or _part_of(history.site_days, 0, 0),
                halls.get(month) or _part_of(history.hall_days, 0, 0),
                stays[area.code, month],
            )


def _of_batches(layout: Layout, daily: Columns) -> Iterator[HistorySlice]:
    codes = {id_: code for code, id_ in layout.batch_ids.items()}
    wanted = {name: daily[name] for name in SLICE_COLUMNS}
    found = rows_by_key_and_month(daily["batch_id"], daily["date"])
    for batch, months in groupby(found, key=lambda part: part[0]):
        parts = [(month, rows) for _, month, rows in months]
        lived = _rows_of(wanted, np.concatenate([rows for _, rows in parts]))
        end = 0
        for month, rows in parts:
            begin, end = end, end + len(rows)
            yield HistorySlice(codes[batch], month, _part_of(lived, begin, end))


def _days_of(days: Columns, key: str, ids: NDArray[np.int32]) -> dict[Month, Columns]:
    """Return the days of some places by month."""
    inside = np.isin(days[key], ids).nonzero()[0]
    found = rows_by_month(days["date"][inside])
    return {month: _rows_of(days, inside[rows]) for month, rows in found}


def _rows_of(columns: Columns, rows: NDArray[np.int64]) -> Columns:
    return {name: column.take(rows, axis=0) for name, column in columns.items()}


def _part_of(columns: Columns, begin: int, end: int) -> Columns:
    return {name: column[begin:end] for name, column in columns.items()}


def stays_by_month(layout: Layout, history: History) -> Mapping[tuple[str, Month], Columns]:
    """Return the stays that touch each area and month, in order of container and start.

    All areas of the geography and all months of the period are there.
    """
    found = {}
    lived = _stays(history)
    for area in layout.areas_of(history.geography):
        inside = np.isin(lived["container_id"], layout.containers.id[area.containers])
        stays = _rows_of(lived, inside.nonzero()[0])
        for month in history.period.months():
            begun = stays["start"] < np.datetime64(month.next().first)
            over = stays["end"] <= np.datetime64(month.first)  # never where it is no date
            found[area.code, month] = _rows_of(stays, (begun & ~over).nonzero()[0])
    return found


def _stays(history: History) -> Columns:
    """Return the columns of all stays of a history, in order of container and start."""
    lived = history.assignments
    start = [day_number(one.start_date) for one in lived]
    end = [_NO_DAY if one.end_date is None else day_number(one.end_date) for one in lived]
    stays = {
        "container_id": np.array([one.container_id for one in lived], dtype=np.int32),
        "start": np.array(start, dtype=np.int64).view("datetime64[D]"),
        "end": np.array(end, dtype=np.int64).view("datetime64[D]"),
    }
    return _rows_of(stays, np.lexsort((stays["start"], stays["container_id"])))
