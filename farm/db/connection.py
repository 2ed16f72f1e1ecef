"""Connections to PostgreSQL: how they are opened, kept, and told apart by role."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow

from farm.db.asking import BEGIN, COMMIT, Question, Word, asked
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
        # Nothing prepared by psycopg itself: it would drop all that is prepared, and so what
        # `Database` keeps, after any ALTER or DROP, of which closing a month has dozens.
        connection = psycopg.connect(info, autocommit=True, prepare_threshold=None)
    except psycopg.OperationalError as error:
        raise meaning_of_login(error, where(url)) from error
    with translated(where(url)):
        connection.execute(
            "SET synchronous_commit = off; SET timezone = 'UTC'; SET search_path = public;"
            # A claim says since when it lives; looking that up each time is a sixth of a claim.
            "SELECT set_config('farm.backend_start', backend_start::text, false)"
            "  FROM pg_stat_get_activity(pg_backend_pid())"
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
        #: Names of what the connection has prepared.
        self._known: set[bytes] = set()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield the connection inside a transaction whose commit need not survive a crash."""
        with self._open("BEGIN") as connection:
            yield connection

    @contextmanager
    def transaction_with(
        self, *questions: Question
    ) -> Iterator[tuple[Connection, Sequence[PGresult]]]:
        """Yield as `transaction`, and the answers to the questions it begins with.

        One round trip for all. Each sees what was committed before it, not before the first.
        """
        with self._guarded() as connection:
            _, *answers = self._ask(connection, BEGIN, *questions)
            yield connection, answers
            if connection.pgconn.transaction_status != TransactionStatus.IDLE:
                _commit(connection)

    def commit_with(self, connection: Connection, *questions: Question) -> None:
        """Ask these last of all and commit, in one round trip; ends `transaction_with`."""
        *_, ended = self._ask(connection, *questions, COMMIT)
        _require_commit(ended.command_status)

    def ask(self, question: Question) -> PGresult:
        """Return the answer to a question that is a transaction of its own, as `statement`."""
        with self._guarded() as connection:
            return self._ask(connection, question)[0]

    def _ask(self, connection: Connection, *questions: Question | Word) -> Sequence[PGresult]:
        return connection.wait(asked(connection.pgconn, questions, self._known))

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
            self._connection, self._known = connect(self.url, self.role), set()
        return self._connection

    def _roll_back(self, connection: Connection) -> None:
        """Roll back, or drop the connection where its state is not certain."""
        status = connection.info.transaction_status
        in_mid_message = connection.pgconn.pipeline_status != PipelineStatus.OFF
        if status == TransactionStatus.IDLE and not in_mid_message:
            return
        if in_mid_message or status not in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
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
    _require_commit((connection.execute("COMMIT").statusmessage or "").encode())


def _require_commit(ended: bytes | None) -> None:
    if ended != COMMIT:
        said = (ended or b"nothing").decode()
        raise psycopg.errors.InFailedSqlTransaction(f"COMMIT ended in {said}")


def _parts(url: str) -> dict[str, Any]:
    try:
        return conninfo_to_dict(libpq_url(url))
    except psycopg.ProgrammingError:
        raise SettingsInvalid(
            "the database URL must look like postgresql://user:password@host:5432/database"
        ) from None
