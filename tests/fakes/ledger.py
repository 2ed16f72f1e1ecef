"""The ledger in memory, and the loader that writes its markers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.domain.plan import Plan
from farm.errors import AttemptsExhausted, ChunkBusy, Fenced, OtherScenario
from farm.orchestration.ports import (
    ChunkView,
    Claim,
    Committed,
    MonthView,
    NewSession,
    PlannedChunk,
    SessionRow,
    SessionView,
    Timings,
)
from farm.orchestration.states import ChunkState, MonthState, SessionState
from farm.rendering.chunk import RenderedChunk
from farm.simulation.history import AreaSlice, History, HistorySlice

SETTLED = {ChunkState.COMMITTED, ChunkState.FAILED}


@dataclass
class Chunk:
    """A row of ops.chunk."""

    address: ChunkAddress
    state: ChunkState = ChunkState.PLANNED
    attempts: int = 0
    worker: str | None = None
    epoch: int = 0
    error: str | None = None


@dataclass
class Session:
    """A session with its months, chunks and markers."""

    row: SessionRow
    scenario: Mapping[str, Any]
    chunks: dict[str, Chunk] = field(default_factory=dict)
    months: dict[Month, MonthState] = field(default_factory=dict)
    markers: dict[str, dict[str, int]] = field(default_factory=dict)
    last_event: float = 0.0


class MemoryLedger:
    """`ports.Ledger`. A claim lives while its worker is not in ``dead``; ``now`` is its clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.dead: set[str] = set()
        self.reaped: list[float] = []
        self.plans: dict[int, Plan | None] = {}
        self.unreachable: Exception | None = None
        self._sessions: dict[int, Session] = {}

    def of(self, session: int) -> Session:
        """Return a session with everything in it, for a test to look at."""
        return self._sessions[session]

    def chunk(self, address: ChunkAddress) -> Chunk:
        return self._sessions[address.session].chunks[str(address)]

    def _reach(self) -> None:
        if self.unreachable is not None:
            raise self.unreachable

    def sessions(self) -> list[SessionRow]:
        self._reach()
        return [s.row for _, s in sorted(self._sessions.items())]

    def scenario(self, session: int) -> Mapping[str, Any]:
        return self._sessions[session].scenario

    def open_session(self, new: NewSession, plan: Plan | None, geographies: Sequence[str]) -> None:
        self._reach()
        if new.session in self._sessions:
            return
        self.plans[new.session] = plan
        row = SessionRow(
            session=new.session,
            years=new.years,
            state=SessionState.PLANNING,
            epoch=1,
            fingerprint=new.fingerprint,
            scenario_name=new.scenario_name,
            seed=new.seed,
            started=datetime.fromtimestamp(self.now, UTC),
            completed=None,
            reason=None,
            generator_version=new.generator_version,
            numpy_version=new.numpy_version,
        )
        opened = Session(row, new.scenario, last_event=self.now)
        for geography in geographies:
            address = ChunkAddress.simulation(new.session, geography)
            opened.chunks[str(address)] = Chunk(address)
        self._sessions[new.session] = opened

    def set_session_state(
        self, session: int, state: SessionState, *, reason: str | None = None
    ) -> bool:
        self._reach()
        found = self._sessions[session]
        if found.row.state is state:
            return False
        found.row = replace(found.row, state=state, reason=reason)
        return True

    def bump_epoch(self, session: int) -> int:
        self._reach()
        found = self._sessions[session]
        found.row = replace(found.row, epoch=found.row.epoch + 1)
        return found.row.epoch

    def view(self, session: int, waiting: int | None) -> SessionView:
        self._reach()
        found = self._sessions[session]
        by_month: dict[Month | None, list[ChunkView]] = {}
        for chunk in sorted(found.chunks.values(), key=lambda c: str(c.address)):
            seen = ChunkView(chunk.address, chunk.state, self.is_held(chunk), chunk.attempts)
            by_month.setdefault(chunk.address.month, []).append(seen)
        months = []
        for month, state in sorted(found.months.items()):
            chunks = () if state is MonthState.CLOSED else tuple(by_month.get(month, ()))
            months.append(MonthView(month, _shown(state, chunks), chunks))
        return SessionView(
            session=session,
            state=found.row.state,
            before=before.row.state if (before := self._sessions.get(session - 1)) else None,
            founded=self._simulated(session - 1),
            epoch=found.row.epoch,
            simulations=tuple(by_month.get(None, ())),
            expanded=bool(found.months)
            or all(
                c.address.month is None and c.state is ChunkState.COMMITTED
                for c in found.chunks.values()
            ),
            months=tuple(months),
            quiet_s=self.now - found.last_event,
            waiting=waiting,
        )

    def _simulated(self, session: int) -> frozenset[str]:
        chunks = self._sessions[session].chunks.values() if session in self._sessions else ()
        return frozenset(
            chunk.address.subject
            for chunk in chunks
            if chunk.address.month is None and chunk.state is ChunkState.COMMITTED
        )

    def expand(self, session: int) -> None:
        self._reach()
        found = self._sessions[session]
        if found.months:
            return
        months = {m for c in found.chunks.values() if (m := c.address.month) is not None}
        found.months = dict.fromkeys(sorted(months), MonthState.PLANNED)

    def start(self, session: int) -> None:
        self._reach()
        if self._sessions[session].row.state is SessionState.PLANNING:
            self.set_session_state(session, SessionState.RUNNING)

    def publish(
        self, session: int, chunks: Sequence[ChunkAddress], states: Collection[ChunkState]
    ) -> list[ChunkAddress]:
        self._reach()
        found = self._sessions[session]
        for month in {c.month for c in chunks if c.month is not None}:
            if found.months[month] in {MonthState.PLANNED, MonthState.FAILED}:
                found.months[month] = MonthState.RUNNING
        sent = []
        for address in chunks:
            chunk = found.chunks[str(address)]
            if chunk.state not in states or self.is_held(chunk):
                continue
            chunk.state = ChunkState.PUBLISHED
            sent.append(address)
            found.last_event = self.now
        return sent

    def claim(
        self, address: ChunkAddress, worker: str, max_attempts: int, fingerprint: str | None = None
    ) -> Claim | None:
        self._reach()
        found = self._sessions[address.session]
        chunk = found.chunks[str(address)]
        if fingerprint not in {None, found.row.fingerprint}:
            raise OtherScenario(f"session {address.session} has another scenario by now")
        if chunk.state is ChunkState.COMMITTED:
            return None
        if chunk.state is ChunkState.FAILED:
            raise Fenced(f"{address} has failed")
        if found.row.state not in {SessionState.PLANNING, SessionState.RUNNING}:
            raise Fenced(f"session {address.session} is {found.row.state}")
        if self.is_held(chunk):
            raise ChunkBusy(f"{address} is held by {chunk.worker}")
        if chunk.attempts >= max_attempts:
            exhausted = AttemptsExhausted(str(address), chunk.attempts)
            chunk.state, chunk.error = ChunkState.FAILED, str(exhausted)
            raise exhausted
        chunk.state, chunk.worker, chunk.epoch = ChunkState.RUNNING, worker, found.row.epoch
        chunk.attempts += 1
        found.last_event = self.now
        return Claim(address, found.row.epoch, chunk.attempts)

    def release(self, claim: Claim, error: BaseException, *, counted: bool) -> None:
        self._reach()
        chunk = self.chunk(claim.address)
        if self._is_of(chunk, claim):
            chunk.state, chunk.worker, chunk.error = ChunkState.PLANNED, None, str(error)
            chunk.attempts -= 0 if counted else 1

    def fail(self, claim: Claim, error: BaseException) -> None:
        self._reach()
        chunk = self.chunk(claim.address)
        if self._is_of(chunk, claim):
            chunk.state, chunk.worker, chunk.error = ChunkState.FAILED, None, str(error)

    def reset_failed(self, session: int, chunks: Sequence[ChunkAddress]) -> list[ChunkAddress]:
        reset = []
        for address in chunks:
            chunk = self._sessions[session].chunks[str(address)]
            if chunk.state is ChunkState.FAILED:
                chunk.state, chunk.attempts, chunk.error = ChunkState.PLANNED, 0, None
                reset.append(address)
        return reset

    def committed(self, session: int) -> dict[str, dict[str, int]]:
        self._reach()
        return {chunk: dict(rows) for chunk, rows in self._sessions[session].markers.items()}

    def reap(self, stalled_s: float) -> int:
        self._reach()
        self.reaped.append(stalled_s)
        return 0

    def close_month(self, session: int, month: Month) -> bool:
        self._reach()
        found = self._sessions[session]
        its = [c.state for c in found.chunks.values() if c.address.month == month]
        if found.months[month] is MonthState.CLOSED or set(its) - {ChunkState.COMMITTED}:
            return False
        found.months[month] = MonthState.CLOSED
        return True

    def commit(
        self, claim: Claim, rows: Mapping[str, int], planned: Sequence[PlannedChunk] = ()
    ) -> Committed | None:
        """Write a chunk's marker as the commit protocol does; None when it is there already."""
        self._reach()
        found = self._sessions[claim.address.session]
        name = str(claim.address)
        if name in found.markers:
            return None
        if found.row.epoch != claim.epoch:
            raise Fenced(f"session {claim.address.session} was taken over")
        found.markers[name] = dict(rows)
        found.chunks[name].state = ChunkState.COMMITTED
        for chunk in planned:
            found.chunks[str(chunk.address)] = Chunk(chunk.address)
        found.last_event = self.now
        return Committed(rows, "0" * 64)

    def is_held(self, chunk: Chunk) -> bool:
        """Return whether a living worker has claimed it."""
        return chunk.state is ChunkState.RUNNING and chunk.worker not in self.dead

    @staticmethod
    def _is_of(chunk: Chunk, claim: Claim) -> bool:
        same = (chunk.epoch, chunk.attempts) == (claim.epoch, claim.attempt)
        return chunk.state is ChunkState.RUNNING and same


