"""Sensor readings: the truth of the day as a sensor shows it."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.observation import Observation
from farm.domain.world import Parameter, Quality
from farm.errors import ContractBroken
from farm.rendering.arrow import Table
from farm.rendering.days import Days, ranges
from farm.rendering.layout import Layout

_DAY_US = 86_400_000_000


def reading_rows(layout: Layout, container: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many readings a day in each of these containers has."""
    return layout.containers.sensors[container] * layout.observation.readings_per_day


def readings(layout: Layout, days: Days, chance: Generator) -> Table:
    """Return `environmental_reading`: every sensor of every stocked container, all day long.

    Sensor by sensor in order of id, each in time order. The mean over a day is the truth of the
    day plus the sensor's drift, for the cosine of the day sums to zero over evenly spaced hours.

    Raises ContractBroken where a sensor measures salinity in fresh water.
    """
    observation, sensors = layout.observation, layout.sensors
    per_day = observation.readings_per_day

    # A block is one sensor during one assignment; a line is one day of a block.
    of_block = layout.containers.sensors[days.container[days.first]]
    assignment = np.repeat(np.arange(len(days.first)), of_block)
    sensor = ranges(layout.containers.first_sensor[days.container[days.first]], of_block)
    order = np.lexsort((days.day[days.first][assignment], sensors.id[sensor]))
    assignment, sensor = assignment[order], sensor[order]
    lines = days.length[assignment]
    row = ranges(days.first[assignment], lines)
    parameter = np.repeat(sensors.parameter_id[sensor], lines)

    drift = _drift(layout, np.repeat(sensor, lines), parameter, days.day[row])
    level = _truth(layout, days)[row, parameter]
    if np.isnan(level).any():
        raise ContractBroken(f"batch {days.batch_id}, {days.month}: a sensor measures salinity in fresh water")
    swing = _swing(layout, days, row, parameter)
    noise = np.array(observation.sensors.noise.by_id())[parameter]

    value = chance.standard_normal((len(row), per_day))
    value *= noise[:, None]
    shape = _shape_of_day(observation)[parameter]
    shape *= swing[:, None]
    value += shape
    value += (level + drift)[:, None]

    flag = np.full((len(row), per_day), Quality.OK.id, dtype=np.int16)
    threshold = np.array(observation.sensors.drift_flagged.by_id())[parameter]
    flag[np.abs(drift) > threshold] = Quality.DRIFT.id
    _outliers(observation, parameter, value, flag, chance)

    per_unit = np.rint(1.0 / np.array([1.0, *observation.sensors.resolution.by_id()[1:]]))[parameter]
    np.maximum(value, layout.lowest[parameter, None], out=value)
    np.minimum(value, layout.highest[parameter, None], out=value)
    value *= per_unit[:, None]
    np.rint(value, out=value)
    value /= per_unit[:, None]
    value += 0.0  # no negative zeros: they would be other bytes for the same number

    time = days.day[row, None] * _DAY_US + np.arange(per_day) * _DAY_US // per_day
    readings_of_block = lines * per_day
    container = layout.containers.id[days.container[days.first]][assignment]
    return {
        "reading_time": time.ravel(),
        "sensor_id": np.repeat(sensors.id[sensor], readings_of_block),
        "container_id": np.repeat(container, readings_of_block),
        "assignment_id": np.repeat(days["assignment_id"][days.first][assignment], readings_of_block),
        "environmental_parameter_id": np.repeat(sensors.parameter_id[sensor], readings_of_block),
        "value": value.ravel(),
        "quality_flag_id": flag.ravel(),
    }


def _truth(layout: Layout, days: Days) -> NDArray[np.float64]:
    """Return the truth of each day (rows) by environmental_parameter.id (columns)."""
    truth = np.full((len(days.day), len(Parameter) + 1), np.nan)
    truth[:, Parameter.TEMPERATURE.id] = days["temperature_c"]
    truth[:, Parameter.OXYGEN.id] = days["oxygen_mg_l"]
    truth[:, Parameter.PH.id] = days["ph"]
    truth[:, Parameter.SALINITY.id] = days["salinity_psu"]
    truth[:, Parameter.CO2.id] = carbon_dioxide(layout, days)
    return truth


