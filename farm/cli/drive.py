"""The coordinator of a run: one session after another, until all are completed or one stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import zip_longest
from threading import Event
from typing import Protocol

from farm.cli.screen import Screen
from farm.errors import DatabaseLost, ServiceUnavailable, SessionRefused, Transient
from farm.orchestration.reconcile import Step
from farm.orchestration.states import ENDED_SESSIONS, OPEN_SESSIONS, SessionState
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

    def prepare(self, session: int) -> None:
        """Simulate a session while the one before it is still open; raises SessionRefused."""

    def state(self, session: int) -> SessionState:
        """Return where a session stands: one short question to the ledger."""

    def resume(self, session: int) -> None:
        """Put back what is missing of a session that was left unfinished."""

    def step(self) -> Step:
        """Take one step of the reconciler."""

    def keep_up(self) -> None:
        """Bring up to date what is kept beside the data. Not counted as time that showing takes."""

    def ended(self, session: int) -> None:
        """Record what the coordinator itself took for a session that has just ended."""


#: A look at the run: the current session, and what happened so far.
Look = Callable[[int, tuple[str, ...]], RunView]

_ENDINGS = {
    SessionState.COMPLETED: Ending.COMPLETED,
    SessionState.FAILED: Ending.FAILED,
    SessionState.PAUSED: Ending.PAUSED,
}


#: Seconds from one question whether a session has ended to the next, so that another follows at
#: once; and how many times as long as a look took there is no other, so that showing never takes
#: more than half a percent.
ASK_EVERY_S, SHOW_SHARE = 0.2, 200


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
    _prepared: int | None = None
    #: Sessions that were not completed when this run began and whose end it has not recorded.
    _unrecorded: set[int] = field(default_factory=set)
    _stepped_s: float = float("-inf")

    def run(self, sessions: Sequence[int]) -> Ending:
        """Make these sessions in order; return how it ended.

        Raises:
            SessionRefused: a session may not start.
            ServiceUnavailable: the workers do not stay alive.
        """
        for session, following in zip_longest(sessions, sessions[1:]):
            ending = self._make(session, following)
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
            if state in ENDED_SESSIONS:
                self.work.ended(self._open)
        except Transient as error:
            self._note_outage(str(error))

    def _make(self, session: int, following: int | None) -> Ending:
        while not self.stop.is_set():
            submitted = self._submit(session)
            if submitted is Submitted.ALREADY_COMPLETED:
                return Ending.COMPLETED
            if submitted is not None:
                was_open = submitted is not Submitted.WAITS
                return self._see_through(session, following, was_open=was_open)
            self.stop.wait(self.step_every_s)
        return Ending.INTERRUPTED

    def _submit(self, session: int) -> Submitted | None:
        """Submit a session and put back what it lacks; None while a server is out of reach."""
        try:
            if self._last is None:
                self._show(self.look(session, ()))
            submitted = self.work.submit(session)
            if submitted is Submitted.WAITS or (
                submitted is Submitted.CONTINUED and session != self._prepared
            ):
                self.work.resume(session)
            elif submitted is Submitted.ALREADY_COMPLETED and session in self._unrecorded:
                # It was prepared, and completed before anybody looked at it again.
                self._record(session)
                self._show(self.look(session, tuple(self._notes)))
        except (Transient, ServiceUnavailable) as error:
            self._suffer(str(error))
            return None
        self._note_outage(None)
        return submitted

    def _see_through(self, session: int, following: int | None, *, was_open: bool) -> Ending:
        """Step and look until the session ends. ``was_open``: it did not end before this run.

        The session that follows is prepared at once: how long simulating takes and how long the
        chunks of this one, nobody knows; waiting would only leave workers idle.
        """
        self._open = session if was_open else None
        while not self.stop.is_set():
            state = None
            self._step()
            began = self.clock()
            try:
                view = self.look(session, tuple(self._notes))
                state = view.status.session(session).state
                if was_open and state in ENDED_SESSIONS:
                    self._record(session)
                    view = self.look(session, tuple(self._notes))
            except DatabaseLost as error:
                self._suffer(str(error))
            else:
                self._show(view)
                if state in _ENDINGS:
                    self._open = None
                    return _ENDINGS[state]
                was_open, self._open = True, session
            now_s = self.clock()
            if following is not None and state in OPEN_SESSIONS:
                self._prepare(following)
            if self._outage is None:
                self.work.keep_up()
            self._wait(session, state, now_s + SHOW_SHARE * (now_s - began))
        return Ending.INTERRUPTED

    def _wait(self, session: int, state: SessionState | None, until_s: float) -> None:
        """Step until it is time for the next look, or the session is in another state."""
        while not self.stop.wait(ASK_EVERY_S) and self.clock() < until_s:
            self._step()
            try:
                if self.work.state(session) is not state:
                    return
            except Transient:
                return  # the next look says what is wrong

    def _prepare(self, session: int) -> None:
        """Prepare a session once; it may wait if a server is out of reach."""
        if self._prepared == session:
            return
        try:
            # Refused: the session before has just ended, and how it ended is said there.
            with suppress(SessionRefused):
                self.work.prepare(session)
        except (Transient, ServiceUnavailable) as error:
            self._suffer(str(error))
        else:
            self._prepared = session

    def _step(self) -> None:
        """See after the workers; take a step of the reconciler when it is time for one."""
        if died := self.revive():
            self._notes.append(died)
        now_s = self.clock()
        if now_s - self._stepped_s >= self.step_every_s:
            self._stepped_s = now_s
            self._note_outage(self.work.step().problem)

    def _record(self, session: int) -> None:
        self.work.ended(session)
        self._unrecorded.discard(session)

    def _show(self, view: RunView) -> None:
        if self._last is None:
            states = {one.session: one.state for one in view.status.sessions}
            self._unrecorded = {n for n, s in states.items() if s is not SessionState.COMPLETED}
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