class MemoryLoader:
    """`ports.Loader` that commits to a MemoryLedger; an error in ``breaks`` is raised instead."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger
        self.breaks: list[Exception] = []
        self.timings: list[Timings] = []
        self.slices: list[HistorySlice | AreaSlice] = []

    def load_chunk(self, claim: Claim, chunk: RenderedChunk, timings: Timings) -> Committed | None:
        self._begin(timings)
        return self._ledger.commit(claim, chunk.rows())

    def load_history(
        self,
        claim: Claim,
        history: History,
        chunks: Sequence[PlannedChunk],
        slices: Iterable[HistorySlice | AreaSlice],
        timings: Timings,
    ) -> Committed | None:
        self._begin(timings)
        self.slices += slices
        return self._ledger.commit(claim, {"daily_state": len(history.daily["date"])}, chunks)

    def close(self) -> None:
        """Have nothing left to write."""

    def _begin(self, timings: Timings) -> None:
        self.timings.append(timings)
        if self.breaks:
            raise self.breaks.pop(0)


def _shown(state: MonthState, chunks: tuple[ChunkView, ...]) -> MonthState:
    if state is MonthState.CLOSED:
        return state
    states = {chunk.state for chunk in chunks}
    if ChunkState.FAILED in states and states <= SETTLED:
        return MonthState.FAILED
    return state
