"""What orchestration needs from the outside world. bootstrap joins each port to its adapter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.domain.plan import Plan
from farm.orchestration.states import ChunkState, MonthState, SessionState
from farm.rendering.chunk import RenderedChunk
from farm.simulation.history import AreaSlice, History, HistorySlice, Snapshot


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's hold on a chunk: the session's epoch when it was claimed, and which attempt.

    It brings along what the worker needs next: the rows ``planned``, by table, and what the
    chunk is rendered from as it is ``kept``; `HistoryStore.slice` opens that, and reads it if not.
    """

    address: ChunkAddress
    epoch: int
    attempt: int
    planned: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    kept: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds a chunk spent in each step. `make` is simulating or rendering."""

    read: float
    make: float
    encode: float
    copy: float = 0.0


@dataclass(frozen=True, slots=True)
class Committed:
    """What a chunk's commit left behind."""

    rows: Mapping[str, int]
    sha256: str


@dataclass(frozen=True, slots=True)
class PlannedChunk:
    """A chunk and the rows the history promises for it, by table."""

    address: ChunkAddress
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as the ledger knows it."""

    session: int
    years: str
    state: SessionState
    epoch: int
    fingerprint: str
    scenario_name: str
    seed: int
    started: datetime | None
    completed: datetime | None
    reason: str | None  # why it is paused or failed
    generator_version: int
    numpy_version: str


@dataclass(frozen=True, slots=True)
class NewSession:
    """What is written when a session is submitted for the first time."""

    session: int
    years: str
    scenario_name: str
    scenario: Mapping[str, Any]
    seed: int
    fingerprint: str
    generator_version: int
    numpy_version: str


@dataclass(frozen=True, slots=True)
class ChunkView:
    """A chunk as `decide` sees it. `held` says whether a living worker has claimed it."""

    address: ChunkAddress
    state: ChunkState
    held: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month as `decide` sees it; chunks only where the month is not closed."""

    month: Month
    state: MonthState
    chunks: tuple[ChunkView, ...]


@dataclass(frozen=True, slots=True)
class SessionView:
    """One consistent reading of a session, all that `decide` may look at.

    ``months``: in order; of those that are planned at least as many as may be opened at once.

    ``before``: where the session before it stands; None for the first.
    ``founded``: the geographies that the session before is simulated of: what they start from.
    ``expanded``: whether its months are listed.
    ``quiet_s``: seconds since any chunk of the session was published, claimed or committed.
    ``waiting``: messages in the broker's queues, or None when the broker cannot be asked.
    """

    session: int
    state: SessionState
    before: SessionState | None
    founded: frozenset[str]
    epoch: int
    simulations: tuple[ChunkView, ...]
    expanded: bool
    months: tuple[MonthView, ...]
    quiet_s: float
    waiting: int | None


