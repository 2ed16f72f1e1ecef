"""The sea at each site, outside the pens: no fish have breathed in it."""

from __future__ import annotations

import numpy as np

from farm.domain import water, weather
from farm.domain.calendar import YEAR, Month
from farm.domain.water_parameters import WaterParameters
from farm.simulation.dice import Dice
from farm.simulation.environment.scores import Scores
from farm.simulation.environment.spells import Trouble
from farm.simulation.environment.weather import DAYS_OF_YEAR, Weather
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import SeaDay, Today
from farm.simulation.streams import Decision

#: Around this day of the year a year's temperature anomaly is at its full value.
MID_YEAR = 183


class Sea:
    """Turns scores, weather and blooms into sea water."""

    def __init__(
        self, parameters: WaterParameters, frame: Frame, dice: Dice, scores: Scores
    ) -> None:
        self._sea = parameters.sea[frame.geography.code]
        self._common = parameters.sea_common
        self._runoff_scale = parameters.weather_common.runoff_scale
        self._geography = frame.geography.id
        self._dice = dice
        self._scores = scores
        exposures = [site.exposure for site in frame.sites]
        self._freshening = np.asarray([self._sea.freshening.of(e) for e in exposures])
        self._current = np.asarray([self._common.current.of(e) for e in exposures])
        latitude = np.asarray([site.latitude for site in frame.sites])
        amplitude = np.asarray([self._common.amplitude.of(e) for e in exposures])
        offset = self._sea.offset_sd * dice.once_by_site(Decision.SITE_OFFSET)
        self.normal = offset + water.normal_sea_temperature(
            self._sea, latitude, amplitude, DAYS_OF_YEAR[:, np.newaxis]
        )
        self._year: dict[int, float] = {}

    def turn_month(self, month: Month) -> None:
        """Draw the anomalies of the years around a month."""
        for year in (month.year - 1, month.year, month.year + 1):
            if year not in self._year:
                self._year[year] = self._dice.score(
                    Decision.YEAR_TEMPERATURE, self._geography, year
                )

    def temperature(self, today: Today, scores: Floats) -> Floats:
        """Return today's temperature: normal, trend, year, region and site."""
        sea, of = self._sea, self._scores.of
        common_to_all = water.warming(sea, self._common, today.date.year, today.day_of_year)
        common_to_all += sea.year_sd * self._year_anomaly(today)
        return np.asarray(
            self.normal[today.day_of_year]
            + common_to_all
            + sea.regional_sd * of(Decision.REGIONAL_TEMPERATURE, scores)
            + sea.local_sd * of(Decision.LOCAL_TEMPERATURE, scores)
        )

    def day(
        self,
        today: Today,
        scores: Floats,
        sky: Weather,
        temperature: Floats,
        trouble: Trouble,
    ) -> SeaDay:
        """Return today's sea; blooms and bad water change its oxygen and its pH."""
        sea, common, of = self._sea, self._common, self._scores.of
        salinity = water.salinity_after(
            sea, of(Decision.SALINITY, scores), self._freshening, sky.runoff, self._runoff_scale
        )
        tide = weather.spring_neap(common.spring_neap, today.ordinal)
        spread = common.current_log_sd
        unrest = np.exp(spread * of(Decision.CURRENT, scores) - 0.5 * spread * spread)
        saturation = (
            common.saturation
            + common.saturation_sd * of(Decision.SATURATION, scores)
            + trouble.saturation
        )
        full = water.oxygen_saturation(temperature, salinity)
        return SeaDay(
            temperature_c=temperature,
            salinity_psu=salinity,
            oxygen_mg_l=np.clip(saturation, 0.0, common.saturation_max) / 100.0 * full,
            ph=common.ph + common.ph_sd * of(Decision.PH, scores) + trouble.ph,
            current_m_s=self._current * tide * unrest + common.wind_drift * sky.wind_m_s,
            wind_m_s=sky.wind_m_s,
            wave_height_m=sky.wave_height_m,
            air_temperature_c=sky.air_temperature_c,
        )

    def _year_anomaly(self, today: Today) -> float:
        year = today.date.year
        share = (today.day_of_year - MID_YEAR) / YEAR
        neighbour = self._year[year + 1] if share >= 0 else self._year[year - 1]
        return (1.0 - abs(share)) * self._year[year] + abs(share) * neighbour
