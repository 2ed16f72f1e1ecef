"""Rows and marker: together or not at all, once, and only for who still may."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from farm.db.loader import PostgresLoader
from farm.db.records import RECORD_TABLES
from farm.domain.address import ChunkAddress
from farm.errors import ChunkBusy, ContractBroken, Fenced
from farm.orchestration.decide import LOST
from farm.orchestration.ports import Committed
from farm.simulation.history import HALL_DAY_COLUMNS, SITE_DAY_COLUMNS, HarvestRecord
from tests.integration.db import tiny_farm
from tests.integration.db.tiny_farm import JANUARY, TIMINGS, Worker, address, chunk_of

pytestmark = pytest.mark.services

Hire = Callable[..., Worker]
READINGS = "SELECT count(*) FROM environmental_reading_2016_01"
MARKERS = "SELECT count(*) FROM ops.chunk_commit WHERE chunk NOT LIKE '%simulate'"


def test_rows_and_marker_appear_together(worker: Worker) -> None:
    worker.expanded()
    claim = worker.claim(address())
    # When the chunk is committed
    done = worker.loader.load_chunk(claim, chunk_of(JANUARY), TIMINGS)
    # Then the marker says what the leaves hold
    assert done is not None
    assert done.rows == chunk_of(JANUARY).rows()
    marker = worker.rows(
        "SELECT rows, rows_total, sha256, worker, epoch, read_s, make_s, encode_s > 0, copy_s > 0,"
        " peak_rss_mb > 10 FROM ops.chunk_commit WHERE chunk LIKE '%01'"
    )
    total = sum(done.rows.values())
    expected = (done.rows, total, done.sha256, "worker-1", claim.epoch, 0.01, 0.02)
    assert marker == [(*expected, True, True, True)]
    for table, rows in done.rows.items():
        assert worker.one(f"SELECT count(*) FROM {table}_2016_01") == rows
    assert worker.one("SELECT state FROM ops.chunk WHERE chunk LIKE '%01'") == "committed"


def test_a_marker_says_how_long_its_commit_took_once_the_next_is_written(worker: Worker) -> None:
    worker.expanded()
    noted = (
        "SELECT right(chunk, 2), commit_s > 0 FROM ops.chunk_commit"
        " WHERE chunk NOT LIKE '%simulate' ORDER BY chunk"
    )
    worker.commit(JANUARY)
    assert worker.rows(noted) == [("01", None)]
    worker.commit(tiny_farm.FEBRUARY)
    assert worker.rows(noted) == [("01", True), ("02", None)]
    # When there is none after it
    worker.loader.close()
    assert worker.rows(noted) == [("01", True), ("02", True)]


def test_values_arrive_as_they_were_rendered(worker: Worker) -> None:
    worker.expanded()
    worker.commit()
    first = worker.rows(
        "SELECT reading_time::text, value, sensor_id, container_id, assignment_id"
        " FROM environmental_reading_2016_01 ORDER BY reading_time LIMIT 2"
    )
    assert first == [
        ("2016-01-01 00:00:00+00", 8.0, 1, 1, None),
        ("2016-01-01 01:00:00+00", 8.0 + 1 / 3, 1, 1, 1),
    ]
    fed = worker.rows("SELECT fed_at::text, amount_kg::text, method FROM feeding_event_2016_01")
    assert fed == [("2016-01-01 08:00:00+00", "1.125", "automatic")]


def test_a_second_commit_says_it_was_there_already(worker: Worker, hire: Hire) -> None:
    worker.expanded()
    claim = worker.claim(address())
    assert worker.loader.load_chunk(claim, chunk_of(JANUARY), TIMINGS) is not None
    # When another delivery of the same claim arrives, even with other content
    again = hire().loader.load_chunk(claim, chunk_of(JANUARY, seed=1), TIMINGS)
    # Then nothing is written
    assert again is None
    assert worker.one(READINGS) == 31
    assert worker.ledger.claim(address(), "w", 5) is None


def test_a_claim_of_an_older_epoch_is_fenced(worker: Worker, hire: Hire) -> None:
    worker.expanded()
    claim = worker.claim(address())
    # Given a session that was taken over
    hire().ledger.bump_epoch(1)
    # Then the older claim cannot commit, and a new one can
    with pytest.raises(Fenced):
        worker.loader.load_chunk(claim, chunk_of(JANUARY), TIMINGS)
    assert worker.one(READINGS) == 0
    worker.commit()
    assert worker.one(READINGS) == 31


def test_many_deliveries_at_once_commit_once(worker: Worker, hire: Hire) -> None:
    worker.expanded()
    worker.run(
        "UPDATE ops.chunk SET planned_rows = jsonb_set(planned_rows,"
        " '{environmental_reading}', '700')"
    )
    claim = worker.claim(address())
    outcomes: list[object] = []
    start = threading.Barrier(6)

    def deliver(one: Worker) -> None:
        start.wait()
        try:
            outcomes.append(one.loader.load_chunk(claim, chunk_of(JANUARY, 700), TIMINGS))
        except ChunkBusy as busy:
            outcomes.append(busy)

    threads = [threading.Thread(target=deliver, args=(hire(f"w{n}"),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Then exactly one committed; the others were told that it is busy or done
    assert sum(isinstance(outcome, Committed) for outcome in outcomes) == 1
    assert all(o is None or isinstance(o, Committed | ChunkBusy) for o in outcomes)
    assert worker.one(READINGS) == 700
    assert worker.one(MARKERS) == 1


def test_rows_other_than_planned_are_refused(worker: Worker) -> None:
    worker.expanded()
    claim = worker.claim(address())
    with pytest.raises(ContractBroken, match="30 rows of environmental_reading, planned were 31"):
        worker.loader.load_chunk(claim, chunk_of(JANUARY, 30), TIMINGS)
    assert worker.one(READINGS) == 0


def test_rows_of_another_month_are_refused(worker: Worker) -> None:
    worker.expanded()
    claim = worker.claim(address())
    with pytest.raises(ContractBroken, match="refused the rows"):
        worker.loader.load_chunk(claim, chunk_of(tiny_farm.FEBRUARY), TIMINGS)
    assert worker.one(READINGS) == 0
    assert worker.one(MARKERS) == 0


def test_an_error_in_the_middle_leaves_nothing(worker: Worker) -> None:
    worker.expanded()
    claim = worker.claim(address())

    def fail(point: str, _chunk: object) -> None:
        if point == "before_commit":
            raise RuntimeError("the worker ran out of something")

    # Given a worker that fails when all rows and the marker are written but not committed
    with pytest.raises(RuntimeError):
        PostgresLoader(worker.database, on_point=fail).load_chunk(claim, chunk_of(JANUARY), TIMINGS)
    # Then nothing is there, and the same connection can do it again
    assert worker.one(READINGS) == 0
    assert worker.one(MARKERS) == 0
    assert worker.loader.load_chunk(claim, chunk_of(JANUARY), TIMINGS) is not None


_VICTIM = """
import os, sys
from farm.db.loader import PostgresLoader
from tests.integration.db.tiny_farm import JANUARY, TIMINGS, Worker, address, chunk_of
worker = Worker.at(sys.argv[1], "victim")
def stop(point, chunk):
    if point == "mid_copy":
        print("copying", flush=True)
        sys.stdin.read()
