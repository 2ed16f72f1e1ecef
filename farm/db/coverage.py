"""How many rows each table of data has of each calendar year, in seconds whatever its size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from psycopg import sql
from sqlalchemy import Date

from farm.db import queries
from farm.db.connection import Connection
from farm.db.storage import storage_of
from farm.db.tables import DATA_TABLES, MONTHLY_TABLES
from farm.domain.world import World
from farm.rendering.chunk import CHUNK_TABLES

SQL = queries.load("coverage")

#: Tables of the world: written once, of no year.
WORLD_TABLES = frozenset(field.name for field in fields(World))


def rows_by_year(connection: Connection) -> dict[str, dict[int | None, int]]:
    """Return the rows of every table of data by calendar year; under None those of no year.

    Rows of chunks are read off their markers, all others are counted by the day on which what they
    tell of began. Only rows of closed months count, as they alone can be seen.
    """
    rows: dict[str, dict[int | None, int]] = {name: {} for name in DATA_TABLES}
    for name, year, number in connection.execute(SQL["rendered"]):
        if number:
            rows[name][year] = number
    days = dated()
    finished = storage_of(connection).finished_only
    counts = [
        SQL["counted" if name in days else "undated"].format(
            name=sql.Literal(name),
            date=sql.Identifier(days.get(name, "")),
            table=sql.Identifier("public", name),
            finished=finished if name in MONTHLY_TABLES else sql.SQL(""),
        )
        for name in DATA_TABLES
        if name not in CHUNK_TABLES
    ]
    for name, year, number in connection.execute(sql.SQL(" UNION ALL ").join(counts)):
        if number:
            rows[name][year] = number
    return rows


def dated() -> Mapping[str, str]:
    """Return for each table whose rows belong to a year the column that says which.

    It is the first that always holds a day: what began then is told of in this row.
    """
    found = dict(MONTHLY_TABLES)
    for name, table in DATA_TABLES.items():
        days = [c.name for c in table.columns if isinstance(c.type, Date) and not c.nullable]
        if name not in WORLD_TABLES and days:
            found.setdefault(name, days[0])
    return found
