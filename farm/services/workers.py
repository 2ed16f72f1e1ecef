"""The worker processes of one farm on this machine: one Celery worker and its pool."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from farm.services.endpoints import Endpoints
from farm.services.home import Home
from farm.services.processes import (
    Record,
    is_alive,
    rss_mb,
    send,
    session_members,
    wait_gone,
)
from farm.settings.settings import Settings

APP = "farm.tasks.app"
_KILL_TIMEOUT_S = 10.0
_POLL_S = 0.05


def worker_command(
    concurrency: int,
    hostname: str = "worker@%h",
    *,
    events: bool = True,
    log_level: str = "info",
) -> list[str]:
    """Return the command of a Celery worker with a pool of this many processes.

    Without ``events`` nothing is told to Flower until one that is running asks for it, which it
    does every five seconds; telling nobody costs as much as a tenth of the work.
    """
    return [
        *(sys.executable, "-m", "celery", "-A", APP, "worker"),
        *(f"--concurrency={concurrency}", "--pool=prefork", f"--hostname={hostname}"),
        *(f"--loglevel={log_level.upper()}", "--without-mingle", "--without-gossip"),
        *(["--events"] if events else []),
    ]


class WorkerGroup:
    """One Celery worker with `processes` pool processes, started by this process and ended by it.

    The servers' URLs travel in the environment, never in argv. The record in `FARM_HOME/run` lets
    the next command end a group whose command was killed. Starting again after an unexpected death
    is the caller's decision.
    """

    def __init__(self, settings: Settings, endpoints: Endpoints, processes: int) -> None:
        self._settings = settings
        self._endpoints = endpoints
        self._processes = processes
        self._home = Home(settings.home)
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def log_file(self) -> Path:
        """Return the file with the workers' output."""
        return self._home.log_file("worker")

    @property
    def pid(self) -> int | None:
        """Return the pid of the Celery worker; None when it was not started."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the workers; first end those a command that was killed left behind here."""
        if self.alive():
            return
        self._collect()
        self.end_stale()
        self._home.begin_log("worker")
        settings = self._settings.with_servers(
            database_url=self._endpoints.database_url, redis_url=self._endpoints.redis_url
        ).model_copy(update={"workers": self._processes})
        with self.log_file.open("ab") as log:
            self._child = subprocess.Popen(
                worker_command(
                    self._processes, events=flower_runs(settings), log_level=settings.log_level
                ),
                env=settings.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if record := Record.of(self._child.pid):
            record.write(self._record_file)

    def alive(self) -> bool:
        """Return whether the Celery worker runs."""
        return self._child is not None and self._child.poll() is None

    def exit_code(self) -> int | None:
        """Return what the Celery worker ended with: negative for a signal, None while it runs."""
        return self._child.poll() if self._child else None

    def rss_mb(self) -> float:
        """Return the resident memory of the worker and its pool, in MiB.

        Pages shared by several processes count for each of them.
        """
        return rss_mb(self._members())

    def processes(self) -> list[int]:
        """Return the pids of the worker and its pool."""
        return [process.pid for process in self._members()]

    def stop(self, grace_s: float) -> bool:
        """End the workers: finish running chunks for up to `grace_s`, then kill what is left.

        Returns whether all ended by themselves. A killed chunk is made again later.
        """
        members = self._members()
        if self._child is not None and self.alive():
            self._child.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + grace_s
            while self.alive() and time.monotonic() < deadline:
                time.sleep(_POLL_S)
        tidy = not self.alive()
        left = {process.pid: process for process in (*members, *self._members())}
        kill_all(list(left.values()))
        self._collect()
        self._record_file.unlink(missing_ok=True)
        return tidy

    def end_stale(self) -> int:
        """Kill the workers an earlier, killed command of this home left; return how many.

        What they were doing is made again.
        """
        record = Record.read(self._record_file)
        members = list(session_members(record)) if record else []
        kill_all(members)
        self._record_file.unlink(missing_ok=True)
        return len(members)

    @property
    def _record_file(self) -> Path:
        return self._home.run / "worker.json"

    def _members(self) -> list[psutil.Process]:
        record = Record.read(self._record_file) if self._child else None
        if record is None or self._child is None or record.pid != self._child.pid:
            return []
        return list(session_members(record))

    def _collect(self) -> None:
        """Take in the exit code of a child that has ended."""
        if self._child is not None:
            self._child.wait(_KILL_TIMEOUT_S)


def kill_all(processes: Sequence[psutil.Process]) -> None:
    """Kill processes, and wait until they are gone."""
    living = [process for process in processes if is_alive(process)]
    for process in living:
        with contextlib.suppress(psutil.AccessDenied):
            send(process, signal.SIGKILL)
    wait_gone(living, _KILL_TIMEOUT_S)


def recorded_workers(settings: Settings) -> list[int]:
    """Return the pids of this home's workers that are alive, whoever started them.

    Records of workers that have ended are removed.
    """
    pids: set[int] = set()
    for file in Home(settings.home).run.glob("worker*.json"):
        record = Record.read(file)
        alive = {process.pid for process in session_members(record)} if record else set()
        if record is not None and record.process() is not None:
            alive.add(record.pid)
        if not alive:
            file.unlink(missing_ok=True)
        pids |= alive
    return sorted(pids)


def record_this_process(settings: Settings) -> None:
    """Record this process as a worker of the home: `farm worker` becomes one."""
    record = Record.of(os.getpid())
    if record is not None:
        record.write(Home(settings.home).run / f"worker-{record.pid}.json")


def record_this_flower(settings: Settings) -> None:
    """Record this process as Flower of the home: workers that start here tell it everything."""
    record = Record.of(os.getpid())
    if record is not None:
        record.write(_flower_file(settings))


def flower_runs(settings: Settings) -> bool:
    """Return whether Flower of this home is running."""
    record = Record.read(_flower_file(settings))
    return record is not None and record.process() is not None


def _flower_file(settings: Settings) -> Path:
    return Home(settings.home).run / "flower.json"
