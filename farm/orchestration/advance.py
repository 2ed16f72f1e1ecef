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
    StartSession,
    decide,
)
from farm.orchestration.ports import Broker, Ledger, Publisher
from farm.orchestration.states import SessionState

#: After these the ledger reads differently at once; after a message only when it was worked on.
_CHANGES = (Expand, StartSession)
#: Readings in one call: more than these follow upon each other.
MAX_READINGS = 8


def advance(
    session: int, *, ledger: Ledger, publisher: Publisher, broker: Broker, limits: Limits
) -> list[Action]:
    """Do everything that follows from the ledger now; return what was done.

    Idempotent: chord bodies, errbacks, the reconciler, `farm resume` and `farm retry` all call it,
    also at the same time, and the ledger decides what is really sent. An action is done at most
    once per call, as a month that is being closed by its task reads the same until it is closed.
    A session that is completed lets the next one start, if that is prepared.

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
        if not any(isinstance(action, _CHANGES) for action in fresh):
            break
    if FinishSession(SessionState.COMPLETED, None) in done and _is_submitted(session + 1, ledger):
        advance(session + 1, ledger=ledger, publisher=publisher, broker=broker, limits=limits)
    return done


def _is_submitted(session: int, ledger: Ledger) -> bool:
    return any(row.session == session for row in ledger.sessions())


def _carry_out(action: Action, session: int, ledger: Ledger, publisher: Publisher) -> None:
    match action:
        case PublishSimulations(chunks, states):
            if wanted := ledger.publish(session, chunks, states):
                publisher.simulate(session, wanted)
        case Expand():
            ledger.expand(session)
        case StartSession():
            ledger.start(session)
        case PublishMonth(month, chunks, states):
            if wanted := ledger.publish(session, chunks, states):
                publisher.render(session, month, wanted)
        case CloseMonth(month):
            publisher.close_month(session, month)
        case FinishSession(state, reason):
            ledger.set_session_state(session, state, reason=reason)
