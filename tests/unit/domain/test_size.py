"""How unequal fish are: what people do with groups keeps number, mean and variance together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farm.domain.size import drifted, mixed, stretched, within
from farm.simulation.loads import weights_of

groups = st.lists(
    st.tuples(st.integers(0, 500_000), st.floats(0.1, 6_000), st.floats(0.01, 0.5)),
    min_size=1,
    max_size=6,
)


def test_fish_drift_to_their_level_and_never_beyond():
    cv = 0.12
    for _ in range(60):
        before, cv = cv, drifted(cv, 0.24, 60.0)
        assert before < cv < 0.24
    # After one time constant a share of 1/e of the gap is left.
    assert (0.24 - cv) / 0.12 == pytest.approx(math.exp(-1), rel=1e-9)


def test_equal_groups_put_together_are_as_unequal_as_each():
    assert mixed([100, 300], [50.0, 50.0], [0.2, 0.2]) == pytest.approx(0.2, rel=1e-12)


def test_groups_of_different_means_are_more_unequal_together():
    # Half of 80 g, half of 120 g, all alike within: 20 of 100 g apart.
    assert mixed([10, 10], [80.0, 120.0], [0.0, 0.0]) == pytest.approx(0.2)


def test_no_fish_are_not_unequal():
    assert mixed([0, 0], [80.0, 120.0], [0.2, 0.2]) == 0.0


@given(groups)
def test_the_variance_of_groups_put_together_is_that_of_all_their_fish(given_groups):
    counts, weights, cvs = zip(*given_groups, strict=True)
    if not sum(counts):
        return
    share = np.array(counts) / sum(counts)
    mean = share @ np.array(weights)
    square = share @ (np.square(weights) * (1 + np.square(cvs)))
    expected = math.sqrt(max(square - mean * mean, 0.0)) / mean
    assert mixed(counts, weights, cvs) == pytest.approx(expected, rel=1e-4, abs=1e-6)


@given(
    weight=st.floats(1.0, 100.0),
    counts=st.lists(st.integers(1, 200_000), min_size=2, max_size=5),
    cv=st.floats(0.1, 0.35),
    apart=st.floats(0.0, 0.79),
)
def test_the_parts_of_a_grading_give_back_the_whole(weight, counts, cv, apart):
    # Given a grading into parts that lie at most as far apart as halves of a normal distribution
    planned = [1.0 + apart * 0.2 * (1 if number % 2 else -1) for number in range(len(counts))]

    # When fish of another CV are graded
    weights = weights_of(weight, counts, stretched(planned, cv, 0.2))
    inside = within(counts, [each / weight for each in weights], cv)

    # Then each part is less unequal than the whole, and together they are as unequal as before
    assert inside <= cv
    assert mixed(counts, weights, [inside] * len(counts)) == pytest.approx(cv, rel=1e-9)


def test_a_cut_at_the_median_leaves_what_farms_find_after_a_grading():
    # Half and half of a normal distribution lie 0.798 standard deviations from its mean.
    parts = stretched([1 + 0.798 * 0.24, 1 - 0.798 * 0.24], 0.26, 0.24)
    assert 0.12 <= within([1, 1], parts, 0.26) <= 0.18


def test_fish_that_are_not_sorted_stay_as_they_are():
    assert within([70, 30], [1.0, 1.0], 0.21) == pytest.approx(0.21)
    assert within([0], [1.0], 0.21) == 0.21


def test_parts_further_apart_than_the_whole_is_wide_are_all_alike():
    assert within([1, 1], [0.5, 1.5], 0.2) == 0.0
