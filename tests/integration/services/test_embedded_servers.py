"""Embedded PostgreSQL and Valkey: they keep their data, their URL, and to themselves."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from farm.errors import ServiceUnavailable
from farm.services import machine, processes
from farm.services.embedded import Services
from farm.services.endpoints import Endpoints
from farm.settings.settings import load_settings

pytestmark = pytest.mark.services


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home in a folder only its owner may enter; what was started in it is stopped."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    yield private / "home with a space"
    services(private / "home with a space").stop()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home, in such a folder, whose servers run; for tests that change nothing in it."""
    private = tmp_path_factory.mktemp("private")
    private.chmod(0o700)
    services(private / "home").start()
    yield private / "home"
    services(private / "home").stop()


def services(home: Path) -> Services:
    return Services(load_settings(home=home))


def query(endpoints: Endpoints, text: str) -> object:
    with psycopg.connect(endpoints.database_url, autocommit=True) as connection:
        cursor = connection.execute(text)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def client(endpoints: Endpoints) -> contextlib.closing[redis.Redis]:
    return contextlib.closing(redis.Redis.from_url(endpoints.redis_url, decode_responses=True))


def write(endpoints: Endpoints) -> None:
    query(endpoints, "CREATE TABLE kept AS SELECT 7 AS n")
    with client(endpoints) as server:
        server.set("kept", "7")


def assert_kept(endpoints: Endpoints) -> None:
    assert query(endpoints, "SELECT n FROM kept") == 7
    with client(endpoints) as server:
        assert server.get("kept") == "7"


def test_start_stop_start_keeps_data_and_urls(home: Path):
    # Given servers with data
    first = services(home).start()
    write(first)

    # When they are stopped and started again
    assert services(home).stop() == ["postgres", "redis"]
    with pytest.raises(ServiceUnavailable, match="farm services start"):
        services(home).endpoints()
    second = services(home).start()

    # Then the URLs are the same and the data are there
    assert (second.database_url, second.redis_url) == (first.database_url, first.redis_url)
    assert_kept(second)


def test_starting_what_runs_changes_nothing(running: Path):
    before = services(running).status()

    services(running).start()

    assert services(running).status() == before


def test_two_commands_that_start_at_once_get_the_same_servers(home: Path):
    found: list[Endpoints] = []
    starters = [
        threading.Thread(target=lambda: found.append(services(home).start())) for _ in range(3)
    ]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()

    assert len({endpoints.database_url for endpoints in found}) == 1
    assert len(found) == 3


def test_the_servers_outlive_the_command_that_started_them(home: Path):
    code = (
        "import sys; from pathlib import Path; from farm.services.embedded import Services;"
        "from farm.settings.settings import load_settings;"
        "Services(load_settings(home=Path(sys.argv[1]))).start()"
    )
    subprocess.run([sys.executable, "-c", code, str(home)], check=True)

    for server in services(home).status().values():
        pid = server["pid"]
        assert server["running"]
        assert os.getsid(pid) != os.getsid(0)


def test_two_homes_side_by_side_do_not_disturb_each_other(home: Path, tmp_path: Path):
    other = tmp_path / "other"
    try:
        mine, theirs = services(home).start(), services(other).start()
        write(mine)
        write(theirs)

        services(other).stop()

        assert_kept(mine)
        assert mine.database_url != theirs.database_url
    finally:
        services(other).stop()


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_a_server_that_was_killed_recovers_what_it_had_promised(name: str, home: Path):
    # Given servers with data, one of which dies without a word
    first = services(home).start()
    write(first)
    with client(first) as server:  # everysec: wait until the file has it
        server.waitaof(1, 0, 5000)
    victim = psutil.Process(services(home).status()[name]["pid"])
    family = [victim, *victim.children(recursive=True)]
    for process in family:
        process.send_signal(signal.SIGKILL)
    processes.wait_gone(family, 10)
    assert not services(home).status()[name]["running"]

    # When the farm is started again
    second = services(home).start()

    # Then it is the same server with the same data
    assert second.database_url == first.database_url
    assert_kept(second)


