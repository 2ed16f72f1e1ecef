"""What embedded services keep in FARM_HOME besides data: ports, passwords, logs, a lock."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from farm.errors import ServiceUnavailable, SettingsInvalid
from farm.services.processes import write_whole

#: A server's log is set aside, once, when it is larger than this at a start.
_LOG_LIMIT_BYTES = 20 * 2**20


class Home:
    """The folder of one farm on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def run(self) -> Path:
        """Return the folder with ports and the records of running processes."""
        return self.folder / "run"

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the home while servers are started or stopped; another command waits its turn."""
        try:
            self.run.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.run / "services.lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise SettingsInvalid(
                f"FARM_HOME: {self.folder} cannot be used: {error.strerror or error}"
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def port(self, server: str) -> int | None:
        """Return the port a server used last; None when it never ran."""
        try:
            return int((self.run / f"{server}.port").read_text())
        except (OSError, ValueError):
            return None

    def remember_port(self, server: str, port: int) -> None:
        """Keep the port, so that the server's URL stays the same."""
        write_whole(self.run / f"{server}.port", f"{port}\n")

    def secret_file(self, name: str) -> Path:
        """Return the file of a secret; it need not exist."""
        return self.folder / "secrets" / name

    def secret(self, name: str) -> str | None:
        """Return a secret kept here, None when there is none.

        Raises ServiceUnavailable when it is another user's.
        """
        try:
            return self.secret_file(name).read_text().strip() or None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ServiceUnavailable(
                f"{self.secret_file(name)} cannot be read ({error.strerror}): "
                "run as the user who started the services"
            ) from None

    def new_secret(self, name: str, value: str) -> str:
        """Keep a secret for this user's eyes only, and return it."""
        file = self.secret_file(name)
        file.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        write_whole(file, f"{value}\n", mode=0o600)
        return value

    def log_file(self, server: str) -> Path:
        """Return the file a server's output is appended to."""
        return self.folder / "logs" / f"{server}.log"

    def begin_log(self, server: str) -> None:
        """Set an over-long log aside and note where the coming start's output begins."""
        file = self.log_file(server)
        file.parent.mkdir(parents=True, exist_ok=True)
        size = file.stat().st_size if file.exists() else 0
        if size > _LOG_LIMIT_BYTES:
            file.replace(file.with_suffix(".log.1"))
            size = 0
        write_whole(self.run / f"{server}.logmark", f"{size}\n")

    def log_of_this_start(self, server: str) -> str:
        """Return what a server has said since its last start."""
        try:
            mark = int((self.run / f"{server}.logmark").read_text())
            with self.log_file(server).open("rb") as log:
                log.seek(mark)
                return log.read().decode(errors="replace")
        except (OSError, ValueError):
            return ""


#: What a server says on the way to a start that goes well.
_HARMLESS = ("is starting up", "WARNING")


def last_words(said: str) -> str:
    """Return the line of a server's output that tells best why it ended."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for mark in ("FATAL:", "PANIC:", "error:", "ERROR:", "FATAL CONFIG FILE ERROR", "# "):
        for line in lines:
            if mark in line and not any(harmless in line for harmless in _HARMLESS):
                return line.partition(mark)[2].strip() or line
    return lines[-1] if lines else "it said nothing"
