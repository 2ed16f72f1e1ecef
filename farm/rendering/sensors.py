"""The sensors of a world: what they measure, how they drift, when they fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.observation import Sensors
from farm.domain.world import Sensor
from farm.rendering.epoch import DAY_MINUTES, day_number
from farm.simulation.streams import Decision, Streams

#: More than all minutes since 1970: see `MountedSensors.fails`.
SENSOR = 2**32

#: After the last minute of the last sensor.
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class MountedSensors:
    """All sensors: those of containers by container and id, then those of sites by site and id."""

    id: NDArray[np.int32]
    parameter_id: NDArray[np.int64]
    calibrated_day: NDArray[np.int64]
    #: Days from one calibration to the next.
    interval: int
    #: By calibration (the one of ``calibrated_day`` is the first) and sensor: the drift just before
    #: the next calibration, in standard deviations.
    drift: NDArray[np.float64]
    #: Outages by sensor and time: no reading from one minute since 1970 to before the other. Each
    #: minute has its sensor's row times SENSOR on top, so that all of them ascend.
    fails: NDArray[np.int64]
    works: NDArray[np.int64]

    @classmethod
    def of(
        cls, mounted: Sequence[Sensor], spec: Sensors, streams: Streams, last_day: int
    ) -> MountedSensors:
        """Return these sensors, with every calibration up to the last day (since 1970)."""
        calibrated = np.array([day_number(s.calibrated_on) for s in mounted], dtype=np.int64)
        interval = spec.calibration_interval_days
        first = int(calibrated.min()) if len(calibrated) else last_day
        calibrations = max(last_day - first, 0) // interval + 1
        # One block for all sensors: a later horizon only adds calibrations at its end.
        drift = streams.at(Decision.SENSOR_DRIFT).standard_normal((calibrations, len(mounted)))
        fails, works = _outages(spec, streams, calibrated, calibrations)
        return cls(
            id=np.array([s.id for s in mounted], dtype=np.int32),
            parameter_id=np.array([s.environmental_parameter_id for s in mounted], dtype=np.int64),
            calibrated_day=calibrated,
            interval=interval,
            drift=drift,
            fails=fails,
            works=works,
        )

    def reached(
        self, calibration: NDArray[np.int64], sensor: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the drift in standard deviations just before the calibration after this one."""
        calibrations, sensors = self.drift.shape
        known: NDArray[np.float64] = self.drift.take(
            np.minimum(calibration, calibrations - 1) * sensors + sensor
        )
        return known


def _outages(
    spec: Sensors, streams: Streams, calibrated: NDArray[np.int64], calibrations: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when sensors fail and work again, as `MountedSensors` has it.

    One outage at most from a calibration to the next, which ends it.
    """
    chance = streams.at(Decision.SENSOR_OUTAGE).random((calibrations, 3, len(calibrated)))
    sensor, calibration = (chance[:, 0] < spec.outage_chance).T.nonzero()
    start, length = chance[calibration, 1:, sensor].T
    interval, outages = spec.calibration_interval_days * DAY_MINUTES, spec.outages
    since = calibrated[sensor] * DAY_MINUTES + calibration * interval + sensor * SENSOR
    starts = np.floor(start * interval)
    hours = outages.shortest - outages.mean_beyond * np.log1p(-length)
    stops = np.minimum(np.ceil(starts + hours * 60.0), interval)
    fails, works = ((since + edge).astype(np.int64) for edge in (starts, stops))
    return fails, works


@dataclass(frozen=True, slots=True, eq=False)
class Watches:
    """Sensors that are watched for some days on end, each as often a day as all the others.

    One after another, day by day, their readings fill a table in which each watch takes
    ``days * per_day`` rows; an outage cuts some of them out.
    """

    #: Row in `MountedSensors`.
    sensor: NDArray[np.int64]
    #: Since 1970-01-01, and how many from there.
    first_day: NDArray[np.int64]
    days: NDArray[np.int64]

    @property
    def first_line(self) -> NDArray[np.int64]:
        """The line on which each watch begins: lines are the days of all watches, one a day."""
        lines: NDArray[np.int64] = self.days.cumsum() - self.days
        return lines

    def by_line(self, of_watch: NDArray[Any]) -> NDArray[Any]:
        """Return for each line what is said of its watch, by the last axis."""
        return of_watch.repeat(self.days, axis=-1)

    def missing(self, sensors: MountedSensors, per_day: int) -> Missing:
        """Return which of so many readings a day were never sent.

        The readings of a day begin at midnight and are evenly spaced: the first one missing is the
        first at or after a failure.
        """
        begin = self.sensor * SENSOR + self.first_day * DAY_MINUTES
        first = sensors.works.searchsorted(begin, side="right")
        after = sensors.fails.searchsorted(begin + self.days * DAY_MINUTES)
        readings = self.days * per_day
        gaps: list[tuple[int, int, int]] = []
        # Outages are rare: one by one they are sooner done than all in a dozen small arrays.
        for watch in (after > first).nonzero()[0].tolist():
            most, midnight = readings.item(watch), begin.item(watch)
            for outage in range(first.item(watch), after.item(watch)):
                fails, works = sensors.fails.item(outage), sensors.works.item(outage)
                gone = max(-((midnight - fails) * per_day // DAY_MINUTES), 0)
                back = min(-((midnight - works) * per_day // DAY_MINUTES), most)
                if back > gone:
                    gaps.append((watch, gone, back))
        return Missing(readings, gaps)

    def rows(self, sensors: MountedSensors, per_day: int) -> NDArray[np.int64]:
        """Return how many readings each watch has: those of `missing`, for very many watches."""
        begin = self.sensor * SENSOR + self.first_day * DAY_MINUTES
        end = begin + self.days * DAY_MINUTES
        rows = self.days * per_day
        # Few watches have outages: only of these it is asked how many.
        first = sensors.works.searchsorted(begin, side="right")
        some = (np.append(sensors.fails, _NEVER).take(first) < end).nonzero()[0]
        number = sensors.fails.searchsorted(end.take(some)) - first.take(some)
        watch, outage = some.repeat(number), ranges(first.take(some), number)
        midnight, most = begin.take(watch), rows.take(watch)
        gone, back = (
            np.minimum(
                np.maximum(-(-(edge.take(outage) - midnight) * per_day // DAY_MINUTES), 0), most
            )
            for edge in (sensors.fails, sensors.works)
        )
        np.subtract.at(rows, watch, np.maximum(back - gone, 0))
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """What outages take from the readings of watches."""

    #: All readings of each watch.
    readings: NDArray[np.int64]
    #: Outages that cost readings, in order: the watch, its first reading that is missing, and the
    #: first that is there again, counted within the watch.
    gaps: list[tuple[int, int, int]]

    def rows(self) -> NDArray[np.int64]:
        """Return how many readings of each watch are left."""
        rows = self.readings.copy()
        for watch, gone, back in self.gaps:
            rows[watch] -= back - gone
        return rows

    def left(self) -> list[slice]:
        """Return which readings are left, counted over all watches: a few runs of them."""
        if not self.gaps:
            return [slice(None)]
        first = self.readings.cumsum() - self.readings
        runs, begin = [], 0
        for watch, gone, back in self.gaps:
            runs.append(slice(begin, first[watch] + gone))
            begin = first[watch] + back
        return [*runs, slice(begin, None)]


def ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return start, start + 1, … for each start, as many as counted, one after another."""
    upto = counts.cumsum()
    places: NDArray[np.int64] = (starts - upto + counts).repeat(counts)
    places += np.arange(len(places))
    return places
