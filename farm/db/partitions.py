"""By-month tables as native partitions: a leaf becomes one when its month closes."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from farm.db.connection import Connection
from farm.db.leaf import Leaf


class Partitions:
    """`storage.Storage` of PostgreSQL alone.

    A leaf that is not attached yet is a table by itself: nobody sees its rows, and whoever reads
    the table of all months does not stand in the way of the loaders.
    """

    name = "native month partitions"
    #: Leaves that are not finished are not attached: the table shows finished months alone.
    finished_only = sql.SQL("")

    def create(self, connection: Connection, leaves: Sequence[Leaf]) -> None:
        """Create the leaves that are not there yet, with one round trip per month."""
        there = _attached(connection, leaves)
        missing = [leaf for leaf in leaves if leaf.name not in there]
        for month in dict.fromkeys(leaf.month for leaf in missing):
            of_month = (_create(leaf) for leaf in missing if leaf.month == month)
            connection.execute(sql.SQL("; ").join(of_month))

    def unfinished(self, connection: Connection, leaves: Sequence[Leaf]) -> list[Leaf]:
        """Return those leaves that are not attached."""
        attached = _attached(connection, leaves)
        return [leaf for leaf in leaves if not attached.get(leaf.name)]

    def index(self, leaf: Leaf) -> sql.Composed:
        """Index the leaf by its natural key."""
        return sql.SQL("ALTER TABLE {leaf} ADD PRIMARY KEY ({key})").format(
            leaf=leaf.identifier, key=leaf.key
        )

    def attach(self, leaf: Leaf) -> sql.Composed:
        """Attach the leaf. The check on the month proves the bounds: no row is read; then it goes.

        Locks the table of all months against other leaves until the transaction ends.
        """
        return sql.SQL(
            "ALTER TABLE {parent} ATTACH PARTITION {leaf} FOR VALUES FROM ({first}) TO ({after});"
            " ALTER TABLE {leaf} DROP CONSTRAINT {check}"
        ).format(
            parent=leaf.parent,
            leaf=leaf.identifier,
            first=leaf.first,
            after=leaf.after,
            check=_month_check(leaf),
        )


def _attached(connection: Connection, leaves: Sequence[Leaf]) -> dict[str, bool]:
    """Return those leaves that are there, by their names, and whether they are attached."""
    found = connection.execute(
        "SELECT relname, relispartition FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relname = ANY (%s)",
        ([leaf.name for leaf in leaves],),
    )
    return dict(found.fetchall())


def _create(leaf: Leaf) -> sql.Composed:
    return sql.SQL(
        "CREATE TABLE {leaf}"
        " (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS,"
        " CONSTRAINT {check} CHECK ({column} >= {first} AND {column} < {after}))"
        " WITH (autovacuum_enabled = false)"
    ).format(
        leaf=leaf.identifier,
        parent=leaf.parent,
        check=_month_check(leaf),
        column=leaf.column,
        first=leaf.first,
        after=leaf.after,
    )


def _month_check(leaf: Leaf) -> sql.Identifier:
    return sql.Identifier(f"{leaf.name}_month_check")
