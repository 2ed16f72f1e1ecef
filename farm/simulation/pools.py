"""Containers that can be booked: which are free, and which to take.

Days are whole numbers from the first day of the horizon. What has been booked stays booked through
its cleaning or fallow days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

#: From a day to before another.
Span = tuple[int, int]


class HallPool:
    """All containers of one stage in one geography, on land."""

    def __init__(self, containers: Sequence[tuple[int, int]], cleaning: int, days: int) -> None:
        """Take (hall id, container id) pairs in order, and the days that can be booked."""
        self.containers = tuple(containers)
        self.cleaning = cleaning
        self._busy = np.zeros((len(containers), days), dtype=bool)

    def find(self, spans: Sequence[Span], near: Iterable[int]) -> list[int]:
        """Return the positions of free containers for these spans, in their order.

        In a hall that is in ``near`` if one has room for all, else in the fullest hall that has,
        else wherever there is room. Fewer positions than spans mean that there is not enough.
        """
        whole = self._free(min(start for start, _ in spans), max(end for _, end in spans))
        halls = {
            hall: list(group) for hall, group in groupby(whole, key=lambda p: self.containers[p][0])
        }
        fitting = [hall for hall in halls if len(halls[hall]) >= len(spans)]
        if fitting:
            known = set(near)
            best = min(fitting, key=lambda hall: (hall not in known, len(halls[hall]), hall))
            return halls[best][: len(spans)]
        if len(whole) >= len(spans):
            emptiest_first = sorted(halls.values(), key=len, reverse=True)
            return [p for hall in emptiest_first for p in hall][: len(spans)]
        return self._one_by_one(spans)

    def book(self, position: int, span: Span) -> None:
        """Book a container that `find` named."""
        self._busy[position, span[0] : span[1] + self.cleaning] = True

    def give_back(self, position: int, span: Span) -> None:
        """Take back what `book` did."""
        self._busy[position, span[0] : span[1] + self.cleaning] = False

    def _free(self, start: int, end: int) -> list[int]:
        taken = self._busy[:, start : end + self.cleaning].any(axis=1)
        found: list[int] = np.flatnonzero(~taken).tolist()
        return found

    def _one_by_one(self, spans: Sequence[Span]) -> list[int]:
        chosen: list[int] = []
        for start, end in spans:
            free = [p for p in self._free(start, end) if p not in chosen]
            if not free:
                break
            chosen.append(free[0])
        return chosen


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