class Ledger(Protocol):
    """The ledger in PostgreSQL: the truth about what is committed.

    Every method is one transaction. Raises DatabaseLost when the connection breaks, DiskFull when
    the server has no space.
    """

    def sessions(self) -> list[SessionRow]:
        """Return all submitted sessions, in order."""

    def scenario(self, session: int) -> Mapping[str, Any]:
        """Return the scenario a session was submitted with, as plain JSON data.

        Raises KeyError when the session was never submitted.
        """

    def open_session(self, new: NewSession, plan: Plan | None, geographies: Sequence[str]) -> None:
        """Write the session (state planning), its simulation chunks and the world of the plan.

        Without a plan the world is there already. Does nothing when the session exists.
        """

    def set_session_state(
        self, session: int, state: SessionState, *, reason: str | None = None
    ) -> bool:
        """Move a session to a state; return False when it was already there.

        `completed` and `failed` also record the end, the run time, rows and the memory peak.
        """

    def bump_epoch(self, session: int) -> int:
        """Fence every claim of the session made so far, wait for live writers, return the epoch."""

    def view(self, session: int, waiting: int | None) -> SessionView:
        """Return one consistent reading of a session."""

    def expand(self, session: int) -> None:
        """Write the session's months from its chunks, create their leaves.

        Does nothing when it is already expanded.
        """

    def start(self, session: int) -> None:
        """Move a session that is planning to running; leave any other as it is."""

    def publish(
        self, session: int, chunks: Sequence[ChunkAddress], states: Collection[ChunkState]
    ) -> list[ChunkAddress]:
        """Mark chunks as published, their month as running, and return those to be sent.

        Left out are chunks that are not in one of these states any more, and those that a living
        worker holds.
        """

    def claim(
        self, address: ChunkAddress, worker: str, max_attempts: int, fingerprint: str | None = None
    ) -> Claim | None:
        """Claim a chunk for a worker and count the attempt; None when it is committed already.

        Raises ChunkBusy when a living worker holds it, AttemptsExhausted (and records the failure)
        when its attempts are used up, Fenced when the session is not open for it, OtherScenario
        when a ``fingerprint`` is given that is not that of the session's scenario; the chunk is
        left as it is then.
        """

    def release(self, claim: Claim, error: BaseException, *, counted: bool) -> None:
        """Put a claimed chunk back to planned; an uncounted attempt (an outage) is given back."""

    def fail(self, claim: Claim, error: BaseException) -> None:
        """Record a terminal failure of a claimed chunk, with its reason."""

    def reset_failed(self, session: int, chunks: Sequence[ChunkAddress]) -> list[ChunkAddress]:
        """Put failed chunks back to planned with fresh attempts; return those that were failed."""

    def committed(self, session: int) -> dict[str, dict[str, int]]:
        """Return what the markers of a session say: chunk address to rows by table."""

    def reap(self, stalled_s: float) -> int:
        """Terminate this farm's backends that wait for a silent client inside a COPY.

        Only those whose statement began more than ``stalled_s`` seconds ago; neither a statement
        timeout nor a cancel ends them. Return how many were terminated.
        """

    def close_month(self, session: int, month: Month) -> bool:
        """Index and attach a month whose chunks are all committed; return whether this call did.

        Commits synchronously. False when it is closed already, not complete, or being closed.
        """


class LedgerCache(Protocol):
    """The fast copy of the ledger in Redis: sets of committed chunks and row counters.

    Every method raises only ServiceUnavailable; callers carry on without the cache.
    """

    def add(self, address: ChunkAddress, rows: Mapping[str, int]) -> None:
        """Record a committed chunk. Adding it twice counts it once."""

    def committed(self, session: int) -> set[str]:
        """Return the addresses recorded for a session."""

    def replace(self, session: int, rows: Mapping[str, Mapping[str, int]]) -> None:
        """Replace a session's record by what PostgreSQL says: address to rows by table."""

    def counters(self, session: int) -> dict[str, int]:
        """Return the rows recorded for a session, by table; tables without rows are left out."""


class Broker(Protocol):
    """What is known of the message queues."""

    def waiting(self) -> int | None:
        """Return how many messages wait in the queues, None when the broker cannot be reached."""


class Publisher(Protocol):
    """Sends work to the workers. Sending twice is harmless: the ledger decides."""

    def simulate(self, session: int, chunks: Sequence[ChunkAddress]) -> None:
        """Publish the chord that simulates these geographies and then advances the session."""

    def render(self, session: int, month: Month, chunks: Sequence[ChunkAddress]) -> None:
        """Publish the chord (or several) that renders these chunks and then closes the month."""

    def close_month(self, session: int, month: Month) -> None:
        """Publish the task that closes one month."""


class HistoryStore(Protocol):
    """Reads what chunks start from."""

    def snapshot(self, session: int, geography: str) -> Snapshot | None:
        """Return the snapshot a session ended with; None for session 0, before the first."""

    def slice(self, address: ChunkAddress, kept: bytes | None = None) -> HistorySlice | AreaSlice:
        """Return what a batch- or area-month is rendered from; ``kept``: out of these bytes."""


class Loader(Protocol):
    """Writes what chunks made: bytes first, then one short transaction with the marker.

    Order: advisory lock on the chunk, epoch FOR SHARE, marker check, COPY, marker, commit.
    Raises Fenced, ChunkBusy, DatabaseLost, DiskFull. Returns None when the marker was there before.
    """

    def load_chunk(self, claim: Claim, chunk: RenderedChunk, timings: Timings) -> Committed | None:
        """Encode and commit a rendered chunk."""

    def load_history(
        self,
        claim: Claim,
        history: History,
        chunks: Sequence[PlannedChunk],
        slices: Iterable[HistorySlice | AreaSlice],
        timings: Timings,
    ) -> Committed | None:
        """Commit a simulated session of one geography: history, snapshot and its planned chunks.

        ``slices`` has what each of the chunks is rendered from, and perhaps of others.
        """

    def close(self) -> None:
        """Write down what was left to the chunk after the last one."""
