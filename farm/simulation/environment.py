"""The water of every container today: season, weather that persists, and what the fish take.

Temperature at sea is the geography's annual cycle, plus a year's anomaly (the same everywhere in
a geography, gliding from mid-year to mid-year), plus AR(1) anomalies of geography, area and site,
plus a lasting offset of the site. Halls are run at the set point of their stage.
"""

from __future__ import annotations

import numpy as np

from farm.domain import water
from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.world import Stage
from farm.simulation.dice import Dice, normal, persist
from farm.simulation.frame import Floats, Frame, PlaceKind
from farm.simulation.process import Today, Water
from farm.simulation.state import Own, State
from farm.simulation.streams import Decision

#: Around this day of the year a year's temperature anomaly is at its full value.
MID_YEAR = 183


class Environment:
    """Makes each day's water. Comes before all processes: they read it, it reads none of them."""

    name = "environment"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._parameters = biology.water
        self._sea = biology.water.sea[frame.geography.code]
        self._frame = frame
        self._dice = dice
        fresh = biology.water.fresh
        self._setpoint = np.asarray(
            [
                0.0 if stage is None or stage is Stage.ADULT else water.fresh_setpoint(fresh, stage)
                for stage in frame.hall_stage
            ]
        )
        self._flow_through = np.asarray(frame.flow_through, dtype=np.bool_)
        self._fresh_ph = np.where(self._flow_through, fresh.flow_through_ph, fresh.ras_ph)
        self._offset = (
            self._sea.offset_sd * dice.once_by_place(Decision.SITE_OFFSET)[frame.place_of]
        )
        self._year: dict[int, float] = {}
        self._chances: dict[Decision, Floats] = {}

    def begin(self) -> Own:
        """Return the anomalies before the first day, each drawn from its long-run distribution."""
        dice = self._dice
        return {
            Decision.GEOGRAPHY_TEMPERATURE.value: dice.once_by_geography(
                Decision.GEOGRAPHY_TEMPERATURE
            ),
            Decision.AREA_TEMPERATURE.value: dice.once_by_area(Decision.AREA_TEMPERATURE),
            Decision.SITE_TEMPERATURE.value: dice.once_by_place(Decision.SITE_TEMPERATURE),
            Decision.SALINITY.value: dice.once_by_place(Decision.SALINITY),
            Decision.PH.value: dice.once_by_place(Decision.PH),
            Decision.CURRENT.value: dice.once_by_place(Decision.CURRENT),
            Decision.SATURATION.value: dice.once_by_place(Decision.SATURATION),
            Decision.HALL_TEMPERATURE.value: dice.once_by_container(Decision.HALL_TEMPERATURE),
        }

    def turn_month(self, month: Month) -> None:
        """Draw the weather of a month."""
        dice = self._dice
        self._chances = {
            Decision.GEOGRAPHY_TEMPERATURE: dice.by_geography(
                Decision.GEOGRAPHY_TEMPERATURE, month, normal
            ),
            Decision.AREA_TEMPERATURE: dice.by_area(Decision.AREA_TEMPERATURE, month, normal),
            Decision.HALL_TEMPERATURE: dice.by_container(Decision.HALL_TEMPERATURE, month, normal),
        }
        for decision in (
            Decision.SITE_TEMPERATURE,
            Decision.SALINITY,
            Decision.PH,
            Decision.CURRENT,
            Decision.SATURATION,
        ):
            self._chances[decision] = dice.by_place(decision, month, normal)
        for year in (month.year - 1, month.year, month.year + 1):
            if year not in self._year:
                self._year[year] = dice.score(
                    Decision.YEAR_TEMPERATURE, self._frame.geography.id, year
                )

    def water(self, today: Today, state: State, own: Own) -> Water:
        """Return today's water, and bring the anomalies to today.

        Density, weight and with them oxygen demand are those of yesterday evening.
        """
        self._age(today, own)
        at_sea = self._frame.at_sea
        temperature = np.where(at_sea, self._sea_temperature(today, own), self._fresh(today, own))
        salt = self._salinity(own)
        solubility = water.oxygen_saturation(temperature, np.where(at_sea, salt, 0.0))
        density = (
            state.population * np.maximum(state.weight_g, 0.0) / 1000.0 / self._frame.volume_m3
        )
        oxygen = self._oxygen(own, solubility, density, state, temperature)
        return Water(
            temperature_c=temperature,
            salinity_psu=np.where(at_sea, salt, np.nan),
            oxygen_mg_l=oxygen,
            saturation_percent=100.0 * oxygen / solubility,
            ph=self._ph(own, density),
        )

    def _age(self, today: Today, own: Own) -> None:
        sea, fresh, common = self._sea, self._parameters.fresh, self._parameters.sea_common
        site = np.asarray(
            [place.kind is PlaceKind.SITE for place in self._frame.places], dtype=np.bool_
        )
        for decision, persistence in (
            (Decision.GEOGRAPHY_TEMPERATURE, sea.persistence),
            (Decision.AREA_TEMPERATURE, sea.persistence),
            (Decision.SITE_TEMPERATURE, sea.site_persistence),
            (Decision.SALINITY, sea.salinity_persistence),
            (Decision.CURRENT, common.current_persistence),
            (Decision.SATURATION, common.current_persistence),
            (Decision.HALL_TEMPERATURE, fresh.temperature_persistence),
        ):
            own[decision.value] = persist(
                own[decision.value], persistence, self._chances[decision][today.row]
            )
        chance = self._chances[Decision.PH][today.row]
        own[Decision.PH.value] = np.where(
            site,
            persist(own[Decision.PH.value], common.ph_persistence, chance),
            persist(own[Decision.PH.value], fresh.ph_persistence, chance),
        )

    def _sea_temperature(self, today: Today, own: Own) -> Floats:
        sea, frame = self._sea, self._frame
        return np.asarray(
            water.climatology(sea.temperature, today.day_of_year)
            + sea.year_sd * self._year_anomaly(today)
            + sea.geography_sd * own[Decision.GEOGRAPHY_TEMPERATURE.value]
            + sea.area_sd * own[Decision.AREA_TEMPERATURE.value][frame.area_of]
            + sea.site_sd * own[Decision.SITE_TEMPERATURE.value][frame.place_of]
            + self._offset
        )

    def _year_anomaly(self, today: Today) -> float:
        year = today.date.year
        share = (today.day_of_year - MID_YEAR) / water.YEAR
        neighbour = self._year[year + 1] if share >= 0 else self._year[year - 1]
        return (1.0 - abs(share)) * self._year[year] + abs(share) * neighbour

    def _fresh(self, today: Today, own: Own) -> Floats:
        fresh = self._parameters.fresh
        season = np.where(
            self._flow_through,
            water.fresh_season(fresh, "flow_through", today.day_of_year),
            water.fresh_season(fresh, "ras", today.day_of_year),
        )
        return np.asarray(
            self._setpoint
            + season
            + fresh.temperature_sd * np.asarray(own[Decision.HALL_TEMPERATURE.value])
        )

    def _salinity(self, own: Own) -> Floats:
        sea = self._sea
        score = own[Decision.SALINITY.value][self._frame.place_of]
        return np.asarray(np.minimum(sea.salinity + sea.salinity_sd * score, sea.salinity_max))

    def _oxygen(
        self, own: Own, solubility: Floats, density: Floats, state: State, temperature: Floats
    ) -> Floats:
        frame, parameters = self._frame, self._parameters
        common, fresh = parameters.sea_common, parameters.fresh
        demand = water.oxygen_demand(parameters.respiration, density, state.weight_g, temperature)
        current = np.exp(-common.current_log_sd * own[Decision.CURRENT.value])[frame.place_of]
        taken = np.where(
            frame.at_sea,
            demand * common.residence * current,
            demand * fresh.residence * (1.0 - fresh.oxygenation),
        )
        inflow = np.where(
            frame.at_sea,
            common.saturation
            + common.saturation_sd * own[Decision.SATURATION.value][frame.place_of],
            fresh.saturation,
        )
        floor = parameters.aeration / 100.0 * solubility
        return np.asarray(np.maximum(inflow / 100.0 * solubility - taken, floor))

    def _ph(self, own: Own, density: Floats) -> Floats:
        frame, common, fresh = self._frame, self._parameters.sea_common, self._parameters.fresh
        score = own[Decision.PH.value][frame.place_of]
        clean = np.where(
            frame.at_sea, common.ph + common.ph_sd * score, self._fresh_ph + fresh.ph_sd * score
        )
        drop = self._parameters.respiration.ph_drop * density
        # At sea the pen is flushed and buffered: a tenth of the carbon dioxide stays.
        return np.asarray(clean - np.where(frame.at_sea, 0.1 * drop, drop))
