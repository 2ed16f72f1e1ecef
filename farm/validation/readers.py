"""Connections that read one and the same moment of the database, each in its own thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from psycopg import sql

from farm.db.connection import Connection, connect, where
from farm.db.failures import translated
from farm.validation import summary
from farm.validation.ask import ask
from farm.validation.bands import Band
from farm.validation.checks import Check
from farm.validation.refusal import Refused, apart
from farm.validation.scope import Scope
from farm.validation.verdict import Skipped, Verdict

#: Memory of a reader: for one sort or hash (a check sorts a few million days at most), and for the
#: tables that it fills. The readers share the processors already; a few more processes for a query
#: would only be in their way, and so would those that read ahead for it, since a farm that was just
#: made is in the system's memory.
_SETTINGS = """
SET work_mem = '64MB'; SET temp_buffers = '128MB'; SET jit = off;
SET max_parallel_workers_per_gather = 0; SET effective_io_concurrency = 0
"""

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Reader:
    """Asks checks on one connection, and makes there what they share.

    What PostgreSQL refuses to make fails the checks that need it, and no other.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._missing: dict[str, str] = {}
        self._unfilled: dict[str, str] = {}

    def prepare(self) -> None:
        """Set the connection up: memory, and views and empty tables, before its transaction."""
        self.connection.execute(_SETTINGS)
        self._missing = summary.create(self.connection)

    def fill(self, table: str, scope: Scope) -> None:
        """Fill one of `summary.TABLES` with what is in scope."""
        self._unfilled.pop(table, None)
        try:
            summary.needs_made(f"fill_{table}", self._missing)
            with apart(self.connection):
                summary.fill(self.connection, table, scope)
        except Refused as problem:
            self._unfilled[table] = str(problem)

    def ask(
        self, check: Check, facts: Mapping[str, Any], bands: Mapping[str, Band]
    ) -> Sequence[Verdict | Skipped]:
        """Return the verdicts of a check; raises as `ask.ask`."""
        for name, problem in (self._missing | self._unfilled).items():
            if check.uses(name):
                return [Verdict.unasked(check, problem)]
        return ask(self.connection, check, facts, bands)


@contextmanager
def readers(database_url: str, number: int) -> Iterator[Sequence[Reader]]:
    """Yield readers in read-only transactions on one snapshot, ready for the checks.

    Raises:
        DatabaseLost: the server cannot be reached, or a connection broke.
    """
    with translated(where(database_url)), ExitStack() as stack:
        opened = [
            Reader(stack.enter_context(connect(database_url, "validate"))) for _ in range(number)
        ]
        for reader in opened:
            reader.prepare()
        first, *others = (reader.connection for reader in opened)
        first.execute(_BEGIN)
        (name,) = first.execute("SELECT pg_export_snapshot()").fetchall()[0]
        for connection in others:
            connection.execute(_BEGIN)
            connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(name)))
        try:
            yield opened
        except BaseException:
            # Ctrl-C, or the other reader failed: a query may still be running.
            for reader in opened:
                reader.connection.cancel_safe()
            raise
