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
        for month in dict.fromkeys(leaf.month for leaf in leaves):
            of_month = (_create(leaf) for leaf in leaves if leaf.month == month)
            connection.execute(sql.SQL("; ").join(of_month))

    def is_finished(self, connection: Connection, leaf: Leaf) -> bool:
        """Return whether the leaf is attached."""
        found = connection.execute(
            "SELECT relispartition FROM pg_class WHERE oid = to_regclass(%s)",
            (f"public.{leaf.name}",),
        ).fetchone()
        return bool(found and found[0])

    def index(self, connection: Connection, leaf: Leaf) -> None:
        """Index the leaf by its natural key."""
        connection.execute(
            sql.SQL("ALTER TABLE {leaf} ADD PRIMARY KEY ({key})").format(
                leaf=leaf.identifier, key=leaf.key
            )
        )

    def attach(self, connection: Connection, leaf: Leaf) -> None:
        """Attach the leaf. The check on the month proves the bounds: no row is read; then it goes.

        Locks the table of all months against other leaves until the transaction ends.
        """
        connection.execute(
            sql.SQL(
                "ALTER TABLE {parent} ATTACH PARTITION {leaf}"
                " FOR VALUES FROM ({first}) TO ({after});"
                " ALTER TABLE {leaf} DROP CONSTRAINT {check}"
            ).format(
                parent=leaf.parent,
                leaf=leaf.identifier,
                first=leaf.first,
                after=leaf.after,
                check=_month_check(leaf),
            )
        )


def _create(leaf: Leaf) -> sql.Composed:
    return sql.SQL(
        "CREATE TABLE IF NOT EXISTS {leaf}"
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
