"""The periodic step finds what no message will ever report, and survives outages."""

from __future__ import annotations

from farm.errors import DatabaseLost
from farm.orchestration.advance import advance
from farm.orchestration.reconcile import SWEEP_EVERY, Reconciler
from farm.orchestration.states import SessionState
from tests.unit.orchestration.sessions import LIMITS, Shop, batch_month


def reconciler(shop: Shop, memory_mb: float = 0.0) -> Reconciler:
    return Reconciler(
        cache=shop.cache, memory_limit_mb=100, memory_mb=lambda: memory_mb, **shop.movers
    )


def test_a_chunk_whose_worker_died_is_sent_again():
    shop = Shop()
    shop.simulated()
    advance(1, **shop.movers)
    shop.claim(batch_month(1), worker="w1")
    shop.ledger.dead.add("w1")
    shop.sent()
    reconciler(shop).step()
    assert shop.sent() == ["1/FO-1/2015-01"]


def test_messages_lost_in_silence_are_sent_again_when_all_is_quiet():
    shop = Shop()
    shop.simulated()
    advance(1, **shop.movers)
    shop.queue.messages.clear()
    shop.sent()
    steps = reconciler(shop)
    steps.step()
    assert shop.sent() == []
    shop.ledger.now += LIMITS.quiet_s
    steps.step()
    assert shop.sent() == ["1/FO-1/2015-01", "1/FO-1/2015-02"]


def test_short_memory_opens_no_new_month():
    shop = Shop()
    shop.simulated()
    step = reconciler(shop, memory_mb=101).step()
    assert (step.held_back, shop.sent()) == (True, [])


def test_sessions_that_are_not_open_are_left_alone():
    shop = Shop()
    shop.open()
    shop.ledger.set_session_state(1, SessionState.PAUSED)
    assert reconciler(shop).step().actions == {}


def test_a_flushed_cache_is_rebuilt_at_the_next_sweep():
    shop = Shop()
    shop.simulated()
    steps = reconciler(shop)
    steps.step()
    shop.cache.rows.clear()
    healed = [steps.step().healed for _ in range(SWEEP_EVERY)]
    assert healed == [()] * (SWEEP_EVERY - 1) + [(1,)]


def test_stuck_backends_are_looked_for_at_every_sweep():
    shop = Shop()
    steps = reconciler(shop)
    for _ in range(SWEEP_EVERY + 1):
        steps.step()
    assert shop.ledger.reaped == [LIMITS.stalled_s] * 2


def test_an_outage_of_the_database_is_told_and_waited_out():
    shop = Shop()
    shop.open()
    steps = reconciler(shop)
    shop.ledger.unreachable = DatabaseLost("the server is restarting")
    assert steps.step().problem == "the server is restarting"
    shop.ledger.unreachable = None
    assert steps.step().problem is None
    assert shop.sent() == ["1/FO/simulate"]


def test_an_outage_of_the_broker_publishes_nothing_and_breaks_nothing():
    shop = Shop()
    shop.open()
    shop.queue.down = shop.cache.down = True
    steps = reconciler(shop)
    steps.step()
    assert shop.sent() == []
    shop.queue.down = shop.cache.down = False
    steps.step()
    assert shop.sent() == ["1/FO/simulate"]
