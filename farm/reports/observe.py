"""Puts together what the display of a run shows, from the database's own counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from farm.domain.address import ChunkAddress
from farm.domain.scenario import Scenario
from farm.orchestration.states import ChunkState, SessionState
from farm.reports.matrix import Matrix
from farm.reports.pace import Pace
from farm.reports.run_view import Failure, Memory, RunView
from farm.reports.status import SessionStatus, Status


class Progress(Protocol):
    """What the database knows of the generation. Every method is one consistent reading."""

    def sessions(self) -> Sequence[SessionStatus]:
        """Return the submitted sessions with their counts, in order."""

    def chunk_states(self, session: int) -> Mapping[ChunkAddress, ChunkState]:
        """Return where each chunk of a session stands."""

    def failures(self, session: int) -> Sequence[Failure]:
        """Return the chunks of a session that failed for good, in order."""


def status(progress: Progress, scenario: Scenario) -> Status:
    """Return where every session of a scenario stands, those not submitted included."""
    known = {one.session: one for one in progress.sessions()}
    return Status(
        scenario=scenario.name,
        seed=scenario.seed,
        fingerprint=scenario.fingerprint(),
        sessions=tuple(
            known.get(number)
            or SessionStatus(number, scenario.years(number), SessionState.NOT_STARTED)
            for number in scenario.session_numbers
        ),
    )


@dataclass(slots=True)
class Observer:
    """Looks at a running farm again and again; rates come from the difference of looks.

    ``expected`` are the rows that each session is expected to have, for the time left of sessions
    that are not planned yet.
    """

    progress: Progress
    scenario: Scenario
    expected: Mapping[int, int]
    wanted: Sequence[int]
    _pace: Pace = field(default_factory=Pace)

    def look(
        self,
        session: int,
        *,
        now_s: float,
        elapsed_s: float,
        memory: Memory,
        notes: tuple[str, ...] = (),
    ) -> RunView:
        """Return one look. ``now_s`` is a monotonic clock."""
        seen = status(self.progress, self.scenario)
        self._pace.sample(now_s, seen.rows)
        current = seen.session(session)
        session_left = self._rows_left(current)
        run_left = sum(self._rows_left(seen.session(n)) for n in self.wanted)
        return RunView(
            status=seen,
            session=session,
            matrix=Matrix.of(self.progress.chunk_states(session)),
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
