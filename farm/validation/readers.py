"""Connections that read one and the same moment of the database, each in its own thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from psycopg import sql

from farm.db.connection import Connection, connect, where
from farm.db.failures import translated
from farm.validation import summary

#: Memory for one sort or hash of a check. A check sorts a few million days at most.
_WORK_MEM = "64MB"

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@contextmanager
def readers(database_url: str, number: int) -> Iterator[Sequence[Connection]]:
    """Yield connections in read-only transactions on one snapshot, ready for the checks.

    Raises:
        DatabaseLost: the server cannot be reached, or a connection broke.
    """
    with translated(where(database_url)), ExitStack() as stack:
        opened = [stack.enter_context(connect(database_url, "validate")) for _ in range(number)]
        for connection in opened:
            connection.execute(f"SET work_mem = '{_WORK_MEM}'; SET jit = off")
            summary.create(connection)
        first, *others = opened
        first.execute(_BEGIN)
        (name,) = first.execute("SELECT pg_export_snapshot()").fetchall()[0]
        for connection in others:
            connection.execute(_BEGIN)
            connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(name)))
        try:
            yield opened
        except BaseException:
            # Ctrl-C, or the other reader failed: a query may still be running.
            for connection in opened:
                connection.cancel_safe()
            raise
