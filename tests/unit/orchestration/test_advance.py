"""One call does everything that follows, and calling it again changes nothing."""

from __future__ import annotations

import pytest

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import ServiceUnavailable
from farm.orchestration.advance import advance
from farm.orchestration.ports import PlannedChunk
from farm.orchestration.states import ChunkState, SessionState
from tests.unit.orchestration.sessions import PLAN, Shop, batch_month, new_session


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


def test_a_complete_month_whose_body_was_lost_is_closed_by_a_task_of_its_own():
    shop = Shop()
    shop.simulated()
    advance(1, **shop.movers)
    shop.commit(batch_month(1))
    shop.queue.messages.clear()
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


def prepared_ahead() -> Shop:
    """A session with one open month, and the next one simulated and expanded."""
    shop = Shop()
    shop.simulated(months=1)
    advance(1, **shop.movers)
    shop.ledger.open_session(new_session(2), PLAN, ("FO",))
    next_month = PlannedChunk(ChunkAddress(2, "FO-1", Month(2015, 2)), {"reading": 7})
    shop.ledger.commit(shop.claim(ChunkAddress.simulation(2, "FO")), {}, [next_month])
    advance(2, **shop.movers)
    shop.sent()
    return shop


def test_a_prepared_session_opens_no_month_while_the_one_before_runs():
    shop = prepared_ahead()
    assert advance(2, **shop.movers) == []
    assert shop.ledger.of(2).row.state is SessionState.PLANNING
    assert shop.sent() == []


def test_geographies_of_the_next_session_are_simulated_one_after_another():
    # Given a session at work and the next one submitted ahead, with two geographies
    shop = Shop()
    shop.simulated(1, "SC")
    shop.ledger.open_session(new_session(2), PLAN, ("FO", "SC"))
    advance(2, **shop.movers)
    assert shop.sent() == ["2/FO/simulate"]

    # When the first is committed
    shop.ledger.commit(shop.claim(ChunkAddress.simulation(2, "FO")), {}, [])
    advance(2, **shop.movers)

    # Then the second follows, whatever is open of the session before
    assert shop.sent() == ["2/SC/simulate"]


def test_a_geography_of_the_next_session_is_simulated_as_soon_as_it_is_in_this_one():
    # Given a session that is being simulated, and the next one submitted ahead
    shop = Shop()
    shop.open("FO", "SC")
    shop.ledger.open_session(new_session(2), PLAN, ("FO", "SC"))
    advance(2, **shop.movers)
    assert shop.sent() == []

    # When one geography is simulated, it goes on into the next session while the other takes longer
    shop.ledger.commit(shop.claim(ChunkAddress.simulation(1, "SC")), {}, [])
    advance(2, **shop.movers)
    assert shop.sent() == ["2/SC/simulate"]


def test_what_is_not_simulated_yet_when_a_session_ends_is_simulated_at_once():
    # Given a session at work, the next one submitted ahead and its first geography under way
    shop = Shop()
    shop.simulated(1, "SC", "NO")
    shop.ledger.open_session(new_session(2), PLAN, ("FO", "SC", "NO"))
    advance(2, **shop.movers)
    shop.sent()

    # When the session is completed
    shop.commit(batch_month(1))
    shop.ledger.close_month(1, Month(2015, 1))
    advance(1, **shop.movers)

    # Then no worker is kept for it any more
    assert shop.sent() == ["2/NO/simulate", "2/SC/simulate"]


def test_whoever_completes_a_session_lets_the_prepared_one_start():
    shop = prepared_ahead()
    shop.commit(batch_month(1))
    shop.ledger.close_month(1, Month(2015, 1))
    advance(1, **shop.movers)
    assert shop.ledger.of(2).row.state is SessionState.RUNNING
    assert shop.sent() == ["2/FO-1/2015-02"]


def test_a_session_that_fails_keeps_the_prepared_one_waiting():
    shop = prepared_ahead()
    shop.fail(batch_month(1))
    advance(1, **shop.movers)
    advance(2, **shop.movers)
    assert shop.state is SessionState.FAILED
    assert shop.ledger.of(2).row.state is SessionState.PLANNING
    assert shop.sent() == []
