"""doctor, services, reset, worker, flower: what they print, what they refuse, what they change."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from farm.cli import readiness
from farm.db import migrate
from farm.db.drop import drop_everything
from farm.db.tables import DATA_TABLES, MONTHLY_TABLES
from farm.services.endpoints import Endpoints
from farm.settings.settings import load_settings

pytestmark = pytest.mark.services


class Command:
    """The `farm` command in a home, as a person calls it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        clean = {k: v for k, v in os.environ.items() if not k.startswith("FARM_")}
        self.environment = {**clean, "FARM_HOME": str(folder / "home"), **settings}

    def start(self, *args: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "farm", *args],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *args: str, code: int = 0) -> str:
        process = self.start(*args)
        out, err = process.communicate(timeout=120)
        assert process.returncode == code, (args, out, err)
        assert "Traceback" not in err
        if code == 2 and not out:
            assert len(err.splitlines()) == 1
        return out + err


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Command]:
    """A home with servers of its own."""
    command = Command(tmp_path)
    yield command
    command("services", "stop")


@pytest.fixture
def external(tmp_path: Path, database_url: str, redis_url: str) -> Command:
    """A home whose settings name servers."""
    return Command(tmp_path, FARM_DATABASE_URL=database_url, FARM_REDIS_URL=redis_url)


def password_of(redis_url: str) -> str:
    return str(urlsplit(redis_url).password)


def test_services_start_show_and_stop(embedded: Command):
    # Given running servers
    started = embedded("services", "start")
    status: dict[str, Any] = json.loads(embedded("services", "status", "--json"))

    # Then the JSON says what the contract says, and its URLs connect
    assert [sorted(server) for server in status.values()] == [
        ["embedded", "pid", "running", "url"],
        ["embedded", "pid", "running", "url"],
    ]
    psycopg.connect(status["postgres"]["url"]).close()
    with redis.Redis.from_url(status["redis"]["url"]) as client:
        assert client.ping()
    # and what people see has no password
    assert password_of(status["redis"]["url"]) not in started
    assert password_of(status["redis"]["url"]) not in embedded("services", "status")

    # When they are stopped, twice
    assert "stopped postgres and redis" in embedded("services", "stop")
    assert "nothing to stop" in embedded("services", "stop")
    status = json.loads(embedded("services", "status", "--json"))
    assert [server["running"] for server in status.values()] == [False, False]


def test_services_that_are_given_are_shown_without_password_and_left_alone(
    external: Command, servers: Endpoints
):
    shown = external("services", "status", "--json")

    assert password_of(servers.redis_url) not in shown
    assert "***" in shown
    assert "nothing to stop" in external("services", "stop")
    psycopg.connect(servers.database_url).close()


def test_doctor_finds_a_fresh_machine_ready_without_starting_anything(embedded: Command):
    assert "✗" not in embedded("doctor")

    assert not (embedded.folder / "home").exists()


def test_doctor_reports_in_json_what_it_prints(external: Command):
    found = json.loads(external("doctor", "--json"))

    assert found["ready"] is True
    names = {check["name"] for check in found["checks"]}
    assert {"Python", "disk", "memory", "PostgreSQL", "btree_gist"} <= names
    assert {"rights", "months", "schema"} <= names
    assert {"Redis", "persistence", "eviction"} <= names


def test_doctor_says_what_to_do_and_ends_with_2_when_servers_are_missing(tmp_path: Path):
    nowhere = Command(
        tmp_path,
        FARM_DATABASE_URL="postgresql://u:hidden@127.0.0.1:1/db",
        FARM_REDIS_URL="redis://:hidden@127.0.0.1:1/0",
    )

    said = nowhere("doctor", code=2)

    assert said.count("✗") == 2
    assert "FARM_DATABASE_URL" in said
    assert "FARM_REDIS_URL" in said
    assert "hidden" not in said


def test_doctor_notices_a_redis_that_would_lose_messages(
    external: Command, servers: Endpoints, redis_url: str
):
    with redis.Redis.from_url(redis_url) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            said = external("doctor", code=2)
        finally:
            client.config_set("maxmemory-policy", "noeviction")

    assert "✗ eviction" in said
    assert "noeviction" in said


def test_doctor_notices_a_user_who_may_not_create_tables(
    tmp_path: Path, empty_database_url: str, redis_url: str
):
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'hidden'")
        port = connection.info.port
        database = connection.info.dbname
    url = f"postgresql://reader:hidden@127.0.0.1:{port}/{database}"

    findings = readiness.examine(load_settings(database_url=url, redis_url=redis_url))

    assert [finding.name for finding in findings if not finding.passed] == ["rights"]


def test_timescale_that_must_be_there_and_is_not_is_one_line_and_exit_code_2(
    tmp_path: Path, empty_database_url: str, redis_url: str
):
    urls = {"FARM_DATABASE_URL": empty_database_url, "FARM_REDIS_URL": redis_url}
    command = Command(tmp_path, **urls, FARM_TIMESCALE="on")

    said = command("submit-session", "1", "--scenario", "smoke", code=2)

    assert "FARM_TIMESCALE=on, but the server has no extension timescaledb" in said
    assert said.count("\n") == 1
    assert not migrate.is_current(empty_database_url)
    assert "FARM_TIMESCALE=auto" in command("doctor", code=2)


