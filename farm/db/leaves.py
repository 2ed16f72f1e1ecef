"""Month leaves: bare tables that chunks are loaded into, indexed when a month closes.

A btree costs five times more during the load than after it. Whether a leaf is a native partition
or a chunk of a TimescaleDB hypertable is the database's own affair (`farm.db.storage`).
"""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql

from farm.db.connection import Connection
from farm.db.leaf import Leaf
from farm.db.storage import storage_of
from farm.domain.calendar import Month

#: Advisory lock of whoever creates leaves: "leaf" in ASCII. Two transactions at once would both
#: find a leaf missing and create it, which in PostgreSQL is an error, not a wait.
_LOCK = 0x6C656166

#: As few samples as there can be, 300 of each column. A month's figures hardly vary, and no check
#: or report is faster with more; with the default, a hundred times as many, statistics would cost
#: as much as the key.
_FEW_SAMPLES = "SET LOCAL default_statistics_target = 1"

#: Milliseconds that autovacuum rests after every few pages of a leaf, ten times the default: what a
#: finished farm leaves to it must not slow whoever reads it then.
_VACUUM_DELAY_MS = 20


def leaf_name(table_name: str, month: Month) -> str:
    """Return the name of a table's leaf for a month: `environmental_reading_2016_03`."""
    return Leaf(table_name, month).name


def create_leaves(connection: Connection, tables: Iterable[str], months: Iterable[Month]) -> None:
    """Create the leaves that are not there yet: no indexes, not finished, not vacuumed."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    names = tuple(tables)
    leaves = [Leaf(name, month) for month in months for name in names]
    storage_of(connection).create(connection, leaves)


def finish_leaves(connection: Connection, tables: Iterable[str], month: Month) -> None:
    """Index a month's leaves, take statistics and make them part of their tables.

    All indexes first: attaching may lock the parent against other months being attached until the
    transaction ends, so it comes last and takes a moment. Finished leaves are left alone.

    Raises:
        psycopg.errors.UniqueViolation: a natural key occurs twice.
    """
    storage = storage_of(connection)
    waiting = storage.unfinished(connection, [Leaf(name, month) for name in tables])
    connection.execute(_FEW_SAMPLES)
    for step in (storage.index, _analyze, storage.attach):
        connection.execute(sql.SQL("; ").join(map(step, waiting)))


def _analyze(leaf: Leaf) -> sql.Composed:
    return sql.SQL("ANALYZE {}").format(leaf.identifier)


def vacuum_normally(connection: Connection, tables: Iterable[str], months: Iterable[Month]) -> None:
    """Hand leaves over to autovacuum, unhurried, which is kept away while sessions load.

    Leaves that it has already are left alone: to change one that is being vacuumed takes a second.
    """
    names = tuple(tables)
    leaves = [Leaf(name, month) for month in months for name in names]
    kept = connection.execute(
        "SELECT relname FROM pg_class WHERE relname = ANY (%s)"
        " AND relnamespace = 'public'::regnamespace"
        " AND reloptions @> ARRAY['autovacuum_enabled=false']",
        ([leaf.name for leaf in leaves],),
    )
    waiting = {row[0] for row in kept}
    handed_over = [
        sql.SQL(
            "ALTER TABLE {leaf} SET (autovacuum_vacuum_cost_delay = {delay}),"
            " RESET (autovacuum_enabled)"
        ).format(leaf=leaf.identifier, delay=sql.Literal(_VACUUM_DELAY_MS))
        for leaf in leaves
        if leaf.name in waiting
    ]
    if handed_over:
        connection.execute(sql.SQL("; ").join(handed_over))