loader = PostgresLoader(worker.database, on_point=stop)
loader.load_chunk(worker.claim(address(), "victim"), chunk_of(JANUARY), TIMINGS)
"""


@pytest.fixture
def victim(worker: Worker, database_url: str) -> Any:
    """A process of its own that stops in the middle of its COPY and waits to be killed."""
    worker.expanded()
    process = subprocess.Popen(
        [sys.executable, "-c", _VICTIM, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "copying\n"
    yield process
    process.kill()
    process.communicate()


def test_a_worker_killed_in_mid_copy_leaves_nothing_and_frees_its_chunk(
    worker: Worker, victim: subprocess.Popen[str]
) -> None:
    # Given a worker that holds its chunk
    with pytest.raises(ChunkBusy):
        worker.claim(address())
    assert [chunk.held for chunk in worker.ledger.view(1, 0).months[0].chunks] == [True]
    # When it is killed and PostgreSQL has noticed
    backend = worker.one("SELECT backend_pid FROM ops.chunk WHERE worker = 'victim'")
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    _wait_until_gone(worker, backend)
    # Then nothing of it is there, and another can have the chunk at once
    assert worker.one(READINGS) == 0
    assert worker.ledger.publish(1, [address()], LOST) == [address()]
    assert worker.claim(address()).attempt == 2
    worker.loader.load_chunk(worker.claim(address()), chunk_of(JANUARY), TIMINGS)
    assert worker.one(READINGS) == 31


def test_a_frozen_worker_cannot_hold_up_a_takeover(
    hire: Hire, victim: subprocess.Popen[str]
) -> None:
    # Given a worker that is frozen in the middle of its COPY, holding the session's epoch
    os.kill(victim.pid, signal.SIGSTOP)
    coordinator = hire("coordinator", patience_s=0.2)
    before = coordinator.ledger.view(1, 0).epoch
    # When the session is taken over
    after = coordinator.ledger.bump_epoch(1)
    # Then its connection is ended, and what it copied never happened
    assert after > before
    assert coordinator.one(READINGS) == 0
    assert coordinator.claim(address()).epoch == after


def _wait_until_gone(worker: Worker, backend: int) -> None:
    while worker.one(f"SELECT count(*) FROM pg_stat_activity WHERE pid = {backend}"):
        pass


# Histories


def test_a_history_is_committed_whole(worker: Worker) -> None:
    worker.simulated()
    counted = worker.rows("SELECT rows FROM ops.chunk_commit")[0][0]
    assert counted == {
        **dict.fromkeys(RECORD_TABLES, 0),
        "batch": 1,
        "assignment": 2,
        "site_event": 1,
        "transfer": 1,
        "daily_state": 60,
        "feed_draw": 40,
        "site_day": 60,
        "hall_day": 60,
    }
    assert worker.one("SELECT count(*) FROM daily_state_2016_01") == 31
    assert worker.one("SELECT count(*) FROM daily_state_2016_02") == 29
    assert worker.rows(
        "SELECT feed_lot_id, assignment_id, quantity_kg::text, cost::text"
        " FROM feed_draw_2016_02 ORDER BY date LIMIT 1"
    ) == [(100_001, 1, "1234.598", "987654321.32")]
    plans = worker.rows("SELECT chunk, state, planned_total FROM ops.chunk ORDER BY month, chunk")
    assert plans == [
        ("1/FO-2016-01/2016-01", "planned", 35),
        ("1/FO-2016-01/2016-02", "planned", 35),
        ("1/FO/simulate", "committed", 0),
    ]


def test_two_batches_in_one_container_are_refused_by_the_database(worker: Worker) -> None:
    # Given a history in which the second assignment enters a tank that is still in use
    clash = (
        tiny_farm.assignment(1, 1, end_date=date(2016, 2, 10)),
        tiny_farm.assignment(2, 1, start_date=date(2016, 2, 9)),
    )
    # Then nothing of it is written
    with pytest.raises(ContractBroken, match="assignment_one_batch_per_container_excl"):
        worker.simulated(assignments=clash)
    assert worker.one("SELECT count(*) FROM batch") == 0
    assert worker.one("SELECT count(*) FROM daily_state_2016_01") == 0
    assert worker.one("SELECT count(*) FROM ops.chunk_commit") == 0


def test_a_container_may_be_used_again_on_the_day_it_is_left(worker: Worker) -> None:
    on_the_day = (
        tiny_farm.assignment(1, 1, end_date=date(2016, 2, 10)),
        tiny_farm.assignment(2, 1, start_date=date(2016, 2, 10)),
    )
    worker.simulated(assignments=on_the_day)
    assert worker.one("SELECT count(*) FROM assignment WHERE container_id = 1") == 2


def test_the_next_session_ends_assignments_before_it_begins_new_ones(worker: Worker) -> None:
    # Given a batch that is in tank 2 at the end of session 1
    worker.simulated()
    worker.ledger.open_session(tiny_farm.new_session(2), tiny_farm.plan(), ["FO"])
    claim = worker.claim(ChunkAddress.simulation(2, "FO"))
    # When it leaves tank 2 in session 2 and an assignment with a lower id takes the tank over
    left = date(2016, 3, 5)
    batch = tiny_farm.history().batches[0]
    later = tiny_farm.history(
        daily=tiny_farm.daily(2, 1, date(2016, 3, 1), 4),
        site_days=tiny_farm.place_days(SITE_DAY_COLUMNS, 501, date(2016, 3, 1), 4),
        hall_days=tiny_farm.no_days(HALL_DAY_COLUMNS),
        feed_draws=tiny_farm.draws(100_001, 2, date(2016, 3, 1), 3),
        site_events=(
            tiny_farm.storm(end_date=date(2016, 3, 2), fasting_days=3),
            tiny_farm.storm(id=5_010_002, kind="hypoxia", start_date=date(2016, 3, 4)),
        ),
        batches=(replace(batch, status="harvested", end_date=left),),
        assignments=(
            tiny_farm.assignment(0, 2, start_date=left),
            tiny_farm.assignment(2, 2, start_date=date(2016, 2, 10), end_date=left, end_count=0),
        ),
        transfers=(),
        harvests=(HarvestRecord(2, left, 900, 5000.0, 4500.0),),
    )
    done = worker.loader.load_history(claim, later, [], [], TIMINGS)
    # Then both stand, the batch is harvested, and only what is new is counted
    assert done is not None
    assert done.rows == {
        **dict.fromkeys(RECORD_TABLES, 0),
        "assignment": 1,
        "site_event": 1,
        "harvest_event": 1,
        "daily_state": 4,
        "feed_draw": 3,
        "site_day": 4,
        "hall_day": 0,
    }
    ends = worker.rows("SELECT id, end_date FROM assignment ORDER BY id")
    assert ends == [(0, None), (1, date(2016, 2, 10)), (2, left)]
    assert worker.one("SELECT status FROM batch") == "harvested"
    events = worker.rows("SELECT kind, end_date, fasting_days FROM site_event ORDER BY id")
    assert events == [("storm", date(2016, 3, 2), 3), ("hypoxia", None, 2)]


def test_a_history_is_committed_once(worker: Worker, hire: Hire) -> None:
    worker.ledger.open_session(tiny_farm.new_session(), tiny_farm.plan(), ["FO"])
    claim = worker.claim(tiny_farm.SIMULATION)
    lived = tiny_farm.history()
    load = (lived, tiny_farm.planned(), tiny_farm.slices(lived), TIMINGS)
    assert worker.loader.load_history(claim, *load) is not None
    assert hire().loader.load_history(claim, *load) is None
    assert worker.one("SELECT count(*) FROM daily_state_2016_01") == 31
