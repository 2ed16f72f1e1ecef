"""The one function that moves a session on. Anyone may call it at any time."""

from __future__ import annotations

from farm.orchestration.decide import (
    Action,
    CloseMonth,
    Expand,
    FinishSession,
    Limits,
    PublishMonth,
    PublishSimulations,
    decide,
)
from farm.orchestration.ports import Broker, Ledger, Publisher

#: Readings in one call. Each but the last did something new, and a session has only so many
#: different things to do at once (publish simulations, expand, fill its places, finish).
MAX_READINGS = 8


def advance(
    session: int, *, ledger: Ledger, publisher: Publisher, broker: Broker, limits: Limits
) -> list[Action]:
    """Do everything that follows from the ledger now; return what was done.

    Idempotent: chord bodies, errbacks, the reconciler, `farm resume` and `farm retry` all call it,
    also at the same time, and the ledger decides what is really sent. An action is done at most
    once per call, as a month that is being closed by its task reads the same until it is closed.

    Raises:
        DatabaseLost: nothing is half done; call again.
        ServiceUnavailable: the broker did not take a message; the chunks count as lost and are
            published again later.
    """
    done: list[Action] = []
    for _ in range(MAX_READINGS):
        view = ledger.view(session, broker.waiting())
        fresh = [action for action in decide(view, limits) if action not in done]
        if not fresh:
            break
        for action in fresh:
            _carry_out(action, session, ledger, publisher)
        done += fresh
    return done


def _carry_out(action: Action, session: int, ledger: Ledger, publisher: Publisher) -> None:
    match action:
        case PublishSimulations(chunks, states):
            if wanted := ledger.publish(session, chunks, states):
                publisher.simulate(session, wanted)
        case Expand():
            ledger.expand(session)
        case PublishMonth(month, chunks, states):
            if wanted := ledger.publish(session, chunks, states):
                publisher.render(session, month, wanted)
        case CloseMonth(month):
            publisher.close_month(session, month)
        case FinishSession(state, reason):
            ledger.set_session_state(session, state, reason=reason)
