"""One look at all sessions, and closer at one of them: what `farm status` shows to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from farm.db.progress import AtWork, FailedChunk, Progress
from farm.domain.scenario import Scenario
from farm.orchestration.states import OPEN_SESSIONS, SessionState
from farm.reports import observe
from farm.reports.matrix import Matrix
from farm.reports.status import SessionStatus, Status

#: Seconds over which rows per second are taken, by the database's own clock.
RATE_WINDOW_S = 20.0

_STOPPED = frozenset({SessionState.PAUSED, SessionState.FAILED})


@dataclass(frozen=True, slots=True)
class SessionLook:
    """All sessions; of the one looked at closer, its matrix. Failures and work are of all.

    ``rows_s`` is 0 while no session is open.
    """

    status: Status
    closer: SessionStatus | None
    matrix: Matrix
    failures: Sequence[FailedChunk]
    at_work: Sequence[AtWork]
    rows_s: float

    @property
    def eta_s(self) -> float | None:
        """Seconds until the closer session is made, if it is being made; else None."""
        one = self.closer
        if one is None or one.state is not SessionState.RUNNING or self.rows_s <= 0:
            return None
        return max(one.planned_rows - one.rows, 0) / self.rows_s


def look(progress: Progress, scenario: Scenario, session: int | None) -> SessionLook:
    """Return a look; without a session, closer at the one that is open or has stopped, if any."""
    seen = observe.status(progress, scenario)
    closer = seen.session(session) if session is not None else _in_question(seen)
    is_open = any(one.state in OPEN_SESSIONS for one in seen.sessions)
    return SessionLook(
        status=seen,
        closer=closer,
        matrix=Matrix.of(progress.chunks(closer.session) if closer else {}),
        failures=progress.failures(),
        at_work=progress.at_work() if is_open else (),
        rows_s=progress.recent_rows(RATE_WINDOW_S) / RATE_WINDOW_S if is_open else 0.0,
    )


def _in_question(seen: Status) -> SessionStatus | None:
    for states in (OPEN_SESSIONS, _STOPPED):
        for one in seen.sessions:
            if one.state in states:
                return one
    return None
