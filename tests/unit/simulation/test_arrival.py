"""What newcomers and the fish of before have together."""

from __future__ import annotations

import numpy as np
import pytest

from farm.simulation.care.means import mean_per_fish
from farm.simulation.process import Arrival, Rates, Signs


def arrival() -> Arrival:
    """Return 30 fish of container 0, 10 of 1 into 3, which held 60, and 50 eggs into 4."""

    def whole(*numbers: int) -> np.ndarray:
        return np.asarray(numbers, dtype=np.int64)

    return Arrival(
        container=whole(3, 4),
        assignment=whole(13, 14),
        batch=whole(1, 2),
        stage=whole(2, 1),
        born=whole(700_000, 700_100),
        before=whole(60, 0),
        source=whole(0, 1, -1),
        target=whole(0, 0, 1),
        count=whole(30, 10, 50),
        rates=Rates(5, 0),
        signs=Signs(5, 0),
    )


def test_fish_that_are_mixed_have_the_mean_of_all_of_them_and_eggs_have_nothing():
    values = np.asarray([1.0, 2.0, 9.0, 0.5, 7.0])
    assert arrival().mixed(values).tolist() == pytest.approx([(30 + 20 + 30) / 100, 0.0])


def test_many_values_are_mixed_row_by_row():
    values = np.random.default_rng(1).random((4, 3, 5))
    together = arrival().mixed(values)
    assert together.shape == (4, 3, 2)
    for row in np.ndindex(4, 3):
        assert together[row].tolist() == arrival().mixed(values[row]).tolist()


def test_a_mean_per_fish_is_the_weighted_average_of_numpy():
    chances = np.random.default_rng(2)
    values, fish = chances.random(37), chances.integers(1, 1_000_000, 37)
    assert mean_per_fish(values, fish) == float(np.average(values, weights=fish))
