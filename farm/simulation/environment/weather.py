"""The weather at the sea sites: wind, waves, rain that runs off, air temperature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from farm.domain import weather
from farm.domain.water import climatology
from farm.domain.water_parameters import WaterParameters
from farm.simulation.environment.days import Days
from farm.simulation.frame import Floats, Frame
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Days of the year, with one more for leap years; row 0 is unused.
DAYS_OF_YEAR = np.arange(367)


@dataclass(frozen=True, slots=True)
class Weather:
    """The weather of a month, shape (days, sites). Runoff is a multiple of its mean."""

    wind_m_s: Floats
    wave_height_m: Floats
    air_temperature_c: Floats
    runoff: Floats


class WeatherMaker:
    """Turns scores into weather; swell and runoff follow from those of the day before."""

    def __init__(self, parameters: WaterParameters, frame: Frame) -> None:
        self._common = parameters.weather_common
        local = parameters.weather[frame.geography.code]
        sea = parameters.sea[frame.geography.code]
        exposures = [site.exposure for site in frame.sites]
        self._share = np.asarray([self._common.wind_share.of(e) for e in exposures])
        self._wave_at_10 = np.asarray([self._common.wave.of(e) for e in exposures])
        self._wind = climatology(local.wind, DAYS_OF_YEAR)
        self._air = climatology(local.air, DAYS_OF_YEAR)
        self._air_sd = local.air_sd
        latitude = np.asarray([site.latitude for site in frame.sites])
        self._north = sea.latitude_slope * (latitude - sea.latitude)

    def begin(self) -> Own:
        """Return an ordinary sea and ordinary runoff."""
        return {"swell": self._wave_at_10.copy(), "runoff": np.ones(self._share.size)}

    def month(self, days: Days, scores: Mapping[Decision, Floats], own: Own) -> Weather:
        """Return a month's weather, and bring swell and runoff to its end.

        A low brings wind and, with `rain_with_wind`, rain to the whole region; swell takes a day
        to fall, runoff a week.
        """
        common, gale = self._common, scores[Decision.WIND]
        over_water = weather.wind_speed(common, self._wind[days.day_of_year], gale)
        raised = weather.wind_sea(common, self._wave_at_10, over_water)
        fallen = weather.rain(common, gale, scores[Decision.RAIN], days.day_of_year)
        swell, runoff = np.empty_like(raised), np.empty_like(fallen)
        for day in range(len(raised)):
            kept = common.swell_persistence
            own["swell"] = np.maximum(raised[day], kept * own["swell"] + (1.0 - kept) * raised[day])
            kept = common.runoff_persistence
            own["runoff"] = kept * own["runoff"] + (1.0 - kept) * fallen[day]
            swell[day], runoff[day] = own["swell"], own["runoff"]
        air = self._air[days.day_of_year] + self._north
        return Weather(
            wind_m_s=self._share * over_water,
            wave_height_m=swell,
            air_temperature_c=air + self._air_sd * scores[Decision.AIR_TEMPERATURE],
            runoff=runoff,
        )
