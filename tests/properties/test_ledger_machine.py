"""Whatever happens to messages, workers and Redis, a session ends and every chunk counts once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.domain.plan import Plan
from farm.errors import AttemptsExhausted, ChunkBusy, ContractBroken, Fenced, ServiceUnavailable
from farm.orchestration.advance import advance
from farm.orchestration.decide import Limits
from farm.orchestration.ports import Claim, NewSession, PlannedChunk
from farm.orchestration.resume import heal_cache, resume
from farm.orchestration.retry_failed import Selection, retry_failed
from farm.orchestration.states import ChunkState, MonthState, SessionState
from tests.fakes.delivery import MemoryCache, MemoryQueue, Message
from tests.fakes.ledger import MemoryLedger

SESSION = 1
MAX_ATTEMPTS = 3
LIMITS = Limits(months_in_flight=2, quiet_s=5.0)
GEOGRAPHIES = ("FO", "SC")
#: Chunks that can never be made.
POISONOUS = ("FO/simulate", "FO-1/2015-01", "SC-1/2015-02")
#: Steps of the quiet end in which a session must finish: far more than it needs.
PATIENCE = 200


@dataclass(frozen=True)
class Turn:
    """A worker at a chunk, between its claim and its commit."""

    worker: str
    claim: Claim


class LedgerMachine(RuleBasedStateMachine):
    """Two geographies, a few months of two batches each, and everything that can go wrong."""

    @initialize(
        months=st.integers(1, 4),
        poison=st.sets(
            st.sampled_from(["FO/simulate", "FO-1/2015-01", "SC-1/2015-02"]), max_size=1
        ),
        kills=st.booleans(),
    )
    def submit(self, months: int, poison: set[str], kills: bool) -> None:
        self.ledger, self.queue, self.cache = MemoryLedger(), MemoryQueue(), MemoryCache()
        self.planned = {
            geography: [
                PlannedChunk(ChunkAddress(SESSION, f"{geography}-{batch}", month), {"reading": 1})
                for month in (Month(2015, number + 1) for number in range(months))
                for batch in (1, 2)
            ]
            for geography in GEOGRAPHIES
        }
        self.poison = {f"{SESSION}/{name}" for name in poison}
        self.poison_kills = kills
        self.turns: list[Turn] = []
        self.workers = 0
        self.commits: Counter[str] = Counter()
        self.accidents = self.retried = False
        new = NewSession(SESSION, "1", "smoke", {}, 42, "f", 1, "2")
        self.ledger.open_session(new, cast("Plan", None), GEOGRAPHIES)
        self.advance()

    # What happens in an ordinary run, in any order

    @precondition(lambda self: self.queue.messages and not self.queue.down)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.queue.messages) - 1))
        self.work(self.queue.messages.pop(at))

    @precondition(lambda self: self.turns)
    @rule(data=st.data())
    def finish_a_turn(self, data: st.DataObject) -> None:
        self.finish(self.turns.pop(data.draw(st.integers(0, len(self.turns) - 1))))

    @rule(messages=st.integers(1, 8))
    def all_goes_well_for_a_while(self, messages: int) -> None:
        for _ in range(messages):
            if self.queue.messages and not self.queue.down:
                self.work(self.queue.messages.pop(0))
            while self.turns:
                self.finish(self.turns.pop(0))
        self.advance()

    @rule()
    def advance(self) -> None:
        try:
            self._advance()
        except ServiceUnavailable:
            assert self.queue.down

    @rule(seconds=st.floats(0.1, 10.0))
    def time_passes(self, seconds: float) -> None:
        self.ledger.now += seconds

    # What goes wrong

    @precondition(lambda self: self.queue.messages)
    @rule(data=st.data())
    def a_message_is_lost(self, data: st.DataObject) -> None:
        self.queue.messages.pop(data.draw(st.integers(0, len(self.queue.messages) - 1)))

    @precondition(lambda self: self.queue.messages)
    @rule(data=st.data())
    def a_message_comes_twice(self, data: st.DataObject) -> None:
        self.queue.messages.append(data.draw(st.sampled_from(self.queue.messages)))

    @rule()
    def redis_is_flushed(self) -> None:
        self.queue.messages.clear()
        self.cache.rows.clear()

    @rule()
    def the_broker_goes_or_comes_back(self) -> None:
        self.queue.down = self.cache.down = not self.queue.down

    @precondition(lambda self: self.turns)
    @rule(data=st.data())
    def a_worker_dies(self, data: st.DataObject) -> None:
        turn = self.turns.pop(data.draw(st.integers(0, len(self.turns) - 1)))
        self.ledger.dead.add(turn.worker)
        self.accidents = True

    @precondition(lambda self: self.turns)
    @rule(data=st.data())
    def a_worker_freezes_and_wakes_up_later(self, data: st.DataObject) -> None:
        # Its claim counts no more, but its turn goes on: a zombie.
        self.ledger.dead.add(data.draw(st.sampled_from(self.turns)).worker)
        self.accidents = True

    @rule()
    def a_person_pauses_and_resumes(self) -> None:
        if self.state not in {SessionState.PLANNING, SessionState.RUNNING}:
            return
        self.ledger.set_session_state(SESSION, SessionState.PAUSED, reason="a test")
        self.accidents = True  # what was under way is fenced and costs an attempt
        try:
            resume(
                SESSION,
                ledger=self.ledger,
                cache=self.cache,
                publisher=self.queue,
                broker=self.queue,
                limits=LIMITS,
            )
        except ServiceUnavailable:
            assert self.queue.down

    # What must be true all the time

    @invariant()
    def attempts_are_bounded(self) -> None:
        chunks = self.ledger.of(SESSION).chunks.values()
        assert all(0 <= chunk.attempts <= MAX_ATTEMPTS for chunk in chunks)

    @invariant()
    def no_more_months_are_open_than_allowed(self) -> None:
        view = self.ledger.view(SESSION, 0)
        is_open = [m for m in view.months if m.state in {MonthState.RUNNING, MonthState.LOADED}]
        assert len(is_open) <= LIMITS.months_in_flight

    @invariant()
    def every_chunk_is_committed_at_most_once(self) -> None:
        assert all(times == 1 for times in self.commits.values())
        assert set(self.commits) == set(self.ledger.of(SESSION).markers)

    @invariant()
    def the_cache_never_knows_more_than_postgresql(self) -> None:
        assert set(self.cache.rows.get(SESSION, {})) <= set(self.ledger.of(SESSION).markers)

    def teardown(self) -> None:
        """Let everything work again, and see the session end."""
        if not hasattr(self, "ledger"):
            return
        self.queue.down = self.cache.down = False
        self.run_to_the_end()
        self.check_the_end()
        if self.state is SessionState.FAILED and not self.poison:
            assert self.accidents
            retry_failed(
                SESSION,
                Selection(),
                ledger=self.ledger,
                publisher=self.queue,
                broker=self.queue,
                limits=LIMITS,
                dry_run=False,
            )
            self.retried = True
            self.run_to_the_end()
            assert self.ledger.of(SESSION).row.reason is None
            self.check_the_end()
        heal_cache(SESSION, self.ledger, self.cache)
        assert self.cache.rows.get(SESSION, {}) == self.ledger.of(SESSION).markers

    def run_to_the_end(self) -> None:
        for _ in range(PATIENCE):
            if self.state in {SessionState.COMPLETED, SessionState.FAILED}:
                return
            while self.turns:
                self.finish(self.turns.pop())
            while self.queue.messages:
                self.work(self.queue.messages.pop())
                while self.turns:
                    self.finish(self.turns.pop())
            self.ledger.now += LIMITS.quiet_s
            self._advance()
            self.no_more_months_are_open_than_allowed()
            self.attempts_are_bounded()
        raise AssertionError(f"session {self.state} did not end: {self.ledger.of(SESSION)}")

    def check_the_end(self) -> None:
        found = self.ledger.of(SESSION)
        failed = {n for n, c in found.chunks.items() if c.state is ChunkState.FAILED}
        if self.state is SessionState.COMPLETED:
            everything = {str(c.address) for chunks in self.planned.values() for c in chunks}
            assert everything <= set(self.commits)
            assert set(found.months.values()) == {MonthState.CLOSED}
        else:
            assert failed
        if not self.accidents or self.retried:
            reached = {n for n in self.poison if n in found.chunks}
            assert failed == reached, "a poison chunk fails, and it alone"

    # A worker, step by step

    @property
    def state(self) -> SessionState:
        return self.ledger.of(SESSION).row.state

    def _advance(self) -> None:
        advance(SESSION, ledger=self.ledger, publisher=self.queue, broker=self.queue, limits=LIMITS)

    def work(self, message: Message) -> None:
        if message.chunk is None:
            assert message.month is not None
            self.ledger.close_month(SESSION, message.month)
            self.advance()
            return
        self.workers += 1
        worker = f"w{self.workers}"
        try:
            claim = self.ledger.claim(message.chunk, worker, MAX_ATTEMPTS)
        except (ChunkBusy, Fenced, AttemptsExhausted):
            return
        if claim is not None:
            assert str(message.chunk) not in self.commits, "nothing committed is made again"
            self.turns.append(Turn(worker, claim))

    def finish(self, turn: Turn) -> None:
        address = turn.claim.address
        if str(address) in self.poison:
            if self.poison_kills:
                self.ledger.dead.add(turn.worker)
            else:
                self.ledger.fail(turn.claim, ContractBroken("poison"))
            return
        planned = self.planned[address.subject] if address.month is None else ()
        try:
            committed = self.ledger.commit(turn.claim, {"reading": 1}, planned)
        except Fenced:
            self.ledger.dead.add(turn.worker)
            return
        if committed is None:
            return
        self.commits[str(address)] += 1
        try:
            self.cache.add(address, committed.rows)
        except ServiceUnavailable:
            assert self.cache.down


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],
)
