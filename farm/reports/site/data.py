"""What is shown, before it has a shape: rows with the meaning of their columns."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]

#: As the digits of a column: as many as its values need, see `wording.shown`.
SIGNIFICANT = -1

#: Digits after the point that a CSV keeps of a float: two more than are shown, but four at most;
#: and no more than seven in all. No figure here is better than that.
_MORE, _MOST, _IN_ALL = 2, 4, 7


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the rows and in the CSV, what people call it, and how it reads.

    ``digits``: after the point, or SIGNIFICANT. ``link``: a page's path with a place for the value,
    such as ``batches/{}.html``; shown as a link where that page exists. ``good`` and ``bad``:
    values to be coloured. ``drawn``: the value is a `Mark`; it is drawn, and not in the
    CSV. ``monthly``: a day stands for its month.
    """

    name: str
    title: str
    unit: str = ""
    digits: int | None = None
    link: str = ""
    good: frozenset[str] = frozenset()
    bad: frozenset[str] = frozenset()
    drawn: bool = False
    monthly: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers."""
        return self.digits is not None

    @property
    def kept(self) -> int:
        """Digits after the point that a CSV keeps."""
        if self.digits is None or self.digits == SIGNIFICANT:
            return _MOST
        return min(self.digits + _MORE, _MOST)


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure within its band, both as shares of a scale from 0 to 1."""

    at: float
    low: float
    high: float
    good: bool


@dataclass(frozen=True, slots=True)
class Data:
    """Rows of one meaning, and the name of their CSV file."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]

    def values(self, column: str) -> list[Any]:
        """Return a column's values."""
        return [row[column] for row in self.rows]

    def save(self, file: Path) -> None:
        """Write the CSV: the columns' names, then the rows, days as YYYY-MM-DD."""
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            kept = [column for column in self.columns if not column.drawn]
            writer.writerow([column.name for column in kept])
            cells = [(column.name, column.kept) for column in kept]
            writer.writerows([[as_csv(row[name], to) for name, to in cells] for row in self.rows])


def by_geography(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Yield each geography, in order of name, with its rows."""
    for name in sorted({row["geography"] for row in rows}):
        yield name, [row for row in rows if row["geography"] == name]


def text(name: str, title: str, unit: str = "", **how: Any) -> Column:
    """Return a column of text or days."""
    return Column(name, title, unit, **how)


def number(name: str, title: str, unit: str = "", digits: int = 0) -> Column:
    """Return a column of numbers."""
    return Column(name, title, unit, digits)


def as_csv(value: Any, kept: int = _MOST) -> str | int:
    """Return a value as a CSV file holds it: nothing for None, floats with so many digits."""
    if isinstance(value, float):
        if abs(value) >= 10 ** (_IN_ALL - kept):
            kept = max(_IN_ALL - 1 - math.floor(math.log10(abs(value))), 0)
        rounded = round(value, kept)
        return int(rounded) if rounded.is_integer() else str(rounded)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
