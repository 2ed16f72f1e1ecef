"""Resuming puts back what is missing and nothing else."""

from __future__ import annotations

import pytest

from farm.orchestration.advance import advance
from farm.orchestration.resume import heal_cache, resume
from farm.orchestration.states import SessionState
from tests.unit.orchestration.sessions import LIMITS, Shop, batch_month


def resumed(shop: Shop):
    return resume(1, cache=shop.cache, **shop.movers)


def half_done() -> Shop:
    """A session with two open months, one chunk committed, one published."""
    shop = Shop()
    shop.simulated(months=2)
    advance(1, **shop.movers)
    shop.commit(batch_month(1))
    shop.sent()
    return shop


def test_after_a_flush_what_no_message_waits_for_is_sent_at_once():
    # Given a flushed Redis a moment ago: the session is not quiet yet
    shop = half_done()
    shop.queue.messages.clear()

    # Then only the chunk that is not committed is sent again, and the complete month closed
    resumed(shop)
    assert shop.sent() == ["close 2015-01", "1/FO-1/2015-02"]


def test_messages_that_still_wait_are_not_doubled():
    shop = half_done()
    resumed(shop)
    assert shop.sent() == ["close 2015-01"]


def test_a_chunk_in_the_hands_of_a_living_worker_is_left_there():
    shop = half_done()
    shop.claim(batch_month(2))
    shop.queue.messages.clear()
    resumed(shop)
    assert shop.sent() == ["close 2015-01"]


def test_a_paused_session_opens_with_a_new_epoch_after_stuck_backends_are_ended():
    shop = half_done()
    shop.ledger.set_session_state(1, SessionState.PAUSED, reason="disk full")
    before = shop.ledger.of(1).row.epoch
    assert resumed(shop).state is SessionState.RUNNING
    assert shop.ledger.of(1).row.epoch > before
    assert shop.ledger.of(1).row.reason is None
    assert shop.ledger.reaped == [LIMITS.stalled_s]


def test_a_session_paused_while_planning_goes_on_planning():
    shop = Shop()
    shop.open()
    shop.ledger.set_session_state(1, SessionState.PAUSED)
    assert resumed(shop).state is SessionState.PLANNING
    assert shop.sent() == ["1/FO/simulate"]


@pytest.mark.parametrize("state", [SessionState.COMPLETED, SessionState.FAILED])
def test_a_session_that_has_ended_stays_as_it_is(state):
    shop = half_done()
    shop.ledger.set_session_state(1, state)
    assert (resumed(shop).state, shop.sent()) == (state, [])


def test_a_session_nobody_submitted_cannot_be_resumed():
    with pytest.raises(KeyError):
        resumed(Shop())


def test_the_cache_is_rebuilt_when_redis_lost_something():
    shop = half_done()
    shop.cache.rows.clear()
    assert heal_cache(1, shop.ledger, shop.cache)
    assert shop.cache.rows[1] == shop.ledger.of(1).markers


def test_postgresql_wins_over_a_redis_that_knows_too_much():
    shop = half_done()
    shop.cache.add(batch_month(2), {"reading": 7})
    assert heal_cache(1, shop.ledger, shop.cache)
    assert shop.cache.rows[1] == shop.ledger.of(1).markers


def test_wrong_counters_are_healed_too():
    shop = half_done()
    heal_cache(1, shop.ledger, shop.cache)
    shop.cache.rows[1][str(batch_month(1))]["reading"] = 8
    assert heal_cache(1, shop.ledger, shop.cache)


def test_a_cache_that_agrees_is_not_written():
    shop = half_done()
    heal_cache(1, shop.ledger, shop.cache)
    assert not heal_cache(1, shop.ledger, shop.cache)
    assert shop.cache.replaced == 1


def test_a_redis_out_of_reach_is_no_failure():
    shop = half_done()
    shop.cache.down = True
    assert not heal_cache(1, shop.ledger, shop.cache)
