"""Processes that outlive a command: started detached, recognised later, ended by pid only.

A pid alone says nothing once its process has ended and the number is used again. So a record
carries the start time as well, and a process is only ever signalled when both agree.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

#: Start times are read in clock ticks and rounded: two readings of one process agree within this.
_SAME_START_S = 1.0
_POLL_S = 0.02

#: Runs "$@" in the background of a shell that ends at once: the server belongs to no command, keeps
#: no terminal and leaves no zombie behind. Its pid is all the shell prints.
_DETACH = 'log=$1; shift; "$@" >>"$log" 2>&1 </dev/null & echo $!'


@dataclass(frozen=True, slots=True)
class Record:
    """A process that was started: its number and when it began, in seconds since 1970."""

    pid: int
    create_time: float

    @classmethod
    def of(cls, pid: int) -> Record | None:
        """Return the record of a living process, None when there is none."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return None

    @classmethod
    def read(cls, file: Path) -> Record | None:
        """Read a record; None when there is none or it is torn."""
        try:
            data = json.loads(file.read_text())
            return cls(int(data["pid"]), float(data["create_time"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, file: Path) -> None:
        """Write the record, whole or not at all."""
        write_whole(file, json.dumps(asdict(self)))

    def process(self) -> psutil.Process | None:
        """Return the living process of this record; None when it ended or the pid is another's."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.create_time) < _SAME_START_S
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None


def start_detached(
    command: Sequence[str], *, log: Path, folder: Path, env: Mapping[str, str] | None = None
) -> Record:
    """Start a command in a session of its own, its output appended to a log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    started = subprocess.run(
        ["/bin/sh", "-c", _DETACH, "sh", str(log), *command],
        cwd=folder,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    pid = int(started.stdout)
    return Record.of(pid) or Record(pid, 0.0)  # 0: it has ended already


def server_in(folder: Path, name: str) -> psutil.Process | None:
    """Return the server of this program name whose working folder this is.

    Both embedded servers change into their data folder: that identifies them for certain, also
    when the record of their start was lost or the machine's clock was set in between.
    """
    for process, lives_there in _servers_at(folder, name):
        if lives_there:
            return process
    return None


def orphans_of(folder: Path, name: str) -> list[psutil.Process]:
    """Return the servers whose data folder was deleted from here while they ran."""
    return [process for process, lives_there in _servers_at(folder, name) if not lives_there]


def _servers_at(folder: Path, name: str) -> Iterator[tuple[psutil.Process, bool]]:
    folder = folder.resolve()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.name() != name or process.status() == psutil.STATUS_ZOMBIE:
                continue
            parent = process.parent()
            if process.cwd() != str(folder) or (parent is not None and parent.name() == name):
                continue
            # The path of a deleted folder still reads as before; what it points at does not.
            there = folder.exists() and Path(f"/proc/{process.pid}/cwd").samefile(folder)
            yield process, there


def wait_gone(processes: Sequence[psutil.Process], timeout_s: float) -> list[psutil.Process]:
    """Wait until processes have ended; return those that have not."""
    deadline = time.monotonic() + timeout_s
    while left := [p for p in processes if is_alive(p)]:
        if time.monotonic() > deadline:
            return left
        time.sleep(_POLL_S)
    return []


def is_alive(process: psutil.Process | Record) -> bool:
    """Return whether a process still runs; one that ended and was not collected does not."""
    if isinstance(process, Record):
        return process.process() is not None
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def send(process: psutil.Process, number: signal.Signals) -> None:
    """Signal a process; one that has ended meanwhile is what the signal was for."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def session_members(record: Record) -> Iterator[psutil.Process]:
    """Yield the living processes of the session a recorded process leads, orphans included.

    Yields nothing when the leader's pid belongs to another process by now.
    """
    leader = Record.of(record.pid)
    if leader is not None and abs(leader.create_time - record.create_time) >= _SAME_START_S:
        return
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getsid(process.pid) != record.pid or not is_alive(process):
                continue
            if process.create_time() >= record.create_time - _SAME_START_S:
                yield process


def rss_mb(processes: Iterable[psutil.Process]) -> float:
    """Return the resident memory of processes together, in MiB."""
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            total += int(process.memory_info().rss)
    return total / 2**20


def write_whole(file: Path, text: str, *, mode: int = 0o644) -> None:
    """Write a small file so that a reader, or a crash, sees the old or the new one, never half."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)
