"""Means over fish, of what is known of groups of them."""

from __future__ import annotations

import numpy as np

from farm.simulation.frame import Bools, Floats, Integers


def mean_per_fish(values: Floats, fish: Integers) -> float:
    """Return the mean over all fish of some groups, given the mean and the number of each.

    What `numpy.average` returns, without its checks, which take longer than the sums.
    """
    return float(np.add.reduce(values * fish) / np.add.reduce(fish, dtype=float))


def means_per_fish(values: Floats, fish: Integers) -> list[float]:
    """Return `mean_per_fish` of several values of the same groups, one row of ``values`` each.

    Rows must lie in memory one after the other, as `numpy.take` leaves them: sums depend on it.
    """
    sums = np.add.reduce(values * fish, axis=1)
    means: list[float] = (sums / np.add.reduce(fish, dtype=float)).tolist()
    return means


def mean_of_some(
    some: Bools, values: Floats, fish: Integers, of_all: float, *, none: float = 0.0
) -> float:
    """Return `mean_per_fish` of some of the groups, given that of all; ``none`` without any."""
    groups = np.count_nonzero(some)
    if groups == some.size:
        return of_all
    return mean_per_fish(values[some], fish[some]) if groups else none
