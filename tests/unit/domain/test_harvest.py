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

HARVEST = load_scenario("smoke", Path(__file__).parents[3] / "config").biology.harvest
SOUND = Condition(wounded=0.0, scarred=0.0, sick=0.0, side_effects=0.5)


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
    shares = [
        gutted_share(HARVEST.gutting, weight, score, luck)
        for weight in (3_000.0, 5_000.0, 7_000.0)
        for score in (0.0, 2.0)
        for luck in (-1.0, 0.0, 1.0)
    ]
    assert 0.82 <= min(shares) < max(shares) <= 0.86
    assert gutted_share(HARVEST.gutting, 5_000.0, 0.0, 0.0) == HARVEST.gutting.share


@given(weight=st.floats(500, 9_000), cv=st.floats(0.05, 0.45), gutted=st.floats(0.8, 0.88))
def test_the_classes_are_all_of_the_fish_and_all_of_their_weight(weight, cv, gutted):
    found = size_classes(HARVEST.grades, weight, cv, gutted)
    assert math.fsum(each.share for each in found) == pytest.approx(1.0)
    grams = math.fsum(each.share * each.mean_weight_g for each in found)
    assert grams == pytest.approx(weight, rel=1e-9)
    means = [each.mean_weight_g for each in found]
    assert all(low < high for low, high in pairwise(means))


def test_fish_of_a_class_weigh_what_its_name_says():
    for each in size_classes(HARVEST.grades, 5_500.0, 0.26, 0.84):
        low, _, high = each.name.partition("-")
        gutted_kg = 0.84 * each.mean_weight_g / 1000
        assert float(low.rstrip("+")) <= gutted_kg <= float(high or 20)


def test_shares_are_those_of_a_drawn_pen():
    rng = np.random.default_rng(1)
    sigma = math.sqrt(math.log1p(0.26**2))
    drawn = 0.84 * 5.5 * np.exp(sigma * rng.standard_normal(200_000) - sigma * sigma / 2)
    for each in size_classes(HARVEST.grades, 5_500.0, 0.26, 0.84):
        low, _, high = each.name.partition("-")
        share = ((drawn >= float(low.rstrip("+"))) & (drawn < float(high or 99))).mean()
        assert each.share == pytest.approx(share, abs=0.004)


def test_fish_that_are_all_alike_are_of_one_class():
    (only,) = size_classes(HARVEST.grades, 5_000.0, 0.0, 0.84)
    assert (only.name, only.share, only.mean_weight_g) == ("4-5", 1.0, 5_000.0)


def test_most_fish_of_a_sound_pen_are_superior():
    shares = qualities(HARVEST.grades, SOUND, 1.0, 0.0)
    assert 0.9 <= shares[Quality.SUPERIOR] <= 0.97
    assert math.fsum(shares.values()) == pytest.approx(1.0)


def test_wounds_and_scars_are_paid_for_at_slaughter():
    sound = qualities(HARVEST.grades, SOUND, 1.0, 0.0)
    wounded = qualities(HARVEST.grades, Condition(0.2, 0.0, 0.0, 0.5), 1.0, 0.0)
    scarred = qualities(HARVEST.grades, Condition(0.0, 0.2, 0.0, 0.5), 1.0, 0.0)
    assert wounded[Quality.PRODUCTION] > sound[Quality.PRODUCTION] + 0.15
    assert scarred[Quality.ORDINARY] > sound[Quality.ORDINARY] + 0.05
    assert scarred[Quality.SUPERIOR] < sound[Quality.SUPERIOR] - 0.15


def test_runts_are_downgraded_more_often():
    small, large = (qualities(HARVEST.grades, SOUND, size, 0.0) for size in (0.5, 1.5))
    assert small[Quality.PRODUCTION] > 2 * large[Quality.PRODUCTION]


@given(
    found=st.builds(Condition, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 6)),
    size=st.floats(0.1, 3.0),
    luck=st.floats(-5, 5),
)
def test_qualities_are_shares_whatever_is_found(found, size, luck):
    shares = qualities(HARVEST.grades, found, size, luck)
    assert all(0.0 <= share <= 1.0 for share in shares.values())
    assert math.fsum(shares.values()) == pytest.approx(1.0)


@given(
    fish=st.integers(0, 300_000),
    shares=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_every_fish_is_in_one_lot(fish, shares, chance):
    counts = whole_fish(fish, [share + 1e-6 for share in shares], chance)
    assert sum(counts) == fish
    assert min(counts) >= 0


def test_small_shares_get_their_fish_now_and_then():
    found = [whole_fish(10, [0.96, 0.04], chance / 100)[1] for chance in range(100)]
    assert set(found) == {0, 1}
    assert np.mean(found) == pytest.approx(0.4, abs=0.02)
