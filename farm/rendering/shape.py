"""The shape of a day: how far the water is from the day's mean at each of its hours.

Every shape is a sum of a few waves, each with a size for every sensor and day. Each wave's mean
over the readings of a day is nothing, so that the mean of the readings is the truth of the day,
however many there are; a single reading is taken when the day is at its mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from farm.domain.observation import MealDips, Observation, Sensors
from farm.domain.world import Parameter
from farm.rendering.lines import Lines
from farm.rendering.places import Sites
from farm.rendering.sensors import ranges

Floats = NDArray[np.float64]

_TEMPERATURE, _OXYGEN, _SALINITY = (
    p.id for p in (Parameter.TEMPERATURE, Parameter.OXYGEN, Parameter.SALINITY)
)
_CURRENT, _AIR_TEMPERATURE = Parameter.CURRENT.id, Parameter.AIR_TEMPERATURE.id

#: What is measured at sea has its parameter's number and this.
_AT_SEA = len(Parameter) + 1

#: The waves of each day: its cosine and sine, the way from the day before and to the day after.
#: Then the fish's breathing after their meals, at sea and on land (1 where they breathe most), and
#: cosine and sine of one tide and of half a tide.
_EVERY_DAY = [0, 1, 2, 3]
_MEALS_SEA, _MEALS_LAND, _TIDE = 4, 5, [6, 7, 8, 9]


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The waves of a day for one number of readings, and what decides their sizes."""

    observation: Observation
    per_day: int
    #: A row for each wave, with an element per reading.
    waves: NDArray[np.float32]
    #: By what is measured, on land and then at sea: see `_tables`.
    tables: Floats

    @classmethod
    def of(cls, observation: Observation, per_day: int) -> Shapes:
        """Return the shapes of days with so many readings."""
        spec, light = observation.sensors, observation.light
        hour: Floats = np.arange(per_day, dtype=np.float64) * (24.0 / per_day)
        dips = spec.meal_dips
        waves = (
            *_turns(hour, 24.0),
            _centred(np.minimum(hour - 12.0, 0.0) / 24.0),
            _centred(np.maximum(hour - 12.0, 0.0) / 24.0),
            breathing(hour, dips.from_hour_sea, dips.to_hour_sea, dips),
            breathing(hour, light.lamps_on, light.lamps_off, dips),
            *_turns(hour, spec.tide.period),
            *_turns(hour, spec.tide.period / 2.0),
        )
        return cls(observation, per_day, np.array(waves, dtype=np.float32), _tables(spec))

    def add_to(self, value: NDArray[np.float32], lines: Lines, sites: Sites, steps: Floats) -> None:
        """Add the shape of each line's day to its readings.

        Args:
            value: the readings of a day (rows) of each line (columns), in steps of the sensor.
            lines: what is read.
            sites: the sea sites.
            steps: how many steps one unit has, by line.
        """
        if self.per_day == 1:
            return  # one reading at the mean of the day: every wave is nothing
        waves, sizes = self._sizes(lines, sites)
        sizes *= steps
        room = np.empty_like(value)
        for wave, size in zip(waves, sizes.astype(np.float32), strict=True):
            np.multiply(self.waves[wave, :, None], size, out=room)
            value += room

    def _sizes(self, lines: Lines, sites: Sites) -> tuple[list[int], Floats]:
        """Return which waves there are, and the size of each of them (rows) by line."""
        kind = lines.parameter + _AT_SEA * lines.is_sea
        tables = lines.watches.by_line(self.tables.take(kind, axis=1))
        summer, crowd, unlimited, dip_sea, dip_land = tables[2:]
        sizes = np.empty((len(self.waves), len(lines.day)))
        at_sea = np.count_nonzero(lines.is_sea)

        if at_sea:
            summer *= lines.month.summer.take(lines.day)
        summer += 1.0
        if lines.density is not None:
            crowd *= lines.density / self.observation.sensors.oxygen_swing_doubles_at
            crowd += 1.0
            summer *= crowd
        np.multiply(tables[:2], summer, out=sizes[:2])
        _ways(lines, unlimited, sizes[2:4])
        waves = list(_EVERY_DAY)
        if lines.feed is not None and np.count_nonzero(lines.feed):
            for there, wave, dip in (
                (at_sea, _MEALS_SEA, dip_sea),
                (len(kind) - at_sea, _MEALS_LAND, dip_land),
            ):
                if there:
                    np.multiply(dip, lines.feed, out=sizes[len(waves)])
                    waves.append(wave)
        if at_sea:
            waves += self._tide(lines, sites, sizes[len(waves) :])
        return waves, sizes[: len(waves)]

    def _tide(self, lines: Lines, sites: Sites, sizes: Floats) -> list[int]:
        """Write the sizes of the tide's waves; return which there are."""
        spec, parameter = self.observation.sensors.tide, lines.parameter
        of_current = lines.is_sea & (parameter == _CURRENT)
        watch = (of_current | (lines.is_sea & (parameter == _SALINITY))).nonzero()[0]
        if not len(watch):
            return []
        days = lines.watches.days.take(watch)
        line = ranges(lines.watches.first_line.take(watch), days)
        day, level = lines.day.take(line), lines.level.take(line)
        late = sites.high_water - sites.longitude / 360.0 * 2.0 * spec.period
        turn = lines.month.passed.take(day) - late.take(lines.site.take(watch)).repeat(days)
        turn *= 2.0 * math.pi / spec.period
        cosine, sine = np.cos(turn), np.sin(turn)
        spring = lines.month.spring.take(day)
        once = spec.salinity * np.maximum(spec.ocean_salinity - level, 0.0)
        is_current = of_current.take(watch).repeat(days)
        has_currents = np.count_nonzero(is_current)
        if has_currents:
            once = np.where(is_current, spec.current_inequality * level, once)
        once *= spring
        # cos(a + b) = cos a cos b - sin a sin b, with b the part of the turn within the day.
        parts = [once * cosine, -once * sine]
        if has_currents:
            twice = np.where(is_current, spec.current * level, 0.0) * spring
            parts += [twice * (2.0 * cosine**2 - 1.0), -twice * (2.0 * sine * cosine)]
        for size, part in zip(sizes, parts, strict=False):
            size.fill(0.0)
            size[line] = part
        return _TIDE[: len(parts)]


