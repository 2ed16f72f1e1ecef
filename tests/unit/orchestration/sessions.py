"""A submitted session in memory, with everything that moves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.domain.plan import Plan
from farm.orchestration.decide import Limits
from farm.orchestration.ports import Claim, NewSession, PlannedChunk
from farm.orchestration.states import ChunkState, SessionState
from tests.fakes.delivery import MemoryCache, MemoryQueue
from tests.fakes.ledger import MemoryLedger

LIMITS = Limits(months_in_flight=2, quiet_s=5.0)
PLAN = cast("Plan", None)


def new_session(session: int = 1, **changes: Any) -> NewSession:
    given: dict[str, Any] = {
        "session": session,
        "years": "1",
        "scenario_name": "smoke",
        "scenario": {},
        "seed": 42,
        "fingerprint": "f" * 64,
        "generator_version": 1,
        "numpy_version": "2.4.6",
    }
    return NewSession(**{**given, **changes})


@dataclass
class Shop:
    """A ledger, a queue and a cache, and short ways to act on session 1."""

    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    cache: MemoryCache = field(default_factory=MemoryCache)

    @property
    def movers(self) -> dict[str, Any]:
        return {
            "ledger": self.ledger,
            "publisher": self.queue,
            "broker": self.queue,
            "limits": LIMITS,
        }

    @property
    def state(self) -> SessionState:
        return self.ledger.of(1).row.state

    def open(self, *geographies: str) -> None:
        self.ledger.open_session(new_session(), PLAN, geographies or ("FO",))

    def simulated(self, months: int = 3, *others: str) -> None:
        """Open session 1 with one batch in each of these months, simulated and expanded.

        ``others`` are geographies beside the batch's.
        """
        self.open("FO", *others)
        for geography in others:
            self.ledger.commit(self.claim(ChunkAddress.simulation(1, geography)), {}, [])
        claim = self.claim(ChunkAddress.simulation(1, "FO"))
        planned = [PlannedChunk(batch_month(n), {"reading": 7}) for n in range(1, months + 1)]
        self.ledger.commit(claim, {"daily_state": 3}, planned)
        self.ledger.expand(1)
        self.ledger.start(1)

    def claim(self, address: ChunkAddress, worker: str = "w1") -> Claim:
        claim = self.ledger.claim(address, worker, max_attempts=5)
        assert claim is not None
        return claim

    def commit(self, address: ChunkAddress) -> None:
        self.ledger.commit(self.claim(address), {"reading": 7})
        self.cache.add(address, {"reading": 7})

    def fail(self, address: ChunkAddress) -> None:
        self.ledger.fail(self.claim(address), ValueError("poison"))

    def states(self) -> dict[str, ChunkState]:
        return {name: chunk.state for name, chunk in self.ledger.of(1).chunks.items()}

    def sent(self) -> list[str]:
        """Return what was sent since the last look: chunk addresses, or ``close`` and a month."""
        messages = [str(m.chunk or f"close {m.month}") for m in self.queue.sent]
        self.queue.sent.clear()
        return messages


def batch_month(number: int, batch: str = "FO-1") -> ChunkAddress:
    return ChunkAddress(1, batch, Month(2015, number))
