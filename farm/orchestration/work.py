"""What a worker does with a chunk: claim, read, make, load, tell. Doing it twice is harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month, Period
from farm.domain.plan import Plan
from farm.domain.scenario import Scenario
from farm.errors import (
    ChunkBusy,
    ContractBroken,
    DatabaseLost,
    DiskFull,
    Fenced,
    OtherScenario,
    ServiceUnavailable,
    Transient,
)
from farm.orchestration import retry
from farm.orchestration.blueprint import Blueprint
from farm.orchestration.faults import OnPoint, Point, pass_by
from farm.orchestration.ports import (
    Claim,
    Committed,
    HistoryStore,
    Ledger,
    LedgerCache,
    Loader,
    PlannedChunk,
    Timings,
)
from farm.orchestration.retry import Remedy, RetryDecision, RetryPolicy
from farm.orchestration.states import SessionState
from farm.rendering.chunk import RenderedChunk
from farm.rendering.layout import Layout
from farm.simulation.history import AreaSlice, Columns, History, HistorySlice, Snapshot


class Generator(Protocol):
    """The pure functions that make the data."""

    def simulate(
        self,
        scenario: Scenario,
        plan: Plan,
        geography: str,
        period: Period,
        snapshot: Snapshot | None,
    ) -> History:
        """Return what a geography lives through in a period."""

    def render(self, layout: Layout, history: HistorySlice | AreaSlice) -> RenderedChunk:
        """Return the rows of a batch-month or of an area-month."""

    def expected_rows(
        self, layout: Layout, daily: Columns
    ) -> Mapping[tuple[int, Month], Mapping[str, int]]:
        """Return the rows by table that each (batch id, month) of the daily state must have."""

    def expected_area_rows(
        self, layout: Layout, history: History
    ) -> Mapping[tuple[str, Month], Mapping[str, int]]:
        """Return the rows by table that each (area code, month) of a history must have.

        Months in which an area has no rows are left out.
        """

    def slices(self, layout: Layout, history: History) -> Iterable[HistorySlice | AreaSlice]:
        """Return what these batch-months and area-months are rendered from."""


class BlueprintOf(Protocol):
    """Where a worker gets the blueprint of a session."""

    def __call__(self, session: int, *, afresh: bool = False) -> Blueprint:
        """Return it as this process knows it; ``afresh``: as the ledger has it now.

        Raises Fenced when the session is not in the ledger, SessionRefused when this process cannot
        reproduce it.
        """


class Result(StrEnum):
    """How a worker's turn at a chunk ended without an error."""

    COMMITTED = "committed"  #: made and committed in this turn
    ALREADY = "already"  #: was committed before; nothing was made, or what was made thrown away
    BUSY = "busy"  #: another living worker has it
    FENCED = "fenced"  #: the session does not want it any more


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a chunk in this turn. ``rows`` are those committed in it."""

    state: Result
    rows: int = 0


@dataclass(frozen=True, slots=True)
class WorkDeps:
    """What a worker needs. ``clock`` counts seconds from any beginning; ``tell`` shows progress."""

    ledger: Ledger
    cache: LedgerCache
    store: HistoryStore
    loader: Loader
    generator: Generator
    blueprint_of: BlueprintOf
    worker: str
    max_attempts: int
    clock: Callable[[], float]
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    on_point: OnPoint = pass_by
    tell: Callable[[str], None] = lambda _text: None
    warn: Callable[[str, BaseException], None] = lambda _event, _error: None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the message says of earlier turns at the same chunk.

    ``tries``: how many there were. ``owed``: a claim whose attempt could not be given back because
    the database was out of reach; this turn gives it back first, so that an outage, however long,
    does not use up a chunk's attempts.
    """

    tries: int = 0
    owed: Claim | None = None


#: Seconds from which on a step is worth a word: telling of a shorter one takes as long as it did.
_LONG_S = 0.5

#: What a message says that was never tried.
FIRST_TURN = Earlier()


class TryAgain(Exception):
    """The turn failed in a way that a later one may not; ``owed`` as in `Earlier`.

    Control flow between this module and the task, like Celery's Retry; it never leaves the process.
    """

    def __init__(self, error: Exception, countdown_s: float, owed: Claim | None) -> None:
        super().__init__(error, countdown_s, owed)
        self.error, self.countdown_s, self.owed = error, countdown_s, owed


def simulate_geography(
    address: ChunkAddress, deps: WorkDeps, earlier: Earlier = FIRST_TURN
) -> Outcome:
    """Simulate one geography's session and commit its history, snapshot and planned chunks.

    Raises:
        TryAgain: an outage or an accident; come back after its countdown.
        DiskFull: the session is paused and says why.
        Exception: anything else is recorded in the ledger as this chunk's failure.
    """
    return _turn(address, deps, earlier, _simulate)


def render_month(address: ChunkAddress, deps: WorkDeps, earlier: Earlier = FIRST_TURN) -> Outcome:
    """Render one month of a batch or area and commit its rows. Raises as `simulate_geography`."""
    return _turn(address, deps, earlier, _render)


_Make = Callable[[Claim, Blueprint, WorkDeps], Committed | None]


