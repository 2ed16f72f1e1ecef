"""Water: temperature through the year, oxygen that it can hold, oxygen that fish take.

Everything is elementwise on arrays; temperatures in °C, salinity in PSU, oxygen in mg/L.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.biology import Biology
from farm.domain.calendar import YEAR
from farm.domain.water_parameters import FishRespiration, FreshWater, SeaCommon, SeaWater
from farm.domain.world import Stage

Numbers = Any

#: The year's anomaly glides linearly from one mid-year to the next: this share of its variance is
#: left on average, the mean of (1 - s)^2 + s^2.
_GLIDING = 2.0 / 3.0

#: Harmonics of the annual cycle kept of twelve monthly means: enough for its skewness, too few to
#: wiggle between the months.
HARMONICS = 3

# Garcia & Gordon 1992, table 1, cm3/dm3 columns, fitted to the data of Benson & Krause 1984.
_A = (2.00907, 3.22014, 4.05010, 4.94457, -0.256847, 3.88767)
_B = (-6.24523e-3, -7.37614e-3, -1.03410e-2, -8.17083e-3)
_C = -4.88682e-7

#: mg of oxygen in a cm3 at standard temperature and pressure.
_MG_PER_ML = 1.42903


def climatology(monthly: tuple[float, ...], day_of_year: Numbers) -> NDArray[np.float64]:
    """Return the smooth annual cycle through twelve monthly means, on days of the year from 1.

    A Fourier series of the means, taken at mid-month, with `HARMONICS` terms; it repeats without
    a step at New Year.
    """
    angle = 2.0 * math.pi * (np.asarray(day_of_year, dtype=np.float64) - 0.5) / YEAR
    cycle = np.full(angle.shape, math.fsum(monthly) / 12.0)
    for k in range(1, HARMONICS + 1):
        turns = [2.0 * math.pi * k * (m + 0.5) / 12.0 for m in range(12)]
        cosine = math.fsum(v * math.cos(t) for v, t in zip(monthly, turns, strict=True)) / 6.0
        sine = math.fsum(v * math.sin(t) for v, t in zip(monthly, turns, strict=True)) / 6.0
        cycle = cycle + cosine * np.cos(k * angle) + sine * np.sin(k * angle)
    return cycle


def normal_sea_temperature(
    sea: SeaWater, latitude: Numbers, amplitude: Numbers, day_of_year: Numbers
) -> NDArray[np.float64]:
    """Return what is normal in °C at a place: the geography's cycle, bent and moved.

    ``amplitude`` stretches the swing about the annual mean (see `SeaCommon.amplitude`).
    """
    mean = math.fsum(sea.temperature) / 12.0
    swing = climatology(sea.temperature, day_of_year) - mean
    return np.asarray(mean + amplitude * swing + sea.latitude_slope * (latitude - sea.latitude))


def warming(sea: SeaWater, common: SeaCommon, year: int, day_of_year: Numbers) -> Numbers:
    """Return the trend in °C: how much warmer it is than in the middle of the reference year."""
    years = year - common.reference_year + day_of_year / YEAR - 0.5
    return sea.trend * years / 10.0


def sea_temperature_sd(sea: SeaWater) -> float:
    """Return the standard deviation in °C of a site's daily temperature about its normal."""
    return math.sqrt(_GLIDING * sea.year_sd**2 + sea.regional_sd**2 + sea.local_sd**2)


def temperature_margin(sea: SeaWater, percentile: float) -> float:
    """Return how many °C a percentile of a site's climatology lies above its normal.

    Temperatures are normally distributed about the normal, so it follows from the parameters; the
    10th percentile lies as far below as the 90th above.
    """
    return NormalDist().inv_cdf(percentile / 100.0) * sea_temperature_sd(sea)


def salinity_after(
    sea: SeaWater, score: Numbers, freshening: Numbers, runoff: Numbers, runoff_scale: float
) -> NDArray[np.float64]:
    """Return the salinity in PSU: that of the sea outside, freshened by runoff.

    Args:
        sea: the sea outside.
        score: standard score of its salinity.
        freshening: what endless runoff takes away here, in PSU.
        runoff: as a multiple of its mean.
        runoff_scale: see `WeatherCommon`.
    """
    outside = np.minimum(sea.salinity + sea.salinity_sd * score, sea.salinity_max)
    return np.asarray(outside - freshening * (1.0 - np.exp(-runoff / runoff_scale)))


