"""The states of sessions, months and chunks. docs/states.md draws them."""

from __future__ import annotations

from enum import StrEnum


class SessionState(StrEnum):
    """Where a session stands. A session without a row is `not_started`."""

    NOT_STARTED = "not_started"  #: nobody has submitted it
    PLANNING = "planning"  #: geographies are being simulated, or it waits for the session before
    RUNNING = "running"  #: months are rendered and closed
    PAUSED = "paused"  #: the database is full or a person asked; `farm resume` goes on
    COMPLETED = "completed"  #: every month is closed
    FAILED = "failed"  #: everything that could be made is made; some chunks failed for good


#: A session in one of these is at work, or waits for the one before it.
OPEN_SESSIONS = frozenset({SessionState.PLANNING, SessionState.RUNNING})

#: Nothing more is made for a session in one of these, unless somebody asks for a retry.
ENDED_SESSIONS = frozenset({SessionState.COMPLETED, SessionState.FAILED})


class MonthState(StrEnum):
    """Where a month stands."""

    PLANNED = "planned"  #: listed; nothing published
    RUNNING = "running"  #: its chord is published
    LOADED = "loaded"  #: every chunk is committed; indexes not yet built
    CLOSED = "closed"  #: indexed, attached, visible
    FAILED = "failed"  #: a chunk failed for good; the others are committed


class ChunkState(StrEnum):
    """Where a chunk stands. The marker in `ops.chunk_commit` is the truth; this is its progress."""

    PLANNED = "planned"  #: listed; nobody works on it
    PUBLISHED = "published"  #: a message for it was sent
    RUNNING = "running"  #: a worker claimed it
    COMMITTED = "committed"  #: its rows and its marker are committed
    FAILED = "failed"  #: a terminal error, or too many attempts
