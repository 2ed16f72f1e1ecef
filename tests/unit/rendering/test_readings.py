"""Readings belong to fish, look like a sensor's and average to the truth."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from farm.domain.world import Parameter, Quality
from farm.errors import ContractBroken
from farm.rendering.days import Days
from farm.rendering.layout import Layout
from farm.rendering.render import render_chunk
from farm.rendering.stocked import carbon_dioxide
from farm.simulation.history import Columns
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.farm_builder import PEN_1, PEN_2, TANK_FLOW, TANK_RAS, TRAY
from tests.unit.rendering.rendered import table_of

DAY_US = 86_400_000_000


def readings(
    layout: Layout | None = None, columns: Columns | None = None
) -> dict[str, NDArray[Any]]:
    chunk = render_chunk(layout or build.layout(), build.history(columns))
    table = table_of(chunk, "environmental_reading")
    rows = {name: table[name].to_numpy() for name in table.column_names}
    rows["reading_time"] = table["reading_time"].cast(pa.int64()).to_numpy()
    return rows


def quiet(**changes: Any) -> Layout:
    """Return a layout whose sensors are perfect: no noise, drift, outliers or outages."""
    return build.layout(sensors=build.perfect(), **changes)


def steady() -> Layout:
    """Return a layout whose sensors never fail."""
    return build.layout(sensors=build.sensors(outages_per_year=0.0))


def test_every_sensor_of_every_stocked_container_is_read_at_every_hour():
    # Given two of the six containers hold fish
    rows = readings(steady(), build.daily((TANK_RAS, PEN_2)))

    # Then exactly their sensors have eight readings on each day
    world = build.world()
    mounted = {s.id for s in world.sensor if s.container_id in {TANK_RAS, PEN_2}}
    sensors, times = np.unique(rows["sensor_id"], return_counts=True)
    assert set(sensors.tolist()) == mounted
    assert set(times.tolist()) == {31 * 8}


def test_each_reading_carries_its_sensors_container_and_parameter_and_the_fish_in_it():
    rows = readings()
    sensors = {s.id: s for s in build.world().sensor}

    for at in range(0, len(rows["value"]), 37):
        sensor = sensors[rows["sensor_id"][at]]
        assert rows["container_id"][at] == sensor.container_id
        assert rows["environmental_parameter_id"][at] == sensor.environmental_parameter_id
        assert rows["assignment_id"][at] == build.assignment_of(rows["container_id"][at])


def test_readings_come_sensor_by_sensor_in_time_order():
    rows = readings()

    order = np.lexsort((rows["reading_time"], rows["sensor_id"]))

    assert (order == np.arange(len(order))).all()


def test_readings_lie_on_the_days_of_the_assignment_and_on_no_other():
    # Given fish that came on the 5th and left on the 20th, in the morning
    columns = build.daily((PEN_1,), date(2016, 3, 5), date(2016, 3, 19))

    days = readings(steady(), columns)["reading_time"] // DAY_US

    assert set(days.tolist()) == set(columns["date"].astype(np.int64).tolist())


def test_a_container_that_held_the_batch_twice_is_read_in_time_order():
    # Given an earlier and a later stay in one pen, the later one with the lower id
    early = build.daily((PEN_2,), date(2016, 3, 1), date(2016, 3, 4))
    late = build.daily((PEN_1,), date(2016, 3, 20), date(2016, 3, 22))
    columns = {name: np.concatenate([late[name], early[name]]) for name in early}
    layout = steady()
    layout.assignment_container[:] = layout.container_rows(
        np.full(len(layout.assignment_id), build.assignment_of(PEN_1))
    )

    rows = readings(layout, columns)

    assert set(rows["container_id"].tolist()) == {PEN_1}
    order = np.lexsort((rows["reading_time"], rows["sensor_id"]))
    assert (order == np.arange(len(order))).all()
    stays = [build.assignment_of(PEN_2)] * 4 * 8 + [build.assignment_of(PEN_1)] * 3 * 8
    assert rows["assignment_id"][: 7 * 8].tolist() == stays


def test_there_is_no_salinity_in_fresh_water():
    rows = readings()

    salty = rows["environmental_parameter_id"] == Parameter.SALINITY.id

    assert set(rows["container_id"][salty].tolist()) == {PEN_1, PEN_2}
    assert not np.isnan(rows["value"]).any()


def test_a_salinity_sensor_in_fresh_water_is_refused():
    salted = build.plan(build.world(salt_in_fresh_water=True))

    with pytest.raises(ContractBroken, match="there is no salinity where a sensor measures it"):
        readings(build.layout(salted))


def test_perfect_sensors_average_to_the_truth_of_the_day():
    columns = build.daily((PEN_2,))

    rows = readings(quiet(), columns)

    for parameter, name in (
        (Parameter.TEMPERATURE, "temperature_c"),
        (Parameter.OXYGEN, "oxygen_mg_l"),
        (Parameter.PH, "ph"),
        (Parameter.SALINITY, "salinity_psu"),
    ):
        of_parameter = rows["environmental_parameter_id"] == parameter.id
        means = rows["value"][of_parameter].reshape(-1, 8).mean(axis=1)
        step = getattr(build.observation().sensors.resolution, parameter)
        np.testing.assert_allclose(means, columns[name], atol=step)


def test_oxygen_dips_before_dawn_and_water_is_warmest_in_the_afternoon():
    rows = readings(quiet(), build.daily((PEN_2,)))

    hour = rows["reading_time"] % DAY_US // 3_600_000_000
    profile = {
        parameter: [
            rows["value"][
                (hour == at) & (rows["environmental_parameter_id"] == parameter.id)
            ].mean()
            for at in range(0, 24, 3)
        ]
        for parameter in (Parameter.OXYGEN, Parameter.TEMPERATURE)
    }

    assert 3 * int(np.argmin(profile[Parameter.OXYGEN])) in {3, 6}
    assert 3 * int(np.argmax(profile[Parameter.TEMPERATURE])) == 15


def test_crowded_pens_have_deeper_oxygen_dips():
    swings = []
    for population in (10_000, 150_000):
        rows = readings(quiet(), build.daily((PEN_2,), population=population))
        oxygen = rows["environmental_parameter_id"] == Parameter.OXYGEN.id
        swings.append(np.ptp(rows["value"][oxygen].reshape(-1, 8), axis=1).mean())

    assert swings[1] > 1.5 * swings[0]


def test_values_are_the_floats_that_their_decimals_read_as():
    rows = readings()

    for parameter in build.IN_CONTAINERS:
        of_parameter = rows["environmental_parameter_id"] == parameter.id
        step = getattr(build.observation().sensors.resolution, parameter)
        digits = len(f"{step:g}".partition(".")[2])
        values = rows["value"][of_parameter].tolist()
        assert values == [float(f"{value:.{digits}f}") for value in values]


def test_values_stay_within_what_the_catalogue_calls_plausible():
    columns = build.daily()
    columns["oxygen_mg_l"][:] = 0.05
    columns["ph"][:] = 9.99

    rows = readings(columns=columns)

    for parameter in build.IN_CONTAINERS:
        _, low, high, _ = build.RANGES[parameter]
        values = rows["value"][rows["environmental_parameter_id"] == parameter.id]
        assert values.min() >= low
        assert values.max() <= high
    assert not (np.signbit(rows["value"]) & (rows["value"] == 0)).any()


def test_outliers_are_rare_flagged_and_far_off():
    spec = build.sensors(outages_per_year=0.0, outlier_share=0.01)
    with_some = readings(build.layout(sensors=spec))
    without = readings(build.layout(sensors=spec.model_copy(update={"outlier_share": 0.0})))

    odd = with_some["quality_flag_id"] == Quality.OUTLIER.id

    # Drawn after everything else, outliers leave all other readings as they are.
    assert 0.005 < odd.mean() < 0.02
    np.testing.assert_array_equal(with_some["value"][~odd], without["value"][~odd])
    warm = with_some["environmental_parameter_id"] == Parameter.TEMPERATURE.id
    off = np.abs(with_some["value"] - without["value"])[odd & warm]
    assert (off > 1.9).all()


def test_drift_grows_until_the_calibration_and_is_flagged_when_large():
    # Given sensors that drift a lot and do nothing else, calibrated every 90 days
    spec = build.observation()
    none = dict.fromkeys(map(str, Parameter), 0.0)
    sensors = spec.sensors.model_copy(
        update={
            "noise": spec.sensors.noise.model_copy(update=none),
            "daily_swing_sea": spec.sensors.daily_swing_sea.model_copy(update=none),
            "drift": spec.sensors.drift.model_copy(update={"temperature": 2.0}),
            "outlier_share": 0.0,
            "outages": spec.sensors.outages.model_copy(update={"per_year": 0.0}),
        }
    )
    layout = build.layout(sensors=sensors)
    sensor = next(
        at
        for at, id_ in enumerate(layout.sensors.id)
        if layout.sensors.parameter_id[at] == Parameter.TEMPERATURE.id
        and id_ in {s.id for s in build.world().sensor if s.container_id == PEN_2}
    )
    layout.sensors.calibrated_day[sensor] = (date(2015, 12, 16) - date(1970, 1, 1)).days
    columns = build.daily((PEN_2,))
    columns["temperature_c"][:] = 8.0

    # When March is rendered, with the second calibration on the 15th
    rows = readings(layout, columns)

    # Then the sensor is right on that day and furthest off on the day before
    of_sensor = rows["sensor_id"] == layout.sensors.id[sensor]
    off = np.abs(rows["value"][of_sensor].reshape(-1, 8)[:, 0] - 8.0)
    assert off[14] == 0.0
    assert int(np.argmax(off[:14])) == 13
    drifted = rows["quality_flag_id"][of_sensor].reshape(-1, 8)[:, 0] == Quality.DRIFT.id
    clear = np.abs(off - spec.sensors.drift_flagged.temperature) > 0.01
    assert (drifted == (off > spec.sensors.drift_flagged.temperature))[clear].all()
    assert drifted.any()


def test_carbon_dioxide_follows_density_and_feed_and_recirculation_keeps_it():
    columns = build.daily((TRAY, TANK_RAS, TANK_FLOW), build.MONTH.first, build.MONTH.first)
    columns["density_kg_m3"][:] = [0.0, 50.0, 50.0]
    columns["biomass_kg"][:] = [0.0, 1000.0, 1000.0]
    columns["feed_g"][:] = [0, 12_000, 12_000]
    layout = build.layout()

    found = carbon_dioxide(layout, Days.of(layout, build.history(columns)))

    # By hand: 1 + 0.1 * 50 + 9 * (0.012 * 50) = 11.4 in RAS; half of the 10.4 above intake else.
    np.testing.assert_allclose(found, [1.0, 11.4, 6.2])


def test_a_single_reading_a_day_is_at_the_mean_of_the_day():
    columns = build.daily((PEN_2,))

    rows = readings(quiet(readings_per_day=1), columns)

    warm = rows["environmental_parameter_id"] == Parameter.TEMPERATURE.id
    np.testing.assert_allclose(rows["value"][warm], columns["temperature_c"], atol=0.006)
