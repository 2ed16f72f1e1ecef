"""The shape of ``config/parameters/water.toml``: the sea of each geography, weather, stations."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import Field

from farm.domain.measures import DayOfYear, Persistence, Share
from farm.domain.quantity import Strict, unit

Celsius = Annotated[float, unit("°C"), Field(ge=0, le=30)]
CelsiusPerDegree = Annotated[float, unit("°C/°N"), Field(ge=-2, le=2)]
CelsiusPerDecade = Annotated[float, unit("°C/decade"), Field(ge=-2, le=2)]
Latitude = Annotated[float, unit("°N"), Field(ge=-90, le=90)]
Year = Annotated[int, unit("year"), Field(ge=1950, le=2100)]
Kilometres = Annotated[float, unit("km"), Field(gt=0, le=5000)]
Salinity = Annotated[float, unit("PSU"), Field(ge=0, le=42)]
Ph = Annotated[float, unit("pH"), Field(ge=0, le=14)]
PhPerDensity = Annotated[float, unit("pH/(kg/m3)"), Field(ge=0, le=0.1)]
PercentSaturation = Annotated[float, unit("% saturation"), Field(ge=0, le=150)]
Hours = Annotated[float, unit("h"), Field(gt=0, le=48)]
LogSd = Annotated[float, unit("ln"), Field(ge=0, le=4)]
Ratio = Annotated[float, unit("1"), Field(gt=0, le=20)]
Metres = Annotated[float, unit("m"), Field(ge=0, le=30)]
Speed = Annotated[float, unit("m/s"), Field(ge=0, le=60)]
PercentPerDay = Annotated[float, unit("%/day"), Field(gt=0, le=100)]
Respiration = Annotated[float, unit("mg/(kg h)"), Field(gt=0)]
Exponent = Annotated[float, unit("1"), Field(ge=-1, le=10)]
MonthlyCelsius = Annotated[tuple[float, ...], unit("°C"), Field(min_length=12, max_length=12)]
MonthlySpeed = Annotated[tuple[float, ...], unit("m/s"), Field(min_length=12, max_length=12)]

T = TypeVar("T")


class PerExposure(Strict, Generic[T]):
    """One value for each exposure that a site can have."""

    sheltered: T
    moderate: T
    exposed: T

    def of(self, exposure: str) -> T:
        """Return the value of an exposure; raises AttributeError for a word that is none."""
        value: T = getattr(self, exposure)
        return value


class SeaWater(Strict):
    """The sea around one geography."""

    temperature: MonthlyCelsius
    #: How much warmer it is for each degree further north of `latitude`.
    latitude_slope: CelsiusPerDegree
    latitude: Latitude
    trend: CelsiusPerDecade
    year_sd: Celsius
    regional_sd: Celsius
    persistence: Persistence
    local_sd: Celsius
    local_persistence: Persistence
    offset_sd: Celsius
    salinity: Salinity
    salinity_sd: Salinity
    salinity_max: Salinity
    salinity_persistence: Persistence
    #: What the strongest runoff takes away.
    freshening: PerExposure[Salinity]


class SeaCommon(Strict):
    """What all sea sites share."""

    #: The temperatures and the trend are those of the middle of this year.
    reference_year: Year
    #: Distance over which the correlation of temperature anomalies falls to 1/e.
    temperature_range: Kilometres
    #: How far the annual cycle swings, as a multiple of the geography's.
    amplitude: PerExposure[Ratio]
    ph: Ph
    ph_sd: Ph
    ph_persistence: Persistence
    saturation: PercentSaturation
    saturation_sd: PercentSaturation
    saturation_persistence: Persistence
    #: Water in contact with air does not stay above this.
    saturation_max: PercentSaturation
    #: Time that water stays in a pen at `current_reference`; it is longer in weaker currents.
    residence: Hours
    current_reference: Speed
    current_least: Speed
    current: PerExposure[Speed]
    current_log_sd: LogSd
    current_persistence: Persistence
    #: Half the range between spring and neap tides, as a share of the mean.
    spring_neap: Share
    #: Share of the wind speed that surface water moves with.
    wind_drift: Share


class Weather(Strict):
    """The weather of one geography, over open water."""

    wind: MonthlySpeed
    air: MonthlyCelsius
    air_sd: Celsius


class WeatherCommon(Strict):
    """What all weather has in common."""

    #: Distance over which the correlation of the weather falls to 1/e.
    range: Kilometres
    persistence: Persistence
    #: Standard deviation over mean of the daily mean wind, within a month.
    wind_cv: Share
    #: Wind at a site over wind over open water.
    wind_share: PerExposure[Share]
    #: Significant height of waves in a wind of 10 m/s over open water.
    wave: PerExposure[Metres]
    wave_exponent: Exponent
    swell_persistence: Persistence
    #: Correlation of the rain's and the wind's scores.
    rain_with_wind: Share
    rain_amplitude: Share
    rain_peak: DayOfYear
    runoff_persistence: Persistence
    #: Runoff, as a multiple of its mean, that freshens by 1 - 1/e of the most.
    runoff_scale: Ratio
    air_persistence: Persistence


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
    ras_sd: Celsius
    flow_through_sd: Celsius
    temperature_persistence: Persistence
    ras_ph: Ph
    flow_through_ph: Ph
    ph_sd: Ph
    ph_persistence: Persistence
    saturation: PercentSaturation
    saturation_sd: PercentSaturation
    saturation_persistence: Persistence
    residence: Hours
    #: The share of the fish's oxygen demand that added oxygen covers.
    oxygenation: Share


class FishRespiration(Strict):
    """What fish take out of the water and put into it."""

    rate: Respiration
    q10: Exponent
    weight_exponent: Exponent
    #: What fish without feed breathe, as a share of what fully fed fish breathe.
    fasting: Share
    #: Ration, in per cent of biomass, from which on fish count as fully fed.
    full_ration: PercentPerDay
    ph_drop: PhPerDensity


class WaterParameters(Strict):
    """Water and weather: see `farm.domain.water` and `farm.domain.weather` for the formulas."""

    sea: dict[str, SeaWater]
    sea_common: SeaCommon
    #: Emergency aeration keeps every container above this.
    aeration: PercentSaturation
    weather: dict[str, Weather]
    weather_common: WeatherCommon
    fresh: FreshWater
    respiration: FishRespiration
