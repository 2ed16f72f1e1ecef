"""Rows of days cut by calendar month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.rendering.groups import in_order


def months_of(date: NDArray[np.datetime64]) -> list[Month]:
    """Return the months that days lie in, in order, each once."""
    first, number = _numbered(date)
    return [month_of(first + index) for index in np.bincount(number).nonzero()[0].tolist()]


def rows_by_month(date: NDArray[np.datetime64]) -> Iterator[tuple[Month, NDArray[np.int64]]]:
    """Yield the rows of each month, months in order; within a month rows keep their order."""
    first, number = _numbered(date)
    for which, rows in _rows_of_groups(number):
        yield month_of(first + which), rows


def rows_by_key_and_month(
    key: NDArray[np.integer[Any]], date: NDArray[np.datetime64]
) -> Iterator[tuple[int, Month, NDArray[np.int64]]]:
    """Yield the rows of each key and month, in order of these; rows keep their order.

    Keys are ids that lie close together.
    """
    if not len(date):
        return
    first, number = _numbered(date)
    months, least = int(number.max()) + 1, int(key.min())
    for which, rows in _rows_of_groups((key.astype(np.int64) - least) * months + number):
        yield least + which // months, month_of(first + which % months), rows


def _rows_of_groups(group: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Yield the rows of each group, groups in order; rows keep their order."""
    order, end = in_order(group), 0
    for which, number in enumerate(np.bincount(group).tolist()):
        if number:
            begin, end = end, end + number
            yield which, order[begin:end]


def month_numbers(date: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Return the month of each day, counted from January 1970."""
    first, number = _numbered(date)
    return number + first


def month_of(since_1970: int) -> Month:
    """Return the month that is so many after January 1970."""
    return Month(1970 + since_1970 // 12, since_1970 % 12 + 1)


def _numbered(date: NDArray[np.datetime64]) -> tuple[int, NDArray[np.int64]]:
    """Return the first month, counted from January 1970, and how many later each day's is."""
    if not len(date):
        return 0, np.zeros(0, dtype=np.int64)
    # Many rows are of few days: only these are looked up in the calendar.
    day = date.astype("datetime64[D]", copy=False).view(np.int64)
    least = int(day.min())
    days = np.arange(least, int(day.max()) + 1)
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return int(month[0]), (month - month[0]).take(day - least)
