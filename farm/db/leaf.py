"""A month leaf: one month of a by-month table, and what SQL has to call its parts."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from farm.db.tables import MONTHLY_TABLES, table
from farm.domain.calendar import Month


@dataclass(frozen=True, slots=True)
class Leaf:
    """One month of a by-month table."""

    table: str
    month: Month

    @property
    def name(self) -> str:
        """The leaf's own table: `environmental_reading_2016_03`."""
        return f"{self.table}_{self.month.year:04d}_{self.month.month:02d}"

    @property
    def key_name(self) -> str:
        """The index over the natural key, which is there when the leaf is finished."""
        return f"{self.name}_pkey"

    @property
    def identifier(self) -> sql.Identifier:
        """The leaf's own table, with its schema."""
        return sql.Identifier("public", self.name)

    @property
    def parent(self) -> sql.Identifier:
        """The table of all months, with its schema."""
        return sql.Identifier("public", self.table)

    @property
    def column(self) -> sql.Identifier:
        """The column that says which month a row belongs to."""
        return sql.Identifier(MONTHLY_TABLES[self.table])

    @property
    def key(self) -> sql.Composed:
        """The columns of the natural key, separated by commas."""
        columns = (sql.Identifier(column.name) for column in table(self.table).primary_key)
        return sql.SQL(", ").join(columns)

    @property
    def first(self) -> sql.Literal:
        """The month's first moment."""
        return _midnight(self.month)

    @property
    def after(self) -> sql.Literal:
        """The first moment that is no longer in the month."""
        return _midnight(self.month.next())


def _midnight(month: Month) -> sql.Literal:
    # Explicit offset: right for days and for instants, whatever the session's time zone.
    return sql.Literal(f"{month.first.isoformat()} 00:00:00+00")
