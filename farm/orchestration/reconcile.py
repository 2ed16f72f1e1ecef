"""The periodic look at everything: finds what no message will ever report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from farm.errors import ServiceUnavailable, Transient
from farm.orchestration.advance import advance
from farm.orchestration.decide import Action, Limits
from farm.orchestration.ports import Broker, Ledger, LedgerCache, Publisher
from farm.orchestration.resume import heal_cache
from farm.orchestration.states import OPEN_SESSIONS

#: Steps from one comparison of Redis with PostgreSQL, and one look for stuck backends, to the next.
#: Both read more than the rest of a step and heal what hurts nobody meanwhile.
SWEEP_EVERY = 10


@dataclass(frozen=True, slots=True)
class Step:
    """What one step found and did. ``problem`` says why it could not do everything."""

    actions: dict[int, tuple[Action, ...]] = field(default_factory=dict)
    healed: tuple[int, ...] = ()
    reaped: int = 0
    held_back: bool = False
    problem: str | None = None


class Reconciler:
    """Takes one step whenever it is asked; the caller has the loop and the clock.

    Several may run at once: every action is idempotent.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        cache: LedgerCache,
        publisher: Publisher,
        broker: Broker,
        limits: Limits,
        memory_limit_mb: float,
        memory_mb: Callable[[], float] | None = None,
    ) -> None:
        self._ledger, self._cache = ledger, cache
        self._publisher, self._broker = publisher, broker
        self._limits = limits
        self._memory_limit_mb, self._memory_mb = memory_limit_mb, memory_mb
        self._steps = 0

    def step(self) -> Step:
        """Look at every open session once and do what follows.

        An outage of PostgreSQL or Redis is reported in the result, never raised: the next step
        tries again.
        """
        sweeping = self._steps % SWEEP_EVERY == 0
        self._steps += 1
        held_back = self._is_short_of_memory()
        limits = replace(self._limits, hold_back=held_back)
        actions: dict[int, tuple[Action, ...]] = {}
        healed: list[int] = []
        reaped = 0
        problem = None
        try:
            if sweeping:
                reaped = self._ledger.reap(limits.stalled_s)
            for session in self._open_sessions():
                if sweeping and heal_cache(session, self._ledger, self._cache):
                    healed.append(session)
                actions[session] = tuple(
                    advance(
                        session,
                        ledger=self._ledger,
                        publisher=self._publisher,
                        broker=self._broker,
                        limits=limits,
                    )
                )
        except (Transient, ServiceUnavailable) as error:
            problem = str(error)
        return Step(actions, tuple(healed), reaped, held_back, problem)

    def _open_sessions(self) -> list[int]:
        return [row.session for row in self._ledger.sessions() if row.state in OPEN_SESSIONS]

    def _is_short_of_memory(self) -> bool:
        return self._memory_mb is not None and self._memory_mb() > self._memory_limit_mb
