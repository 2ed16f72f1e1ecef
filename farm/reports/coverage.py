"""Which table has how many rows of which year: what `farm coverage` shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TableCoverage:
    """The rows of a table. ``by_year`` is empty for tables whose rows belong to no year."""

    name: str
    rows: int
    by_year: Mapping[int, int]
    is_dated: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every table of data: those with years first. ``years`` has no gaps."""

    years: tuple[int, ...]
    tables: tuple[TableCoverage, ...]

    @property
    def empty(self) -> tuple[str, ...]:
        """The tables without a row, by name."""
        return tuple(sorted(one.name for one in self.tables if not one.rows))

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(one.rows for one in self.tables)

    def rows_of(self, year: int) -> int:
        """Return the rows of a year in all tables."""
        return sum(one.by_year.get(year, 0) for one in self.tables)

    def as_json(self) -> dict[str, Any]:
        """Return the answer of `farm coverage --json`."""
        return {
            "years": list(self.years),
            "rows": self.rows,
            "tables": {
                one.name: {
                    "rows": one.rows,
                    "by_year": {str(year): one.by_year.get(year, 0) for year in self.years}
                    if one.is_dated
                    else None,
                }
                for one in self.tables
            },
            "empty": list(self.empty),
        }


def coverage(rows: Mapping[str, Mapping[int | None, int]], dated: Mapping[str, str]) -> Coverage:
    """Return the coverage of counted rows.

    Args:
        rows: by table and year; under None what belongs to no year.
        dated: the tables whose rows belong to years.
    """
    seen = [year for of_table in rows.values() for year in of_table if year is not None]
    tables = [
        TableCoverage(
            name=name,
            rows=sum(of_table.values()),
            by_year=dict(sorted(_known(of_table).items())),
            is_dated=name in dated,
        )
        for name, of_table in rows.items()
    ]
    return Coverage(
        years=tuple(range(min(seen), max(seen) + 1)) if seen else (),
        tables=tuple(sorted(tables, key=lambda one: (not one.is_dated, one.name))),
    )


def _known(of_table: Mapping[int | None, int]) -> dict[int, int]:
    return {year: number for year, number in of_table.items() if year is not None}
