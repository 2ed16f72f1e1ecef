"""Weather: wind, waves, rain and tides from standard scores; how far apart places are.

Everything is elementwise on arrays. A score is a standard normal number that the simulation carries
from day to day; here it becomes a quantity with the distribution of the real one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import YEAR
from farm.domain.water_parameters import WeatherCommon

Numbers = Any

#: Days from one spring tide to the next: half a synodic month.
SPRING_TO_SPRING = 14.765

#: A day of spring tides: two days after the new moon of 6 January 2000, as a proleptic ordinal.
A_SPRING_TIDE = 730_127

#: Kilometres of a degree of latitude.
_KM_PER_DEGREE = 111.2

#: Share of a field's variance that each place has to itself. It keeps the covariance of places
#: that stand side by side from becoming singular.
_OWN_SHARE = 0.01


def wind_speed(common: WeatherCommon, mean: Numbers, score: Numbers) -> Numbers:
    """Return the daily mean wind in the unit of ``mean``: the square of a normal number.

    The square of a normal number far from zero lies between a normal and a lognormal distribution
    in skewness, as daily mean winds do, and has the given mean and coefficient of variation.
    """
    # (a + b z)^2 has the mean a^2 + b^2 = 1 and the variance 4 a^2 b^2 + 2 b^4 = 2 - 2 a^4.
    centre = (1.0 - common.wind_cv**2 / 2.0) ** 0.25
    spread = math.sqrt(1.0 - centre * centre)
    return mean * np.maximum(centre + spread * np.asarray(score), 0.0) ** 2


def wind_sea(common: WeatherCommon, wave_at_10: Numbers, wind_m_s: Numbers) -> Numbers:
    """Return the significant height in metres of the waves that a wind over open water raises."""
    return wave_at_10 * (np.asarray(wind_m_s) / 10.0) ** common.wave_exponent


def rain(common: WeatherCommon, wind_score: Numbers, own_score: Numbers, day: Numbers) -> Numbers:
    """Return the rain of a day as a multiple of the annual mean: dry on half of all days."""
    coupled = common.rain_with_wind
    score = coupled * wind_score + math.sqrt(1.0 - coupled * coupled) * own_score
    turn = 2.0 * math.pi * (day - common.rain_peak) / YEAR
    season = 1.0 + common.rain_amplitude * np.cos(turn)
    return 2.0 * np.maximum(score, 0.0) ** 2 * season  # the positive half of z^2 has mean 1/2


def spring_neap(share: float, ordinal: Numbers) -> Numbers:
    """Return how strong the tides are, 1 on average, on a day given as a proleptic ordinal."""
    turn = 2.0 * math.pi * (np.asarray(ordinal) - A_SPRING_TIDE) / SPRING_TO_SPRING
    return 1.0 + share * np.cos(turn)


def distances_km(latitude: Numbers, longitude: Numbers) -> NDArray[np.float64]:
    """Return the distances between all places, as a matrix; within a geography earth is flat."""
    north = _KM_PER_DEGREE * np.subtract.outer(latitude, latitude)
    shrink = np.cos(np.radians(np.add.outer(latitude, latitude) / 2.0))
    east = _KM_PER_DEGREE * shrink * np.subtract.outer(longitude, longitude)
    return np.asarray(np.hypot(north, east))


def mixing(distance_km: NDArray[np.float64], range_km: float) -> NDArray[np.float64]:
    """Return the matrix that turns independent scores into those of a field in space.

    The lower Cholesky factor L of the correlation exp(-distance / range): L @ z has that
    correlation where z are independent. Written out, so that every machine finds the same bits.
    """
    covariance = np.exp(-distance_km / range_km) * (1.0 - _OWN_SHARE)
    covariance[np.diag_indices_from(covariance)] = 1.0
    lower = np.zeros_like(covariance)
    for column in range(len(covariance)):
        rest = covariance[column:, column].copy()
        for before in range(column):
            rest -= lower[column:, before] * lower[column, before]
        lower[column:, column] = rest / math.sqrt(rest[0])
    return lower


def mixed(lower: NDArray[np.float64], scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return scores, with places along the last axis, as those of the field of `mixing`."""
    result = np.zeros_like(scores)
    for place in range(len(lower)):
        result += lower[:, place] * scores[..., place, np.newaxis]
    return result