def residence_h(common: SeaCommon, current_m_s: Numbers) -> Numbers:
    """Return how many hours water stays in a pen: half as long in a current twice as strong."""
    moving = np.maximum(current_m_s, common.current_least)
    return common.residence * common.current_reference / moving


def fresh_setpoint(fresh: FreshWater, stage: Stage) -> float:
    """Return the temperature in °C that a station's halls of a stage are run at.

    Raises:
        ValueError: adults do not live in fresh water.
    """
    if stage is Stage.ADULT:
        raise ValueError("adults live at sea: no fresh water is kept for them")
    value: float = getattr(fresh.temperature, stage.value)
    return value


def fresh_season(fresh: FreshWater, water_source: str, day_of_year: Numbers) -> Numbers:
    """Return how many °C the season lifts a station's water above its set point.

    Recirculated water (ras) hardly follows the season; flow_through follows the source.
    """
    ras = water_source == "ras"
    amplitude = fresh.ras_amplitude if ras else fresh.flow_through_amplitude
    turn = 2.0 * math.pi * (np.asarray(day_of_year) - fresh.warmest_day) / YEAR
    return amplitude * np.cos(turn)


def expected_temperature(
    biology: Biology, geography_code: str, stage: Stage, day_of_year: Numbers
) -> NDArray[np.float64]:
    """Return the water temperature in °C to plan with, for each day of the year (from 1).

    Adults live at sea, all other stages in stations at their set point.
    """
    if stage is Stage.ADULT:
        return climatology(biology.water.sea[geography_code].temperature, day_of_year)
    days = np.asarray(day_of_year, dtype=np.float64)
    return np.full(days.shape, fresh_setpoint(biology.water.fresh, stage))


def oxygen_saturation(temperature_c: Numbers, salinity_psu: Numbers) -> NDArray[np.float64]:
    """Return the oxygen in mg/L that water in balance with air holds at one atmosphere.

    Source: Garcia & Gordon 1992, Limnology and Oceanography 37:1307-1312, eq. 8. Valid from
    freezing to 40 °C and 0 to 42 PSU.
    """
    scaled = np.log((298.15 - temperature_c) / (273.15 + temperature_c))
    fresh = _A[5]
    for coefficient in (_A[4], _A[3], _A[2], _A[1], _A[0]):
        fresh = fresh * scaled + coefficient
    salt = _B[3]
    for coefficient in (_B[2], _B[1], _B[0]):
        salt = salt * scaled + coefficient
    ml_per_l = np.exp(fresh + salinity_psu * salt + _C * salinity_psu * salinity_psu)
    return np.asarray(ml_per_l * _MG_PER_ML)


def breathing_warmth(respiration: FishRespiration, temperature_c: Numbers) -> Numbers:
    """Return how much faster than at 10 °C fish breathe: q10^((T - 10) / 10)."""
    return respiration.q10 ** ((np.asarray(temperature_c) - 10.0) / 10.0)


def oxygen_demand(
    respiration: FishRespiration,
    density_kg_m3: Numbers,
    weight_g: Numbers,
    warmth: Numbers,
    ration_percent: Numbers,
) -> Numbers:
    """Return what fish take out of their water, in mg/L per hour.

        rate * (W / 1 kg)^exponent * warmth * fed * density

    Small fish, warm water (see `breathing_warmth`) and a full gut cost more oxygen per kilogram:
    ``fed`` rises from `fasting` to 1 with yesterday's ration, in per cent of biomass.
    """
    kilograms = np.maximum(weight_g, 0.1) / 1000.0
    per_kg = respiration.rate * kilograms**respiration.weight_exponent * warmth
    fullness = np.minimum(np.asarray(ration_percent) / respiration.full_ration, 1.0)
    per_kg = per_kg * (respiration.fasting + (1.0 - respiration.fasting) * fullness)
    return per_kg * density_kg_m3 / 1000.0
