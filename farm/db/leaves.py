"""Month leaves: bare tables that chunks are loaded into, indexed and attached when a month closes.

A btree costs five times more during the load than after it, and a leaf that is not attached yet
lets loaders of one month and the closing of another pass without waiting for each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql

from farm.db.connection import Connection
from farm.db.tables import MONTHLY_TABLES, table
from farm.domain.calendar import Month

#: Advisory lock of whoever creates leaves: "leaf" in ASCII. CREATE TABLE IF NOT EXISTS of one name
#: in two transactions at once is an error in PostgreSQL, not a wait.
_LOCK = 0x6C656166

#: Samples per column are 300 times this. A month's figures hardly vary, and the default (100)
#: costs as long as the index itself.
_STATISTICS = 10

#: The same for the daily state: all workers wait until it is finished for all months, and loading
#: asks for it by its key alone.
_STATISTICS_OF_DAYS = 1

#: Milliseconds that autovacuum rests after every few pages of a leaf, ten times the default: what a
#: session leaves to it must not take a tenth of the next one's time.
_VACUUM_DELAY_MS = 20


def leaf_name(table_name: str, month: Month) -> str:
    """Return the name of a table's leaf for a month: `environmental_reading_2016_03`."""
    return f"{table_name}_{month.year:04d}_{month.month:02d}"


def create_leaves(connection: Connection, tables: Iterable[str], months: Iterable[Month]) -> None:
    """Create the leaves that are not there yet: no indexes, not attached, not vacuumed."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    names = tuple(tables)
    for month in months:
        connection.execute(sql.SQL("; ").join(_create(name, month) for name in names))


def finish_leaves(connection: Connection, tables: Iterable[str], month: Month) -> None:
    """Index a month's leaves, attach them to their tables and take statistics.

    All indexes first: attaching locks the parent against other months being attached until the
    transaction ends, so it comes last and takes a moment. Leaves that are attached are left alone.

    Raises:
        psycopg.errors.UniqueViolation: a natural key occurs twice.
    """
    waiting = [name for name in tables if not is_attached(connection, name, month)]
    for name in waiting:
        connection.execute(_add_key(name, month))
    for name in waiting:
        target = _STATISTICS_OF_DAYS if name == "daily_state" else _STATISTICS
        connection.execute(
            sql.SQL("SET LOCAL default_statistics_target = {}; ANALYZE {}").format(
                sql.Literal(target), _leaf(name, month)
            )
        )
    for name in waiting:
        connection.execute(_attach(name, month))


def is_attached(connection: Connection, table_name: str, month: Month) -> bool:
    """Return whether a table's leaf for a month is a partition of it."""
    found = connection.execute(
        "SELECT relispartition FROM pg_class WHERE oid = to_regclass(%s)",
        (f"public.{leaf_name(table_name, month)}",),
    ).fetchone()
    return bool(found and found[0])


def vacuum_normally(connection: Connection, tables: Iterable[str], months: Iterable[Month]) -> None:
    """Hand leaves over to autovacuum, unhurried, which is kept away while a session loads."""
    names = tuple(tables)
    for month in months:
        connection.execute(
            sql.SQL("; ").join(
                sql.SQL(
                    "ALTER TABLE {leaf} SET (autovacuum_vacuum_cost_delay = {delay}),"
                    " RESET (autovacuum_enabled)"
                ).format(leaf=_leaf(name, month), delay=sql.Literal(_VACUUM_DELAY_MS))
                for name in names
            )
        )


def _leaf(table_name: str, month: Month) -> sql.Identifier:
    return sql.Identifier("public", leaf_name(table_name, month))


def _bounds(month: Month) -> tuple[sql.Literal, sql.Literal]:
    # Explicit offset: right for days and for instants, whatever the session's time zone.
    first, after = (f"{day.isoformat()} 00:00:00+00" for day in (month.first, month.next().first))
    return sql.Literal(first), sql.Literal(after)


def _create(table_name: str, month: Month) -> sql.Composed:
    first, after = _bounds(month)
    return sql.SQL(
        "CREATE TABLE IF NOT EXISTS {leaf}"
        " (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS,"
        " CONSTRAINT {check} CHECK ({column} >= {first} AND {column} < {after}))"
        " WITH (autovacuum_enabled = false)"
    ).format(
        leaf=_leaf(table_name, month),
        parent=sql.Identifier("public", table_name),
        check=sql.Identifier(_month_check(table_name, month)),
        column=sql.Identifier(MONTHLY_TABLES[table_name]),
        first=first,
        after=after,
    )


def _add_key(table_name: str, month: Month) -> sql.Composed:
    key = (sql.Identifier(column.name) for column in table(table_name).primary_key)
    return sql.SQL("ALTER TABLE {leaf} ADD PRIMARY KEY ({key})").format(
        leaf=_leaf(table_name, month), key=sql.SQL(", ").join(key)
    )


def _attach(table_name: str, month: Month) -> sql.Composed:
    """The check on the month proves the bounds, so that attaching reads no row; then it may go."""
    first, after = _bounds(month)
    return sql.SQL(
        "ALTER TABLE {parent} ATTACH PARTITION {leaf} FOR VALUES FROM ({first}) TO ({after});"
        " ALTER TABLE {leaf} DROP CONSTRAINT {check}"
    ).format(
        parent=sql.Identifier("public", table_name),
        leaf=_leaf(table_name, month),
        first=first,
        after=after,
        check=sql.Identifier(_month_check(table_name, month)),
    )


def _month_check(table_name: str, month: Month) -> str:
    return f"{leaf_name(table_name, month)}_month_check"
