"""The coordinator of a run: one session after another, until all are completed or one stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from threading import Event
from typing import Protocol

from farm.cli.screen import Screen
from farm.errors import DatabaseLost, ServiceUnavailable, Transient
from farm.orchestration.reconcile import Step
from farm.orchestration.states import SessionState
from farm.orchestration.submit import Submitted
from farm.reports.run_view import RunView


class Ending(Enum):
    """How a run ended; the value is its exit code."""

    COMPLETED = 0
    FAILED = 1
    PAUSED = 2
    INTERRUPTED = 130


class Work(Protocol):
    """What a run moves: the sessions of one farm."""

    def submit(self, session: int) -> Submitted:
        """Open a session, or move on one that is open already."""

    def resume(self, session: int) -> None:
        """Put back what is missing of a session that was left unfinished."""

    def step(self) -> Step:
        """Take one step of the reconciler."""

    def ended(self, session: int) -> None:
        """Record what the coordinator itself took for a session that has just ended."""


#: A look at the run: the current session, and what happened so far.
Look = Callable[[int, tuple[str, ...]], RunView]

_ENDED = frozenset({SessionState.COMPLETED, SessionState.FAILED})
_ENDINGS = {
    SessionState.COMPLETED: Ending.COMPLETED,
    SessionState.FAILED: Ending.FAILED,
    SessionState.PAUSED: Ending.PAUSED,
}


#: Seconds between two looks, so that a session that ends is followed by the next at once; and how
#: many times as long as a look took, so that looking never takes more than a few percent.
LOOK_EVERY_S, LOOK_SHARE = 0.2, 25


@dataclass(slots=True)
class Drive:
    """Drives sessions to their end and shows what happens. The caller starts and stops the workers.

    An outage of PostgreSQL or Redis is waited out: what is missing afterwards is put back.
    ``step_every_s`` is the time from one step of the reconciler to the next.
    """

    work: Work
    #: Starts dead workers again and returns a line about it; None when all are alive.
    revive: Callable[[], str | None]
    look: Look
    screen: Screen
    stop: Event
    clock: Callable[[], float]
    step_every_s: float
    _notes: list[str] = field(default_factory=list)
    _outage: str | None = None
    _last: RunView | None = None
    _open: int | None = None
    _stepped_s: float = float("-inf")

    def run(self, sessions: Sequence[int]) -> Ending:
        """Make these sessions in order; return how it ended.

        Raises:
            SessionRefused: a session may not start.
            ServiceUnavailable: the workers do not stay alive.
        """
        for session in sessions:
            ending = self._make(session)
            if ending is not Ending.COMPLETED:
                return ending
        return Ending.COMPLETED

    def settle(self) -> None:
        """Record the session that the workers ended after a stop, while they finished their chunks.

        To be called when they have stopped. An outage by now leaves the record as it is.
        """
        if self._open is None:
            return
        try:
            state = self.look(self._open, ()).status.session(self._open).state
            if state in _ENDED:
                self.work.ended(self._open)
        except Transient as error:
            self._note_outage(str(error))

    def _make(self, session: int) -> Ending:
        while not self.stop.is_set():
            submitted = self._submit(session)
            if submitted is Submitted.ALREADY_COMPLETED:
                return Ending.COMPLETED
            if submitted is not None:
                return self._see_through(session, was_open=submitted is not Submitted.WAITS)
            self.stop.wait(self.step_every_s)
        return Ending.INTERRUPTED

    def _submit(self, session: int) -> Submitted | None:
        """Submit a session and put back what it lacks; None while a server is out of reach."""
        try:
            if self._last is None:
                self._show(self.look(session, ()))
            submitted = self.work.submit(session)
            if submitted in {Submitted.CONTINUED, Submitted.WAITS}:
                self.work.resume(session)
        except (Transient, ServiceUnavailable) as error:
            self._suffer(str(error))
            return None
        self._note_outage(None)
        return submitted

    def _see_through(self, session: int, *, was_open: bool) -> Ending:
        """Step and look until the session ends. ``was_open``: it did not end before this run."""
        self._open = session if was_open else None
        while not self.stop.is_set():
            began = self.clock()
            self._step(began)
            try:
                view = self.look(session, tuple(self._notes))
                state = view.status.session(session).state
                if was_open and state in _ENDED:
                    self.work.ended(session)
                    view = self.look(session, tuple(self._notes))
            except DatabaseLost as error:
                self._suffer(str(error))
            else:
                self._show(view)
                if state in _ENDINGS:
                    self._open = None
                    return _ENDINGS[state]
                was_open, self._open = True, session
            self.stop.wait(max(LOOK_EVERY_S, LOOK_SHARE * (self.clock() - began)))
        return Ending.INTERRUPTED

    def _step(self, now_s: float) -> None:
        """See after the workers; take a step of the reconciler when it is time for one."""
        if died := self.revive():
            self._notes.append(died)
        if now_s - self._stepped_s >= self.step_every_s:
            self._stepped_s = now_s
            self._note_outage(self.work.step().problem)

    def _show(self, view: RunView) -> None:
        self._last = view
        self.screen.show(view)

    def _suffer(self, problem: str) -> None:
        """Note an outage and show it with what was seen last."""
        self._note_outage(problem)
        if self._last is None:
            self.screen.say(self._notes[-1])
        else:
            self.screen.show(replace(self._last, notes=tuple(self._notes)))

    def _note_outage(self, problem: str | None) -> None:
        """Note the beginning and the end of an outage, once each."""
        if problem is not None and self._outage is None:
            self._notes.append(f"waiting: {problem}")
        elif problem is None and self._outage is not None:
            self._notes.append("going on")
        self._outage = problem
