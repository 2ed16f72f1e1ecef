"""Crash points for the fault tests: off unless FARM_FAULT names one.

``FARM_FAULT=mid_copy:1/FO-2015-07/2016-03:2`` kills the process that reaches this point with this
chunk, twice; later arrivals pass. The chunk may hold ``*`` for any letters. How often it struck is
kept in a file, so that it stays true across the processes that died of it.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path

from farm.domain.address import ChunkAddress
from farm.errors import SettingsInvalid


class Point(StrEnum):
    """The places in the life of a chunk at which a crash has its own consequences."""

    AFTER_CLAIM = "after_claim"  #: claimed, nothing made
    MID_COPY = "mid_copy"  #: in the transaction, some tables copied
    BEFORE_COMMIT = "before_commit"  #: rows written, marker made, neither committed
    AFTER_COMMIT = "after_commit"  #: committed, Redis does not know, message not acknowledged
    AFTER_LEDGER = "after_ledger"  #: Redis knows, message not acknowledged


#: Called with the name of a Point and the chunk that reached it.
OnPoint = Callable[[str, ChunkAddress], None]


def pass_by(_point: str, _chunk: ChunkAddress) -> None:
    """Do nothing: what every process without a fault calls at its points."""


def die() -> None:
    """End this process as the kernel would: no handler, no goodbye."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Fault:
    """A crash at one point for the chunks that match, ``count`` times over all processes."""

    point: Point
    chunk: str
    count: int
    tally: Path
    strike: Callable[[], None] = die

    @classmethod
    def parse(cls, text: str, home: Path) -> Fault:
        """Return the fault written as ``point:chunk:count``; raises SettingsInvalid otherwise."""
        parts = text.split(":")
        known = ", ".join(Point)
        if len(parts) != 3 or parts[0] not in list(Point) or not parts[1] or not parts[2].isdigit():
            raise SettingsInvalid(
                f"FARM_FAULT: write point:chunk:count with a point out of {known}, not {text!r}"
            )
        name = re.sub(r"[^A-Za-z0-9_-]", "_", text)
        return cls(Point(parts[0]), parts[1], int(parts[2]), home / "faults" / name)

    def __call__(self, point: str, chunk: ChunkAddress) -> None:
        """Strike if this is the point, the chunk is meant and the count is not used up."""
        if point == self.point and fnmatchcase(str(chunk), self.chunk) and self._counts():
            self.strike()

    def _counts(self) -> bool:
        """Take one of the strikes that are left, if any; several processes may ask at once."""
        self.tally.parent.mkdir(parents=True, exist_ok=True)
        with self.tally.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if file.tell() >= self.count:
                return False
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
            return True


def armed(text: str | None, home: Path) -> OnPoint:
    """Return what to call at every point under this setting."""
    return pass_by if text is None else Fault.parse(text, home)
