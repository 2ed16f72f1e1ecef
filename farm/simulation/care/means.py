"""Means over fish, of what is known of groups of them."""

from __future__ import annotations

import numpy as np

from farm.simulation.frame import Floats, Integers


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
