from __future__ import annotations

import numpy as np
import pytest

from farm.domain import water
from farm.domain.world import Stage
from tests.reference.small_farm import biology

#: mg/L at 35 PSU and in fresh water (Garcia & Gordon 1992 on Benson & Krause).
SATURATION = {
    4: (10.35, 13.11),
    6: (9.87, 12.45),
    8: (9.43, 11.84),
    10: (9.02, 11.29),
    12: (8.65, 10.78),
    14: (8.30, 10.31),
    16: (7.98, 9.87),
}

MID_MONTHS = np.array([15.7 + 30.4375 * month for month in range(12)])


@pytest.mark.parametrize(("temperature", "expected"), SATURATION.items())
def test_saturated_water_holds_the_tabulated_oxygen(temperature, expected):
    found = water.oxygen_saturation(float(temperature), np.array([35.0, 0.0]))
    np.testing.assert_allclose(found, expected, atol=0.01)


@pytest.mark.parametrize("geography", ["FO", "SC"])
def test_the_annual_cycle_passes_through_the_monthly_means(geography):
    expected = water.expected_temperature(biology(), geography, Stage.ADULT, MID_MONTHS)
    np.testing.assert_allclose(expected, biology().water.sea[geography].temperature, atol=0.1)


@pytest.mark.parametrize(("geography", "swing"), [("FO", (4.0, 5.0)), ("SC", (6.0, 7.0))])
def test_the_sea_swings_as_much_as_it_does_there(geography, swing):
    year = water.expected_temperature(biology(), geography, Stage.ADULT, np.arange(1, 366))
    assert swing[0] <= year.max() - year.min() <= swing[1]
    # Nothing jumps, not even at New Year.
    assert np.abs(np.diff([*year, year[0]])).max() < 0.08


def test_stations_are_planned_at_their_set_points():
    found = water.expected_temperature(biology(), "FO", Stage.FRY, np.array([1, 180]))
    assert found.tolist() == [biology().water.fresh.temperature.fry] * 2


def test_there_is_no_fresh_water_for_adults():
    with pytest.raises(ValueError, match="at sea"):
        water.fresh_setpoint(biology().water.fresh, Stage.ADULT)


def test_recirculated_water_follows_the_season_less_than_water_that_flows_through():
    fresh = biology().water.fresh
    days = np.arange(1, 366)
    ras = water.fresh_season(fresh, "ras", days)
    flow = water.fresh_season(fresh, "flow_through", days)
    assert np.ptp(ras) < np.ptp(flow)
    assert int(days[flow.argmax()]) == fresh.warmest_day


def test_small_fish_and_warm_water_cost_more_oxygen():
    respiration = biology().water.respiration
    warmth = water.breathing_warmth(respiration, np.array([10.0, 10.0, 15.0]))
    demand = water.oxygen_demand(respiration, 15.0, np.array([1000.0, 100.0, 1000.0]), warmth, 2.0)
    assert demand[0] == pytest.approx(respiration.rate * 15 / 1000)
    assert demand[1] > demand[0]
    assert demand[2] > demand[0]
