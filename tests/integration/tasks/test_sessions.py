"""A whole session through real Celery workers, with the faults that a day brings."""

from __future__ import annotations

import psycopg
import pytest

from farm.bootstrap import Farm
from farm.orchestration.retry_failed import Selection
from farm.orchestration.states import SessionState
from farm.settings.settings import Settings
from tests.integration.tasks.conftest import (
    assert_invariants,
    committed,
    has_ended,
    run_until,
    workers,
)

pytestmark = [pytest.mark.services, pytest.mark.slow]


def state(farm: Farm) -> SessionState:
    return farm.ledger.sessions()[0].state


def attempts(settings: Settings) -> dict[str, int]:
    with psycopg.connect(str(settings.database_url)) as connection:
        return dict(connection.execute("SELECT chunk, attempts FROM ops.chunk").fetchall())


def test_a_worker_killed_in_the_middle_of_a_copy_changes_nothing(farm, settings, smoke):
    # Given workers of which one dies in the transaction of a chunk of March
    deadly = settings.model_copy(update={"fault": "mid_copy:1/*/2015-03:1"})
    with workers(deadly):
        farm.submit(1, smoke)
        run_until(farm, has_ended(farm))

    # Then the session is complete, and one chunk of March took a second attempt
    assert state(farm) is SessionState.COMPLETED
    assert_invariants(farm, settings)
    again = [chunk for chunk, times in attempts(settings).items() if times == 2]
    assert any(chunk.endswith("2015-03") for chunk in again)


def test_a_flushed_redis_costs_time_and_no_chunk_twice(farm, settings, smoke, client):
    with workers(settings):
        farm.submit(1, smoke)
        run_until(farm, lambda: len(committed(settings)) > 4)
        client.flushdb()
        before = committed(settings)
        run_until(farm, has_ended(farm))
    assert state(farm) is SessionState.COMPLETED
    assert_invariants(farm, settings)
    after = committed(settings)
    assert {chunk: after[chunk] for chunk in before} == before


def test_a_chunk_that_kills_its_workers_fails_alone_and_can_be_retried(farm, settings, smoke):
    # Given a chunk that kills whoever claims it, as often as it may be tried
    poison = settings.model_copy(update={"fault": "after_claim:1/FO-2015-*/2015-03:2"})
    with workers(poison):
        farm.submit(1, smoke)
        run_until(farm, has_ended(farm))

        # Then it has failed, all others are committed and the session says so
        assert state(farm) is SessionState.FAILED
        (failed,) = farm.retry(1, Selection(), dry_run=True)
        assert set(attempts(settings)) - set(committed(settings)) == {str(failed)}
        assert farm.ledger.sessions()[0].reason == "1 chunk failed"

        # When it is retried, the poison being gone
        assert farm.retry(1, Selection(batch=failed.subject), dry_run=False) == [failed]
        run_until(farm, has_ended(farm))
    assert state(farm) is SessionState.COMPLETED
    assert_invariants(farm, settings)
