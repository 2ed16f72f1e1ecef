"""Sensor readings: the truth of the day as a sensor shows it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.world import Quality
from farm.rendering.layout import Layout
from farm.rendering.lines import Lines
from farm.rendering.table import Runs, Table

_OK, _DRIFT, _OUTLIER = Quality.OK.id, Quality.DRIFT.id, Quality.OUTLIER.id


def readings(layout: Layout, lines: Lines, per_day: int, chance: Generator) -> Table:
    """Return `environmental_reading` of these lines, so many readings a day, less the outages.

    Watch by watch, each in time order. The mean over a day without outage is the truth of the day
    plus the sensor's drift.
    """
    value, flag = _values(layout, lines, per_day, chance)
    missing = lines.watches.missing(layout.sensors, per_day)
    rows, left = missing.rows(), missing.left()

    def sent(column: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([column[run] for run in left]) if len(left) > 1 else column

    def of_watch(column: NDArray[Any] | None) -> Runs | None:
        return None if column is None else Runs(column, rows)

    return {
        "reading_time": sent(lines.month.times[per_day].take(lines.day, axis=0).reshape(-1)),
        "sensor_id": of_watch(layout.sensors.id.take(lines.watches.sensor)),
        "container_id": of_watch(lines.container_id),
        "assignment_id": of_watch(lines.assignment_id),
        "environmental_parameter_id": of_watch(lines.parameter),
        "value": sent(value),
        "quality_flag_id": sent(flag),
    }


def _values(
    layout: Layout, lines: Lines, per_day: int, chance: Generator
) -> tuple[NDArray[np.float64], NDArray[np.int16]]:
    """Return the value and the quality flag of each reading, line by line."""
    figures, by_line = layout.figures, lines.watches.by_line
    reach, flagged, steps, outlier = by_line(figures.exact.take(lines.parameter, axis=1))
    noise, lowest, highest = by_line(figures.single.take(lines.parameter, axis=1))
    off = drift(layout, lines, reach)

    # In steps of the sensor, of which single precision tells thousandths apart, and in place: these
    # are the only arrays with an element for each reading. A row is an hour of all lines, so that
    # numpy's inner loops are long.
    value = chance.standard_normal((per_day, len(off)), dtype=np.float32)
    value *= noise
    value += ((lines.level + off) * steps).astype(np.float32)
    layout.shapes[per_day].add_to(value, lines, layout.sites, steps)

    flag = np.full(value.size, _OK, dtype=np.int16)
    if len(drifted := (np.abs(off) > flagged).nonzero()[0]):
        flag.reshape(-1, per_day)[drifted] = _DRIFT
    _throw_off(layout, outlier, value, flag, chance)

    np.rint(value, out=value)
    np.maximum(value, lowest, out=value)
    np.minimum(value, highest, out=value)
    value += 0.0  # no negative zeros: they would be other bytes for the same number
    return np.divide(value, steps, dtype=np.float64).T.reshape(-1), flag


def drift(layout: Layout, lines: Lines, reach: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the drift of each line: even growth since the sensor's latest calibration.

    ``reach`` is the standard deviation of the drift just before the next one.
    """
    sensors, watches = layout.sensors, lines.watches
    calibrated = sensors.calibrated_day.take(watches.sensor)
    since = lines.day + watches.by_line(lines.month.first - calibrated)
    np.maximum(since, 0, out=since)
    calibration = since // sensors.interval
    since -= calibration * sensors.interval
    grown = sensors.reached(calibration, watches.by_line(watches.sensor))
    grown *= reach
    grown *= since / sensors.interval
    return grown


def _throw_off(
    layout: Layout,
    distance: NDArray[np.float64],
    value: NDArray[np.float32],
    flag: NDArray[np.int16],
    chance: Generator,
) -> None:
    """Throw a few readings off, up or down by half to one and a half times the line's distance."""
    number = chance.binomial(value.size, layout.observation.sensors.outlier_share)
    where = chance.integers(value.size, size=number)  # the same one twice is one of them
    line, reading = np.divmod(where, len(value))
    far, down = chance.random((2, number))
    off = distance.take(line) * (0.5 + far)
    value.reshape(-1)[reading * len(distance) + line] += np.where(down < 0.5, -off, off)
    flag[where] = _OUTLIER
