from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from farm.domain import water, weather
from farm.domain.calendar import YEAR
from tests.reference.small_farm import biology

COMMON = biology().water.weather_common
SCORES = np.random.default_rng(1).standard_normal(200_000)


def test_wind_has_its_mean_and_its_spread():
    wind = weather.wind_speed(COMMON, 8.0, SCORES)
    assert wind.mean() == pytest.approx(8.0, rel=0.01)
    assert wind.std() / wind.mean() == pytest.approx(COMMON.wind_cv, rel=0.02)
    assert wind.min() >= 0


def test_half_of_all_days_are_dry_and_the_year_has_its_rain():
    other = np.random.default_rng(2).standard_normal(SCORES.size)
    day = np.arange(SCORES.size) % 365 + 1
    rain = weather.rain(COMMON, SCORES, other, day)
    assert (rain == 0).mean() == pytest.approx(0.5, abs=0.01)
    assert rain.mean() == pytest.approx(1.0, rel=0.02)
    assert np.corrcoef(SCORES, rain)[0, 1] > 0.4


def test_spring_tides_follow_the_new_moon():
    # The new moon of 20 March 2015, a solar eclipse over the Faroes; springs come a day or two on
    days = [date(2015, 3, d).toordinal() for d in range(14, 29)]
    strength = weather.spring_neap(0.3, days)
    assert date.fromordinal(days[int(strength.argmax())]).day in (20, 21, 22, 23)
    assert strength.max() == pytest.approx(1.3, abs=0.01)


def test_distances_are_those_on_a_map():
    # Tórshavn and Klaksvík are 27 km apart, Oban and Lerwick 474 km
    apart = weather.distances_km(
        np.array([62.01, 62.23, 56.41, 60.155]), np.array([-6.77, -6.59, -5.47, -1.145])
    )
    assert apart[0, 1] == pytest.approx(26, abs=2)
    assert apart[2, 3] == pytest.approx(487, abs=15)
    assert np.array_equal(apart, apart.T)
    assert not apart.diagonal().any()


def test_mixed_scores_have_the_correlation_of_their_distance():
    apart = np.array([[0.0, 10.0, 300.0], [10.0, 0.0, 290.0], [300.0, 290.0, 0.0]])
    lower = weather.mixing(apart, 100.0)
    scores = np.random.default_rng(3).standard_normal((100_000, 3))
    found = np.corrcoef(weather.mixed(lower, scores).T)
    np.testing.assert_allclose(
        found, np.where(apart > 0, 0.99 * np.exp(-apart / 100), 1), atol=0.01
    )


def test_places_side_by_side_have_a_field_too():
    lower = weather.mixing(np.zeros((4, 4)), 50.0)
    assert np.isfinite(lower).all()
    np.testing.assert_allclose(lower @ lower.T, np.where(np.eye(4) > 0, 1.0, 0.99), atol=1e-12)


def test_a_place_further_north_is_colder_and_an_open_one_evener():
    sea = biology().water.sea["SC"]
    days = np.arange(1, 366)
    shetland = water.normal_sea_temperature(sea, 60.3, 1.0, days)
    skye = water.normal_sea_temperature(sea, 57.2, 1.0, days)
    assert -1.2 <= (shetland - skye).mean() <= -0.7
    assert np.ptp(water.normal_sea_temperature(sea, 57.2, 0.9, days)) < np.ptp(skye)


def test_the_trend_is_nothing_in_the_middle_of_the_reference_year():
    given = biology().water
    sea, common = given.sea["FO"], given.sea_common
    middle = water.warming(sea, common, common.reference_year, YEAR / 2)
    assert middle == pytest.approx(0, abs=1e-12)
    later = water.warming(sea, common, common.reference_year + 10, YEAR / 2)
    assert later == pytest.approx(sea.trend)


def test_the_margin_of_a_percentile_is_that_of_the_normal_distribution():
    sea = biology().water.sea["FO"]
    assert water.temperature_margin(sea, 90.0) == pytest.approx(
        1.2816 * water.sea_temperature_sd(sea), rel=1e-4
    )


def test_runoff_freshens_up_to_a_limit():
    sea = biology().water.sea["SC"]
    salinity = water.salinity_after(sea, 0.0, 6.0, np.array([0.0, 1.0, 5.0, 1000.0]), 3.0)
    assert (np.diff(salinity) < 0).all()
    assert salinity[0] == sea.salinity
    assert salinity[-1] == pytest.approx(sea.salinity - 6.0)


def test_water_stays_longer_in_weaker_currents_but_not_for_ever():
    common = biology().water.sea_common
    hours = water.residence_h(common, np.array([0.2, 0.1, 0.0]))
    assert hours[1] == pytest.approx(2 * hours[0])
    assert hours[1] == pytest.approx(common.residence)
    assert hours[2] < 3
