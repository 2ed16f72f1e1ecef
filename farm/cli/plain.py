"""A run as plain lines, for pipes and CI: one at each change, one every few seconds between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from farm.cli import figures
from farm.cli.live import failure_text, share_done, speed
from farm.domain.address import ChunkAddress
from farm.orchestration.states import SessionState
from farm.reports.run_view import RunView
from farm.reports.status import SessionStatus

#: Seconds between two progress lines when nothing else happens.
EVERY_S = 5.0


@dataclass(slots=True)
class PlainLines:
    """Turns looks at a run into lines. Remembers what was said, and says each thing once."""

    every_s: float = EVERY_S
    _states: dict[int, SessionState] = field(default_factory=dict)
    _failures: set[ChunkAddress] = field(default_factory=set)
    _notes: int = 0
    _last_s: float | None = None

    def lines(self, view: RunView) -> Iterator[str]:
        """Yield the lines that this look calls for, without line ends and escape codes."""
        yield from self._new_notes(view)
        yield from self._new_states(view)
        yield from self._new_failures(view)
        current = view.current
        if current is None or current.state is not SessionState.RUNNING:
            return
        if self._last_s is None or view.elapsed_s - self._last_s >= self.every_s:
            self._last_s = view.elapsed_s
            yield progress(view, current)

    def _new_notes(self, view: RunView) -> Iterator[str]:
        fresh = view.notes[self._notes :]
        self._notes = len(view.notes)
        yield from fresh

    def _new_states(self, view: RunView) -> Iterator[str]:
        first_look = not self._states
        for one in view.status.sessions:
            if self._states.get(one.session) is one.state:
                continue
            known = one.session in self._states
            self._states[one.session] = one.state
            # What was over before this run began is in the final table; it did not happen now.
            if known or (not first_look and one.state is not SessionState.NOT_STARTED):
                self._last_s = view.elapsed_s
                yield change(one)

    def _new_failures(self, view: RunView) -> Iterator[str]:
        for failure in view.failures:
            if failure.address not in self._failures:
                self._failures.add(failure.address)
                yield f"failed chunk {failure_text(failure)}"


def change(session: SessionStatus) -> str:
    """Return the line for a session that has just entered its state."""
    start = f"{session.title} "
    match session.state:
        case SessionState.PLANNING:
            return start + "planning: simulating the days of the farm"
        case SessionState.RUNNING:
            return (
                start + f"running: {figures.several(session.chunks.planned, 'chunk')},"
                f" {figures.several(session.planned_rows, 'row')} to come"
            )
        case SessionState.COMPLETED:
            return (
                start + f"completed: {figures.several(session.rows, 'row')}"
                f" in {figures.duration(session.runtime_s)},"
                f" memory peak {figures.megabytes(session.memory_peak_mb or None)}"
            )
        case SessionState.PAUSED | SessionState.FAILED:
            return start + f"{session.state.value}: {session.reason or 'no reason recorded'}"
        case SessionState.NOT_STARTED:
            return start + "not started"


def progress(view: RunView, session: SessionStatus) -> str:
    """Return the line that says how far the current session is."""
    chunks = session.chunks
    parts = [
        f"session {session.session}: {share_done(session):.0%}",
        f"{figures.count(chunks.committed)} of {figures.several(chunks.planned, 'chunk')}",
        figures.several(session.rows, "row"),
    ]
    parts += speed(view)
    if view.memory is not None:
        parts.append(f"memory {figures.megabytes(view.memory.total_mb)}")
    return " · ".join(parts)
