"""One consistent reading of a session, as `decide` wants it."""

from __future__ import annotations

from collections import defaultdict

from farm.db import queries
from farm.db.connection import Connection
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.orchestration.ports import ChunkView, MonthView, SessionView
from farm.orchestration.states import ChunkState, MonthState, SessionState

SQL = queries.load("ledger")

_OVER = frozenset({ChunkState.COMMITTED, ChunkState.FAILED})
_UNINDEXED = frozenset({MonthState.PLANNED, MonthState.RUNNING, MonthState.FAILED})


def read_view(
    connection: Connection, session: int, waiting: int | None, *, lease_s: float, ahead: int
) -> SessionView | None:
    """Return the session as this transaction's snapshot shows it, None when it does not exist.

    Of the months that are planned only the first ``ahead`` are read: no more can be opened now, and
    a session has thousands of chunks.
    """
    which = {"session": session, "lease_s": lease_s}
    head = connection.execute(SQL["view_session"], which).fetchone()
    if head is None:
        return None
    status, before, founded, epoch, expanded, quiet_s = head
    found = [
        (day, MonthState(state)) for day, state in connection.execute(SQL["view_months"], which)
    ]
    later = {day for day, state in [m for m in found if m[1] is MonthState.PLANNED][ahead:]}
    viewed = [(day, state) for day, state in found if day not in later]
    open_months = [day for day, state in viewed if state is not MonthState.CLOSED]
    chunks: dict[Month | None, list[ChunkView]] = defaultdict(list)
    reading = {**which, "months": open_months}
    for text, state, attempts, held in connection.execute(SQL["view_chunks"], reading):
        chunk = ChunkView(ChunkAddress.parse(text), ChunkState(state), held, attempts)
        chunks[chunk.address.month].append(chunk)
    months = []
    for day, state in viewed:
        month = Month.of(day)
        its = tuple(chunks[month])
        months.append(MonthView(month, _state(state, its), its))
    return SessionView(
        session=session,
        state=SessionState(status),
        before=None if before is None else SessionState(before),
        founded=frozenset(founded),
        epoch=epoch,
        simulations=tuple(chunks[None]),
        expanded=expanded,
        months=tuple(months),
        quiet_s=quiet_s,
        waiting=waiting,
    )


def _state(stored: MonthState, chunks: tuple[ChunkView, ...]) -> MonthState:
    """Return a month's state: failed is read off its chunks, so that it is never out of date."""
    if stored not in _UNINDEXED:
        return stored
    states = {chunk.state for chunk in chunks}
    if ChunkState.FAILED in states and states <= _OVER:
        return MonthState.FAILED
    return MonthState.RUNNING if stored is MonthState.FAILED else stored
