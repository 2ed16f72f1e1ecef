"""A database and a Redis of each test's own, and Celery workers as real processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from farm.bootstrap import Farm, assemble
from farm.db.cache import open_client
from farm.domain.scenario import Scenario
from farm.orchestration.states import SessionState
from farm.services.endpoints import Endpoints
from farm.services.workers import WorkerGroup
from farm.settings.scenarios import load_scenario
from farm.settings.settings import Settings, load_settings

#: The tests of this room flush Redis: they have a database of it for themselves.
REDIS_DATABASE = 7
#: Seconds within which a session of the smallest scenario ends, faults included.
PATIENCE_S = 60.0
_ENDED = {SessionState.COMPLETED, SessionState.FAILED}


@pytest.fixture
def own_redis_url(redis_url: str) -> Iterator[str]:
    """An empty Redis database."""
    url = f"{redis_url.rpartition('/')[0]}/{REDIS_DATABASE}"
    client = open_client(url)
    client.flushdb()
    yield url
    client.flushdb()
    client.close()


@pytest.fixture
def client(own_redis_url: str) -> Iterator[redis.Redis]:
    """A connection to this test's Redis."""
    opened = open_client(own_redis_url)
    yield opened
    opened.close()


@pytest.fixture
def settings(database_url: str, own_redis_url: str, tmp_path: Path) -> Settings:
    """Settings for the test's own servers, quick to notice what is lost."""
    return load_settings(
        home=tmp_path,
        database_url=database_url,
        redis_url=own_redis_url,
        workers=2,
        quiet_s=1.0,
        chunk_attempts=2,
    )


@pytest.fixture
def smoke(settings: Settings) -> Scenario:
    """The smallest scenario."""
    return load_scenario("smoke", settings.config_dir)


@pytest.fixture
def farm(settings: Settings) -> Iterator[Farm]:
    """A farm on the test's own servers."""
    assembled = assemble(settings, role="test")
    yield assembled
    assembled.close()


@contextmanager
def workers(settings: Settings) -> Iterator[WorkerGroup]:
    """Run Celery workers with these settings for as long as the block lasts."""
    urls = Endpoints(str(settings.database_url), str(settings.redis_url))
    group = WorkerGroup(settings, lambda: urls, settings.workers)
    group.start()
    try:
        yield group
    finally:
        group.stop(grace_s=20.0)


def run_until(farm: Farm, reached: Callable[[], bool]) -> None:
    """Take steps of the reconciler until something is reached."""
    reconciler = farm.reconciler()
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline, f"not reached: {farm.ledger.sessions()}"
        reconciler.step()
        time.sleep(0.1)


def has_ended(farm: Farm, session: int = 1) -> Callable[[], bool]:
    return lambda: any(r.session == session and r.state in _ENDED for r in farm.ledger.sessions())


def committed(settings: Settings) -> dict[str, tuple[int, object]]:
    """Return by chunk its rows and the moment its marker was written."""
    with psycopg.connect(str(settings.database_url)) as connection:
        found = connection.execute("SELECT chunk, rows_total, committed_at FROM ops.chunk_commit")
        return {chunk: (rows, moment) for chunk, rows, moment in found}


def assert_invariants(farm: Farm, settings: Settings, session: int = 1) -> None:
    """Rows are those of the markers, markers those of the plan, and Redis agrees."""
    markers = farm.ledger.committed(session)
    with psycopg.connect(str(settings.database_url)) as connection:
        for table in ("environmental_reading", "feeding_event", "mortality_event"):
            promised = sum(rows.get(table, 0) for rows in markers.values())
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert row == (promised,), table
        states = connection.execute("SELECT DISTINCT state FROM ops.chunk").fetchall()
        assert states == [("committed",)]
        rows = connection.execute("SELECT DISTINCT state FROM ops.month").fetchall()
        assert rows == [("closed",)]
        planned = connection.execute("SELECT chunk FROM ops.chunk").fetchall()
    assert {chunk for (chunk,) in planned} == set(markers)
    farm.resume(session)
    assert farm.cache.committed(session) == set(markers)
