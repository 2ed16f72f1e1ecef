"""One call does everything that follows, and calling it again changes nothing."""

from __future__ import annotations

import pytest

from farm.domain.calendar import Month
from farm.errors import ServiceUnavailable
from farm.orchestration.advance import advance
from farm.orchestration.states import ChunkState, SessionState
from tests.unit.orchestration.sessions import Shop, batch_month


def test_a_new_session_sends_its_simulations():
    shop = Shop()
    shop.open("FO", "SC")
    advance(1, **shop.movers)
    assert shop.sent() == ["1/FO/simulate", "1/SC/simulate"]


def test_when_the_last_simulation_is_committed_months_are_listed_and_opened_in_one_call():
    shop = Shop()
    shop.simulated(months=3)
    advance(1, **shop.movers)
    assert shop.sent() == ["1/FO-1/2015-01", "1/FO-1/2015-02"]


def test_calling_it_again_sends_nothing():
    shop = Shop()
    shop.simulated()
    advance(1, **shop.movers)
    shop.sent()
    assert advance(1, **shop.movers) == []
    assert shop.sent() == []


def test_a_month_that_is_complete_is_closed_by_a_task_of_its_own():
    shop = Shop()
    shop.simulated()
    advance(1, **shop.movers)
    shop.commit(batch_month(1))
    shop.sent()
    advance(1, **shop.movers)
    assert shop.sent() == ["close 2015-01"]


def test_the_last_month_closed_completes_the_session():
    shop = Shop()
    shop.simulated(months=1)
    advance(1, **shop.movers)
    shop.commit(batch_month(1))
    shop.ledger.close_month(1, Month(2015, 1))
    advance(1, **shop.movers)
    assert shop.state is SessionState.COMPLETED


def test_a_chunk_that_failed_for_good_fails_the_session_when_all_others_are_done():
    shop = Shop()
    shop.simulated(months=2)
    advance(1, **shop.movers)
    shop.fail(batch_month(1))
    advance(1, **shop.movers)
    assert shop.state is SessionState.RUNNING
    shop.commit(batch_month(2))
    shop.ledger.close_month(1, Month(2015, 2))
    advance(1, **shop.movers)
    assert (shop.state, shop.ledger.of(1).row.reason) == (SessionState.FAILED, "1 chunk failed")


def test_a_broker_that_breaks_while_publishing_loses_nothing():
    # Given a broker that can be asked and then breaks
    shop = Shop()
    shop.open()
    shop.queue.waiting = lambda: 0  # type: ignore[method-assign]
    shop.queue.down = True
    with pytest.raises(ServiceUnavailable):
        advance(1, **shop.movers)
    assert shop.states() == {"1/FO/simulate": ChunkState.PUBLISHED}

    # When it is back and the session has been quiet
    shop.queue.down = False
    shop.ledger.now += 5

    # Then the chunk counts as lost and is sent again
    advance(1, **shop.movers)
    assert shop.sent() == ["1/FO/simulate"]
