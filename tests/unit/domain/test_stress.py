from __future__ import annotations

import numpy as np
import pytest

from farm.domain import stress
from tests.reference.small_farm import biology

RULES = biology().events.stress


@pytest.mark.parametrize(("temperature", "low", "high"), [(7, 38, 42), (18, 55, 60)])
def test_the_limiting_saturation_is_the_measured_one(temperature, low, high):
    # Remen et al. 2013, 2016
    assert low <= stress.limiting_saturation(RULES, temperature) <= high


def test_good_water_kills_nobody_and_bad_water_the_more_the_worse():
    hazard = stress.oxygen_hazard(RULES, np.array([95.0, 75.0, 50.0, 45.0]), 10.0)
    assert hazard[:2].tolist() == [0.0, 0.0]
    assert 0 < hazard[2] < hazard[3] < 0.05


def test_warm_water_needs_more_oxygen():
    assert stress.oxygen_hazard(RULES, 52.0, 16.0) > stress.oxygen_hazard(RULES, 52.0, 8.0)


def test_heat_kills_above_its_threshold_only():
    hazard = stress.heat_hazard(RULES, np.array([5.0, RULES.heat_from, 18.0, 22.0]))
    assert hazard[:2].tolist() == [0.0, 0.0]
    assert 0 < hazard[2] < hazard[3] < 0.02
