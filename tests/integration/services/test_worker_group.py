"""A group of workers: alive until stopped, gone when stopped, found again after a crash."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from farm.services.endpoints import Endpoints
from farm.services.processes import Record, is_alive
from farm.services.workers import WorkerGroup, recorded_workers
from farm.settings.settings import Settings, load_settings

pytestmark = pytest.mark.services
PATIENCE_S = 60


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home", log_level="info")  # says when it is ready


@pytest.fixture
def group(settings: Settings, servers: Endpoints) -> Iterator[WorkerGroup]:
    """A started group of two pool processes."""
    made = WorkerGroup(settings, lambda: servers, 2)
    made.start()
    try:
        until(lambda: b"ready." in made.log_file.read_bytes(), made)
        yield made
    finally:
        made.stop(0)


def until(condition: Callable[[], bool], group: WorkerGroup) -> None:
    began = time.monotonic()
    while not condition():
        assert group.alive(), group.log_file.read_text()
        assert time.monotonic() - began < PATIENCE_S
        time.sleep(0.02)


def test_a_group_is_one_worker_and_its_pool_and_says_what_memory_they_use(
    group: WorkerGroup, settings: Settings
):
    assert group.alive()
    assert len(group.processes()) == 3
    assert group.rss_mb() > 30
    assert recorded_workers(settings) == sorted(group.processes())


def test_the_servers_passwords_are_in_no_command_line_and_no_log(
    group: WorkerGroup, servers: Endpoints
):
    password = servers.redis_url.split(":")[2].split("@")[0]

    assert len(password) > 16
    for pid in group.processes():
        assert password not in " ".join(psutil.Process(pid).cmdline())
    assert password not in group.log_file.read_text()


def test_a_stopped_group_leaves_no_process_and_no_record(group: WorkerGroup, settings: Settings):
    members = [psutil.Process(pid) for pid in group.processes()]

    assert group.stop(PATIENCE_S)

    assert not any(is_alive(member) for member in members)
    assert not group.alive()
    assert group.exit_code() == 0
    assert recorded_workers(settings) == []


def test_a_group_that_does_not_end_in_time_is_killed(group: WorkerGroup):
    # Given a worker that hears nothing any more
    members = [psutil.Process(pid) for pid in group.processes()]
    psutil.Process(group.pid).suspend()

    # When it is given no time
    tidy = group.stop(0)

    # Then it is gone nevertheless, with its pool
    assert not tidy
    assert not any(is_alive(member) for member in members)


def test_a_worker_that_dies_is_noticed_and_its_pool_is_ended_by_the_next_start(group: WorkerGroup):
    # Given a worker killed from outside, whose stopped pool cannot notice
    pool = [psutil.Process(pid) for pid in group.processes() if pid != group.pid]
    for member in pool:
        member.suspend()
    psutil.Process(group.pid).send_signal(signal.SIGKILL)
    began = time.monotonic()
    while group.alive():
        assert time.monotonic() - began < PATIENCE_S
    assert group.exit_code() == -signal.SIGKILL

    # When the group is started again
    group.start()

    # Then the old pool is gone and the new group lives
    assert not any(is_alive(member) for member in pool)
    assert group.alive()


def test_workers_of_a_command_that_was_killed_are_ended_by_the_next_one(
    group: WorkerGroup, settings: Settings, servers: Endpoints
):
    members = [psutil.Process(pid) for pid in group.processes()]

    ended = WorkerGroup(settings, lambda: servers, 1).end_stale()

    assert ended == len(members)
    assert not any(is_alive(member) for member in members)


def test_a_recycled_pid_is_never_signalled(settings: Settings, servers: Endpoints):
    # Given a record whose number belongs to another process by now: this one
    file = settings.home / "run" / "worker.json"
    Record(os.getpid(), create_time=1.0).write(file)

    # When the stale workers are ended
    ended = WorkerGroup(settings, lambda: servers, 1).end_stale()

    # Then nobody was hurt, and the record is gone
    assert ended == 0
    assert not file.exists()


def test_a_torn_record_counts_as_none(settings: Settings, servers: Endpoints):
    file = settings.home / "run" / "worker.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"pid": 12')

    assert recorded_workers(settings) == []
    assert WorkerGroup(settings, lambda: servers, 1).end_stale() == 0


def test_workers_that_stand_by_begin_when_there_are_servers(settings: Settings, servers: Endpoints):
    # Given workers that were started before anybody can say where the servers are
    known: list[Endpoints] = []
    group = WorkerGroup(settings, known.pop, 1)
    try:
        group.stand_by()
        standing_by = group.pid

        # When there are servers
        known.append(servers)
        group.start()

        # Then these very workers begin
        until(lambda: b"ready." in group.log_file.read_bytes(), group)
        assert group.pid == standing_by
        assert len(group.processes()) == 2
    finally:
        group.stop(0)


def test_workers_that_stand_by_end_when_nobody_needs_them(settings: Settings):
    # Given workers that stand by for servers
    group = WorkerGroup(settings, list[Endpoints]().pop, 1)
    group.stand_by()
    waiting = psutil.Process(group.pid)
    assert group._child is not None
    assert group._child.stdin is not None

    # When the run they were started for is over before there are any
    group._child.stdin.close()

    # Then they end by themselves
    assert waiting.wait(PATIENCE_S) == 0
    group.stop(0)
    assert recorded_workers(settings) == []


def test_a_group_that_was_never_started_leaves_the_record_of_others(
    group: WorkerGroup, settings: Settings, servers: Endpoints
):
    WorkerGroup(settings, lambda: servers, 1).stop(0)

    assert recorded_workers(settings) == sorted(group.processes())
