"""Put back what is missing, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from farm.errors import ServiceUnavailable
from farm.orchestration.advance import advance
from farm.orchestration.decide import Action, Limits, reopened
from farm.orchestration.ports import Broker, Ledger, LedgerCache, Publisher
from farm.orchestration.states import OPEN_SESSIONS, SessionState


@dataclass(frozen=True, slots=True)
class Resumed:
    """What resuming did for one session: its state now, and what was set in motion."""

    session: int
    state: SessionState
    healed_cache: bool
    actions: tuple[Action, ...]


def resume(
    session: int,
    *,
    ledger: Ledger,
    cache: LedgerCache,
    publisher: Publisher,
    broker: Broker,
    limits: Limits,
) -> Resumed:
    """Move a session on after anything that stopped it.

    The Redis copy is made equal to PostgreSQL, which wins. Backends stuck in a COPY whose client is
    silent are ended. A paused session opens again with a new epoch, so that nothing claimed before
    the pause can still commit. Then every chunk that nobody holds and no message waits for is
    published at once, without waiting for the session to fall quiet. Completed and failed sessions
    are left as they are: a failed one needs `farm retry`.

    Raises:
        KeyError: the session was never submitted.
    """
    row = next((row for row in ledger.sessions() if row.session == session), None)
    if row is None:
        raise KeyError(session)
    state = row.state
    healed = heal_cache(session, ledger, cache)
    ledger.reap(limits.stalled_s)
    if state is SessionState.PAUSED:
        ledger.bump_epoch(session)
        state = reopened(ledger.view(session, None))
        ledger.set_session_state(session, state)
    actions: list[Action] = []
    if state in OPEN_SESSIONS:
        at_once = replace(limits, quiet_s=0.0)
        actions = advance(
            session, ledger=ledger, publisher=publisher, broker=broker, limits=at_once
        )
    return Resumed(session, state, healed, tuple(actions))


def heal_cache(session: int, ledger: Ledger, cache: LedgerCache) -> bool:
    """Make the Redis record of a session equal to PostgreSQL's; return whether it differed.

    The cache is read first: what it then lacks was committed meanwhile, and what it has too much is
    truly not in PostgreSQL. Redis out of reach is no failure; the next call heals it.
    """
    try:
        cached, counted = cache.committed(session), cache.counters(session)
        truth = ledger.committed(session)
        if cached == set(truth) and counted == _totals(truth):
            return False
        cache.replace(session, truth)
    except ServiceUnavailable:
        return False
    return True


def _totals(rows: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return the rows by table over all chunks; tables without rows are left out."""
    totals: Counter[str] = Counter()
    for by_table in rows.values():
        totals.update(by_table)
    return {table: number for table, number in totals.items() if number}