def test_doctor_notices_a_schema_of_another_version(database_url: str, redis_url: str):
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE ops.alembic_version SET version_num = '0000'")

    findings = readiness.examine(load_settings(database_url=database_url, redis_url=redis_url))

    assert [finding.name for finding in findings if not finding.passed] == ["schema"]


def test_reset_without_a_terminal_needs_yes(external: Command, database_url: str):
    assert "--yes" in external("reset", code=2)

    assert migrate.is_current(database_url)


def test_reset_drops_the_farms_tables_and_keys_and_nothing_else(
    external: Command, database_url: str, redis_url: str
):
    # Given a farm's leavings beside somebody else's
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE theirs (n int)")
        connection.execute("CREATE TABLE daily_state_2016_03 (LIKE daily_state)")
    logs = external.folder / "home" / "logs"
    logs.mkdir(parents=True)
    (logs / "session-1.jsonl").write_text("{}\n")
    with redis.Redis.from_url(redis_url) as client:
        client.set("theirs", "1")
        client.set("farm:test-reset", "1")

        # When it is reset, twice
        external("reset", "--yes")
        external("reset", "--yes")

        # Then only theirs is left
        assert client.get("theirs") == b"1"
        assert list(client.scan_iter("farm:*")) == []
        client.delete("theirs")
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p')"
        ).fetchall()
        assert tables == [("theirs",)]
    assert not (logs / "session-1.jsonl").exists()
    # and the schema can be made again
    migrate.upgrade(database_url)


def test_dropping_takes_every_table_with_it_in_portions(
    database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("farm.db.drop._PORTION", 2)
    with psycopg.connect(database_url, autocommit=True) as connection:
        for name in MONTHLY_TABLES:
            connection.execute(f"CREATE TABLE {name}_2016_03 (n int)")

        drop_everything(database_url)

        left = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'ops')"
        ).fetchone()
    assert left == (0,)
    assert DATA_TABLES


def test_reset_empties_embedded_servers_and_leaves_them_as_they_were(embedded: Command):
    embedded("services", "start")
    before = json.loads(embedded("services", "status", "--json"))
    migrate.upgrade(before["postgres"]["url"])

    embedded("reset", "--yes")

    after = json.loads(embedded("services", "status", "--json"))
    assert after["postgres"]["url"] == before["postgres"]["url"]
    assert after["postgres"]["running"]
    assert not migrate.is_current(after["postgres"]["url"])


def test_reset_refuses_while_somebody_works_on_the_data(external: Command, database_url: str):
    with psycopg.connect(database_url, application_name="farm:worker"):
        said = external("reset", "--yes", code=2)

    assert "farm:worker" in said
    assert migrate.is_current(database_url)


def test_worker_and_flower_refuse_when_nothing_runs(tmp_path: Path):
    idle = Command(tmp_path)

    for verb in ("worker", "flower", "coordinator"):
        assert "farm services start" in idle(verb, code=2)


def test_a_worker_takes_the_projects_settings_and_reset_waits_for_its_end(
    external: Command, redis_url: str
):
    worker = external.start("worker", "--concurrency", "1")
    assert worker.stderr is not None
    try:
        said = ""
        while "ready." not in said:
            line = worker.stderr.readline()
            assert line, said
            said += line
        assert password_of(redis_url) not in said
        assert f"pid {worker.pid}" in external("reset", "--yes", code=2)
    finally:
        worker.send_signal(signal.SIGTERM)
        rest = worker.communicate(timeout=60)
    assert worker.returncode == 0, rest

    external("reset", "--yes")


def test_flower_asks_for_a_password_and_never_shows_it(external: Command):
    flower = external.start("flower")
    assert flower.stdout is not None
    assert flower.stderr is not None
    try:
        banner = flower.stdout.readline()
        url = next(word for word in banner.split() if word.startswith("http://127.0.0.1:"))
        while "Connected" not in flower.stderr.readline():
            assert flower.poll() is None

        with pytest.raises(urllib.error.HTTPError, match="401") as refused:
            urllib.request.urlopen(url)
        refused.value.close()
        password = (external.folder / "home" / "secrets" / "flower").read_text().strip()
        assert password not in banner
        opener = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        opener.add_password(None, url, "farm", password)
        handler = urllib.request.HTTPBasicAuthHandler(opener)
        with urllib.request.build_opener(handler).open(url) as page:
            assert page.status == 200
    finally:
        flower.send_signal(signal.SIGTERM)
        flower.communicate(timeout=60)


def test_a_coordinator_prepares_the_database_and_stops_when_asked(
    tmp_path: Path, empty_database_url: str, redis_url: str
):
    command = Command(tmp_path, FARM_DATABASE_URL=empty_database_url, FARM_REDIS_URL=redis_url)
    coordinator = command.start("coordinator")
    assert coordinator.stdout is not None

    assert "coordinator" in coordinator.stdout.readline()
    assert migrate.is_current(empty_database_url)
    coordinator.send_signal(signal.SIGTERM)

    assert coordinator.communicate(timeout=60)[1] == ""
    assert coordinator.returncode == 0
