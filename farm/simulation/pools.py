"""Containers that can be booked: which are free, and which to take.

Days are whole numbers from the first day of the horizon. What has been booked stays booked through
its cleaning or fallow days.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray


class HallPool:
    """All containers of one stage in one geography, on land."""

    def __init__(self, containers: Sequence[tuple[int, int]], cleaning: int, days: int) -> None:
        """Take (hall id, container id) pairs in order, and the days that can be booked."""
        self.containers = tuple(containers)
        self._cleaning = cleaning
        self._busy = np.zeros((len(containers), days), dtype=bool)

    def free(self, start: int, end: int) -> NDArray[np.int64]:
        """Return the positions of the containers free from ``start`` to before ``end``."""
        return np.flatnonzero(~self._busy[:, start : end + self._cleaning].any(axis=1))

    def choose(self, free: NDArray[np.int64], wanted: int) -> list[int]:
        """Return ``wanted`` of the free positions: of one hall, the fullest that has room.

        Where no hall has room for all, those with most room are filled first.
        """
        halls = [list(group) for _, group in groupby(free, key=lambda p: self.containers[p][0])]
        fitting = [hall for hall in halls if len(hall) >= wanted]
        if fitting:
            return [int(p) for p in min(fitting, key=len)[:wanted]]
        emptiest_first = sorted(halls, key=len, reverse=True)
        return [int(p) for hall in emptiest_first for p in hall][:wanted]

    def book(self, positions: Sequence[int], start: int, end: int) -> list[int]:
        """Book containers from ``start`` to before ``end``; return their ids."""
        self._busy[list(positions), start : end + self._cleaning] = True
        return [self.containers[p][1] for p in positions]


class SitePool:
    """The sea sites of one geography: booked whole, for one generation at a time."""

    def __init__(self, sites: Sequence[Sequence[int]], fallow: int, days: int) -> None:
        """Take the pens' container ids by site, and the days that can be booked."""
        self.sites = tuple(tuple(pens) for pens in sites)
        self._fallow = fallow
        self._busy = np.zeros((len(sites), days), dtype=bool)
        self._last_used = [-1] * len(sites)

    def wanted(self, pens: int) -> int:
        """Return how many sites that many pens take."""
        return -(-pens // len(self.sites[0]))

    def free(self, start: int, end: int) -> NDArray[np.int64]:
        """Return the positions of the sites free from ``start`` to before ``end``."""
        return np.flatnonzero(~self._busy[:, start : end + self._fallow].any(axis=1))

    def choose(self, free: NDArray[np.int64], wanted: int) -> list[int]:
        """Return ``wanted`` of the free positions: the sites that have lain fallow longest."""
        return sorted((int(p) for p in free), key=lambda p: (self._last_used[p], p))[:wanted]

    def book(self, position: int, start: int, end: int) -> None:
        """Book a site from ``start`` to before ``end``."""
        self._busy[position, start : end + self._fallow] = True
        self._last_used[position] = max(self._last_used[position], end)
