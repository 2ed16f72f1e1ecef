"""What surrounds the fish today: weather, sea, halls, site events, and the water of containers.

Temperature at sea is the season of the place, a trend, a year's anomaly (the same everywhere in a
geography, gliding from mid-year to mid-year), an anomaly of the region, in which neighbours are
alike, and one of the site; both persist. Halls are run at the set point of their stage. In the
containers, fish breathe.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain import water, weather
from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.events import CROSSINGS, KINDS, SPELLS
from farm.simulation.dice import Dice
from farm.simulation.environment.crossings import Crossings, Turns
from farm.simulation.environment.halls import Halls
from farm.simulation.environment.scores import Scores
from farm.simulation.environment.sea import Sea
from farm.simulation.environment.spells import Spells
from farm.simulation.environment.weather import WeatherMaker
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.process import EventsDay, HallDay, SeaDay, Surroundings, Today, Water
from farm.simulation.state import Own, State
from farm.simulation.streams import Decision

#: Rows of arrays by kind that crossings and spells make.
_CROSSED = [kind.row for kind in CROSSINGS]
_SPELT = [kind.row for kind in SPELLS]


class Environment:
    """Makes each day's surroundings. Comes before all processes: they read it, it reads none."""

    name = "environment"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._parameters = parameters = biology.water
        self._frame = frame
        self._sites, self._halls = _scores(biology, frame, dice)
        self._weather = WeatherMaker(parameters, frame, self._sites)
        self._sea = Sea(parameters, frame, dice, self._sites)
        self._fresh = Halls(parameters, frame, self._halls)
        self._spells = Spells(biology.events, frame, dice)
        self._crossings = Crossings(biology, frame)

    def begin(self) -> Own:
        """Return the weather before the first day: scores from their long-run distribution."""
        return {
            "sites": self._sites.begin(),
            "halls": self._halls.begin(),
            "ration": np.zeros(self._frame.size),
            **self._weather.begin(),
            **self._spells.begin(),
            **self._crossings.begin(),
        }

    def turn_month(self, month: Month) -> None:
        """Draw all chances of a month."""
        for part in (self._sites, self._halls, self._sea, self._spells):
            part.turn_month(month)

    def surroundings(self, today: Today, state: State, own: Own) -> Surroundings:
        """Return today's surroundings, and bring everything that persists to today.

        Density, weight and ration, and with them oxygen demand, are those of yesterday evening.
        """
        own["sites"] = scores = self._sites.age(own["sites"], today.row)
        own["halls"] = self._halls.age(own["halls"], today.row)
        sky = self._weather.today(today, scores, own)
        temperature = self._sea.temperature(today, scores)
        ended = own["until"] == today.ordinal
        warmth = self._sites.of(Decision.REGIONAL_TEMPERATURE, scores)
        self._spells.today(today, warmth, sky.wind_m_s, own)
        intensity = self._spells.intensity(today, own)
        trouble = self._spells.trouble(today, intensity, own)
        sea = self._sea.day(today, scores, sky, temperature, trouble)
        halls = self._fresh.day(today, own["halls"])
        anomaly = temperature - self._sea.normal[today.day_of_year]
        turns = self._crossings.today(today, sky.wind_m_s, anomaly, own)
        return Surroundings(
            water=self._breathed(state, own, sea, halls),
            sea=sea,
            halls=halls,
            events=self._events(today, own, turns, ended, intensity),
        )

    def remember(self, state: State, feed_g: Integers, own: Own) -> None:
        """Note this evening what was eaten today, in per cent of biomass: it costs oxygen."""
        biomass = state.population * state.weight_g
        own["ration"] = 100.0 * feed_g / np.maximum(biomass, 1.0)

    def _breathed(self, state: State, own: Own, sea: SeaDay, halls: HallDay) -> Water:
        """Return the water of the containers: that of the place, after fish breathed in it."""
        frame, parameters = self._frame, self._parameters
        fresh = parameters.fresh
        temperature = frame.spread(sea.temperature_c, halls.temperature_c)
        salinity = frame.spread(sea.salinity_psu, np.nan)
        solubility = frame.spread(
            water.oxygen_saturation(sea.temperature_c, sea.salinity_psu),
            water.oxygen_saturation(halls.temperature_c, 0.0),
        )
        density = (
            state.population * np.maximum(state.weight_g, 0.0) / 1000.0 / self._frame.volume_m3
        )
        demand = water.oxygen_demand(
            parameters.respiration, density, state.weight_g, temperature, own["ration"]
        )
        hours = frame.spread(
            np.asarray(water.residence_h(parameters.sea_common, sea.current_m_s)),
            fresh.residence * (1.0 - fresh.oxygenation),
        )
        oxygen = np.maximum(
            frame.spread(sea.oxygen_mg_l, halls.oxygen_mg_l) - demand * hours,
            parameters.aeration / 100.0 * solubility,
        )
        drop = parameters.respiration.ph_drop * density
        # At sea the pen is flushed and buffered: a tenth of the carbon dioxide stays.
        acid = np.where(frame.at_sea, 0.1 * drop, drop)
        return Water(
            temperature_c=temperature,
            salinity_psu=salinity,
            oxygen_mg_l=oxygen,
            saturation_percent=100.0 * oxygen / solubility,
            ph=frame.spread(sea.ph, halls.ph) - acid,
        )

    def _events(
        self, today: Today, own: Own, turns: Turns, ended: Bools, spelt: Floats
    ) -> EventsDay:
        """Return the events of all kinds; the rows of crossings and spells are put together."""
        shape = (KINDS, len(self._frame.sites))

        def rows(crossed: NDArray[Any], of_spells: NDArray[Any]) -> NDArray[Any]:
            joined = np.zeros(shape, dtype=crossed.dtype)
            joined[_CROSSED], joined[_SPELT] = crossed, of_spells
            return joined

        since, until = own["since"], own["until"]
        return EventsDay(
            active=rows(own["known"], (since > 0) & (today.ordinal < until)),
            opens=rows(turns.opens, since == today.ordinal),
            start=rows(turns.start, since),
            closes=rows(turns.closes, ended),
            end=rows(turns.end, np.full_like(until, today.ordinal)),
            intensity=rows(turns.intensity, spelt),
        )


