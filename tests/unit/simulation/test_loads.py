"""Whole fish, and not a gram lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farm.simulation.loads import counts_of, parts, weights_of


def test_eggs_are_spread_in_proportion_to_capacity():
    assert parts(100, [10, 30, 60]) == [10, 30, 60]
    assert parts(10, [1, 1, 1]) == [3, 3, 4]


def test_shares_are_of_those_present_and_the_last_takes_the_rest():
    assert counts_of(1_000, [0.25, 0.25], whole=False) == [250, 250]
    assert counts_of(1_000, [0.25, 0.7], whole=True) == [250, 750]
    assert counts_of(0, [0.5, 0.5], whole=True) == [0, 0]


@given(
    present=st.integers(0, 500_000),
    shares=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6),
    whole=st.booleans(),
)
def test_nobody_is_counted_twice(present, shares, whole):
    counts = counts_of(present, [share / len(shares) for share in shares], whole=whole)
    assert min(counts) >= 0
    assert sum(counts) <= present
    assert not whole or sum(counts) == present


@given(
    weight=st.floats(0.1, 6_000),
    counts=st.lists(st.integers(0, 100_000), min_size=1, max_size=6),
    relative=st.floats(1.0, 1.6),
)
def test_graded_fish_weigh_together_what_they_weighed_before(weight, counts, relative):
    sizes = [relative if number % 2 else 2.0 - relative for number in range(len(counts))]
    weights = weights_of(weight, counts, sizes)
    grams = sum(count * mean for count, mean in zip(counts, weights, strict=True))
    assert grams == pytest.approx(sum(counts) * weight, rel=1e-12)


def test_one_grade_alone_is_not_graded():
    assert weights_of(20.0, [7, 0], [1.15, 0.85])[0] == pytest.approx(20.0)
