"""Asks the questions of the pages: named queries, all of one moment, on one connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.numeric import FloatLoader

from farm.db import queries
from farm.db.connection import Connection, connect, where
from farm.db.failures import translated
from farm.errors import SessionRefused
from farm.reports.site.data import Row
from farm.reports.site.scope import Scope, SessionFacts
from farm.settings.yardsticks import Yardsticks

_FOLDER = Path(__file__).parent / "sql"

#: Memory for one sort or hash: the days of all batches and places fit.
_WORK_MEM = "256MB"

_VIEWS = ("place", "stay", "day", "counted", "site_check")
_FILLED = ("day", "counted", "site_check")


class Reader:
    """A read-only connection on one snapshot, and what all questions have in common."""

    def __init__(self, connection: Connection, scope: Scope, yardsticks: Yardsticks) -> None:
        self._connection = connection
        self.scope = scope
        self.yardsticks = yardsticks
        self._facts = {**scope.facts, **yardsticks.facts}

    def rows(self, room: str, name: str) -> list[Row]:
        """Return the rows of the query ``name`` in ``sql/<room>.sql``; decimals are floats."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return list(cursor.execute(_load(room)[name], self._facts).fetchall())

    def row(self, room: str, name: str) -> Row:
        """Return the one row of a query."""
        (found,) = self.rows(room, name)
        return found


@contextmanager
def reading(database_url: str, batch: str | None, yardsticks: Yardsticks) -> Iterator[Reader]:
    """Yield a reader of everything up to the last completed session, or of one batch.

    Raises:
        SessionRefused: no session is completed, or there is no such batch.
        DatabaseLost: the server cannot be reached, or the connection broke.
    """
    with translated(where(database_url)), connect(database_url, "report") as connection:
        connection.execute(f"SET work_mem = '{_WORK_MEM}'; SET jit = off")
        connection.adapters.register_loader("numeric", FloatLoader)
        ground = _load("ground")
        for name in _VIEWS:
            connection.execute(ground[name])
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        scope = _scope(connection, batch)
        for name in _FILLED:
            connection.execute(ground[f"fill_{name}"], {**scope.facts, **yardsticks.facts})
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))
        yield Reader(connection, scope, yardsticks)
        connection.execute("ROLLBACK")


def _scope(connection: Connection, batch: str | None) -> Scope:
    ground = _load("ground")
    with connection.cursor(row_factory=dict_row) as cursor:
        sessions = [SessionFacts(**row) for row in cursor.execute(ground["sessions"])]
        geographies = list(cursor.execute(ground["geographies"]))
    completed = [one for one in sessions if one.status == "completed"]
    if not completed:
        raise SessionRefused(
            "no session is completed, so there is nothing to report: `farm run` does all,"
            " `farm status` says where it stands"
        )
    batch_id = None if batch is None else _batch_id(connection, batch)
    return Scope(tuple(completed), tuple(geographies), batch_id, len(sessions) - len(completed))


def _batch_id(connection: Connection, code: str) -> int:
    found = connection.execute(_load("ground")["batch_id"], {"code": code}).fetchone()
    if found is not None:
        return int(found[0])
    known = connection.execute("SELECT min(code), max(code) FROM batch").fetchall()[0]
    raise SessionRefused(f'no batch "{code}"; there are batches such as {known[0]} and {known[1]}')


@cache
def _load(room: str) -> Mapping[str, sql.SQL]:
    return queries.parse((_FOLDER / f"{room}.sql").read_text(encoding="utf-8"))


def one(rows: Sequence[Row], **wanted: Any) -> Row | None:
    """Return the first row with these values, if any."""
    return next((r for r in rows if all(r[k] == v for k, v in wanted.items())), None)
