"""Puts together what status and the display of a run show, from the database's own counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from farm.db.progress import Progress, SessionProgress
from farm.domain.scenario import Scenario
from farm.orchestration.states import SessionState
from farm.reports.matrix import Matrix
from farm.reports.pace import Pace
from farm.reports.run_view import Memory, RunView
from farm.reports.status import ChunkCounts, SessionStatus, Status


def status(progress: Progress, scenario: Scenario, fingerprint: str | None = None) -> Status:
    """Return where every session of a scenario stands, those not submitted included.

    ``fingerprint`` is the scenario's, where it is known already.
    """
    known = {one.session: _status(one) for one in progress.sessions()}
    return Status(
        scenario=scenario.name,
        seed=scenario.seed,
        fingerprint=fingerprint or scenario.fingerprint(),
        sessions=tuple(
            known.get(number)
            or SessionStatus(number, scenario.years(number), SessionState.NOT_STARTED)
            for number in scenario.session_numbers
        ),
    )


def _status(one: SessionProgress) -> SessionStatus:
    return SessionStatus(
        session=one.session,
        years=one.years,
        state=one.state,
        started=one.started,
        completed=one.completed,
        runtime_s=one.runtime_s,
        memory_peak_mb=one.memory_peak_mb,
        rows=one.rows,
        planned_rows=one.planned_rows,
        chunks=ChunkCounts(one.planned, one.committed, one.failed),
        reason=one.reason,
    )


@dataclass(slots=True)
class Observer:
    """Looks at a running farm again and again; rates come from the difference of looks.

    ``expected`` are the rows that each session is expected to have, for the time left of sessions
    that are not planned yet. ``with_matrix`` says whether anybody draws the matrix: reading it is
    a third of a look.
    """

    progress: Progress
    scenario: Scenario
    expected: Mapping[int, int]
    wanted: Sequence[int]
    with_matrix: bool = True
    _pace: Pace = field(default_factory=Pace)
    _fingerprint: str | None = None

    def look(
        self,
        session: int,
        *,
        now_s: float,
        elapsed_s: float,
        memory: Memory | None,
        notes: tuple[str, ...] = (),
    ) -> RunView:
        """Return one look. ``now_s`` is a monotonic clock."""
        seen = status(self.progress, self.scenario, self._fingerprint)
        self._fingerprint = seen.fingerprint
        self._pace.sample(now_s, seen.rows)
        current = seen.session(session)
        session_left = self._rows_left(current)
        run_left = sum(self._rows_left(seen.session(n)) for n in self.wanted)
        return RunView(
            status=seen,
            session=session,
            matrix=Matrix.of(self.progress.chunks(session) if self.with_matrix else {}),
            rows_s=self._pace.rows_s,
            session_eta_s=self._pace.eta_s(session_left),
            run_eta_s=self._pace.eta_s(run_left) if run_left > session_left else None,
            memory=memory,
            failures=tuple(self.progress.failures(session)),
            notes=notes,
            elapsed_s=elapsed_s,
        )

    def _rows_left(self, one: SessionStatus) -> int:
        if one.state is SessionState.COMPLETED:
            return 0
        return max((one.planned_rows or self.expected.get(one.session, 0)) - one.rows, 0)
