"""Clearing away: connections that stall, and everything that was generated."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from farm.db import migrate
from farm.db.drop import drop_everything
from farm.errors import DatabaseLost
from tests.integration.db.tiny_farm import Worker

pytestmark = pytest.mark.services


def test_the_reaper_ends_a_stalled_copy_and_nobody_else(
    worker: Worker, hire: Callable[..., Worker], database_url: str
) -> None:
    # Given a worker in the middle of a COPY, an idle one, and a guest in a transaction
    worker.expanded()
    idle = hire("idle")
    idle.ledger.sessions()
    with psycopg.connect(database_url, application_name="guest") as guest:
        guest.execute("SELECT 1")

        def look() -> None:
            # When the reaper looks for what stalls since an hour, it finds nothing
            assert idle.ledger.reap(3600) == 0
            # When it looks for what stalls at all, it ends the COPY
            while not _waits(idle):
                pass
            assert idle.ledger.reap(0) == 1
            # What the client says before the server has taken the signal in may be answered first
            while _waits(idle):
                pass

        with pytest.raises(DatabaseLost):
            _copy(worker, look)
        # Then the guest and the idle worker go on, and so does the stalled one
        assert guest.execute("SELECT 2").fetchone() == (2,)
    assert idle.one("SELECT count(*) FROM mortality_event_2016_01") == 0
    assert worker.one("SELECT 3") == 3


def _copy(worker: Worker, in_the_middle: Callable[[], None]) -> None:
    statement = "COPY mortality_event_2016_01 FROM STDIN (FORMAT BINARY)"
    with (
        worker.database.transaction() as connection,
        connection.cursor().copy(statement) as copy,
    ):
        copy.write(b"PGCOPY\n\xff\r\n\x00")
        in_the_middle()


def _waits(worker: Worker) -> bool:
    return bool(
        worker.one(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND state = 'active' AND wait_event = 'ClientRead'"
        )
    )


def test_dropping_everything_leaves_what_is_not_the_farms(
    worker: Worker, database_url: str
) -> None:
    # Given a database with data, open months, and tables of somebody else
    worker.expanded()
    worker.commit()
    worker.run("CREATE TABLE public.environmental_reading_backup (id int)")
    worker.run("CREATE TABLE public.mine (id int)")
    worker.database.close()
    # When everything is dropped, twice
    drop_everything(database_url)
    drop_everything(database_url)
    # Then only theirs is left, and the farm can begin again
    left = worker.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') ORDER BY 1"
    )
    assert left == [("environmental_reading_backup",), ("mine",)]
    assert not migrate.is_current(database_url)
    migrate.upgrade(database_url)
    worker.expanded()


def test_epochs_go_on_rising_after_everything_was_dropped(
    worker: Worker, database_url: str
) -> None:
    worker.simulated()
    before = max(worker.ledger.bump_epoch(1) for _ in range(3))
    drop_everything(database_url)
    migrate.upgrade(database_url)
    worker.simulated()
    assert worker.ledger.view(1, 0).epoch > before
