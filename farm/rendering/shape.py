"""The shape of a day: how far the water is from the day's mean at each of its hours.

Every shape is a sum of a few waves, each with a size for every sensor and day. Each wave's mean
over the readings of a day is nothing, so that the mean of the readings is the truth of the day,
however many there are; a single reading is taken when the day is at its mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import YEAR
from farm.domain.observation import ByParameter, Light, MealDips, Observation
from farm.domain.world import Parameter
from farm.rendering.epoch import by_day
from farm.rendering.lines import Lines
from farm.rendering.places import Sites

Floats = NDArray[np.float64]

_TEMPERATURE, _OXYGEN, _SALINITY = (
    p.id for p in (Parameter.TEMPERATURE, Parameter.OXYGEN, Parameter.SALINITY)
)
_CURRENT, _AIR_TEMPERATURE = Parameter.CURRENT.id, Parameter.AIR_TEMPERATURE.id

#: Days since 1970 of the summer solstice, of any year.
_MIDSUMMER = 171

#: A new moon, 2000-01-06 18:14 UTC, as days since 1970: spring tides follow it by about a day and
#: a half. On that day the moon passes the meridian of Greenwich at noon, as the sun does.
_NEW_MOON = 10_962.76
_AGE_OF_TIDE = 1.5
_PASSAGE = 10_962.5


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The waves of a day for one number of readings, and what decides their sizes.

    Waves have one element per reading; tables one per environmental_parameter.id.
    """

    observation: Observation
    per_day: int
    #: Cosine and sine of the day.
    day: tuple[Floats, Floats]
    #: The way from the day before, and to the day after.
    before: Floats
    after: Floats
    #: The fish's breathing after their meals, at sea and on land; 1 where they breathe most.
    meals_sea: Floats
    meals_land: Floats
    #: Cosine and sine of one tide, and of half a tide.
    tide: tuple[Floats, Floats]
    half_tide: tuple[Floats, Floats]
    #: Half the daily swing times the cosine and the sine of its peak, at sea and on land.
    swing_sea: tuple[Floats, Floats]
    swing_land: tuple[Floats, Floats]
    dip_sea: Floats
    dip_land: Floats

    @classmethod
    def of(cls, observation: Observation, per_day: int) -> Shapes:
        """Return the shapes of days with so many readings."""
        spec, light = observation.sensors, observation.light
        hour: Floats = np.arange(per_day, dtype=np.float64) * (24.0 / per_day)
        peak = np.array(spec.peak_hour.by_id()) * (2.0 * math.pi / 24.0)
        dips = spec.meal_dips
        dip_sea, dip_land = _dips(dips)
        return cls(
            observation=observation,
            per_day=per_day,
            day=_turns(hour, 24.0),
            before=_centred(np.minimum(hour - 12.0, 0.0) / 24.0),
            after=_centred(np.maximum(hour - 12.0, 0.0) / 24.0),
            meals_sea=breathing(hour, dips.from_hour_sea, dips.to_hour_sea, dips),
            meals_land=_by_lamp(hour, light, dips),
            tide=_turns(hour, spec.tide.period),
            half_tide=_turns(hour, spec.tide.period / 2.0),
            swing_sea=_peaking(spec.daily_swing_sea, peak),
            swing_land=_peaking(spec.daily_swing_land, peak),
            dip_sea=dip_sea,
            dip_land=dip_land,
        )

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
        room = np.empty_like(value)
        for wave, size in self._parts(lines, sites):
            column = wave.astype(np.float32)[:, None]
            np.multiply(column, (size * steps).astype(np.float32), out=room)
            value += room

    def _parts(self, lines: Lines, sites: Sites) -> Iterator[tuple[Floats, Floats]]:
        """Yield each wave with its size by line."""
        yield from zip(self.day, self._swing(lines), strict=True)
        earlier, later = _ways(lines)
        yield self.before, earlier
        yield self.after, later
        if lines.feed is not None and lines.feed.any():
            for there, wave, dip in (
                (lines.is_sea, self.meals_sea, self.dip_sea),
                (~lines.is_sea, self.meals_land, self.dip_land),
            ):
                if there.any():
                    of_watch = np.where(there, dip.take(lines.parameter), 0.0)
                    yield wave, lines.watches.by_line(of_watch) * lines.feed
        yield from self._tide(lines, sites)

    def _swing(self, lines: Lines) -> tuple[Floats, Floats]:
        """Return the sizes of the day's cosine and sine."""
        spec, parameter, at_sea = self.observation.sensors, lines.parameter, lines.is_sea
        by_line = lines.watches.by_line
        size = np.ones(len(lines.day))
        if at_sea.any():
            summer = by_day(lines.day, _summer)
            size += by_line(np.where(at_sea, spec.summer_swing, 0.0)) * summer
        if lines.density is not None:
            crowd = lines.density / spec.oxygen_swing_doubles_at
            size *= 1.0 + by_line(parameter == _OXYGEN) * crowd
        cosine, sine = (
            size * by_line(np.where(at_sea, sea.take(parameter), land.take(parameter)))
            for sea, land in zip(self.swing_sea, self.swing_land, strict=True)
        )
        return cosine, sine

    def _tide(self, lines: Lines, sites: Sites) -> Iterator[tuple[Floats, Floats]]:
        spec, by_line = self.observation.sensors.tide, lines.watches.by_line
        of_current = lines.parameter == _CURRENT
        tidal = np.flatnonzero(
            by_line(lines.is_sea & (of_current | (lines.parameter == _SALINITY)))
        )
        if not len(tidal):
            return
        day, level = lines.day.take(tidal), lines.level.take(tidal)
        is_current, site = by_line(of_current).take(tidal), by_line(lines.site).take(tidal)
        spring = 1.0 + spec.spring_neap * by_day(day, self._moon)
        late = sites.high_water - sites.longitude / 360.0 * 2.0 * spec.period
        turn = ((day - _PASSAGE) * 24.0 - late.take(site)) * (2.0 * math.pi / spec.period)
        cosine, sine = np.cos(turn), np.sin(turn)
        fresh = np.maximum(spec.ocean_salinity - level, 0.0)
        once = np.where(is_current, spec.current_inequality * level, spec.salinity * fresh) * spring
        # cos(a + b) = cos a cos b - sin a sin b, with b the part of the turn within the day.
        parts = [(self.tide[0], once * cosine), (self.tide[1], -once * sine)]
        if is_current.any():
            twice = np.where(is_current, spec.current * level, 0.0) * spring
            parts.append((self.half_tide[0], twice * (2.0 * cosine**2 - 1.0)))
            parts.append((self.half_tide[1], -twice * (2.0 * sine * cosine)))
        for wave, size in parts:
            of_all = np.zeros(len(lines.day))
            of_all[tidal] = size
            yield wave, of_all

    def _moon(self, day: NDArray[np.int64]) -> Floats:
        """Return 1 at spring tide and -1 at neap tide."""
        period = self.observation.sensors.tide.spring_neap_period
        moon: Floats = np.cos((day + 0.5 - _NEW_MOON - _AGE_OF_TIDE) * (2.0 * math.pi / period))
        return moon


