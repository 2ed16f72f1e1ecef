from __future__ import annotations

import numpy as np
import pytest

from farm.domain import growth
from farm.domain.world import Stage
from tests.reference.small_farm import biology


def test_growth_gives_back_the_coefficient_it_was_made_with():
    # Given a fish of 120 g, 462 days at 10.5 degrees and a TGC of 2.78
    weight = 120.0
    for _ in range(462):
        weight = growth.next_weight(weight, 2.78, 10.5)

    # Then it has the weight that the best cycle of W Scotland reached
    assert weight == pytest.approx(6250, rel=0.01)


def test_growth_is_elementwise():
    weights = growth.next_weight(
        np.array([1.0, 1000.0]), np.array([1.0, 2.0]), np.array([0.0, 10.0])
    )
    assert weights[0] == pytest.approx(1.0)
    assert weights[1] == pytest.approx((10 + 0.02) ** 3)


def test_fish_do_not_shrink_in_freezing_water():
    assert growth.next_weight(8.0, 2.0, -1.0) == pytest.approx(8.0)


def test_warm_water_bends_growth_down_to_nothing():
    warm_water = growth.WarmWater(biology().growth)
    factor = warm_water.factor(1000.0, np.array([4.0, 10.0, 18.0, 22.0, 25.0]))
    assert factor[:2].tolist() == [1.0, 1.0]
    assert 0 < factor[2] < 1
    assert factor[3:] == pytest.approx([0.0, 0.0], abs=1e-12)


@pytest.mark.parametrize(("grams", "least", "most"), [(150.0, 12, 15), (4000.0, 10, 13.5)])
def test_growth_itself_is_fastest_where_it_was_measured_to_be(grams, least, most):
    # Handeland et al. 2008: 12 to 15 °C below 1 kg; above 2 kg 10 to 13 °C, give or take
    celsius = np.linspace(0.0, 23.0, 2301)
    rate = celsius * growth.WarmWater(biology().growth).factor(grams, celsius)
    assert least <= round(float(celsius[rate.argmax()]), 2) <= most
    # And it rises and falls without a kink
    assert np.abs(np.diff(rate[rate > 0], 2)).max() < 1e-3


def test_large_fish_suffer_from_warmth_before_small_ones():
    warm_water = growth.WarmWater(biology().growth)
    small, large = warm_water.factor(np.array([500.0, 4000.0]), 14.0)
    assert large < small


def test_the_season_takes_as_much_as_it_gives():
    year = [growth.seasonal_factor(biology().growth, day) for day in range(1, 366)]
    assert np.mean(year) == pytest.approx(1.0, abs=1e-3)
    assert year.index(max(year)) + 1 == pytest.approx(biology().growth.seasonal_peak, abs=1)


def test_a_setback_heals_in_a_straight_line():
    left = growth.setback_factor(0.5, 10.0, np.array([0, 5, 10, 50]))
    np.testing.assert_allclose(left, [0.5, 0.75, 1.0, 1.0])


@pytest.mark.parametrize("geography", ["FO", "SC"])
def test_coefficients_are_in_grams_and_rise_through_life_on_land(geography):
    fed = [biology().growth.tgc(geography, stage) for stage in Stage if stage.is_fed]
    assert fed == sorted(fed)
    assert 2.2 <= fed[-1] <= 3.4