def breathing(hour: Floats, start: float, end: float, dips: MealDips) -> Floats:
    """Return how much more fish breathe that are fed from one hour to another, every day.

    It rises towards a limit while they are fed and falls back afterwards, both exponentially with
    the lag of the dips; scaled to 1 at its highest hour, less its mean over these hours.
    """
    on, off = end - start, 24.0 - (end - start)
    kept_on, kept_off = math.exp(-on / dips.lag), math.exp(-off / dips.lag)
    # What is left of yesterday when the feeding starts, and what there is when it ends.
    at_start = kept_off * (1.0 - kept_on) / (1.0 - kept_on * kept_off)
    at_end = 1.0 - (1.0 - at_start) * kept_on
    since = (hour - start) % 24.0
    rising = 1.0 - (1.0 - at_start) * np.exp(-since / dips.lag)
    falling = at_end * np.exp(-(since - on) / dips.lag)
    mean = on / 24.0  # of the whole day, whatever the lag
    return _centred(np.where(since < on, rising, falling) / (at_end - mean))


def _centred(wave: Floats) -> Floats:
    centred: Floats = wave - wave.mean()
    return centred


def _turns(hour: Floats, period: float) -> tuple[Floats, Floats]:
    angle = hour * (2.0 * math.pi / period)
    return _centred(np.cos(angle)), _centred(np.sin(angle))


def _tables(spec: Sensors) -> Floats:
    """Return what decides the sizes of waves; columns by what is measured, on land and at sea.

    The rows are half the daily swing times the cosine and the sine of its peak; by how much it is
    larger at midsummer; 1 where crowding enlarges it; infinity where what is measured may be below
    nothing; and how much the meals change at sea and on land.
    """
    land = np.zeros((7, _AT_SEA))
    peak = np.array(spec.peak_hour.by_id()) * (2.0 * math.pi / 24.0)
    land[3, _OXYGEN] = 1.0
    land[4] = -np.inf
    land[4, [_TEMPERATURE, _AIR_TEMPERATURE]] = np.inf
    sea, dips = land.copy(), spec.meal_dips
    for table, swing in ((land, spec.daily_swing_land), (sea, spec.daily_swing_sea)):
        size = np.array(swing.by_id())
        table[:2] = size * np.cos(peak), size * np.sin(peak)
    sea[2] = spec.summer_swing
    sea[5, _OXYGEN] = -dips.oxygen_sea
    land[6, _OXYGEN] = -dips.oxygen_land
    land[6, Parameter.PH.id] = -dips.ph_land
    land[6, Parameter.CO2.id] = dips.co2_land
    return np.concatenate([land, sea], axis=1)


def _ways(lines: Lines, unlimited: Floats, ways: Floats) -> None:
    """Write how far the truth has come since the day before, and how far it goes to the next.

    Nothing where that day is not among the lines. No way is longer than the truth itself is high,
    so that what cannot be below nothing stays above; but for what is unlimited (infinity).
    """
    way = np.zeros(len(lines.level) + 1)
    np.subtract(lines.level[1:], lines.level[:-1], out=way[1:-1])
    way[lines.watches.first_line] = 0.0
    most = np.maximum(unlimited, lines.level)
    least = -most
    np.maximum(way[:-1], least, out=ways[0])
    np.maximum(way[1:], least, out=ways[1])
    np.minimum(ways, most, out=ways)