def _summer(day: NDArray[np.int64]) -> Floats:
    """Return 1 at midsummer and -1 half a year later."""
    summer: Floats = np.cos((day - _MIDSUMMER) * (2.0 * math.pi / YEAR))
    return summer


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


def _by_lamp(hour: Floats, light: Light, dips: MealDips) -> Floats:
    return breathing(hour, light.lamps_on, light.lamps_off, dips)


def _centred(wave: Floats) -> Floats:
    centred: Floats = wave - wave.mean()
    return centred


def _turns(hour: Floats, period: float) -> tuple[Floats, Floats]:
    angle = hour * (2.0 * math.pi / period)
    return _centred(np.cos(angle)), _centred(np.sin(angle))


def _peaking(swing: ByParameter, peak: Floats) -> tuple[Floats, Floats]:
    size = np.array(swing.by_id())
    return size * np.cos(peak), size * np.sin(peak)


def _dips(dips: MealDips) -> tuple[Floats, Floats]:
    sea, land = np.zeros((2, len(Parameter) + 1))
    sea[Parameter.OXYGEN.id] = -dips.oxygen_sea
    land[Parameter.OXYGEN.id] = -dips.oxygen_land
    land[Parameter.PH.id] = -dips.ph_land
    land[Parameter.CO2.id] = dips.co2_land
    return sea, land


def _ways(lines: Lines) -> tuple[Floats, Floats]:
    """Return how far the truth has come since the day before, and how far it goes to the next.

    Nothing where that day is not among the lines. No way is longer than the truth itself is high,
    so that what cannot be below nothing stays above.
    """
    way = np.zeros(len(lines.level) + 1)
    np.subtract(lines.level[1:], lines.level[:-1], out=way[1:-1])
    way[lines.watches.first_line] = 0.0
    signed = (lines.parameter == _TEMPERATURE) | (lines.parameter == _AIR_TEMPERATURE)
    most = np.where(lines.watches.by_line(signed), np.inf, lines.level)
    least = -most
    return (
        np.minimum(np.maximum(way[:-1], least), most),
        np.minimum(np.maximum(way[1:], least), most),
    )
