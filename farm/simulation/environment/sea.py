"""The sea at each site, outside the pens: no fish have breathed in it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from farm.domain import water, weather
from farm.domain.calendar import YEAR
from farm.domain.water_parameters import WaterParameters
from farm.simulation.dice import Dice
from farm.simulation.environment.days import Days
from farm.simulation.environment.spells import Trouble
from farm.simulation.environment.weather import DAYS_OF_YEAR, Weather
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import SeaDay
from farm.simulation.streams import Decision

#: Around this day of the year a year's temperature anomaly is at its full value.
MID_YEAR = 183


class Sea:
    """Turns scores, weather and blooms into sea water."""

    def __init__(self, parameters: WaterParameters, frame: Frame, dice: Dice) -> None:
        self._sea = parameters.sea[frame.geography.code]
        self._common = parameters.sea_common
        self._runoff_scale = parameters.weather_common.runoff_scale
        self._geography = frame.geography.id
        self._dice = dice
        exposures = [site.exposure for site in frame.sites]
        self._freshening = np.asarray([self._sea.freshening.of(e) for e in exposures])
        self._current = np.asarray([self._common.current.of(e) for e in exposures])
        latitude = np.asarray([site.latitude for site in frame.sites])
        amplitude = np.asarray([self._common.amplitude.of(e) for e in exposures])
        offset = self._sea.offset_sd * dice.once_by_site(Decision.SITE_OFFSET)
        self._normal = offset + water.normal_sea_temperature(
            self._sea, latitude, amplitude, DAYS_OF_YEAR[:, np.newaxis]
        )
        self._year: dict[int, float] = {}

    def normal(self, days: Days) -> Floats:
        """Return the temperature that is normal at each site on a month's days."""
        return np.asarray(self._normal[days.day_of_year[:, 0]])

    def temperature(self, days: Days, scores: Mapping[Decision, Floats]) -> Floats:
        """Return a month's temperature: normal, trend, year, region and site."""
        sea = self._sea
        common_to_all = water.warming(sea, self._common, days.month.year, days.day_of_year)
        common_to_all += sea.year_sd * self._year_anomaly(days)
        return np.asarray(
            self.normal(days)
            + common_to_all
            + sea.regional_sd * scores[Decision.REGIONAL_TEMPERATURE]
            + sea.local_sd * scores[Decision.LOCAL_TEMPERATURE]
        )

    def month(
        self,
        days: Days,
        scores: Mapping[Decision, Floats],
        sky: Weather,
        temperature: Floats,
        trouble: Trouble,
    ) -> SeaDay:
        """Return a month's sea; blooms and bad water change its oxygen and its pH."""
        sea, common = self._sea, self._common
        salinity = water.salinity_after(
            sea, scores[Decision.SALINITY], self._freshening, sky.runoff, self._runoff_scale
        )
        tide = weather.spring_neap(common.spring_neap, days.ordinal)
        spread = common.current_log_sd
        unrest = np.exp(spread * scores[Decision.CURRENT] - 0.5 * spread * spread)
        saturation = (
            common.saturation
            + common.saturation_sd * scores[Decision.SATURATION]
            + trouble.saturation
        )
        full = water.oxygen_saturation(temperature, salinity)
        return SeaDay(
            temperature_c=temperature,
            salinity_psu=salinity,
            oxygen_mg_l=np.clip(saturation, 0.0, common.saturation_max) / 100.0 * full,
            ph=common.ph + common.ph_sd * scores[Decision.PH] + trouble.ph,
            current_m_s=self._current * tide * unrest + common.wind_drift * sky.wind_m_s,
            wind_m_s=sky.wind_m_s,
            wave_height_m=sky.wave_height_m,
            air_temperature_c=sky.air_temperature_c,
        )

    def _year_anomaly(self, days: Days) -> Floats:
        before, this, after = (self._of_year(days.month.year + step) for step in (-1, 0, 1))
        share = (days.day_of_year - MID_YEAR) / YEAR
        neighbour = np.where(share >= 0, after, before)
        return np.asarray((1.0 - abs(share)) * this + abs(share) * neighbour)

    def _of_year(self, year: int) -> float:
        if year not in self._year:
            self._year[year] = self._dice.score(Decision.YEAR_TEMPERATURE, self._geography, year)
        return self._year[year]
