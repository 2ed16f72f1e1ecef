"""What a chart shows, measured: the captions stand on these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median
from typing import Any

from farm.reports.site.data import Row
from farm.reports.site.wording import MONTHS


@dataclass(frozen=True, slots=True)
class Season:
    """The months of the year with the highest and the lowest mean, and those means."""

    high: str
    low: str
    highest: float
    lowest: float


def known(rows: Sequence[Row], column: str) -> list[Row]:
    """Return the rows that have a value."""
    return [row for row in rows if row[column] is not None]


def top(rows: Sequence[Row], column: str) -> Row | None:
    """Return the row with the highest value, if any has one."""
    return max(known(rows, column), key=lambda row: row[column], default=None)


def bottom(rows: Sequence[Row], column: str) -> Row | None:
    """Return the row with the lowest value, if any has one."""
    return min(known(rows, column), key=lambda row: row[column], default=None)


def middle(values: Sequence[float]) -> float | None:
    """Return the median, if there are values."""
    return median(values) if values else None


def summed(rows: Sequence[Row], over: str, column: str) -> list[dict[str, Any]]:
    """Return the sum of a column for each value of another, in its order."""
    sums: dict[Any, float] = defaultdict(float)
    for row in rows:
        sums[row[over]] += row[column] or 0
    return [{over: at, column: value} for at, value in sorted(sums.items())]


def season(rows: Sequence[Row], at: str, column: str) -> Season | None:
    """Return how a column follows the months of the year; None without a whole year."""
    months: Mapping[int, list[float]] = defaultdict(list)
    for row in known(rows, column):
        months[_month(row[at])].append(row[column])
    if len(months) < len(MONTHS):
        return None
    means = {month: fmean(values) for month, values in months.items()}
    high = max(means, key=lambda month: means[month])
    low = min(means, key=lambda month: means[month])
    return Season(MONTHS[high - 1], MONTHS[low - 1], means[high], means[low])


def _month(value: date) -> int:
    return value.month
