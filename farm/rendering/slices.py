"""What each chunk of a history starts from: the part of it that its batch or its area needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.rendering.layout import Layout
from farm.rendering.months import rows_by_key_and_month, rows_by_month
from farm.simulation.history import (
    SLICE_COLUMNS,
    AreaSlice,
    Columns,
    History,
    HistorySlice,
    Stay,
)

_DAY = timedelta(days=1)


def slices(layout: Layout, history: History) -> Iterator[HistorySlice | AreaSlice]:
    """Yield what the chunks of a history are rendered from, each as it is asked for.

    One for each batch and month in which it has days; then one for each area of the geography and
    month of the period.
    """
    yield from _of_batches(layout, history.daily)
    stays = stays_by_month(layout, history)
    for area in layout.areas.values():
        if area.geography != history.geography:
            continue
        sites = _days_of(history.site_days, "site_id", layout.sites.id[area.sites])
        halls = _days_of(history.hall_days, "hall_id", area.hall_ids)
        for month in history.period.months():
            yield AreaSlice(
                area.code,
                month,
                sites.get(month) or _part_of(history.site_days, 0, 0),
                halls.get(month) or _part_of(history.hall_days, 0, 0),
                tuple(stays.get((area.code, month), ())),
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


def stays_by_month(layout: Layout, history: History) -> Mapping[tuple[str, Month], list[Stay]]:
    """Return the stays by area and month that they touch, in order of container and start.

    Area-months without stays are left out.
    """
    area_of = layout.area_codes()
    months = list(history.period.months())
    found: dict[str, list[list[Stay]]] = defaultdict(lambda: [[] for _ in months])
    first, last = history.period.first_day, history.period.last_day
    for one in sorted(history.assignments, key=attrgetter("container_id", "start_date")):
        begin = max(one.start_date, first)
        end = min(one.end_date - _DAY, last) if one.end_date is not None else last
        if begin > end:
            continue
        stay = Stay(one.container_id, one.start_date, one.end_date)
        at = 12 * (begin.year - first.year) + begin.month - first.month
        upto = 12 * (end.year - first.year) + end.month - first.month
        for of_month in found[area_of[one.container_id]][at : upto + 1]:
            of_month.append(stay)
    return {
        (area, month): stays
        for area, of_area in found.items()
        for month, stays in zip(months, of_area, strict=True)
        if stays
    }
