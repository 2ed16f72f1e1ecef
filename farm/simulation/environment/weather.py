"""The weather at the sea sites: wind, waves, rain that runs off, air temperature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.domain import weather
from farm.domain.water import climatology
from farm.domain.water_parameters import WaterParameters
from farm.simulation.environment.scores import Scores
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Today
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Days of the year, with one more for leap years; row 0 is unused.
DAYS_OF_YEAR = np.arange(367)


@dataclass(frozen=True, slots=True)
class Weather:
    """Today's weather, one element per site. Runoff is a multiple of its mean."""

    wind_m_s: Floats
    wave_height_m: Floats
    air_temperature_c: Floats
    runoff: Floats


class WeatherMaker:
    """Turns scores into weather; remembers yesterday's swell and runoff."""

    def __init__(self, parameters: WaterParameters, frame: Frame, scores: Scores) -> None:
        self._common = parameters.weather_common
        local = parameters.weather[frame.geography.code]
        sea = parameters.sea[frame.geography.code]
        exposures = [site.exposure for site in frame.sites]
        self._scores = scores
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

    def today(self, today: Today, scores: Floats, own: Own) -> Weather:
        """Return today's weather, and bring swell and runoff to today.

        A low brings wind and, with `rain_with_wind`, rain to the whole region; swell takes a day
        to fall, runoff a week.
        """
        common, of = self._common, self._scores.of
        gale = of(Decision.WIND, scores)
        over_water = weather.wind_speed(common, self._wind[today.day_of_year], gale)
        raised = weather.wind_sea(common, self._wave_at_10, over_water)
        kept = common.swell_persistence
        own["swell"] = np.maximum(raised, kept * own["swell"] + (1.0 - kept) * raised)
        fallen = weather.rain(common, gale, of(Decision.RAIN, scores), today.day_of_year)
        kept = common.runoff_persistence
        own["runoff"] = kept * own["runoff"] + (1.0 - kept) * fallen
        air = self._air[today.day_of_year] + self._north
        return Weather(
            wind_m_s=self._share * over_water,
            wave_height_m=own["swell"],
            air_temperature_c=air + self._air_sd * of(Decision.AIR_TEMPERATURE, scores),
            runoff=own["runoff"],
        )