def test_a_lock_file_that_names_another_process_does_not_hold_up_the_start(home: Path):
    # Given what a crashed machine leaves: a lock file whose number is somebody else's by now
    services(home).start()
    services(home).stop()
    lock = home / "postgres" / "data" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n1\n5432\n\n127.0.0.1\n")

    endpoints = services(home).start()

    assert query(endpoints, "SELECT 1") == 1
    assert psutil.pid_exists(os.getpid())


def test_a_port_that_was_taken_meanwhile_is_changed_for_a_free_one(home: Path):
    # Given a home whose remembered port another program listens on
    first = services(home).start()
    services(home).stop()
    port = int((home / "run" / "postgres.port").read_text())
    with socket.create_server(("127.0.0.1", port)):
        second = services(home).start()

    assert second.database_url != first.database_url
    assert query(second, "SELECT 1") == 1


def test_a_home_deleted_under_running_servers_is_begun_anew(home: Path):
    services(home).start()
    orphans = [psutil.Process(server["pid"]) for server in services(home).status().values()]
    shutil.rmtree(home)

    endpoints = services(home).start()

    with client(endpoints) as server:
        assert server.dbsize() == 0
    assert processes.wait_gone(orphans, 30) == []


def test_a_set_up_that_was_interrupted_is_begun_again(home: Path):
    torn = home / "postgres" / "data.new"
    torn.mkdir(parents=True)
    (torn / "PG_VERSION").write_text("18")

    endpoints = services(home).start()

    assert query(endpoints, "SELECT 1") == 1
    assert not torn.exists()


def test_erase_leaves_empty_servers_under_the_same_urls(home: Path):
    before = services(home).start()
    write(before)

    services(home).erase()

    after = services(home).endpoints()
    assert after.database_url == before.database_url
    assert query(after, "SELECT to_regclass('kept')") is None
    with client(after) as server:
        assert server.dbsize() == 0


def test_servers_the_settings_name_are_used_and_never_touched(
    home: Path, servers: Endpoints, tmp_path: Path
):
    given = Services(
        load_settings(
            home=tmp_path / "unused",
            database_url=servers.database_url,
            redis_url=servers.redis_url,
        )
    )

    assert given.start().database_url == servers.database_url
    assert given.stop() == []
    assert given.erase() == []

    assert query(servers, "SELECT 1") == 1
    assert not (tmp_path / "unused").exists()
    status = given.status()
    assert [server["embedded"] for server in status.values()] == [False, False]
    assert [server["running"] for server in status.values()] == [True, True]


def test_one_server_may_be_given_and_the_other_embedded(home: Path, servers: Endpoints):
    mixed = Services(load_settings(home=home, database_url=servers.database_url))

    endpoints = mixed.start()

    assert endpoints.database_url == servers.database_url
    assert endpoints.redis_url != servers.redis_url
    assert mixed.stop() == ["redis"]
    assert not (home / "postgres").exists()


def test_nobody_gets_in_without_the_password(running: Path):
    endpoints = services(running).endpoints()
    host = endpoints.database_url.partition("?")[0]

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host, passfile="/dev/null")
    without = endpoints.redis_url.replace(endpoints.redis_url.split("@", maxsplit=1)[0], "redis://")
    with (
        contextlib.closing(redis.Redis.from_url(without.replace("//@", "//"))) as server,
        pytest.raises(redis.AuthenticationError),
    ):
        server.ping()


def test_passwords_are_for_their_owner_only_and_appear_nowhere_else(running: Path):
    # Given running servers
    endpoints = services(running).endpoints()
    secrets = {file: file.read_text().strip() for file in (running / "secrets").iterdir()}

    # Then nobody else can read the files they are in
    for file in [*secrets, running / "redis" / "valkey.conf"]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    passwords = {secrets[running / "secrets" / name] for name in ("postgres", "redis")}
    # and neither command lines nor logs nor what is shown contain them
    argv = [
        " ".join(psutil.Process(server["pid"]).cmdline())
        for server in services(running).status().values()
    ]
    logs = [file.read_text() for file in (running / "logs").iterdir()]
    for text in [*argv, *logs, repr(endpoints), str(endpoints), endpoints.database_url]:
        assert not any(password in text for password in passwords)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can run servers as somebody else")
