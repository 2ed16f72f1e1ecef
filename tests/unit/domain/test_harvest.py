"""A catch is sorted by the distribution of its pen, and nothing is lost over it."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from farm.domain.harvest import (
    Condition,
    Quality,
    gutted_share,
    qualities,
    size_classes,
    wanted,
    whole_fish,
)
from farm.domain.quantity import PLAIN
from farm.settings.scenarios import load_scenario
from tests.reference import harvest_lots as plain_lots

HARVEST = load_scenario("smoke", Path(__file__).parents[3] / "config").biology.harvest
SOUND = (0.0, 0.0, 0.0, 0.5)


def one(value: float) -> np.ndarray:
    return np.asarray([value])


def condition(*catches: tuple[float, float, float, float]) -> Condition:
    """What is found of catches: wounded, scarred, sick, side effects."""
    return Condition(*np.asarray(catches).T)


def classes(weight_g: float, cv: float, gutted: float) -> dict[str, tuple[float, float]]:
    """The share and the mean weight of each class that a single catch has fish of."""
    found = size_classes(HARVEST.grades, one(weight_g), one(cv), one(gutted))
    rows = zip(HARVEST.grades.names, found.share[0], found.mean_weight_g[0], strict=True)
    return {name: (share, mean) for name, share, mean in rows if share}


def shares(found: tuple[float, float, float, float], size=1.0, luck=0.0) -> dict[Quality, float]:
    """The shares of the qualities in one class of a single catch."""
    of_all = qualities(HARVEST.grades, condition(found), np.asarray([[size]]), one(luck))
    return dict(zip(Quality, of_all[0, 0].tolist(), strict=True))


def parted(fish: int, parts: list[float], chance: float) -> list[int]:
    """The fish of a single catch."""
    return list(map(int, whole_fish(np.asarray([fish]), np.asarray([parts]), one(chance))[0]))


def test_weight_classes_are_those_of_the_trade():
    assert HARVEST.grades.names == (
        "0-1", "1-2", "2-3", "3-4", "4-5", "5-6", "6-7", "7-8", "8-9", "9+",
    )  # fmt: skip


def test_a_market_that_wants_less_than_its_lightest_is_refused():
    market = HARVEST.markets["FO"]
    with pytest.raises(ValidationError, match="must rise"):
        type(market).model_validate(
            {
                **market.model_dump(),
                "target": 100.0,
            },
            context=PLAIN,
        )


def test_orders_lie_within_the_window_of_the_market():
    market = HARVEST.markets["SC"]
    found = [wanted(market, 0.05, score) for score in range(-8, 9)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (market.lightest, market.heaviest)
    assert wanted(market, 0.05, 0.0) == market.target


def test_gutting_leaves_what_the_handbooks_say():
    weight, score, luck = np.meshgrid((3_000.0, 5_000.0, 7_000.0), (0.0, 2.0), (-1.0, 0.0, 1.0))
    found = gutted_share(HARVEST.gutting, weight, score, luck)
    assert 0.82 <= found.min() < found.max() <= 0.86
    usual = gutted_share(HARVEST.gutting, one(5_000.0), one(0.0), one(0.0))
    assert usual.tolist() == [HARVEST.gutting.share]


@given(weight=st.floats(500, 9_000), cv=st.floats(0.05, 0.45), gutted=st.floats(0.8, 0.88))
def test_the_classes_are_all_of_the_fish_and_all_of_their_weight(weight, cv, gutted):
    found = classes(weight, cv, gutted).values()
    assert math.fsum(share for share, _ in found) == pytest.approx(1.0)
    assert math.fsum(share * mean for share, mean in found) == pytest.approx(weight, rel=1e-9)
    assert all(low < high for (_, low), (_, high) in pairwise(found))


def test_fish_of_a_class_weigh_what_its_name_says():
    for name, (_, mean_weight_g) in classes(5_500.0, 0.26, 0.84).items():
        low, _, high = name.partition("-")
        gutted_kg = 0.84 * mean_weight_g / 1000
        assert float(low.rstrip("+")) <= gutted_kg <= float(high or 20)


def test_shares_are_those_of_a_drawn_pen():
    rng = np.random.default_rng(1)
    sigma = math.sqrt(math.log1p(0.26**2))
    drawn = 0.84 * 5.5 * np.exp(sigma * rng.standard_normal(200_000) - sigma * sigma / 2)
    for name, (share, _) in classes(5_500.0, 0.26, 0.84).items():
        low, _, high = name.partition("-")
        expected = ((drawn >= float(low.rstrip("+"))) & (drawn < float(high or 99))).mean()
        assert share == pytest.approx(expected, abs=0.004)


def test_fish_that_are_all_alike_are_of_one_class():
    assert classes(5_000.0, 0.0, 0.84) == {"4-5": (1.0, 5_000.0)}


def test_most_fish_of_a_sound_pen_are_superior():
    found = shares(SOUND)
    assert 0.9 <= found[Quality.SUPERIOR] <= 0.97
    assert math.fsum(found.values()) == pytest.approx(1.0)


def test_wounds_and_scars_are_paid_for_at_slaughter():
    sound, wounded, scarred = shares(SOUND), shares((0.2, 0, 0, 0.5)), shares((0, 0.2, 0, 0.5))
    assert wounded[Quality.PRODUCTION] > sound[Quality.PRODUCTION] + 0.15
    assert scarred[Quality.ORDINARY] > sound[Quality.ORDINARY] + 0.05
    assert scarred[Quality.SUPERIOR] < sound[Quality.SUPERIOR] - 0.15


def test_runts_are_downgraded_more_often():
    small, large = (shares(SOUND, size) for size in (0.5, 1.5))
    assert small[Quality.PRODUCTION] > 2 * large[Quality.PRODUCTION]


@given(
    found=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 6)),
    size=st.floats(0.1, 3.0),
    luck=st.floats(-5, 5),
)
def test_qualities_are_shares_whatever_is_found(found, size, luck):
    of_all = shares(found, size, luck).values()
    assert all(0.0 <= share <= 1.0 for share in of_all)
    assert math.fsum(of_all) == pytest.approx(1.0)


@given(
    fish=st.integers(0, 300_000),
    parts=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_every_fish_is_in_one_lot(fish, parts, chance):
    counts = parted(fish, [share + 1e-6 for share in parts], chance)
    assert sum(counts) == fish
    assert min(counts) >= 0


def test_small_shares_get_their_fish_now_and_then():
    found = [parted(10, [0.96, 0.04], chance / 100)[1] for chance in range(100)]
    assert set(found) == {0, 1}
    assert np.mean(found) == pytest.approx(0.4, abs=0.02)


def test_nobody_is_in_a_lot_that_has_no_share():
    assert parted(7, [0.1, 0.0, 0.2, 0.0], 0.5) == [2, 0, 5, 0]


CATCHES = st.lists(
    st.tuples(
        st.floats(300, 12_000),
        st.one_of(st.just(0.0), st.floats(0.02, 0.6)),
        st.floats(0.78, 0.9),
        st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 6)),
        st.floats(-4, 4),
        st.integers(1, 90_000),
        st.floats(0, 1, exclude_max=True),
    ),
    min_size=1,
    max_size=6,
)


@given(CATCHES)
def test_catches_are_sorted_at_once_as_each_is_by_itself_to_the_last_bit(catches):
    grades = HARVEST.grades
    weight, cv, gutted, found, luck, fish, chance = zip(*catches, strict=True)
    sizes = size_classes(grades, *map(np.asarray, (weight, cv, gutted)))
    relative = np.where(sizes.share > 0, sizes.mean_weight_g / np.asarray(weight)[:, None], 1.0)
    sorted_ = qualities(grades, condition(*found), relative, np.asarray(luck))
    parts = (sizes.share[..., None] * sorted_).reshape(len(catches), -1)
    counts = whole_fish(np.asarray(fish), parts, np.asarray(chance))
    for row in range(len(catches)):
        plain = plain_lots.sizes(grades, weight[row], cv[row], gutted[row])
        shares, lots = [], []
        for name, (share, mean) in plain.items():
            at = grades.names.index(name)
            assert (sizes.share[row, at], sizes.mean_weight_g[row, at]) == (share, mean)
            of_class = plain_lots.qualities(grades, found[row], mean / weight[row], luck[row])
            assert sorted_[row, at].tolist() == list(of_class.values())
            shares += [share * each for each in of_class.values()]
            lots += [3 * at, 3 * at + 1, 3 * at + 2]
        expected = np.zeros(parts.shape[1], dtype=int)
        expected[lots] = plain_lots.whole_fish(fish[row], shares, chance[row])
        assert counts[row].tolist() == expected.tolist()
