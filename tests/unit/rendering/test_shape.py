"""Within a day the water moves as it does in nature, around the truth of the day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.domain.world import Parameter
from farm.rendering.layout import Layout
from farm.rendering.render import render
from farm.rendering.shape import Shapes, breathing
from farm.simulation.history import Columns
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.farm_builder import PEN_1, PEN_2, TANK_RAS
from tests.unit.rendering.rendered import table_of


def quiet(**changes: Any) -> Layout:
    return build.layout(sensors=build.perfect(), **changes)


def shown(
    layout: Layout, columns: Columns, parameter: Parameter, month: Month = build.MONTH
) -> NDArray[np.float64]:
    """Return the readings of one parameter of the batch by day and reading."""
    return _of(render(layout, build.history(columns, month)), layout, parameter)


def at_site(layout: Layout, history, parameter: Parameter) -> NDArray[np.float64]:
    return _of(render(layout, history), layout, parameter)


def _of(chunk, layout: Layout, parameter: Parameter) -> NDArray[np.float64]:
    rows = table_of(chunk, "environmental_reading")
    chosen = rows["environmental_parameter_id"].to_numpy() == parameter.id
    values: NDArray[np.float64] = rows["value"].to_numpy()[chosen]
    return values.reshape(-1, layout.observation.readings_per_day)


def still(container: int, month: Month = build.MONTH) -> Columns:
    """Return a month in which every day is like the other."""
    columns = build.daily((container,), month.first, month.last)
    for name in ("temperature_c", "oxygen_mg_l", "salinity_psu", "ph", "density_kg_m3"):
        columns[name][:] = columns[name][0]
    return columns


def test_surface_water_swings_more_in_june_than_in_december():
    ranges = [
        np.ptp(shown(quiet(), still(PEN_2, month), Parameter.TEMPERATURE, month), axis=1).mean()
        for month in (Month(2016, 6), Month(2016, 12))
    ]

    assert ranges[0] > 2.5 * ranges[1] > 0


def test_oxygen_is_lower_in_the_evening_of_a_fed_day_than_of_a_fasting_one():
    fed, fasting = still(TANK_RAS), still(TANK_RAS)
    fed["feed_g"][:], fasting["feed_g"][:] = 400_000, 0
    fed["feed_type_id"][:] = 1
    fed["biomass_kg"][:] = fasting["biomass_kg"][:] = 20_000.0
    fed["density_kg_m3"][:] = fasting["density_kg_m3"][:] = 40.0
    layout = quiet(readings_per_day=24)

    change = shown(layout, fed, Parameter.OXYGEN) - shown(layout, fasting, Parameter.OXYGEN)
    carbon = shown(layout, fed, Parameter.CO2)

    assert 18 <= int(np.argmin(change.mean(axis=0))) <= 22
    assert change.min() < -0.1
    assert 16 <= int(np.argmax(carbon.mean(axis=0))) <= 22


def test_fish_breathe_most_at_the_end_of_their_meals():
    hours = np.arange(0.0, 24.0, 0.1)
    dips = build.observation().sensors.meal_dips

    wave = breathing(hours, 5.0, 22.0, dips)

    assert hours[np.argmax(wave)] == pytest.approx(21.9, abs=0.2)
    assert hours[np.argmin(wave)] == pytest.approx(5.0, abs=0.2)
    assert wave.max() == pytest.approx(1.0, abs=0.02)
    assert abs(wave.mean()) < 1e-9


def test_salinity_follows_the_tide_and_more_so_where_the_water_is_brackish():
    layout = quiet(readings_per_day=24)
    brackish, ocean = still(PEN_2), still(PEN_2)
    brackish["salinity_psu"][:] = 31.0
    ocean["salinity_psu"][:] = 35.3

    values = shown(layout, brackish, Parameter.SALINITY)

    # The strongest turn of a month of hours is the twelve hours and 25 minutes of the moon.
    power = np.abs(np.fft.rfft(values.ravel() - values.mean())) ** 2
    hours = values.size / np.arange(1, len(power))
    assert hours[np.argmax(power[1:])] == pytest.approx(12.42, abs=0.2)
    assert np.ptp(shown(layout, ocean, Parameter.SALINITY)) == 0.0


def test_currents_run_twice_in_a_tide_and_faster_at_springs_than_at_neaps():
    layout = quiet(readings_per_day=24)
    history = build.area_history(area=build.OTHER_AREA)
    flat = {**history.sites, "current_m_s": np.full(31, 0.5)}

    values = at_site(layout, replace(history, sites=flat), Parameter.CURRENT)

    power = np.abs(np.fft.rfft(values.ravel() - values.mean())) ** 2
    hours = values.size / np.arange(1, len(power))
    assert hours[np.argmax(power[1:])] == pytest.approx(6.21, abs=0.1)
    reach = np.ptp(values, axis=1)
    # New moon on 9 March 2016, full moon on the 23rd; springs follow by a day or two.
    assert {int(np.argmax(reach[4:16])) + 5, int(np.argmax(reach[18:30])) + 19} <= set(range(9, 28))
    assert reach.max() > 1.6 * reach.min()
    assert values.min() > 0


def test_high_water_comes_later_to_the_west():
    observation = build.observation()
    layout = quiet(readings_per_day=24)
    pen = still(PEN_2)
    pen["salinity_psu"][:] = 31.0
    east = shown(layout, pen, Parameter.SALINITY)
    layout.sites.longitude[:] -= 14.5  # half an hour of lunar time, twice a day: one hour

    west = shown(layout, pen, Parameter.SALINITY)

    lag = [np.corrcoef(east.ravel()[3:-3], np.roll(west.ravel(), -n)[3:-3])[0, 1] for n in range(4)]
    assert int(np.argmax(lag)) == 1
    assert observation.sensors.tide.period == pytest.approx(12.42, abs=0.01)


def test_the_wind_of_a_day_comes_from_the_day_before_and_goes_to_the_day_after():
    layout = quiet(readings_per_day=24)
    history = build.area_history(area=build.OTHER_AREA)
    rising = np.linspace(4.0, 19.0, 31)

    values = at_site(
        layout, replace(history, sites={**history.sites, "wind_m_s": rising}), Parameter.WIND_SPEED
    )

    jumps = np.abs(values[1:, 0] - values[:-1, -1])
    assert jumps.max() < 0.4
    np.testing.assert_allclose(values.mean(axis=1), rising, atol=0.1)


def test_a_calm_before_a_storm_is_still_no_wind_below_nothing():
    layout = quiet(readings_per_day=24)
    history = build.area_history(area=build.OTHER_AREA)
    gusty = np.where(np.arange(31) % 2 == 0, 2.0, 25.0)

    values = at_site(
        layout, replace(history, sites={**history.sites, "wind_m_s": gusty}), Parameter.WIND_SPEED
    )

    assert values.min() >= 0
    np.testing.assert_allclose(values.mean(axis=1), gusty, atol=0.1)


@pytest.mark.parametrize("per_day", [1, 2, 3, 7, 8, 24, 48])
def test_the_mean_of_a_day_is_its_truth_however_often_it_is_read(per_day):
    layout = quiet(readings_per_day=per_day)
    columns = build.daily((PEN_1, PEN_2, TANK_RAS))

    for parameter, name in (
        (Parameter.TEMPERATURE, "temperature_c"),
        (Parameter.OXYGEN, "oxygen_mg_l"),
        (Parameter.PH, "ph"),
    ):
        step = getattr(build.observation().sensors.resolution, parameter)
        means = shown(layout, columns, parameter).mean(axis=1)
        # Readings come in order of sensor: of the pens, whose sensors have the lowest ids, last.
        truth = columns[name].reshape(3, -1)
        found = means.reshape(3, -1)
        for row in found:
            assert min(np.abs(row - one).max() for one in truth) <= step


def test_every_wave_has_a_mean_of_nothing():
    shapes = Shapes.of(build.observation(), 8)

    assert np.abs(shapes.waves.mean(axis=1, dtype=np.float64)).max() < 1e-7
