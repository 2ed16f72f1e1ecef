"""Whence the fish of a day's arrivals came, all of them in one row."""

from __future__ import annotations

from typing import Self

import numpy as np

from farm.simulation.frame import Integers
from farm.simulation.process import Arrival


class Came:
    """The containers that fish came from: arrival by arrival, its own for fish of before last.

    Attributes:
        arrivals: how many.
        start: where the containers of each arrival begin.
        source: the containers; -1 stands for eggs from outside.
        fish: how many from each of them.
        known_fish: likewise, without the eggs.
    """

    def __init__(self, arrivals: int, target: Integers, source: Integers, fish: Integers) -> None:
        order = target.argsort(kind="stable")
        self.arrivals = arrivals
        self.source, self.fish = source[order], fish[order]
        self.known_fish = self.fish * (self.source >= 0)
        self._arrival = target[order]
        self.start = self._arrival.searchsorted(np.arange(arrivals))

    @classmethod
    def of(cls, arrival: Arrival) -> Self:
        """Return whence the fish of today's arrivals came."""
        arrivals = arrival.container.size
        return cls(
            arrivals,
            np.concatenate((arrival.target, np.arange(arrivals))),
            np.concatenate((arrival.source, arrival.container)),
            np.concatenate((arrival.count, arrival.before)),
        )

    def first_of_most(self, fish: Integers) -> Integers:
        """Return for each arrival where in the row the most fish stand, the first such place."""
        most = np.maximum.reduceat(fish, self.start)
        where = (fish == most[self._arrival]).nonzero()[0]
        return np.asarray(where[where.searchsorted(self.start)])