def test_root_runs_both_servers_as_nobody_in_a_folder_nobody_may_enter(running: Path):
    for server in services(running).status().values():
        assert psutil.Process(server["pid"]).uids().real == machine.NOBODY
    assert stat.S_IMODE(running.parent.stat().st_mode) == 0o700


def test_the_servers_are_set_up_for_loading_and_for_keeping(running: Path):
    endpoints = services(running).endpoints()

    settings = {
        name: query(endpoints, f"SHOW {name}")
        for name in ("fsync", "wal_level", "jit", "timezone", "data_checksums")
    }
    assert settings == {
        "fsync": "on",
        "wal_level": "minimal",
        "jit": "off",
        "timezone": "UTC",
        "data_checksums": "on",
    }
    query(endpoints, "CREATE EXTENSION btree_gist")
    with client(endpoints) as server:
        kept = server.config_get("append*")
        assert (kept["appendonly"], kept["appendfsync"]) == ("yes", "everysec")
        assert server.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def refusal_full_disk(monkeypatch: pytest.MonkeyPatch, home: Path) -> str:
    monkeypatch.setattr(machine, "free_disk_mb", lambda _folder: 5)
    return "5 MB left"


def refusal_other_version(monkeypatch: pytest.MonkeyPatch, home: Path) -> str:
    services(home).start()
    services(home).stop()
    (home / "postgres" / "data" / "PG_VERSION").write_text("12\n")
    return "made by PostgreSQL 12"


def refusal_no_program(monkeypatch: pytest.MonkeyPatch, home: Path) -> str:
    monkeypatch.setattr(machine, "find_spec", lambda _name: None)
    return "FARM_DATABASE_URL"


def refusal_broken_configuration(monkeypatch: pytest.MonkeyPatch, home: Path) -> str:
    services(home).start()
    services(home).stop()
    (home / "postgres" / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")
    return "postgres.log"


@pytest.mark.parametrize(
    "cause",
    [
        refusal_full_disk,
        refusal_other_version,
        refusal_no_program,
        refusal_broken_configuration,
    ],
)
def test_a_start_that_cannot_succeed_says_why_in_one_line(
    cause: Callable[[pytest.MonkeyPatch, Path], str],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    reason = cause(monkeypatch, home)

    with pytest.raises(ServiceUnavailable, match=reason) as refused:
        services(home).start()

    assert len(str(refused.value).splitlines()) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, with room for a server and little else."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs rights this user does not have")
    yield folder
    services(folder / "home").stop()
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_stops_the_server_once_and_costs_no_committed_row(small_disk: Path):
    # Given a server whose disk fills up until not even its log can grow
    home = small_disk / "home"
    endpoints = services(home).start()
    query(endpoints, "CREATE TABLE kept AS SELECT n FROM generate_series(1, 1000) AS n")
    postmaster = psutil.Process(services(home).status()["postgres"]["pid"])
    filler = small_disk / "filler"
    with filler.open("wb") as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(2**20))
            file.flush()
    with pytest.raises(psycopg.OperationalError):
        query(
            endpoints,
            "SELECT count(pg_logical_emit_message(false, 'x', repeat('x', 1000000)))"
            " FROM generate_series(1, 100)",
        )

    # Then it is down, not starting and falling again, and says so when started
    assert processes.wait_gone([postmaster], 60) == []
    with pytest.raises(ServiceUnavailable, match="free some space"):
        services(home).start()

    # When there is space again, nothing is lost
    filler.unlink()
    assert query(services(home).start(), "SELECT count(*) FROM kept") == 1000
