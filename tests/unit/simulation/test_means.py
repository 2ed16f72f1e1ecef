"""Means over fish: of several values at once what they are one by one, to the last bit."""

from __future__ import annotations

import numpy as np

from farm.simulation.care.means import mean_of_some, mean_per_fish, means_per_fish


def test_means_of_several_values_are_those_of_each():
    chance = np.random.default_rng(3)
    for groups in range(1, 40):
        of_all = chance.random((5, 60))
        here = np.sort(chance.choice(60, groups, replace=False))
        fish = chance.integers(1, 90_000, groups)

        found = means_per_fish(of_all.take(here, axis=1), fish)

        assert found == [mean_per_fish(row[here], fish) for row in of_all]


def test_the_mean_of_some_is_that_of_all_where_it_is_about_all_of_them():
    values, fish = np.asarray([1.0, 2.0, 4.0]), np.asarray([10, 10, 20])
    some, all_ = np.asarray([True, True, False]), np.asarray([True] * 3)

    mean = mean_per_fish(values, fish)
    assert mean_of_some(all_, values, fish, mean) == mean == 2.75
    assert mean_of_some(some, values, fish, mean) == 1.5
    assert mean_of_some(~all_, values, fish, mean, none=-1.0) == -1.0
