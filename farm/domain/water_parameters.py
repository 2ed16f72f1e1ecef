"""The shape of ``config/parameters/water.toml``: the sea of each geography, and the stations."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from farm.domain.quantity import Strict, unit

Celsius = Annotated[float, unit("°C"), Field(ge=0, le=30)]
Salinity = Annotated[float, unit("PSU"), Field(ge=0, le=42)]
Ph = Annotated[float, unit("pH"), Field(ge=0, le=14)]
PhPerDensity = Annotated[float, unit("pH/(kg/m3)"), Field(ge=0, le=0.1)]
Persistence = Annotated[float, unit("1"), Field(ge=0, lt=1)]
DayOfYear = Annotated[float, unit("day of year"), Field(ge=1, le=366)]
PercentSaturation = Annotated[float, unit("% saturation"), Field(ge=0, le=150)]
Hours = Annotated[float, unit("h"), Field(gt=0, le=48)]
LogSd = Annotated[float, unit("ln"), Field(ge=0, le=4)]
Share = Annotated[float, unit("1"), Field(ge=0, le=1)]
Respiration = Annotated[float, unit("mg/(kg h)"), Field(gt=0)]
Exponent = Annotated[float, unit("1"), Field(ge=-1, le=10)]
MonthlyCelsius = Annotated[tuple[float, ...], unit("°C"), Field(min_length=12, max_length=12)]


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
