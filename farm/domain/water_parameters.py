"""The shape of ``config/parameters/water.toml``: the sea of each geography, and the stations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from farm.domain.quantity import Strict, quantity, series

if TYPE_CHECKING:
    Celsius = Salinity = Ph = PhPerDensity = Persistence = DayOfYear = float
    PercentSaturation = Hours = LogSd = Share = Respiration = Exponent = float
    MonthlyCelsius = tuple[float, ...]
else:
    Celsius = quantity("°C", ge=0, le=30)
    Salinity = quantity("PSU", ge=0, le=42)
    Ph = quantity("pH", ge=0, le=14)
    PhPerDensity = quantity("pH/(kg/m3)", ge=0, le=0.1)
    Persistence = quantity("1", ge=0, lt=1)
    DayOfYear = quantity("day of year", ge=1, le=366)
    PercentSaturation = quantity("% saturation", ge=0, le=150)
    Hours = quantity("h", gt=0, le=48)
    LogSd = quantity("ln", ge=0, le=4)
    Share = quantity("1", ge=0, le=1)
    Respiration = quantity("mg/(kg h)", gt=0)
    Exponent = quantity("1", ge=-1, le=10)
    MonthlyCelsius = series("°C", 12)


class SeaWater(Strict):
    """The sea around one geography."""

    temperature: MonthlyCelsius
    year_sd: Celsius
    geography_sd: Celsius
    area_sd: Celsius
    persistence: Persistence
    site_sd: Celsius
    site_persistence: Persistence
    offset_sd: Celsius
    salinity: Salinity
    salinity_sd: Salinity
    salinity_max: Salinity
    salinity_persistence: Persistence


class SeaCommon(Strict):
    """What all sea sites share."""

    ph: Ph
    ph_sd: Ph
    ph_persistence: Persistence
    saturation: PercentSaturation
    saturation_sd: PercentSaturation
    residence: Hours
    current_log_sd: LogSd
    current_persistence: Persistence


class FreshTemperatures(Strict):
    """Set points of the stages that live in fresh water."""

    egg_alevin: Celsius
    fry: Celsius
    parr: Celsius
    smolt: Celsius
    post_smolt: Celsius


class FreshWater(Strict):
    """The stations."""

    temperature: FreshTemperatures
    ras_amplitude: Celsius
    flow_through_amplitude: Celsius
    warmest_day: DayOfYear
    temperature_sd: Celsius
    temperature_persistence: Persistence
    ras_ph: Ph
    flow_through_ph: Ph
    ph_sd: Ph
    ph_persistence: Persistence
    saturation: PercentSaturation
    residence: Hours
    #: The share of the fish's oxygen demand that added oxygen covers.
    oxygenation: Share


class FishRespiration(Strict):
    """What fish take out of the water and put into it."""

    rate: Respiration
    q10: Exponent
    weight_exponent: Exponent
    ph_drop: PhPerDensity


class WaterParameters(Strict):
    """Water: see `farm.domain.water` for the formulas."""

    sea: dict[str, SeaWater]
    sea_common: SeaCommon
    #: Emergency aeration keeps every container above this.
    aeration: PercentSaturation
    fresh: FreshWater
    respiration: FishRespiration
