"""Sensor readings: the truth of the day as a sensor shows it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.world import Quality
from farm.rendering.arrow import Table
from farm.rendering.epoch import DAY_US
from farm.rendering.layout import Layout
from farm.rendering.lines import Lines

_OK, _DRIFT, _OUTLIER = Quality.OK.id, Quality.DRIFT.id, Quality.OUTLIER.id


def readings(layout: Layout, lines: Lines, per_day: int, chance: Generator) -> Table:
    """Return `environmental_reading` of these lines, so many readings a day, less the outages.

    Watch by watch, each in time order. The mean over a day without outage is the truth of the day
    plus the sensor's drift.
    """
    value, flag = _values(layout, lines, per_day, chance)
    time = lines.day[:, None] * DAY_US + np.arange(per_day) * DAY_US // per_day
    of_line = {
        "sensor_id": layout.sensors.id[lines.sensor],
        "container_id": lines.container_id,
        "assignment_id": lines.assignment_id,
        "environmental_parameter_id": lines.parameter,
    }
    table = {
        "reading_time": time.reshape(-1),
        "value": value,
        "quality_flag_id": flag,
        **{
            name: None if column is None else np.repeat(column, per_day)
            for name, column in of_line.items()
        },
    }
    return _without_outages(layout, lines, per_day, table)


def drift(layout: Layout, lines: Lines) -> NDArray[np.float64]:
    """Return the drift of each line: even growth since the sensor's latest calibration."""
    sensors = layout.sensors
    since = np.maximum(lines.day - sensors.calibrated_day[lines.sensor], 0)
    calibration, age = np.divmod(since, sensors.interval)
    reached = sensors.reached(calibration, lines.sensor) * layout.figures.drift[lines.parameter]
    grown: NDArray[np.float64] = reached * (age / sensors.interval)
    return grown


def _values(
    layout: Layout, lines: Lines, per_day: int, chance: Generator
) -> tuple[NDArray[np.float64], NDArray[np.int16]]:
    """Return the value and the quality flag of each reading, line by line."""
    figures, parameter = layout.figures, lines.parameter
    off = drift(layout, lines)
    steps = figures.per_unit[parameter]

    # In steps of the sensor, of which single precision tells thousandths apart, and in place: these
    # are the only arrays with an element for each reading. A row is an hour of all lines, so that
    # numpy's inner loops are long.
    value = chance.standard_normal((per_day, len(off)), dtype=np.float32)
    value *= figures.noise_steps[parameter].astype(np.float32)
    value += ((lines.level + off) * steps).astype(np.float32)
    layout.shapes[per_day].add_to(value, lines, layout.sites, steps)

    drifted = np.abs(off) > figures.drift_flagged[parameter]
    flag = np.repeat(np.where(drifted, _DRIFT, _OK).astype(np.int16), per_day)
    _outliers(layout, parameter, value, flag, chance)

    np.rint(value, out=value)
    np.maximum(value, figures.lowest_steps[parameter].astype(np.float32), out=value)
    np.minimum(value, figures.highest_steps[parameter].astype(np.float32), out=value)
    shown = np.divide(value.T, steps[:, None], dtype=np.float64)
    shown += 0.0  # no negative zeros: they would be other bytes for the same number
    return shown.reshape(-1), flag


def _outliers(
    layout: Layout,
    parameter: NDArray[np.int16],
    value: NDArray[np.float32],
    flag: NDArray[np.int16],
    chance: Generator,
) -> None:
    """Throw a few readings off, up or down by half to one and a half times the typical distance."""
    per_day = len(value)
    number = chance.binomial(value.size, layout.observation.sensors.outlier_share)
    where = chance.integers(value.size, size=number)  # the same one twice is one of them
    line, reading = np.divmod(where, per_day)
    distance = layout.figures.outlier_steps[parameter[line]]
    distance *= 0.5 + chance.random(number)
    distance *= np.where(chance.random(number) < 0.5, -1.0, 1.0)
    value[reading, line] += distance
    flag[where] = _OUTLIER


def _without_outages(
    layout: Layout, lines: Lines, per_day: int, table: dict[str, NDArray[Any] | None]
) -> Table:
    """Cut the readings out that were never sent: a few runs of neighbouring rows."""
    watches = lines.watches
    watch, gone, back = watches.missing(layout.sensors, per_day)
    if not len(watch):
        return table
    first = watches.first_line * per_day
    cuts = np.sort(np.concatenate([first[watch] + gone, first[watch] + back])).tolist()
    edges = [0, *cuts, len(lines.day) * per_day]
    kept = [slice(start, stop) for start, stop in zip(edges[::2], edges[1::2], strict=True)]
    return {
        name: None if column is None else np.concatenate([column[rows] for rows in kept])
        for name, column in table.items()
    }