def carbon_dioxide(layout: Layout, days: Days) -> NDArray[np.float64]:
    """Return the dissolved CO2 of each day, mg/L.

    What comes in, plus what the fish breathe out (by density), plus what their feed adds (by kg of
    feed per m3 and day). Where the water is not recirculated only a share of the latter two stays.
    """
    spec = layout.observation.co2
    density = days["density_kg_m3"]
    biomass = days["biomass_kg"]
    # Feed per volume follows from density: volume = biomass / density.
    feed_per_biomass = np.divide(
        days["feed_g"] / 1000.0, biomass, out=np.zeros(len(biomass)), where=biomass > 0
    )
    made = spec.per_density * density + spec.per_feed * feed_per_biomass * density
    stays = np.where(
        layout.containers.is_recirculated[days.container], 1.0, spec.flow_through_share
    )
    dissolved: NDArray[np.float64] = spec.intake + stays * made
    return dissolved


def _drift(
    layout: Layout,
    sensor: NDArray[np.int64],
    parameter: NDArray[np.int16],
    day: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the drift of each sensor and day: even growth since its latest calibration."""
    spec, sensors = layout.observation.sensors, layout.sensors
    since = np.maximum(day - sensors.calibrated_day[sensor], 0)
    calibration, age = np.divmod(since, spec.calibration_interval_days)
    reached = sensors.drift[np.minimum(calibration, len(sensors.drift) - 1), sensor]
    typical = np.array(spec.drift.by_id())[parameter]
    drift: NDArray[np.float64] = reached * typical * (age / spec.calibration_interval_days)
    return drift


def _swing(
    layout: Layout, days: Days, row: NDArray[np.int64], parameter: NDArray[np.int16]
) -> NDArray[np.float64]:
    """Return half the distance between the highest and the lowest value of each sensor's day."""
    spec = layout.observation.sensors
    swing = np.where(
        layout.containers.is_sea[days.container[row]],
        np.array(spec.daily_swing_sea.by_id())[parameter],
        np.array(spec.daily_swing_land.by_id())[parameter],
    )
    crowd = 1.0 + days["density_kg_m3"][row] / spec.oxygen_swing_doubles_at
    wider: NDArray[np.float64] = np.where(parameter == Parameter.OXYGEN.id, swing * crowd, swing)
    return wider


def _shape_of_day(observation: Observation) -> NDArray[np.float64]:
    """Return the cosine of the day by environmental_parameter.id (rows) and reading (columns)."""
    hours = np.arange(observation.readings_per_day) * (24.0 / observation.readings_per_day)
    peak = np.array(observation.sensors.peak_hour.by_id())
    shape: NDArray[np.float64] = np.cos((hours - peak[:, None]) * (2.0 * np.pi / 24.0))
    if observation.readings_per_day == 1:
        shape[:] = 0.0  # a single reading a day is taken when the day is at its mean
    return shape


def _outliers(
    observation: Observation,
    parameter: NDArray[np.int16],
    value: NDArray[np.float64],
    flag: NDArray[np.int16],
    chance: Generator,
) -> None:
    """Throw a few readings off, up or down by half to one and a half times the typical distance."""
    spec = observation.sensors
    number = chance.binomial(value.size, spec.outlier_share)
    where = chance.choice(value.size, number, replace=False, shuffle=False)
    distance = np.array(spec.outlier.by_id())[parameter[where // observation.readings_per_day]]
    distance *= 0.5 + chance.random(number)
    distance *= np.where(chance.random(number) < 0.5, -1.0, 1.0)
    value.reshape(-1)[where] += distance
    flag.reshape(-1)[where] = Quality.OUTLIER.id
