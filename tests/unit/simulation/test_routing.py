"""Who goes where: every fish once, in order, a day's work a day."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farm.simulation.routing import Leg, Lot, Source, Target, route


def sources(*amounts: float) -> list[Source]:
    return [Source(number, amount, amount) for number, amount in enumerate(amounts)]


def targets(number: int, first: int = 100) -> list[Target]:
    return [Target(first + n) for n in range(number)]


def pairs(legs: list[Leg]) -> list[tuple[int, int, int]]:
    return [(leg.day, leg.source, leg.target) for leg in legs]


def test_as_many_targets_as_sources_are_filled_one_from_one():
    legs = route(sources(0.5, 0.5), [Lot(1.0, targets(2))], 1)
    assert pairs(legs) == [(0, 0, 100), (0, 1, 101)]
    assert [leg.share for leg in legs] == [1.0, 1.0]


def test_a_move_of_several_days_empties_one_source_after_another():
    legs = route(sources(*[0.25] * 4), [Lot(1.0, targets(6))], 3)
    assert [leg.day for leg in legs] == sorted(leg.day for leg in legs)
    assert [leg.source for leg in legs] == sorted(leg.source for leg in legs)
    assert [leg.target for leg in legs] == sorted(leg.target for leg in legs)
    by_day: dict[int, float] = defaultdict(float)
    for leg in legs:
        by_day[leg.day] += leg.amount
    assert list(by_day.values()) == pytest.approx([1 / 3] * 3)


def test_days_are_cut_between_targets_where_there_are_enough_of_them():
    legs = route(sources(0.5, 0.5), [Lot(1.0, targets(5))], 3)
    days = defaultdict(set)
    for leg in legs:
        days[leg.target].add(leg.day)
    assert all(len(of_target) == 1 for of_target in days.values())


def test_a_single_target_may_be_filled_over_days():
    legs = route(sources(1.0), [Lot(1.0, targets(1))], 4)
    assert pairs(legs) == [(day, 0, 100) for day in range(4)]
    assert [leg.share for leg in legs] == pytest.approx([1 / 4, 1 / 3, 1 / 2, 1.0])


def test_lots_take_their_shares_of_the_same_fish():
    lots = [Lot(0.6, targets(3), 1.1), Lot(0.4, targets(2, 200), 0.85)]
    legs = route(sources(0.5, 0.5), lots, 2)
    large = sum(leg.amount for leg in legs if leg.target < 200)
    assert large == pytest.approx(0.6)
    assert {leg.relative_weight for leg in legs if leg.target < 200} == {1.1}
    for day in (0, 1):
        today = [leg for leg in legs if leg.day == day]
        share = sum(leg.amount for leg in today if leg.target < 200) / sum(
            leg.amount for leg in today
        )
        assert share == pytest.approx(0.6)


def test_a_split_leaves_the_rest_in_every_source():
    half_full = [Source(n, 0.25, 0.1) for n in range(4)]
    legs = route(half_full, [Lot(1.0, targets(2))], 2)
    for source in half_full:
        assert sum(leg.amount for leg in legs if leg.source == source.key) == pytest.approx(0.1)
    assert sum(leg.share for leg in legs if leg.source == 0) == pytest.approx(0.4)


def test_nobody_sends_for_the_last_basketful():
    # Given a source that ends a hair behind the end of a target
    legs = route(sources(0.502, 0.498), [Lot(1.0, targets(2))], 2)
    # Then it is emptied with that target
    assert pairs(legs) == [(0, 0, 100), (1, 1, 101)]


@given(
    amounts=st.lists(st.floats(0.05, 1.0), min_size=1, max_size=14),
    rooms=st.lists(st.floats(0.5, 2.0), min_size=1, max_size=20),
    smaller=st.integers(0, 8),
    leaves=st.floats(0.1, 1.0),
    days=st.integers(1, 10),
)
def test_every_fish_that_leaves_arrives_once(amounts, rooms, smaller, leaves, days):
    given_sources = [Source(n, amount, amount * leaves) for n, amount in enumerate(amounts)]
    lots = [Lot(1.0, [Target(100 + n, room) for n, room in enumerate(rooms)])]
    if smaller:
        lots = [Lot(0.5, lots[0].targets, 1.2), Lot(0.5, targets(smaller, 500), 0.8)]
    legs = route(given_sources, lots, days)

    holds = dict(enumerate(amounts))
    for (before, after), leg in zip(pairwise([legs[0], *legs]), legs, strict=True):
        assert (before.day, before.source) <= (after.day, after.source)
        assert 0 < leg.share <= 1
        assert 0 <= leg.day < days
    for day in range(days):
        morning = dict(holds)
        for leg in (leg for leg in legs if leg.day == day):
            assert leg.amount == pytest.approx(leg.share * morning[leg.source], abs=1e-7)
            holds[leg.source] -= leg.amount
    for number, amount in enumerate(amounts):
        assert holds[number] == pytest.approx(amount * (1 - leaves), abs=1e-6)
    assert {leg.target for leg in legs} == {t.key for lot in lots for t in lot.targets}
