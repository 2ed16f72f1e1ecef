"""docker-compose.yml as somebody uses it: build, up, sessions, workers that come and go, down."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from farm.db.leaf import Leaf
from farm.db.tables import MONTHLY_TABLES
from farm.domain.calendar import Month
from tests.engine.holding import rendering_held_back
from tests.engine.stack import PASSWORD, Stack

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(900)]

GOLDEN = Path(__file__).parent.parent / "golden" / "smoke.json"
SERVICES = {"postgres", "redis", "coordinator", "worker", "flower"}


@pytest.fixture(scope="module")
def stack(image: str) -> Iterator[Stack]:
    """Everything up and healthy, with three workers."""
    made = Stack(image)
    try:
        made.compose("up", "--detach", "--wait", "--scale", "worker=3")
        yield made
    finally:
        made.down()


@pytest.fixture(scope="module")
def finished(stack: Stack) -> Stack:
    """The stack after all four sessions; the last one lost a worker, shrank and grew again."""
    for session in (1, 2, 3):
        stack.farm("submit-session", str(session), "--scenario", "smoke", "--wait")
    with rendering_held_back(stack.database_url()) as waiting:
        stack.farm("submit-session", "4")
        assert len({running.host for running in waiting(3)}) == 3
        killed, stopped, _ = (worker["Id"] for worker in stack.containers("worker"))
        stack.docker("kill", "--signal", "KILL", killed)
        stack.docker("stop", stopped)
        ended = {each["Id"]: each["State"]["ExitCode"] for each in stack.containers("worker")}
        assert ended[killed] == 137
        assert ended[stopped] == 0, "docker stop had to kill a worker"
        stack.compose("up", "--detach", "--no-recreate", "--scale", "worker=1")
    stack.compose("up", "--detach", "--no-recreate", "--wait", "--scale", "worker=3")
    stack.farm("submit-session", "4", "--wait")
    return stack


def test_everything_comes_up_healthy_with_as_many_workers_as_asked_for(stack: Stack):
    containers = stack.containers()
    services = [each["Config"]["Labels"]["com.docker.compose.service"] for each in containers]
    assert set(services) == SERVICES
    assert services.count("worker") == 3
    assert {each["State"]["Health"]["Status"] for each in containers} == {"healthy"}


def test_nobody_is_root_or_can_become_root_or_writes_to_an_image(stack: Stack):
    for container in stack.containers():
        assert stack.docker("exec", container["Id"], "id", "-u").strip() != "0"
        host = container["HostConfig"]
        assert host["ReadonlyRootfs"]
        assert host["CapDrop"] == ["ALL"]
        assert "no-new-privileges:true" in host["SecurityOpt"]


def test_nothing_is_published_beyond_this_machine(stack: Stack):
    published = [
        binding["HostIp"]
        for container in stack.containers()
        for bindings in container["NetworkSettings"]["Ports"].values()
        for binding in bindings or ()
    ]
    assert published == ["127.0.0.1"] * 2


def test_workers_that_die_stop_and_return_leave_the_same_data_as_an_undisturbed_run(
    finished: Stack,
):
    status = finished.json("status")
    assert [session["status"] for session in status["sessions"]] == ["completed"] * 4
    assert finished.json("digest") == json.loads(GOLDEN.read_text())


def test_by_month_tables_are_hypertables_with_a_chunk_for_each_month(finished: Stack):
    with psycopg.connect(finished.database_url()) as connection:
        months = connection.execute("SELECT DISTINCT month FROM ops.month ORDER BY 1").fetchall()
        chunks = connection.execute(
            "SELECT hypertable_name, chunk_name, range_start::date"
            " FROM timescaledb_information.chunks"
        ).fetchall()
    assert sorted(chunks) == sorted(
        (name, Leaf(name, Month.of(day)).name, day) for name in MONTHLY_TABLES for (day,) in months
    )


def test_flower_lets_nobody_in_without_the_password(stack: Stack):
    for path in ("/", "/tasks", "/api/tasks"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            ask_flower(stack, path, password=None)
        refused.value.close()
        assert refused.value.code == 401


def test_flower_shows_addresses_and_finds_them_by_batch(finished: Stack):
    tasks = json.loads(ask_flower(finished, "/api/tasks", search="batch=SC-2017-01", limit="500"))

    assert tasks
    for task in tasks.values():
        assert task["name"] == "farm.render"
        assert task["kwargs"].startswith("session=")
        assert " batch=SC-2017-01 month=" in task["kwargs"]


def ask_flower(stack: Stack, path: str, *, password: str | None = PASSWORD, **query: Any) -> str:
    """Return Flower's answer."""
    url = f"http://{stack.address('flower', 5555)}{path}?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(url)
    if password is not None:
        token = base64.b64encode(f"farm:{password}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        text: str = answer.read().decode()
    return text
