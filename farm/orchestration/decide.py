"""What follows from one reading of the ledger. Pure: no clock, no database, no broker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.orchestration.ports import ChunkView, MonthView, SessionView
from farm.orchestration.states import ChunkState, MonthState, SessionState

#: A chunk in one of these states will not change any more.
_SETTLED = frozenset({ChunkState.COMMITTED, ChunkState.FAILED})
#: A chunk in one of these states has no message of its own: never sent, or its worker is gone.
UNSENT = frozenset({ChunkState.PLANNED, ChunkState.RUNNING})
#: The same, where messages that were sent count as lost.
LOST = UNSENT | {ChunkState.PUBLISHED}
#: A month in one of these states takes one of the places in flight.
_OPEN = frozenset({MonthState.RUNNING, MonthState.LOADED})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be under way at once.

    ``quiet_s``: seconds without any progress after which a published chunk that nobody holds and
    no message waits for counts as lost. ``stalled_s``: seconds after which a COPY whose client is
    silent is ended. ``hold_back``: publish no new month, and nothing ahead (memory is short).
    ``simulations_ahead``: geographies that are simulated at once while the session before is still
    at work: fewer than there are workers, so that its chunks go on meanwhile.
    """

    months_in_flight: int
    quiet_s: float
    stalled_s: float = 60.0
    hold_back: bool = False
    simulations_ahead: int = 1


@dataclass(frozen=True, slots=True)
class PublishSimulations:
    """Send these simulations to the workers, those that are still in one of ``states``."""

    chunks: tuple[ChunkAddress, ...]
    states: frozenset[ChunkState] = UNSENT


@dataclass(frozen=True, slots=True)
class Expand:
    """Every geography is simulated: list the months."""


@dataclass(frozen=True, slots=True)
class StartSession:
    """The months are listed and the session before is completed: they may open."""


@dataclass(frozen=True, slots=True)
class PublishMonth:
    """Send these chunks of a month to the workers, those that are still in one of ``states``.

    Two callers that read the same at once want to send the same; the ledger lets one of them.
    """

    month: Month
    chunks: tuple[ChunkAddress, ...]
    states: frozenset[ChunkState] = UNSENT


@dataclass(frozen=True, slots=True)
class CloseMonth:
    """Every chunk of this month is committed: index it and attach it."""

    month: Month


@dataclass(frozen=True, slots=True)
class FinishSession:
    """Nothing is left to do: the session is completed, or failed for this reason."""

    state: SessionState
    reason: str | None


Action = PublishSimulations | Expand | StartSession | PublishMonth | CloseMonth | FinishSession


def decide(view: SessionView, limits: Limits) -> list[Action]:
    """Return what is to be done now, in order; an empty list when the session has to wait.

    A reading in which nothing changed gives the same actions again, and doing one twice changes
    nothing, so it does not matter who asks, how often, or in which order the answers are carried
    out. While the broker cannot be asked nothing is published: whether a message waits is unknown.
    """
    if view.state is SessionState.PLANNING:
        return _while_planning(view, limits)
    if view.state is SessionState.RUNNING:
        return _while_running(view, limits)
    return []


def reopened(view: SessionView) -> SessionState:
    """Return where a session goes on that had stopped."""
    is_prepared = bool(view.months) and _may_start(view)
    return SessionState.RUNNING if is_prepared else SessionState.PLANNING


def _may_start(view: SessionView) -> bool:
    """Whether months may open. What comes before that may run ahead of the session before."""
    return view.before in {None, SessionState.COMPLETED}


def _while_planning(view: SessionView, limits: Limits) -> list[Action]:
    if all(chunk.state in _SETTLED for chunk in view.simulations):
        if failed := _failed(view.simulations):
            return [_gave_up(failed)]
        if not view.expanded:
            return [Expand()]
        return [StartSession()] if _may_start(view) else []
    states = _sendable(view, limits)
    chunks = _to_send(view.simulations, states)
    if not _may_start(view):
        room = _room_ahead(view, len(chunks), limits)
        chunks = tuple(chunk for chunk in chunks if chunk.subject in view.founded)[:room]
    return [PublishSimulations(chunks, states)] if chunks else []


def _room_ahead(view: SessionView, waiting: int, limits: Limits) -> int:
    """Return how many more simulations may be sent while the session before is at work.

    What is neither settled nor waiting to be sent is on its way or in a worker's hands.
    """
    if limits.hold_back:
        return 0
    left = sum(chunk.state not in _SETTLED for chunk in view.simulations)
    return max(limits.simulations_ahead - (left - waiting), 0)


def _while_running(view: SessionView, limits: Limits) -> list[Action]:
    actions: list[Action] = []
    states = _sendable(view, limits)
    room = limits.months_in_flight - sum(_in_flight(month) for month in view.months)
    for month in view.months:
        if month.state is MonthState.CLOSED:
            continue
        if _is_settled(month):
            if not _failed(month.chunks) and _no_body_waits(view, limits):
                actions.append(CloseMonth(month.month))
        elif month.state in _OPEN:
            if chunks := _to_send(month.chunks, states):
                actions.append(PublishMonth(month.month, chunks, states))
        elif room > 0 and not limits.hold_back and view.waiting is not None:
            room -= 1
            chunks = tuple(c.address for c in month.chunks if c.state not in _SETTLED)
            actions.append(PublishMonth(month.month, chunks))
    return actions or _ending(view)


def _ending(view: SessionView) -> list[Action]:
    left = [month for month in view.months if month.state is not MonthState.CLOSED]
    if not left and all(c.state is ChunkState.COMMITTED for c in view.simulations):
        return [FinishSession(SessionState.COMPLETED, None)]
    if left and all(_is_settled(month) and _failed(month.chunks) for month in left):
        return [_gave_up(sum(_failed(month.chunks) for month in left))]
    return []


def _sendable(view: SessionView, limits: Limits) -> frozenset[ChunkState]:
    """Return the states of chunks that no message can be on its way for."""
    if view.waiting is None:
        return frozenset()
    return LOST if view.waiting == 0 and view.quiet_s >= limits.quiet_s else UNSENT


def _no_body_waits(view: SessionView, limits: Limits) -> bool:
    """Whether a month that is complete will not be closed by its chord's body.

    Among messages that wait, the body is one of the first to be taken up.
    """
    if view.waiting is None:
        return False
    return view.waiting == 0 or view.quiet_s >= limits.quiet_s


def _to_send(
    chunks: Iterable[ChunkView], states: frozenset[ChunkState]
) -> tuple[ChunkAddress, ...]:
    """Return the chunks in these states that nobody works on."""
    return tuple(c.address for c in chunks if c.state in states and not c.held)


def _is_settled(month: MonthView) -> bool:
    return all(chunk.state in _SETTLED for chunk in month.chunks)


def _in_flight(month: MonthView) -> bool:
    """Whether a month takes a place: one that has failed for good frees it for the next."""
    return month.state in _OPEN and not (_is_settled(month) and _failed(month.chunks) > 0)


def _failed(chunks: Iterable[ChunkView]) -> int:
    return sum(chunk.state is ChunkState.FAILED for chunk in chunks)


def _gave_up(failed: int) -> FinishSession:
    noun = "chunk" if failed == 1 else "chunks"
    return FinishSession(SessionState.FAILED, f"{failed} {noun} failed")
