"""How far the work is: what status, the live display and reports read. Never writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from farm.db import queries
from farm.db.connection import Database
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.orchestration.states import ChunkState, MonthState, SessionState

SQL = queries.load("progress")


@dataclass(frozen=True, slots=True)
class SessionProgress:
    """One submitted session.

    ``runtime_s`` runs on while the session does. ``rows`` are committed rows, ``planned_rows`` what
    the history promises; 0 before it is known. ``planned``, ``committed`` and ``failed`` are
    chunks, simulations included; ``planned`` is all that are listed.
    """

    session: int
    years: str
    state: SessionState
    scenario_name: str
    seed: int
    fingerprint: str
    started: datetime
    completed: datetime | None
    runtime_s: float
    memory_peak_mb: float
    rows: int
    planned_rows: int
    planned: int
    committed: int
    failed: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class MonthProgress:
    """A month, where it stands, and how long its indexes took once it is closed."""

    month: Month
    state: MonthState
    close_s: float | None


@dataclass(frozen=True, slots=True)
class FailedChunk:
    """A chunk that failed for good: how often it was tried, the error's class and words."""

    address: ChunkAddress
    attempts: int
    error_kind: str
    error: str


@dataclass(frozen=True, slots=True)
class AtWork:
    """A living worker's claim, and since how many seconds it holds it."""

    worker: str
    address: ChunkAddress
    seconds: float


@dataclass(frozen=True, slots=True)
class Seconds:
    """Seconds of all workers together by step, and of closing months."""

    read: float
    make: float
    encode: float
    copy: float
    close: float


class Progress:
    """Read models on one connection. Every method is one consistent reading."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sessions(self) -> list[SessionProgress]:
        """Return every submitted session, in order."""
        with self._database.snapshot() as connection:
            rows = connection.execute(SQL["sessions"]).fetchall()
        return [SessionProgress(row[0], row[1], SessionState(row[2]), *row[3:]) for row in rows]

    def chunks(self, session: int) -> dict[ChunkAddress, ChunkState]:
        """Return every chunk of a session and where it stands: the matrix of batches and months."""
        with self._database.snapshot() as connection:
            rows = connection.execute(SQL["chunks"], {"session": session}).fetchall()
        return {ChunkAddress.parse(chunk): ChunkState(state) for chunk, state in rows}

    def months(self, session: int) -> list[MonthProgress]:
        """Return the months of a session, in order."""
        with self._database.snapshot() as connection:
            rows = connection.execute(SQL["months"], {"session": session}).fetchall()
        return [MonthProgress(Month.of(day), MonthState(state), s) for day, state, s in rows]

    def months_closed(self) -> dict[int, tuple[int, int]]:
        """Return of every session with months how many are closed, and how many there are."""
        with self._database.snapshot() as connection:
            rows = connection.execute(SQL["months_closed"]).fetchall()
        return {session: (closed, months) for session, closed, months in rows}

    def landmarks(self) -> tuple[object, ...]:
        """Return what differs once a session has moved, a month closed or the data were checked."""
        with self._database.snapshot() as connection:
            return connection.execute(SQL["landmarks"]).fetchone() or ()

    def failures(self, session: int | None = None) -> list[FailedChunk]:
        """Return the chunks that failed for good, of one session or of all."""
        with self._database.snapshot() as connection:
            rows = connection.execute(SQL["failures"], {"session": session}).fetchall()
        return [FailedChunk(ChunkAddress.parse(row[0]), *row[1:]) for row in rows]

    def rows_by_table(self, session: int | None = None) -> Mapping[str, int]:
        """Return committed rows by table, of one session or of all."""
        with self._database.snapshot() as connection:
            return dict(connection.execute(SQL["rows_by_table"], {"session": session}).fetchall())

    def recent_rows(self, seconds: float) -> int:
        """Return how many rows were committed in the last seconds, by the database's clock."""
        with self._database.snapshot() as connection:
            row = connection.execute(SQL["recent_rows"], {"seconds": seconds}).fetchone()
        return int(row[0]) if row else 0

    def at_work(self) -> list[AtWork]:
        """Return what living workers are doing right now."""
        with self._database.snapshot() as connection:
            rows = connection.execute(SQL["at_work"]).fetchall()
        return [AtWork(worker, ChunkAddress.parse(chunk), s) for worker, chunk, s in rows]

    def seconds_by_step(self, session: int | None = None) -> Seconds:
        """Return where the workers' time went, of one session or of all."""
        with self._database.snapshot() as connection:
            row = connection.execute(SQL["seconds_by_step"], {"session": session}).fetchone()
        return Seconds(*(row or (0.0,) * 5))