def _turn(address: ChunkAddress, deps: WorkDeps, earlier: Earlier, make: _Make) -> Outcome:
    claim, owed = None, earlier.owed
    try:
        if owed is not None:
            deps.ledger.release(owed, DatabaseLost("an outage"), counted=False)
            owed = None
        # A scenario that this process cannot reproduce is refused before the chunk is touched.
        blueprint = deps.blueprint_of(address.session)
        try:
            claim = _claim(address, blueprint, deps)
        except OtherScenario:
            blueprint = deps.blueprint_of(address.session, afresh=True)
            claim = _claim(address, blueprint, deps)
        owed = claim
        if claim is None:
            return Outcome(Result.ALREADY)
        deps.on_point(Point.AFTER_CLAIM, address)
        committed = make(claim, blueprint, deps)
    except ChunkBusy:
        return Outcome(Result.BUSY)
    except Fenced:
        return Outcome(Result.FENCED)
    except Exception as error:
        decision = retry.decide(error, earlier.tries + 1, deps.policy)
        _settle(error, decision, claim, owed, deps)
        raise
    if committed is None:
        return Outcome(Result.ALREADY)
    deps.on_point(Point.AFTER_COMMIT, address)
    try:
        deps.cache.add(address, committed.rows)
    except ServiceUnavailable as error:
        deps.warn("ledger cache not updated; it is rebuilt from PostgreSQL", error)
    deps.on_point(Point.AFTER_LEDGER, address)
    return Outcome(Result.COMMITTED, sum(committed.rows.values()))


def _claim(address: ChunkAddress, blueprint: Blueprint, deps: WorkDeps) -> Claim | None:
    return deps.ledger.claim(address, deps.worker, deps.max_attempts, blueprint.fingerprint)


def _settle(
    error: Exception,
    decision: RetryDecision | None,
    claim: Claim | None,
    owed: Claim | None,
    deps: WorkDeps,
) -> None:
    """Write down what a failed turn means; returns when the error itself is to be raised.

    Raises:
        TryAgain: a later turn may succeed, or the ledger could not be written now.
    """
    try:
        if claim is not None:
            _write_down(error, decision, claim, deps)
            owed = None
    except (Transient, DiskFull) as unwritten:
        deps.warn("the ledger could not be told of a failure; it is told later", unwritten)
        wait_s = decision.countdown_s if decision is not None else deps.policy.longest_s
        raise TryAgain(error, wait_s, owed) from error
    if decision is not None and decision.remedy is not Remedy.PAUSE:
        raise TryAgain(error, decision.countdown_s, owed) from error


def _write_down(
    error: Exception, decision: RetryDecision | None, claim: Claim, deps: WorkDeps
) -> None:
    if decision is None:
        deps.ledger.fail(claim, error)
        return
    deps.ledger.release(claim, error, counted=decision.remedy is Remedy.REPEAT)
    if decision.remedy is Remedy.PAUSE:
        deps.ledger.set_session_state(
            claim.address.session, SessionState.PAUSED, reason=str(error) or "the disk is full"
        )


def _simulate(claim: Claim, blueprint: Blueprint, deps: WorkDeps) -> Committed | None:
    address = claim.address
    scenario, plan = blueprint.scenario, blueprint.plan
    begin = deps.clock()
    snapshot = starting_point(address, scenario, deps.store)
    read = deps.clock()
    period = scenario.period(address.session)
    deps.tell(f"simulating {address.subject} {period.first} to {period.last}")
    history = deps.generator.simulate(scenario, plan, address.subject, period, snapshot)
    chunks = _planned(address.session, blueprint, history, deps.generator)
    made = deps.clock()
    deps.tell(f"loading {len(history.daily['date']):,} days, {len(chunks):,} chunks planned")
    timings = Timings(read=read - begin, make=made - read, encode=0.0)
    slices = deps.generator.slices(blueprint.layout, history)
    return deps.loader.load_history(claim, history, chunks, slices, timings)


def starting_point(
    address: ChunkAddress, scenario: Scenario, store: HistoryStore
) -> Snapshot | None:
    """Return what the session before left of a simulation's geography, None before the first.

    Raises:
        ContractBroken: a session came before, and left nothing.
    """
    snapshot = store.snapshot(address.session - 1, address.subject)
    if snapshot is None and address.session != scenario.session_numbers[0]:
        raise ContractBroken(f"{address}: session {address.session - 1} left no snapshot")
    return snapshot


def _planned(
    session: int, blueprint: Blueprint, history: History, generator: Generator
) -> list[PlannedChunk]:
    codes = {batch.id: batch.code for batch in blueprint.plan.batches}
    expected = generator.expected_rows(blueprint.layout, history.daily)
    batches = [
        PlannedChunk(ChunkAddress(session, codes[batch_id], month), rows)
        for (batch_id, month), rows in expected.items()
    ]
    areas = [
        PlannedChunk(ChunkAddress(session, code, month), rows)
        for (code, month), rows in generator.expected_area_rows(blueprint.layout, history).items()
    ]
    return batches + areas


def _render(claim: Claim, blueprint: Blueprint, deps: WorkDeps) -> Committed | None:
    begin = deps.clock()
    history = deps.store.slice(claim.address, claim.kept)
    read = deps.clock()
    if read - begin > _LONG_S:
        deps.tell("rendering")
    chunk = deps.generator.render(blueprint.layout, history)
    made = deps.clock()
    if made - read > _LONG_S:
        deps.tell(f"loading {sum(chunk.rows().values()):,} rows")
    timings = Timings(read=read - begin, make=made - read, encode=0.0)
    return deps.loader.load_chunk(claim, chunk, timings)
