"""The worker processes of one farm on this machine: one Celery worker and its pool."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
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
from farm.settings.settings import PREFIX, Settings

APP = "farm.tasks.app"
#: Becomes a Celery worker when it is told where the servers are.
_STANDBY = "farm.tasks.standby"
_KILL_TIMEOUT_S = 10.0
_POLL_S = 0.05


def worker_command(
    concurrency: int,
    hostname: str = "worker@%h",
    *,
    program: str = "celery",
    events: bool = True,
    log_level: str = "info",
) -> list[str]:
    """Return the command of a Celery worker with a pool of this many processes.

    ``program`` is the module that becomes it.

    Without ``events`` nothing is told to Flower until one that is running asks for it, which it
    does every five seconds; telling nobody costs as much as a tenth of the work.
    """
    return [
        *(sys.executable, "-m", program, "-A", APP, "worker"),
        *(f"--concurrency={concurrency}", "--pool=prefork", f"--hostname={hostname}"),
        *(f"--loglevel={log_level.upper()}", "--without-mingle", "--without-gossip"),
        *(["--events"] if events else []),
    ]


class WorkerGroup:
    """One Celery worker with `processes` pool processes, started by this process and ended by it.

    The servers' URLs travel through a pipe, never in argv. The record in `FARM_HOME/run` lets
    the next command end a group whose command was killed. Starting again after an unexpected death
    is the caller's decision.

    Args:
        settings: what the workers are to have; their URLs do not matter.
        endpoints: asked where the servers are when workers are to begin.
        processes: of the pool.
    """

    def __init__(
        self, settings: Settings, endpoints: Callable[[], Endpoints], processes: int
    ) -> None:
        self._settings = settings.model_copy(
            update={"workers": processes, "database_url": None, "redis_url": None}
        )
        self._endpoints = endpoints
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

    def stand_by(self) -> None:
        """Let the workers import and plan what was announced, before there are servers.

        First those that a command that was killed left behind here are ended. If this process
        ends before `start`, they end too.
        """
        if self.alive():
            return
        self._collect()
        self.end_stale()
        self._home.begin_log("worker")
        settings = self._settings
        command = worker_command(
            settings.workers,
            program=_STANDBY,
            events=flower_runs(settings),
            log_level=settings.log_level,
        )
        with self.log_file.open("ab") as log:
            self._child = subprocess.Popen(
                command,
                env=settings.environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if record := Record.of(self._child.pid):
            record.write(self._record_file)

    def start(self) -> None:
        """Start the workers, or let those that stand by begin."""
        self.stand_by()
        if self._child is None or self._child.stdin is None or self._child.stdin.closed:
            return
        found = self._endpoints()
        urls = {"database_url": found.database_url, "redis_url": found.redis_url}
        told = json.dumps({PREFIX + name.upper(): url for name, url in urls.items()})
        # Whether they are alive is for the caller to see.
        with contextlib.suppress(BrokenPipeError), self._child.stdin as pipe:
            pipe.write(f"{told}\n".encode())

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
        if self._child is None:
            return True
        members = self._members()
        if self.alive():
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
            if self._child.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    self._child.stdin.close()


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
