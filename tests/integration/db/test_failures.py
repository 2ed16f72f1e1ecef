"""PostgreSQL's troubles become the farm's errors: one line, no password."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from farm.db.connection import Database, check, connect
from farm.errors import ContractBroken, DatabaseLost, DiskFull, ServiceUnavailable, SettingsInvalid
from tests.integration.db.tiny_farm import Worker
from tests.servers import Databases

pytestmark = pytest.mark.services


def test_a_connection_that_breaks_is_lost_and_the_next_use_opens_another(
    worker: Worker, hire: Callable[..., Worker]
) -> None:
    backend = worker.one("SELECT pg_backend_pid()")
    assert hire().one(f"SELECT pg_terminate_backend({backend})")
    with pytest.raises(DatabaseLost):
        worker.one("SELECT 1")
    assert worker.one("SELECT pg_backend_pid()") != backend


def test_a_full_disk_is_a_full_disk(worker: Worker, database_url: str) -> None:
    # Given a server that may not write another page; the error is the one a full disk gives
    with pytest.raises(DiskFull, match="no space left"), worker.database.transaction() as c:
        c.execute(
            "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full',"
            " MESSAGE = 'could not extend file: No space left on device'; END $$"
        )


def test_nobody_listening_is_a_lost_database_for_workers_and_unavailable_for_people() -> None:
    nowhere = "postgresql://farm:secret@127.0.0.1:1/farm"
    with pytest.raises(DatabaseLost, match=r"127\.0\.0\.1:1/farm") as lost:
        connect(nowhere, "test")
    with pytest.raises(ServiceUnavailable) as unavailable:
        check(nowhere)
    for error in (lost, unavailable):
        assert "secret" not in str(error.value)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("user", "password", "database", "said"),
    [
        ("farm", "wrong-secret", None, "check user and password"),
        ("stranger", "wrong-secret", None, "check user and password"),
        (None, None, "nope", "create the database first"),
    ],
)
def test_a_refused_login_says_what_to_do(
    database_url: str, user: str | None, password: str, database: str | None, said: str
) -> None:
    url = database_url.replace("/farm_test", f"/{database}_") if database else database_url
    if user is not None:
        url = Databases.as_user(database_url, user, password)
    with pytest.raises(ServiceUnavailable, match=said) as refused:
        connect(url, "test")
    assert "wrong-secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_database_without_the_farms_tables_says_so(empty_database_url: str) -> None:
    worker = Worker.at(empty_database_url)
    with pytest.raises(ServiceUnavailable, match="tables are not there"):
        worker.ledger.sessions()
    worker.database.close()


def test_rows_the_database_refuses_break_the_contract(worker: Worker) -> None:
    with pytest.raises(ContractBroken, match="container_place_check"):
        worker.run("INSERT INTO container VALUES (1, NULL, NULL, 'x', 'tank', 1, 1, 1)")


def test_a_defect_of_the_farm_itself_is_not_dressed_up(worker: Worker) -> None:
    with pytest.raises(psycopg.errors.SyntaxError):
        worker.run("SELEC 1")


def test_a_url_that_is_none_is_refused_without_its_password() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        connect("postgresql://farm:secret@[host/farm", "test")
    assert "secret" not in str(refused.value)


def test_a_server_that_is_too_old_is_refused(database_url: str) -> None:
    assert check(database_url) >= 140_000
    with pytest.raises(ServiceUnavailable, match="needs 99 or newer"):
        check(database_url, minimum_version=990_000)


def test_a_failed_transaction_cannot_commit_in_silence(worker: Worker) -> None:
    worker.run("CREATE TABLE kept (id int)")

    def go_on_after_an_error() -> None:
        with worker.database.transaction() as connection:
            connection.execute("INSERT INTO kept VALUES (1)")
            with pytest.raises(psycopg.errors.DivisionByZero):
                connection.execute("SELECT 1 / 0")

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        go_on_after_an_error()
    assert worker.one("SELECT count(*) FROM kept") == 0


def test_connections_say_who_they_are_and_do_not_wait_for_the_disk(database_url: str) -> None:
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    database = Database(url, "worker")
    with database.transaction() as connection:
        settings = "application_name", "synchronous_commit", "TimeZone", "search_path"
        shown = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in settings]
        assert shown == [("farm:worker",), ("off",), ("UTC",), ("public",)]
    with database.durable_transaction() as connection:
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
    database.close()


def test_a_forked_process_does_not_use_its_parents_connection(
    worker: Worker, tmp_path: Path
) -> None:
    parent = worker.one("SELECT pg_backend_pid()")
    told = tmp_path / "backend"
    child = os.fork()
    if child == 0:
        told.write_text(str(worker.one("SELECT pg_backend_pid()")))
        worker.database.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert int(told.read_text()) != parent
    assert worker.one("SELECT pg_backend_pid()") == parent
