"""Connections to PostgreSQL: how they are opened, kept, and told apart by role."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from farm.db.failures import meaning_of_login, translated
from farm.errors import ServiceUnavailable, SettingsInvalid

Connection = psycopg.Connection[TupleRow]

#: Every connection of the farm is called `farm:<role>` in pg_stat_activity.
APPLICATION = "farm:"

#: How soon a connection notices that its peer vanished without a word.
_NETWORK: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}


_BEGIN = sql.SQL("BEGIN")


def libpq_url(url: str) -> str:
    """Return a URL as libpq reads it: SQLAlchemy's `postgresql+psycopg://` is accepted as well."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql://{rest}" if separator and "+" in scheme else url


def where(url: str) -> str:
    """Return host, port and database of a URL, without user and password."""
    parts = _parts(url)
    host = parts.get("host") or parts.get("hostaddr") or "the local socket"
    return f"{host}:{parts.get('port') or 5432}/{parts.get('dbname') or parts.get('user') or ''}"


def connect(url: str, role: str) -> Connection:
    """Open a connection in autocommit: a transaction begins where code says so.

    Commits of the connection are asynchronous until it says `SET LOCAL synchronous_commit`:
    rows and their marker are lost or kept together, and a lost tail is made again.

    Raises:
        ServiceUnavailable: wrong password, unknown user or database, no right to connect.
        DatabaseLost: nobody listens, or the server is starting or stopping.
    """
    _parts(url)
    info = make_conninfo(libpq_url(url), application_name=APPLICATION + role, **_NETWORK)
    try:
        connection = psycopg.connect(info, autocommit=True)
    except psycopg.OperationalError as error:
        raise meaning_of_login(error, where(url)) from error
    with translated(where(url)):
        connection.execute(
            "SET synchronous_commit = off; SET timezone = 'UTC'; SET search_path = public"
        )
    return connection


def check(url: str, minimum_version: int = 140_000) -> int:
    """Return the server's version number (180006 is 18.6) if it can be used at all.

    Raises:
        ServiceUnavailable: it cannot be reached, refuses the login or is too old. One line.
    """
    try:
        with connect(url, "check") as connection:
            version = connection.info.server_version
    except Exception as error:
        raise ServiceUnavailable(str(error)) from error
    if version < minimum_version:
        needed, found = minimum_version // 10_000, version // 10_000
        raise ServiceUnavailable(
            f"PostgreSQL at {where(url)} is version {found}; the farm needs {needed} or newer"
        )
    return version


class Database:
    """One connection to PostgreSQL, opened when first needed and again after it broke.

    Threads share it one at a time. A process forked from one that used it opens its own.
    """

    def __init__(self, url: str, role: str) -> None:
        self.url = url
        self.role = role
        self._where: str | None = None
        self._lock = threading.RLock()
        self._connection: Connection | None = None
        self._inherited: Connection | None = None
        self._owner = os.getpid()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield the connection inside a transaction whose commit need not survive a crash."""
        with self._open("BEGIN") as connection:
            yield connection

    @contextmanager
    def transaction_with(
        self, *queries: sql.Composable
    ) -> Iterator[tuple[Connection, list[TupleRow | None]]]:
        """Yield as `transaction`, and the first row of each of the queries it begins with.

        One round trip for all. Each sees what was committed before it, not before the first.
        """
        with self._guarded() as connection:
            begun = connection.execute(sql.SQL("; ").join((_BEGIN, *queries)))
            rows = []
            while begun.nextset():
                rows.append(begun.fetchone())
            yield connection, rows
            _commit(connection)

    @contextmanager
    def durable_transaction(self) -> Iterator[Connection]:
        """Yield the connection inside a transaction whose commit survives a crash of the server."""
        with self._open("BEGIN; SET LOCAL synchronous_commit = on") as connection:
            yield connection

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """Yield the connection for one statement that is a transaction of its own.

        One round trip instead of three. Its commit need not survive a crash.
        """
        with self._guarded() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Yield the connection for reading: every statement sees the same moment."""
        with self._open("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as connection:
            yield connection

    @contextmanager
    def _open(self, begin: LiteralString) -> Iterator[Connection]:
        with self._guarded() as connection:
            connection.execute(begin)
            yield connection
            _commit(connection)

    @contextmanager
    def _guarded(self) -> Iterator[Connection]:
        self._where = self._where or where(self.url)
        with self._lock, translated(self._where):
            connection = self._alive()
            try:
                yield connection
            except Exception:
                self._roll_back(connection)
                raise
            except BaseException:
                # The process is being stopped, perhaps in the middle of the protocol: another
                # word on this connection could wait for ever. The server rolls back by itself.
                self.close()
                raise

    def _alive(self) -> Connection:
        if self._owner != os.getpid():
            # The parent's connection: not ours to use, to close or to let be collected.
            self._inherited = self._connection
            self._connection, self._owner = None, os.getpid()
        if self._connection is None or self._connection.closed:
            self._connection = connect(self.url, self.role)
        return self._connection

    def _roll_back(self, connection: Connection) -> None:
        """Roll back, or drop the connection where its state is not certain."""
        status = connection.info.transaction_status
        if status == TransactionStatus.IDLE:
            return
        if status not in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
            self.close()
            return
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            self.close()

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None and self._owner == os.getpid():
                connection.close()


def _commit(connection: Connection) -> None:
    """Commit; raises where PostgreSQL turns the COMMIT of a failed transaction into a ROLLBACK."""
    ended = connection.execute("COMMIT").statusmessage
    if ended != "COMMIT":
        raise psycopg.errors.InFailedSqlTransaction(f"COMMIT ended in {ended}")


def _parts(url: str) -> dict[str, Any]:
    try:
        return conninfo_to_dict(libpq_url(url))
    except psycopg.ProgrammingError:
        raise SettingsInvalid(
            "the database URL must look like postgresql://user:password@host:5432/database"
        ) from None
