"""Sensor readings: the truth of the day as a sensor shows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.observation import ByParameter, Observation
from farm.domain.world import Parameter, Quality
from farm.errors import ContractBroken
from farm.rendering.arrow import Table
from farm.rendering.days import Days, ranges
from farm.rendering.layout import Layout

_DAY_US = 86_400_000_000


def reading_rows(layout: Layout, container: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many readings a day in each of these containers has."""
    return layout.containers.sensors[container] * layout.observation.readings_per_day


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """One line for each sensor and day, in order of sensor id and day: a day's readings each."""

    #: Row of the sensor in `Layout.sensors`, and what it measures (environmental_parameter.id).
    sensor: NDArray[np.int64]
    parameter: NDArray[np.int16]
    #: Row of the day in `Days`.
    row: NDArray[np.int64]

    @classmethod
    def of(cls, layout: Layout, days: Days) -> Lines:
        """Return the lines of every sensor in every container that held fish."""
        container = days.container[days.first]
        mounted = layout.containers.sensors[container]
        stay = np.repeat(np.arange(len(days.first)), mounted)
        sensor = ranges(layout.containers.first_sensor[container], mounted)
        # A container may hold the batch twice in a month, never twice at once.
        order = np.lexsort((days.day[days.first][stay], layout.sensors.id[sensor]))
        stay, sensor = stay[order], sensor[order]
        length = days.length[stay]
        sensor = np.repeat(sensor, length)
        parameter = layout.sensors.parameter_id[sensor]
        return cls(sensor, parameter, ranges(days.first[stay], length))


def readings(layout: Layout, days: Days, chance: Generator) -> Table:
    """Return `environmental_reading`: every sensor of every stocked container, all day long.

    Sensor by sensor in order of id, each in time order. The mean over a day is the truth of the
    day plus the sensor's drift, for the cosine of the day sums to zero over evenly spaced hours.

    Raises ContractBroken where a sensor measures salinity in fresh water.
    """
    per_day = layout.observation.readings_per_day
    lines = Lines.of(layout, days)
    value, flag = _values(layout, days, lines, chance)
    day = days.day[lines.row, None]
    time = day * _DAY_US + np.arange(per_day) * _DAY_US // per_day
    of_line = {
        "sensor_id": layout.sensors.id[lines.sensor],
        "container_id": layout.containers.id[days.container[lines.row]],
        "assignment_id": days["assignment_id"][lines.row],
        "environmental_parameter_id": lines.parameter,
    }
    return {
        "reading_time": time.ravel(),
        "value": value.ravel(),
        "quality_flag_id": flag.ravel(),
        **{name: np.repeat(column, per_day) for name, column in of_line.items()},
    }


def _values(
    layout: Layout, days: Days, lines: Lines, chance: Generator
) -> tuple[NDArray[np.float64], NDArray[np.int16]]:
    """Return the values and quality flags of each line (rows) and reading of its day (columns)."""
    spec, parameter = layout.observation.sensors, lines.parameter
    level = _truth(layout, days)[lines.row, parameter]
    if np.isnan(level).any():
        where = f"batch {days.batch_id}, {days.month}"
        raise ContractBroken(f"{where}: a sensor measures salinity in fresh water")
    drift = _drift(layout, days, lines)

    # In place from here on: these are the only arrays with an element for each reading.
    value = chance.standard_normal((len(level), layout.observation.readings_per_day))
    value *= _of(spec.noise, parameter)[:, None]
    shape = _shape_of_day(layout.observation)[parameter]
    shape *= _swing(layout, days, lines)[:, None]
    value += shape
    value += (level + drift)[:, None]

    flag = np.full(value.shape, Quality.OK.id, dtype=np.int16)
    flag[np.abs(drift) > _of(spec.drift_flagged, parameter)] = Quality.DRIFT.id
    _outliers(layout.observation, parameter, value, flag, chance)

    np.maximum(value, layout.lowest[parameter, None], out=value)
    np.minimum(value, layout.highest[parameter, None], out=value)
    per_unit = np.rint(1.0 / _of(spec.resolution, parameter))[:, None]
    value *= per_unit
    np.rint(value, out=value)
    value /= per_unit
    value += 0.0  # no negative zeros: they would be other bytes for the same number
    return value, flag


def _of(numbers: ByParameter, parameter: NDArray[np.int16]) -> NDArray[np.float64]:
    """Return the number of each parameter."""
    picked: NDArray[np.float64] = np.array(numbers.by_id())[parameter]
    return picked


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


def _drift(layout: Layout, days: Days, lines: Lines) -> NDArray[np.float64]:
    """Return the drift of each line: even growth since the sensor's latest calibration."""
    spec, sensors = layout.observation.sensors, layout.sensors
    since = np.maximum(days.day[lines.row] - sensors.calibrated_day[lines.sensor], 0)
    calibration, age = np.divmod(since, spec.calibration_interval_days)
    reached = sensors.drift[np.minimum(calibration, len(sensors.drift) - 1), lines.sensor]
    share = age / spec.calibration_interval_days
    drift: NDArray[np.float64] = reached * _of(spec.drift, lines.parameter) * share
    return drift


def _swing(layout: Layout, days: Days, lines: Lines) -> NDArray[np.float64]:
    """Return half the distance between the highest and the lowest value of each line's day."""
    spec, parameter = layout.observation.sensors, lines.parameter
    swing = np.where(
        layout.containers.is_sea[days.container[lines.row]],
        _of(spec.daily_swing_sea, parameter),
        _of(spec.daily_swing_land, parameter),
    )
    crowd = 1.0 + days["density_kg_m3"][lines.row] / spec.oxygen_swing_doubles_at
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
    distance = _of(spec.outlier, parameter[where // observation.readings_per_day])
    distance *= 0.5 + chance.random(number)
    distance *= np.where(chance.random(number) < 0.5, -1.0, 1.0)
    value.reshape(-1)[where] += distance
    flag.reshape(-1)[where] = Quality.OUTLIER.id
