from __future__ import annotations

import numpy as np
import pytest

from farm.domain import feeding, growth
from tests.reference.small_farm import biology

#: Percent of biomass a day at 6, 10 and 13 degrees (TGC 2.8) and the conversion that goes with it.
RATES = {
    100: (0.95, (1.04, 1.73, 2.25)),
    5000: (1.2, (0.35, 0.59, 0.77)),
}


@pytest.mark.parametrize(("weight", "row"), RATES.items())
def test_feeding_rates_are_those_of_the_closed_form(weight, row):
    fcr, expected = row
    after = growth.next_weight(float(weight), 2.8, np.array([6.0, 10.0, 13.0]))
    found = feeding.specific_feeding_rate(fcr, float(weight), after)
    np.testing.assert_allclose(found, expected, atol=0.03)


def test_conversion_rises_with_size_and_stays_within_what_farms_report():
    weights = np.array([0.17, 5.0, 50.0, 300.0, 800.0, 2000.0, 5000.0])
    found = feeding.Conversion(biology().feeding, "FO").at(weights)
    assert np.all(np.diff(found) > 0)
    lowest = [0.65, 0.75, 0.8, 0.85, 0.85, 1.0, 1.1]
    highest = [0.8, 0.95, 1.0, 1.1, 1.05, 1.15, 1.35]
    assert np.all(found >= lowest)
    assert np.all(found <= highest)


def test_fish_need_oxygen_to_eat():
    parameters = biology().feeding
    saturation = np.array([parameters.oxygen_none - 5, parameters.oxygen_none, 60.0, 100.0])
    found = feeding.oxygen_factor(parameters, saturation)
    assert found[0] == found[1] == 0
    assert 0 < found[2] < 1
    assert found[3] == 1


def test_a_full_container_gets_no_feed_for_growth():
    found = feeding.crowding_factor(biology().feeding, np.array([0.5, 0.95, 1.0, 1.2]))
    assert found[0] == 1
    assert 0 < found[1] < 1
    assert found[2:].tolist() == [0, 0]


def test_feed_is_whole_grams_and_never_negative():
    grams = feeding.ration_g(np.array([1000, 1000]), np.array([0.1234, -0.5]), 1.1)
    assert grams.dtype == np.int64
    assert grams.tolist() == [136, 0]
