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
    connection: Connection, session: int, waiting: int | None, lease_s: float
) -> SessionView | None:
    """Return the session as this transaction's snapshot shows it, None when it does not exist."""
    which = {"session": session, "lease_s": lease_s}
    head = connection.execute(SQL["view_session"], which).fetchone()
    if head is None:
        return None
    status, epoch, expanded, quiet_s = head
    chunks: dict[Month | None, list[ChunkView]] = defaultdict(list)
    for text, state, attempts, held in connection.execute(SQL["view_chunks"], which):
        chunk = ChunkView(ChunkAddress.parse(text), ChunkState(state), held, attempts)
        chunks[chunk.address.month].append(chunk)
    months = []
    for day, state in connection.execute(SQL["view_months"], which):
        month = Month.of(day)
        its = tuple(chunks[month])
        months.append(MonthView(month, _state(MonthState(state), its), its))
    return SessionView(
        session=session,
        state=SessionState(status),
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
