"""Retrying touches exactly the failed chunks that are meant."""

from __future__ import annotations

import pytest

from farm.domain.calendar import Month
from farm.errors import SessionRefused
from farm.orchestration.advance import advance
from farm.orchestration.retry_failed import Selection, retry_failed
from farm.orchestration.states import ChunkState, SessionState
from tests.unit.orchestration.sessions import Shop, batch_month

ALL = Selection()


def two_failed() -> Shop:
    """A session that gave up: chunks of months 1 and 2 failed, month 3 is closed."""
    shop = Shop()
    shop.simulated(months=3)
    advance(1, **shop.movers)
    shop.fail(batch_month(1))
    shop.fail(batch_month(2))
    advance(1, **shop.movers)
    shop.commit(batch_month(3))
    shop.ledger.close_month(1, Month(2015, 3))
    advance(1, **shop.movers)
    assert shop.state is SessionState.FAILED
    shop.queue.messages.clear()
    shop.sent()
    return shop


def test_failed_chunks_are_sent_again_with_fresh_attempts_and_the_session_goes_on():
    shop = two_failed()
    chosen = retry_failed(1, ALL, dry_run=False, **shop.movers)
    assert chosen == [batch_month(1), batch_month(2)]
    assert shop.sent() == ["1/FO-1/2015-01", "1/FO-1/2015-02"]
    assert shop.state is SessionState.RUNNING
    assert [shop.ledger.chunk(chunk).attempts for chunk in chosen] == [0, 0]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(month=Month(2015, 2)), [batch_month(2)]),
        (Selection(batch="FO-1", month=Month(2015, 1)), [batch_month(1)]),
        (Selection(batch="SC-1"), []),
        (Selection(month=Month(2015, 3)), []),
    ],
)
def test_only_the_batch_and_month_that_are_meant(selection, expected):
    shop = two_failed()
    assert retry_failed(1, selection, dry_run=False, **shop.movers) == expected
    assert shop.sent() == [str(chunk) for chunk in expected]


def test_a_dry_run_names_them_and_changes_nothing():
    shop = two_failed()
    before = shop.states()
    assert retry_failed(1, ALL, dry_run=True, **shop.movers) == [batch_month(1), batch_month(2)]
    assert (shop.states(), shop.state, shop.sent()) == (before, SessionState.FAILED, [])


def test_nothing_failed_is_nothing_done():
    shop = Shop()
    shop.simulated()
    assert retry_failed(1, ALL, dry_run=False, **shop.movers) == []
    assert shop.sent() == []


def test_a_failed_simulation_takes_the_session_back_to_planning():
    shop = Shop()
    shop.open("FO", "SC")
    for geography in ("FO", "SC"):
        address = shop.ledger.of(1).chunks[f"1/{geography}/simulate"].address
        shop.fail(address)
    advance(1, **shop.movers)
    assert shop.state is SessionState.FAILED
    retry_failed(1, Selection(batch="SC"), dry_run=False, **shop.movers)
    assert shop.ledger.of(1).row.state is SessionState.PLANNING
    assert shop.sent() == ["1/SC/simulate"]
    assert shop.states()["1/FO/simulate"] is ChunkState.FAILED


def test_a_session_nobody_submitted_is_refused():
    with pytest.raises(SessionRefused, match="session 1 was never submitted"):
        retry_failed(1, ALL, dry_run=True, **Shop().movers)
