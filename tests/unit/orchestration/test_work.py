"""A worker's turn at a chunk: what it does, what it never does, what a failure leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month, Period
from farm.errors import (
    AttemptsExhausted,
    ChunkBusy,
    ContractBroken,
    DatabaseLost,
    DiskFull,
    Fenced,
    SessionRefused,
)
from farm.orchestration.blueprint import Blueprint
from farm.orchestration.faults import Point
from farm.orchestration.retry import RetryPolicy
from farm.orchestration.states import ChunkState, SessionState
from farm.orchestration.work import (
    Earlier,
    Outcome,
    Result,
    TryAgain,
    WorkDeps,
    render_month,
    simulate_geography,
)
from farm.simulation.history import AreaSlice, HistorySlice, Snapshot
from tests.fakes.generator import AREA, BATCH_ID, READINGS, CountingGenerator, MemoryStore
from tests.fakes.ledger import MemoryLoader
from tests.unit.orchestration.sessions import Shop, batch_month, new_session

JANUARY = batch_month(1)
SIMULATION = ChunkAddress.simulation(1, "FO")


SCENARIO = SimpleNamespace(
    session_numbers=(1, 2),
    period=lambda session: Period(Month(2014 + session, 1), Month(2014 + session, 12)),
)
PLAN = SimpleNamespace(batches=(SimpleNamespace(id=BATCH_ID, code="FO-1"),))

LAYOUT = SimpleNamespace(plan=PLAN)


@dataclass
class Bench:
    """A worker at its bench: a session with its chunks, and everything the worker needs."""

    shop: Shop = field(default_factory=Shop)
    generator: CountingGenerator = field(default_factory=CountingGenerator)
    store: MemoryStore = field(default_factory=MemoryStore)
    points: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    #: The fingerprint this worker goes by.
    known: str | None = None

    def __post_init__(self) -> None:
        self.loader = MemoryLoader(self.shop.ledger)
        ticks = count()
        self.deps = WorkDeps(
            ledger=self.shop.ledger,
            cache=self.shop.cache,
            store=self.store,
            loader=self.loader,
            generator=self.generator,
            blueprint_of=self.blueprint,
            worker="w1",
            max_attempts=2,
            clock=lambda: float(next(ticks)),
            policy=RetryPolicy(first_s=1, longest_s=30),
            on_point=lambda point, _: self.points.append(point),
            tell=self.told.append,
            warn=lambda event, _: self.warned.append(event),
        )

    def blueprint(self, session: int, *, afresh: bool = False) -> Blueprint:
        if afresh:
            self.known = self.shop.ledger.of(session).row.fingerprint
        return Blueprint(*cast("Any", (SCENARIO, PLAN, LAYOUT, self.known)))

    def render(self, earlier: Earlier | None = None) -> Outcome:
        return render_month(JANUARY, self.deps, earlier or Earlier())

    @property
    def chunk(self):
        return self.shop.ledger.chunk(JANUARY)


@pytest.fixture
def bench() -> Bench:
    """A worker and a session of which January is to be rendered."""
    made = Bench()
    made.shop.simulated()
    return made


def test_a_chunk_is_made_committed_and_told_to_the_cache(bench):
    assert bench.render() == Outcome(Result.COMMITTED, READINGS)
    assert bench.chunk.state is ChunkState.COMMITTED
    assert bench.shop.cache.committed(1) == {"1/FO-1/2015-01"}
    assert bench.points == [Point.AFTER_CLAIM, Point.AFTER_COMMIT, Point.AFTER_LEDGER]
    assert bench.told == ["rendering", "loading 7 rows"]


def test_a_short_chunk_tells_nobody_how_far_it_is(bench):
    bench.deps = replace(bench.deps, clock=lambda: 0.0)
    bench.render()
    assert bench.told == []


def test_reading_and_making_are_timed_apart(bench):
    bench.render()
    (timings,) = bench.loader.timings
    assert (timings.read, timings.make) == (1.0, 1.0)


def test_a_committed_chunk_is_never_generated_again(bench):
    bench.render()
    assert bench.render() == Outcome(Result.ALREADY)
    assert len(bench.generator.rendered) == 1


def test_a_chunk_that_another_one_commits_first_counts_once(bench):
    # Given a worker that lost its claim to another while it was rendering
    claim = bench.shop.claim(JANUARY, "zombie")
    bench.shop.ledger.dead.add("zombie")
    bench.loader.load_chunk = lambda *_: bench.shop.ledger.commit(claim, {}) and None
    assert bench.render() == Outcome(Result.ALREADY)


def test_a_chunk_in_other_hands_is_left_there_and_costs_no_attempt(bench):
    bench.shop.claim(JANUARY, "other")
    assert bench.render() == Outcome(Result.BUSY)
    assert bench.chunk.attempts == 1


@pytest.mark.parametrize(
    ("error", "result"), [(Fenced("x"), Result.FENCED), (ChunkBusy("x"), Result.BUSY)]
)
def test_a_result_that_is_not_wanted_is_thrown_away_without_a_failure(bench, error, result):
    bench.loader.breaks.append(error)
    assert bench.render() == Outcome(result)
    assert bench.chunk.state is ChunkState.RUNNING


def test_a_session_that_is_paused_makes_its_messages_run_dry(bench):
    bench.shop.ledger.set_session_state(1, SessionState.PAUSED)
    assert bench.render() == Outcome(Result.FENCED)
    assert bench.generator.rendered == []


def test_a_cache_out_of_reach_does_not_stop_a_chunk(bench):
    bench.shop.cache.down = True
    assert bench.render().state is Result.COMMITTED
    assert bench.warned == ["ledger cache not updated; it is rebuilt from PostgreSQL"]


def test_a_defect_is_recorded_with_its_chunk_and_raised(bench):
    bench.loader.breaks.append(ZeroDivisionError("oh"))
    with pytest.raises(ZeroDivisionError):
        bench.render()
    assert (bench.chunk.state, bench.chunk.error) == (ChunkState.FAILED, "oh")


def test_an_outage_gives_the_attempt_back_and_comes_again_later(bench):
    bench.loader.breaks.append(DatabaseLost("restarting"))
    with pytest.raises(TryAgain) as again:
        bench.render(Earlier(tries=2))
    assert (again.value.countdown_s, again.value.owed) == (4.0, None)
    assert (bench.chunk.state, bench.chunk.attempts) == (ChunkState.PLANNED, 0)


def test_an_outage_that_cannot_even_be_written_down_is_owed_to_the_next_turn(bench):
    # Given a database that goes away in the middle of a chunk
    lost = DatabaseLost("gone")

    def vanish(*_: object) -> None:
        bench.shop.ledger.unreachable = lost
        raise lost

    bench.loader.load_chunk = vanish
    owed = None
    for tries in range(3):
        with pytest.raises(TryAgain) as again:
            bench.render(Earlier(tries, owed))
        owed = again.value.owed

    # When it is back
    bench.shop.ledger.unreachable = None
    bench.loader.load_chunk = MemoryLoader(bench.shop.ledger).load_chunk
    assert bench.render(Earlier(3, owed)).state is Result.COMMITTED

    # Then the outage has not used up an attempt
    assert bench.chunk.attempts == 1


def test_an_accident_counts_as_an_attempt_until_they_are_used_up(bench):
    bench.loader.breaks += [MemoryError(), MemoryError()]
    for _ in range(2):
        with pytest.raises(TryAgain):
            bench.render()
    with pytest.raises(AttemptsExhausted):
        bench.render()
    assert bench.chunk.state is ChunkState.FAILED


def test_a_full_disk_pauses_the_session_with_its_reason(bench):
    bench.loader.breaks.append(DiskFull("no space left on device"))
    with pytest.raises(DiskFull):
        bench.render()
    row = bench.shop.ledger.of(1).row
    assert (row.state, row.reason) == (SessionState.PAUSED, "no space left on device")
    assert (bench.chunk.state, bench.chunk.attempts) == (ChunkState.PLANNED, 0)


def test_a_disk_too_full_to_write_that_down_is_tried_again(bench):
    def full(*_: object, **__: object) -> None:
        raise DiskFull("no space")

    bench.loader.breaks.append(DiskFull("no space"))
    bench.shop.ledger.set_session_state = full
    with pytest.raises(TryAgain) as again:
        bench.render()
    assert again.value.countdown_s == 30


def test_a_process_that_cannot_reproduce_the_scenario_does_not_touch_the_chunk(bench):
    def refuse(_: int) -> Blueprint:
        raise SessionRefused("other numpy")

    deps = replace(bench.deps, blueprint_of=refuse)
    with pytest.raises(SessionRefused):
        render_month(JANUARY, deps)
    assert (bench.chunk.state, bench.chunk.attempts) == (ChunkState.PLANNED, 0)


def test_a_worker_that_goes_by_another_scenario_looks_again_before_it_touches_the_chunk(bench):
    # Given a database that was reset and filled with another scenario since the worker looked
    bench.known = "0" * 64
    # When it takes a chunk, it is made from what the ledger holds now, at the first attempt
    assert bench.render() == Outcome(Result.COMMITTED, READINGS)
    assert (bench.known, bench.chunk.attempts) == ("f" * 64, 1)


def test_a_scenario_that_stays_another_one_is_an_outage_of_which_the_chunk_knows_nothing(bench):
    bench.deps = replace(
        bench.deps,
        blueprint_of=lambda _, afresh=False: Blueprint(
            *cast("Any", (SCENARIO, PLAN, LAYOUT, f"another, looked up afresh: {afresh}"))
        ),
    )
    with pytest.raises(TryAgain) as again:
        bench.render()
    assert (again.value.countdown_s, again.value.owed) == (1, None)
    assert (bench.chunk.state, bench.chunk.attempts) == (ChunkState.PLANNED, 0)


def test_a_simulation_writes_its_history_and_the_chunks_it_promises():
    bench = Bench()
    bench.shop.open()
    assert simulate_geography(SIMULATION, bench.deps) == Outcome(Result.COMMITTED, 3)
    assert set(bench.shop.ledger.of(1).chunks) == {
        "1/FO/simulate",
        "1/FO-1/2015-01",
        "1/FO-N/2015-01",
    }
    assert bench.generator.simulated == [("FO", SCENARIO.period(1), None)]
    of_batch, of_area = bench.loader.slices
    assert isinstance(of_batch, HistorySlice)
    assert isinstance(of_area, AreaSlice)
    assert (of_batch.batch, of_area.area) == ("FO-1", AREA)


def test_the_month_of_an_area_is_made_of_its_water_and_stays(bench):
    address = ChunkAddress(1, AREA, Month(2015, 1))
    bench.shop.ledger.of(1).chunks[str(address)] = replace(bench.chunk)

    bench.generator.rendered.clear()
    made = render_month(address, bench.deps, Earlier())

    assert made == Outcome(Result.COMMITTED, READINGS)
    (asked,) = bench.generator.rendered
    assert isinstance(asked, AreaSlice)
    assert asked.area == AREA


def test_a_later_session_starts_from_the_snapshot_of_the_one_before():
    snapshot = Snapshot("FO", date(2015, 12, 31), {"fish": 1})
    bench = Bench(store=MemoryStore((1, snapshot)))
    bench.shop.ledger.open_session(new_session(2), cast("Any", PLAN), ("FO",))
    simulate_geography(ChunkAddress.simulation(2, "FO"), bench.deps)
    assert bench.generator.simulated == [("FO", SCENARIO.period(2), snapshot)]


def test_a_later_session_without_a_snapshot_is_not_started_from_nothing():
    bench = Bench()
    bench.shop.ledger.open_session(new_session(2), cast("Any", PLAN), ("FO",))
    with pytest.raises(ContractBroken, match="session 1 left no snapshot"):
        simulate_geography(ChunkAddress.simulation(2, "FO"), bench.deps)
