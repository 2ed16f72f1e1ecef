"""Read models agree with the ledger."""

from __future__ import annotations

import pytest

from farm.errors import ContractBroken
from farm.orchestration.states import ChunkState, MonthState, SessionState
from tests.integration.db.tiny_farm import (
    FEBRUARY,
    JANUARY,
    SIMULATION,
    Worker,
    address,
    chunk_of,
)

pytestmark = pytest.mark.services


def test_a_database_without_sessions_has_no_progress(worker: Worker) -> None:
    assert worker.progress.sessions() == []
    assert worker.progress.failures() == []
    assert worker.progress.rows_by_table() == {}
    assert worker.progress.recent_rows(60) == 0
    assert worker.progress.seconds_by_step().copy == 0


def test_a_session_shows_its_chunks_and_rows(worker: Worker) -> None:
    worker.expanded()
    worker.commit(JANUARY)
    worker.ledger.fail(worker.claim(address(FEBRUARY)), ContractBroken("one row too many"))
    (session,) = worker.progress.sessions()
    in_chunk, in_history = sum(chunk_of(JANUARY).rows().values()), 225
    assert session.state is SessionState.RUNNING
    assert (session.planned, session.committed, session.failed) == (3, 2, 1)
    assert session.rows == in_history + in_chunk
    assert session.planned_rows == in_history + 2 * in_chunk
    assert session.runtime_s > 0
    assert session.memory_peak_mb > 10
    assert worker.progress.chunks(1) == {
        SIMULATION: ChunkState.COMMITTED,
        address(JANUARY): ChunkState.COMMITTED,
        address(FEBRUARY): ChunkState.FAILED,
    }
    (failed,) = worker.progress.failures(1)
    assert (failed.error_kind, failed.error) == ("ContractBroken", "one row too many")
    assert worker.progress.failures(2) == []


def test_rows_and_seconds_are_added_up(worker: Worker) -> None:
    worker.expanded()
    worker.commit(JANUARY)
    worker.ledger.close_month(1, JANUARY)
    rows = worker.progress.rows_by_table()
    assert rows["environmental_reading"] == 31
    assert rows["daily_state"] == 60
    assert worker.progress.rows_by_table(2) == {}
    assert worker.progress.recent_rows(3600) == sum(rows.values())
    spent = worker.progress.seconds_by_step(1)
    assert spent.read == pytest.approx(0.02)
    assert spent.make == pytest.approx(0.04)
    assert min(spent.encode, spent.copy, spent.close) > 0
    states = [(m.month, m.state) for m in worker.progress.months(1)]
    assert states == [(JANUARY, MonthState.CLOSED), (FEBRUARY, MonthState.PLANNED)]


def test_living_workers_show_what_they_do(worker: Worker) -> None:
    worker.expanded()
    worker.claim(address())
    (at_work,) = worker.progress.at_work()
    assert (at_work.worker, at_work.address) == ("worker-1", address())
    assert at_work.seconds >= 0
