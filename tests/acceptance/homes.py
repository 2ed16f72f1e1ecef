"""A farm in a home of its own, driven by its commands as a user would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis

#: Longer than any smoke run takes on a busy machine; only a hang reaches it.
PATIENCE_S = 150

#: A run that only makes the data. How a whole run ends has tests of its own.
MAKE = ("run", "--no-validate", "--no-report")


class Home:
    """One FARM_HOME with its embedded servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        clean = {k: v for k, v in os.environ.items() if not k.startswith("FARM_")}
        self.environment = {**clean, "FARM_HOME": str(folder)}

    def start(self, *args: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command and return it."""
        return subprocess.Popen(
            [sys.executable, "-m", "farm", *args],
            env={**self.environment, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    def farm(self, *args: str, code: int = 0, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end and check its exit code."""
        process = self.start(*args, **settings)
        out, err = process.communicate(timeout=PATIENCE_S)
        done = subprocess.CompletedProcess(process.args, process.returncode, out, err)
        assert done.returncode == code, f"farm {' '.join(args)} → {done.returncode}\n{out}\n{err}"
        return done

    def json(self, *args: str) -> Any:
        """Run a command with --json and return what it printed."""
        return json.loads(self.farm(*args, "--json").stdout)

    def digest(self) -> Any:
        """Return the digest of everything generated."""
        return self.json("digest")

    def connect(self) -> psycopg.Connection[Any]:
        """Connect to the home's PostgreSQL."""
        url = self.json("services", "status")["postgres"]["url"]
        return psycopg.connect(url, autocommit=True)

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.connect() as connection:
            return connection.execute(query).fetchall()

    def flush_redis(self) -> None:
        """Lose everything Redis holds."""
        url = self.json("services", "status")["redis"]["url"]
        redis.Redis.from_url(url).flushall()

    def markers(self) -> dict[str, tuple[Any, ...]]:
        """Return each committed chunk's hash and the moment of its commit."""
        rows = self.sql(
            "SELECT session || ':' || chunk, sha256, committed_at FROM ops.chunk_commit"
        )
        return {row[0]: row[1:] for row in rows}

    def stop(self) -> None:
        """Stop the home's servers."""
        self.farm("services", "stop")


def until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait for a condition while a process lives; fail when it ends first."""
    began = time.monotonic()
    while not condition():
        assert process.poll() is None, f"ended too early: {process.communicate()}"
        assert time.monotonic() - began < PATIENCE_S, "waited too long"


def kill_tree(process: subprocess.Popen[str]) -> int:
    """SIGKILL a command and all its descendants at once; return how many there were."""
    root = psutil.Process(process.pid)
    family = [root, *root.children(recursive=True)]
    for member in family:
        member.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, timeout=PATIENCE_S)
    process.communicate()
    return len(family)
