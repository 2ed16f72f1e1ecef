"""What the tasks of one worker process share: one farm, connected with the first task."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Callable

import psutil

from farm.bootstrap import Farm
from farm.services.processes import rss_mb

#: Objects made until the youngest are looked through for cycles, instead of 700: a chunk makes
#: thousands, and a plan a hundred thousand, of which hardly one is part of a cycle.
_COLLECT_AFTER = 20_000


def collect_rarely() -> None:
    """Let this process, and those it forks, look for garbage less often."""
    gc.set_threshold(_COLLECT_AFTER)


class WorkerProcess:
    """Opens the farm once per process; a process forked from one that has it opens its own."""

    def __init__(self, open_farm: Callable[[], Farm]) -> None:
        self._open_farm = open_farm
        self._farm: Farm | None = None
        self._owner = 0

    def farm(self) -> Farm:
        """Return this process's farm."""
        if self._farm is None or self._owner != os.getpid():
            self._farm, self._owner = self._open_farm(), os.getpid()
        return self._farm

    def close(self) -> None:
        """Close the connections; the next task opens others."""
        farm, self._farm = self._farm, None
        if farm is not None and self._owner == os.getpid():
            farm.close()

    def is_short_of_memory(self) -> bool:
        """Return whether the whole worker, this process among its pool, is over the limit."""
        try:
            parent = psutil.Process(os.getppid())
            used_mb = rss_mb([parent, *parent.children(recursive=True)])
        except psutil.Error:
            return False
        return used_mb > self.farm().settings.memory_limit_mb


def give_back_memory() -> None:
    """Hand back to the system what is free among the objects of this process.

    A session of a geography comes to hundreds of megabytes in arrays that are freed in no order;
    glibc would keep two thirds of that for good. Other C libraries are left alone.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
