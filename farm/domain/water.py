"""Water: temperature through the year, oxygen that it can hold, oxygen that fish take.

Everything is elementwise on arrays; temperatures in °C, salinity in PSU, oxygen in mg/L.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.biology import Biology
from farm.domain.water_parameters import FishRespiration, FreshWater
from farm.domain.world import Stage

Numbers = Any

#: Days of the mean year.
YEAR = 365.25

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


def oxygen_demand(
    respiration: FishRespiration, density_kg_m3: Numbers, weight_g: Numbers, temperature_c: Numbers
) -> Numbers:
    """Return what fish take out of their water, in mg/L per hour.

        rate * (W / 1 kg)^exponent * q10^((T - 10) / 10) * density

    Small fish and warm water cost more oxygen per kilogram.
    """
    kilograms = np.maximum(weight_g, 0.1) / 1000.0
    per_kg = (
        respiration.rate
        * kilograms**respiration.weight_exponent
        * respiration.q10 ** ((np.asarray(temperature_c) - 10.0) / 10.0)
    )
    return per_kg * density_kg_m3 / 1000.0
