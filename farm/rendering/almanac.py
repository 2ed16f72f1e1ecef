"""What the days of a month are like, whoever lives them: worked out once for all its chunks."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import YEAR, Month
from farm.domain.observation import Tide
from farm.rendering.epoch import DAY_US, day_number

Floats = NDArray[np.float64]

#: Days since 1970 of the summer solstice, of any year.
_MIDSUMMER = 171

#: A new moon, 2000-01-06 18:14 UTC, as days since 1970: spring tides follow it by about a day and
#: a half. On that day the moon passes the meridian of Greenwich at noon, as the sun does.
_NEW_MOON = 10_962.76
_AGE_OF_TIDE = 1.5
_PASSAGE = 10_962.5


@dataclass(frozen=True, slots=True, eq=False)
class MonthDays:
    """The days of a month; one element for each of them."""

    #: The first, since 1970-01-01, and how many there are.
    first: int
    number: int
    #: 1 at midsummer and -1 half a year later.
    summer: Floats
    #: Sine and cosine of the sun's declination: Cooper (1969), Solar Energy 12: 333-346.
    sun_sine: Floats
    sun_cosine: Floats
    #: How strong tides are: 1 on the mean, most at new and full moon.
    spring: Floats
    #: Hours since a passage of the moon.
    passed: Floats
    #: By the number of readings a day: when these are taken, in microseconds since 1970; one row
    #: for each day.
    times: Mapping[int, NDArray[np.int64]]

    @classmethod
    def of(cls, month: Month, tide: Tide, readings: Collection[int]) -> MonthDays:
        """Return the days of a month on which sensors may be read so many times."""
        first = day_number(month.first)
        days = np.arange(first, first + month.days)
        day: Floats = days.astype(np.float64)
        since_new_moon = day + 0.5 - _NEW_MOON - _AGE_OF_TIDE
        moon = np.cos(since_new_moon * (2.0 * math.pi / tide.spring_neap_period))
        of_year = days - day_number(Month(month.year, 1).first) + 1
        declination = np.radians(23.45) * np.sin(2.0 * np.pi * (284 + of_year) / 365.0)
        return cls(
            first=first,
            number=len(days),
            summer=np.cos((day - _MIDSUMMER) * (2.0 * math.pi / YEAR)),
            sun_sine=np.sin(declination),
            sun_cosine=np.cos(declination),
            spring=1.0 + tide.spring_neap * moon,
            passed=(day - _PASSAGE) * 24.0,
            times={n: days[:, None] * DAY_US + np.arange(n) * DAY_US // n for n in readings},
        )


class Almanac:
    """The months of a scenario. The latest is kept: chunks of a month come one after another."""

    def __init__(self, tide: Tide, readings: Collection[int]) -> None:
        self._tide, self._readings = tide, readings
        self._latest: tuple[Month, MonthDays] | None = None

    def of(self, month: Month) -> MonthDays:
        """Return the days of a month."""
        if self._latest is None or self._latest[0] != month:
            self._latest = month, MonthDays.of(month, self._tide, self._readings)
        return self._latest[1]
