"""Rows of days cut by calendar month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month


def months_of(date: NDArray[np.datetime64]) -> list[Month]:
    """Return the months that days lie in, in order, each once."""
    first, number = _numbered(date)
    return [month_of(first + index) for index in np.bincount(number).nonzero()[0].tolist()]


def rows_by_month(date: NDArray[np.datetime64]) -> Iterator[tuple[Month, NDArray[np.int64]]]:
    """Yield the rows of each month, months in order; within a month rows keep their order."""
    for _, month, rows in rows_by_key_and_month(np.zeros(len(date), dtype=np.int32), date):
        yield month, rows


def rows_by_key_and_month(
    key: NDArray[np.integer[Any]], date: NDArray[np.datetime64]
) -> Iterator[tuple[int, Month, NDArray[np.int64]]]:
    """Yield the rows of each key and month, in order of these; rows keep their order."""
    if not len(date):
        return
    first, number = _numbered(date)
    months = int(number.max()) + 1
    keys, index = np.unique(key, return_inverse=True)
    group = index * months + number
    if len(keys) * months <= np.iinfo(np.uint16).max:
        group = group.astype(np.uint16)  # numpy sorts two bytes in linear time
    order = group.argsort(kind="stable")
    present, starts = np.unique(group[order], return_index=True)
    for which, rows in zip(present.tolist(), np.split(order, starts[1:]), strict=True):
        yield int(keys[which // months]), month_of(first + which % months), rows


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
    day = date.astype("datetime64[D]").astype(np.int64)
    least = int(day.min())
    days = np.arange(least, int(day.max()) + 1)
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return int(month[0]), (month - month[0]).take(day - least)
