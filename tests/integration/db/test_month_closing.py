"""A month closes once: indexed, counted as data; and without being in anybody's way."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from farm.db.digest import digest
from farm.errors import ContractBroken
from farm.orchestration.states import MonthState
from tests.integration.db.tiny_farm import (
    FEBRUARY,
    JANUARY,
    TIMINGS,
    Worker,
    address,
    chunk_of,
)

pytestmark = pytest.mark.services

Hire = Callable[..., Worker]


def _rows_in_the_digest(worker: Worker, table: str) -> int:
    with worker.database.snapshot() as connection:
        return digest(connection).tables[table].rows


def _readings_in_the_digest(worker: Worker) -> int:
    return _rows_in_the_digest(worker, "environmental_reading")


def test_a_closed_month_is_visible_indexed_and_without_chunks(worker: Worker) -> None:
    worker.expanded()
    worker.commit()
    assert _readings_in_the_digest(worker) == 0
    # When the month closes
    assert worker.ledger.close_month(1, JANUARY)
    # Then its rows are there, found by key, and nothing is left of the loading
    assert worker.one("SELECT count(*) FROM environmental_reading") == 31
    assert _readings_in_the_digest(worker) == 31
    assert _rows_in_the_digest(worker, "daily_state") == 31
    plan = worker.rows(
        "EXPLAIN SELECT * FROM environmental_reading"
        " WHERE sensor_id = 1 AND reading_time = '2016-01-02'"
    )
    assert "environmental_reading_2016_01" in str(plan)
    index = (
        "CREATE UNIQUE INDEX environmental_reading_2016_01_pkey"
        " ON public.environmental_reading_2016_01 USING btree (sensor_id, reading_time)"
    )
    assert worker.rows(
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'environmental_reading_2016_01'"
    ) == [(index,)]
    month = worker.ledger.view(1, 0).months[0]
    assert (month.state, month.chunks) == (MonthState.CLOSED, ())
    assert worker.progress.months(1)[0].close_s is not None


def test_a_month_with_missing_chunks_does_not_close(worker: Worker) -> None:
    worker.expanded()
    assert not worker.ledger.close_month(1, JANUARY)
    worker.claim(address())
    assert not worker.ledger.close_month(1, JANUARY)
    assert worker.ledger.view(1, 0).months[0].state is MonthState.PLANNED


def test_closing_again_does_nothing(worker: Worker) -> None:
    worker.expanded()
    worker.commit()
    assert worker.ledger.close_month(1, JANUARY)
    assert not worker.ledger.close_month(1, JANUARY)
    assert worker.one("SELECT count(*) FROM environmental_reading") == 31


def test_of_many_who_close_a_month_at_once_one_does(worker: Worker, hire: Hire) -> None:
    worker.expanded()
    worker.commit()
    done: list[bool] = []
    start = threading.Barrier(5)

    def close(one: Worker) -> None:
        start.wait()
        done.append(one.ledger.close_month(1, JANUARY))

    threads = [threading.Thread(target=close, args=(hire(f"w{n}"),)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] * 4 + [True]
    assert worker.one("SELECT count(*) FROM environmental_reading") == 31


def test_a_month_whose_closing_was_interrupted_closes_later(worker: Worker) -> None:
    # Given a month that was marked as loaded by somebody who then died
    worker.expanded()
    worker.commit()
    worker.run("UPDATE ops.month SET state = 'loaded' WHERE month = '2016-01-01'")
    assert worker.ledger.view(1, 0).months[0].state is MonthState.LOADED
    assert worker.ledger.close_month(1, JANUARY)


def test_a_key_that_occurs_twice_stops_the_closing_and_leaves_the_month_loaded(
    worker: Worker,
) -> None:
    worker.expanded()
    worker.commit()
    worker.run("INSERT INTO environmental_reading_2016_01 TABLE environmental_reading_2016_01")
    with pytest.raises(ContractBroken, match="environmental_reading_2016_01_pkey"):
        worker.ledger.close_month(1, JANUARY)
    assert worker.ledger.view(1, 0).months[0].state is MonthState.LOADED
    assert _readings_in_the_digest(worker) == 0


def test_a_loader_in_mid_transaction_and_a_closing_month_do_not_wait_for_each_other(
    worker: Worker, hire: Hire
) -> None:
    # Given a worker in the middle of committing February
    worker.expanded()
    worker.commit(JANUARY)
    loading, closing = hire("loading"), hire("closing")
    claim = loading.claim(address(FEBRUARY))
    closed: list[bool] = []

    def close_january(point: str, _chunk: object) -> None:
        # When January closes meanwhile, waiting for nobody
        if point == "before_commit":
            with closing.database.transaction() as connection:
                connection.execute("SET lock_timeout = '5s'")
            closed.append(closing.ledger.close_month(1, JANUARY))

    loader = type(loading.loader)(loading.database, on_point=close_january)
    # Then both succeed
    assert loader.load_chunk(claim, chunk_of(FEBRUARY), TIMINGS) is not None
    assert closed == [True]
    assert closing.ledger.close_month(1, FEBRUARY)
    assert worker.one("SELECT count(*) FROM environmental_reading") == 62


def test_two_months_that_close_at_once_do_not_deadlock(worker: Worker, hire: Hire) -> None:
    worker.expanded()
    for month in (JANUARY, FEBRUARY):
        worker.commit(month)
    start = threading.Barrier(2)
    done: list[bool] = []

    def close(one: Worker, which: int) -> None:
        start.wait()
        done.append(one.ledger.close_month(1, (JANUARY, FEBRUARY)[which]))

    threads = [threading.Thread(target=close, args=(hire(f"w{n}"), n)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True, True]
    assert worker.one("SELECT count(*) FROM environmental_reading") == 62
