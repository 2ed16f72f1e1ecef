"""The views of schema public that say where the company stands.

They are code, not data: dropped before the schema changes and made anew after it, as tables that a
view reads can be neither altered nor turned into hypertables. Whoever changes `sql/standing.sql`
adds a migration, even an empty one, so that databases get the new views.
"""

from __future__ import annotations

from psycopg import sql

from farm.db import queries
from farm.db.connection import Connection

_QUERIES = queries.load("standing")

#: In an order in which one is made before those that read it.
VIEWS: tuple[str, ...] = tuple(_QUERIES)


def drop_views(connection: Connection) -> None:
    """Drop the views that are there."""
    names = sql.SQL(", ").join(sql.Identifier("public", name) for name in VIEWS)
    connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(names))


def create_views(connection: Connection) -> None:
    """Make all views, each with what its query's comment says."""
    for name, query in _QUERIES.items():
        view = sql.Identifier("public", name)
        connection.execute(sql.SQL("CREATE VIEW {} AS {}").format(view, query))
        said = sql.Literal(comment(name))
        connection.execute(sql.SQL("COMMENT ON VIEW {} IS {}").format(view, said))


def comment(name: str) -> str:
    """Return what a view shows, in words; raises KeyError for a name that is none of `VIEWS`."""
    lines = _QUERIES[name].as_string().splitlines()
    said = [line.removeprefix("-- ") for line in lines if line.startswith("-- ")]
    return " ".join(said)
