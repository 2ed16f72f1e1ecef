"""By-month tables as TimescaleDB hypertables: a leaf is a chunk that spans one calendar month.

Everything here is in TimescaleDB's Apache-licensed part. That part makes a chunk only for a row
that asks for one, and of a fixed length counted from 1970. So, for the chunk of March 2016, the
length is set to what lies between 1970 and April: the chunk would span 1970 to April, and
TimescaleDB cuts off what other chunks hold already. What is left is March, once there is a chunk
that ends where March begins: February's, or one that is made for the purpose and dropped again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from psycopg import sql
from sqlalchemy import ARRAY

from farm.db import queries
from farm.db.connection import Connection
from farm.db.leaf import Leaf
from farm.db.tables import MONTHLY_TABLES, table
from farm.domain.calendar import Month
from farm.errors import ContractBroken

SQL = queries.load("hypertables")

#: What TimescaleDB counts the length of chunks from.
_EPOCH = date(1970, 1, 1)
_DAY = timedelta(days=1)

#: Months that are tried out: two that follow one another, and one by itself before them.
_REHEARSED = (Month(2000, 2), Month(2000, 3), Month(1999, 10))


class Hypertables:
    """`storage.Storage` of TimescaleDB.

    A leaf belongs to the hypertable from the beginning, so its rows are seen as they are committed.
    The hypertable has no key of its own, or every chunk would carry the index while it is loaded.
    """

    name = "TimescaleDB hypertables"
    #: A unique index is what finishing adds, and the last thing that can fail.
    finished_only = sql.SQL(
        " WHERE tableoid IN (SELECT indrelid FROM pg_index WHERE indisunique AND indisvalid)"
    )

    def create(self, connection: Connection, leaves: Sequence[Leaf]) -> None:
        """Create the leaves that are not there yet.

        Raises:
            ContractBroken: rows are in the way that the farm did not make.
        """
        before = map(_previous, leaves)
        names = [leaf.name for leaf in (*before, *leaves)]
        there = {row[0] for row in connection.execute(SQL["existing"], {"names": names})}
        missing = sorted(
            {leaf for leaf in leaves if leaf.name not in there},
            key=lambda leaf: (leaf.table, leaf.month),
        )
        for leaf in missing:
            _create(connection, leaf, follows=_previous(leaf).name in there)
            there.add(leaf.name)
        for name in {leaf.table for leaf in missing}:
            connection.execute(SQL["usual_length"].format(name=sql.Literal(f"public.{name}")))
        _require_months(connection, missing)

    def unfinished(self, connection: Connection, leaves: Sequence[Leaf]) -> list[Leaf]:
        """Return those leaves that are not indexed."""
        names = [leaf.key_name for leaf in leaves]
        there = {row[0] for row in connection.execute(SQL["existing"], {"names": names})}
        return [leaf for leaf in leaves if leaf.key_name not in there]

    def index(self, leaf: Leaf) -> sql.Composed:
        """Index the leaf by its natural key.

        A unique index instead of a primary key: whoever reads the hypertable meanwhile does not
        stand in its way, nor it in theirs.
        """
        return sql.SQL("CREATE UNIQUE INDEX {name} ON {leaf} ({key})").format(
            name=sql.Identifier(leaf.key_name), leaf=leaf.identifier, key=leaf.key
        )

    def attach(self, leaf: Leaf) -> sql.Composed:  # noqa: ARG002 - the same for all
        """Do nothing: a chunk belongs to its hypertable."""
        return sql.Composed([])


def convert(connection: Connection, tables: Iterable[str]) -> None:
    """Make hypertables of partitioned tables without partitions; columns and checks stay.

    Then make, index and drop leaves of each, so that a TimescaleDB that does it otherwise is found
    out before anything is loaded.

    Raises:
        psycopg.Error, ContractBroken: this TimescaleDB cannot be used; roll back.
    """
    leaves = []
    for name in tables:
        new, old = sql.Identifier(name), sql.Identifier(f"{name}_partitioned")
        connection.execute(SQL["set_aside"].format(table=new, old=old))
        connection.execute(SQL["copy_shape"].format(table=new, old=old))
        connection.execute(sql.SQL("DROP TABLE {}").format(old))
        connection.execute(
            SQL["make_hypertable"].format(
                name=sql.Literal(f"public.{name}"),
                column=sql.Literal(MONTHLY_TABLES[name]),
                prefix=sql.Literal(name),
            )
        )
        leaves += [Leaf(name, month) for month in _REHEARSED]
    storage = Hypertables()
    storage.create(connection, leaves)
    for leaf in leaves:
        connection.execute(storage.index(leaf))
        connection.execute(sql.SQL("DROP TABLE {}").format(leaf.identifier))


def _previous(leaf: Leaf) -> Leaf:
    return Leaf(leaf.table, Month.of(leaf.month.first - _DAY))


def _create(connection: Connection, leaf: Leaf, *, follows: bool) -> None:
    """Make the chunk of a month, empty. It `follows` if the leaf of the month before is there."""
    first, after = leaf.month.first, leaf.month.next().first
    boundary = None
    if not follows:
        boundary = _make_chunk(connection, leaf, first - _DAY, until=first)
    chunk = _make_chunk(connection, leaf, first, until=after)
    if boundary is not None:
        connection.execute(sql.SQL("DROP TABLE {}").format(boundary))
    connection.execute(
        sql.SQL(
            "TRUNCATE {chunk}; ALTER TABLE {chunk} SET (autovacuum_enabled = false);"
            " ALTER TABLE {chunk} RENAME TO {name}"
        ).format(chunk=chunk, name=sql.Identifier(leaf.name))
    )


def _make_chunk(connection: Connection, leaf: Leaf, day: date, *, until: date) -> sql.Identifier:
    """Make a chunk from the end of the one before to a day, with one row in it; return its name."""
    moment = sql.Literal(f"{day.isoformat()} 00:00:00+00")
    connection.execute(
        SQL["set_length"].format(
            name=sql.Literal(f"public.{leaf.table}"), days=sql.Literal((until - _EPOCH).days)
        )
    )
    row = _row(leaf.table, moment)
    connection.execute(
        SQL["insert_row"].format(
            parent=leaf.parent,
            columns=sql.SQL(", ").join(map(sql.Identifier, row)),
            values=sql.SQL(", ").join(row.values()),
        )
    )
    found = connection.execute(
        SQL["chunk_of_row"].format(parent=leaf.parent, column=leaf.column, moment=moment)
    ).fetchone()
    chunk = sql.Identifier("public", found[0] if found else "")
    rows = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(chunk)).fetchone()
    if rows != (1,):
        raise ContractBroken(f"{leaf.table} has rows around {day} that the farm did not make")
    return chunk


def _row(table_name: str, moment: sql.Literal) -> dict[str, sql.Literal]:
    """Return a row that the table takes: ones, which are numbers, words and truths alike."""
    return {
        column.name: moment
        if column.name == MONTHLY_TABLES[table_name]
        else sql.Literal("{}" if isinstance(column.type, ARRAY) else "1")
        for column in table(table_name).columns
        if not column.nullable
    }


def _require_months(connection: Connection, leaves: Sequence[Leaf]) -> None:
    """Raise ContractBroken unless each chunk spans its month exactly."""
    names = [leaf.name for leaf in leaves]
    spans = {name: span for name, *span in connection.execute(SQL["spans"], {"names": names})}
    for leaf in leaves:
        month = [_midnight(leaf.month.first), _midnight(leaf.month.next().first)]
        if spans.get(leaf.name) != month:
            raise ContractBroken(f"chunk {leaf.name} does not span its month")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
