"""Months and periods: the farm's calendar. All days are UTC."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

#: Days of the mean year.
YEAR = 365.25

#: 1970-01-01 as a proleptic ordinal: day 0 of numpy's dates.
EPOCH = date(1970, 1, 1).toordinal()


def day_of(ordinal: int) -> date | None:
    """Return the day of a proleptic ordinal, None for 0, which means never."""
    return date.fromordinal(ordinal) if ordinal else None


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, written ``2016-03``."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"no such month: {self.year}-{self.month}")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month written as ``YYYY-MM``; raises ValueError for anything else."""
        year, dash, month = text.partition("-")
        if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isdigit()):
            raise ValueError(f"not a month (YYYY-MM): {text!r}")
        return cls(int(year), int(month))

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month a day lies in."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, self.days)

    @property
    def middle(self) -> float:
        """The middle of the month as a decimal year."""
        return self.year + (self.month - 0.5) / 12.0

    @property
    def days(self) -> int:
        """The number of days in the month."""
        return monthrange(self.year, self.month)[1]

    @property
    def index(self) -> int:
        """Months since January of year 0: consecutive months differ by one."""
        return self.year * 12 + self.month - 1

    def next(self) -> Month:
        """Return the month that follows."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """Whole calendar months from ``first`` to ``last``, both included."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"period ends before it begins: {self.first} .. {self.last}")

    @property
    def first_day(self) -> date:
        """The first day of the period."""
        return self.first.first

    @property
    def last_day(self) -> date:
        """The last day of the period."""
        return self.last.last

    @property
    def days(self) -> int:
        """The number of days in the period."""
        return (self.last_day - self.first_day).days + 1

    def months(self) -> Iterator[Month]:
        """Yield the months in order."""
        month = self.first
        while month <= self.last:
            yield month
            month = month.next()
