"""Looks at a run, for the tests of what draws them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from farm.db.progress import FailedChunk
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month, Period
from farm.orchestration.states import ChunkState, SessionState
from farm.reports.matrix import Matrix
from farm.reports.run_view import Memory, RunView
from farm.reports.status import ChunkCounts, SessionStatus, Status

STARTED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

COMPLETED = SessionStatus(
    session=1,
    years="1-3",
    state=SessionState.COMPLETED,
    started=STARTED,
    completed=datetime(2026, 1, 2, 3, 6, 10, tzinfo=UTC),
    runtime_s=125.25,
    memory_peak_mb=1234.56,
    rows=31_234_567,
    planned_rows=31_234_567,
    chunks=ChunkCounts(planned=1500, committed=1500, failed=0),
)
RUNNING = SessionStatus(
    session=2,
    years="4-6",
    state=SessionState.RUNNING,
    started=STARTED,
    runtime_s=12.5,
    rows=250_000,
    planned_rows=1_000_000,
    chunks=ChunkCounts(planned=1800, committed=450, failed=1),
)
NOT_STARTED = SessionStatus(session=4, years="10", state=SessionState.NOT_STARTED)

STATUS = Status(
    scenario="demo",
    seed=42,
    fingerprint="f" * 64,
    sessions=(
        COMPLETED,
        RUNNING,
        SessionStatus(session=3, years="7-9", state=SessionState.NOT_STARTED),
        NOT_STARTED,
    ),
)


def matrix(batches: int, months: int) -> Matrix:
    """Return a session whose first third is committed, with one failed chunk and three running."""
    period = Period(Month(2018, 1), Month(2018 + (months - 1) // 12, (months - 1) % 12 + 1))
    cells = {
        (b, at): ChunkAddress(2, f"{'FO' if b % 2 else 'SC'}-20{15 + b // 12}-{b % 12 + 1:02d}", m)
        for b in range(batches)
        for at, m in enumerate(period.months())
    }

    def state(batch: int, at: int) -> ChunkState:
        if (batch, at) == (batches // 2, 3):
            return ChunkState.FAILED
        if at < months // 3:
            return ChunkState.COMMITTED
        if at == months // 3:
            return ChunkState.RUNNING if batch < 3 else ChunkState.PUBLISHED
        return ChunkState.PLANNED

    return Matrix.of({address: state(*place) for place, address in cells.items()})


LOOK = RunView(
    status=STATUS,
    session=2,
    matrix=matrix(6, 36),
    rows_s=52_345.6,
    session_eta_s=14.3,
    run_eta_s=190.0,
    memory=Memory(coordinator_mb=180.2, workers_mb=605.4, workers=2, limit_mb=8000.0),
    failures=(),
    notes=(),
    elapsed_s=140.0,
)


def look(**changes: object) -> RunView:
    """Return LOOK with some fields changed."""
    return replace(LOOK, **changes)  # type: ignore[arg-type]


def look_at(session: SessionStatus, **changes: object) -> RunView:
    """Return a look in which one session stands as given and is the current one."""
    sessions = tuple(session if s.session == session.session else s for s in STATUS.sessions)
    return look(status=replace(STATUS, sessions=sessions), session=session.session, **changes)


def failed(address: str, error: str) -> FailedChunk:
    """Return a chunk that failed for good after five attempts."""
    kind, colon, words = error.partition(": ")
    return FailedChunk(ChunkAddress.parse(address), 5, kind if colon else "", words or error)