def _scores(biology: Biology, frame: Frame, dice: Dice) -> tuple[Scores, Scores]:
    """Return the series of the sites and of the halls."""
    parameters = biology.water
    sea, common = parameters.sea[frame.geography.code], parameters.sea_common
    sky, fresh = parameters.weather_common, parameters.fresh
    apart = weather.distances_km(
        np.asarray([site.latitude for site in frame.sites]),
        np.asarray([site.longitude for site in frame.sites]),
    )
    under_one_sky = weather.mixing(apart, sky.range)
    of_sites = {
        Decision.REGIONAL_TEMPERATURE: sea.persistence,
        Decision.LOCAL_TEMPERATURE: sea.local_persistence,
        Decision.SALINITY: sea.salinity_persistence,
        Decision.PH: common.ph_persistence,
        Decision.CURRENT: common.current_persistence,
        Decision.SATURATION: common.saturation_persistence,
        Decision.WIND: sky.persistence,
        Decision.RAIN: sky.persistence,
        Decision.AIR_TEMPERATURE: sky.air_persistence,
    }
    fields = {
        Decision.REGIONAL_TEMPERATURE: weather.mixing(apart, common.temperature_range),
        Decision.WIND: under_one_sky,
        Decision.RAIN: under_one_sky,
        Decision.AIR_TEMPERATURE: under_one_sky,
    }
    of_halls = {
        Decision.HALL_TEMPERATURE: fresh.temperature_persistence,
        Decision.HALL_PH: fresh.ph_persistence,
        Decision.HALL_SATURATION: fresh.saturation_persistence,
    }
    return (
        Scores(of_sites, fields, dice.once_by_site, dice.by_site),
        Scores(of_halls, {}, dice.once_by_hall, dice.by_hall),
    )
