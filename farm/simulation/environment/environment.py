"""What surrounds the fish today: weather, sea, halls, site events, and the water of containers.

Temperature at sea is the season of the place, a trend, a year's anomaly (the same everywhere in a
geography, gliding from mid-year to mid-year), an anomaly of the region, in which neighbours are
alike, and one of the site; both persist. Halls are run at the set point of their stage. In the
containers, fish breathe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain import weather
from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.events import CROSSINGS, KINDS, SPELLS
from farm.simulation.dice import Dice
from farm.simulation.environment.containers import Containers, Inflow
from farm.simulation.environment.crossings import Crossings, Turns
from farm.simulation.environment.days import Days, day_by_day
from farm.simulation.environment.halls import Halls
from farm.simulation.environment.scores import Scores
from farm.simulation.environment.sea import Sea
from farm.simulation.environment.spells import Spells, Spelt
from farm.simulation.environment.weather import WeatherMaker
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import EventsDay, HallDay, SeaDay, Surroundings, Today
from farm.simulation.state import Own, State
from farm.simulation.streams import Decision

#: Rows of arrays by kind that crossings and spells make.
_CROSSED = [kind.row for kind in CROSSINGS]
_SPELT = [kind.row for kind in SPELLS]


@dataclass(frozen=True, slots=True)
class Outside:
    """What surrounds the containers on one day, and the water that comes to them."""

    sea: SeaDay
    halls: HallDay
    events: EventsDay
    inflow: Inflow


class Environment:
    """Makes each day's surroundings. Comes before all processes: they read it, it reads none.

    All but the breath of fish is worked out a month at a time: what stands in the own arrays is of
    the end of the month, the ration apart.
    """

    name = "environment"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._frame = frame
        self._sites, self._halls = _scores(biology, frame, dice)
        self._weather = WeatherMaker(biology.water, frame)
        self._sea = Sea(biology.water, frame, dice)
        self._fresh = Halls(biology.water, frame)
        self._spells = Spells(biology.events, frame, dice)
        self._crossings = Crossings(biology, frame)
        self._containers = Containers(biology.water, frame)
        self._outside: list[Outside] = []

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

    def turn_month(self, month: Month, own: Own) -> None:
        """Draw all chances of a month, and live through its weather, sea and site events."""
        days = Days.of(month)
        of_sites = self._sites.month(month, own["sites"])
        of_halls = self._halls.month(month, own["halls"])
        own["sites"], own["halls"] = of_sites[:, -1], of_halls[:, -1]
        scores = self._sites.by_series(of_sites)
        sky = self._weather.month(days, scores, own)
        temperature = self._sea.temperature(days, scores)
        warmth = scores[Decision.REGIONAL_TEMPERATURE]
        spelt = self._spells.month(days, warmth, sky.wind_m_s, own)
        anomaly = temperature - self._sea.normal(days)
        turns = self._crossings.month(days, sky.wind_m_s, anomaly, own)
        sea = self._sea.month(days, scores, sky, temperature, spelt.trouble)
        halls = self._fresh.month(days, self._halls.by_series(of_halls))
        whole = (sea, halls, _events(days, turns, spelt), self._containers.inflow(sea, halls))
        self._outside = [Outside(*each) for each in zip(*map(day_by_day, whole), strict=True)]

    def surroundings(self, today: Today, state: State, own: Own) -> Surroundings:
        """Return today's surroundings.

        Density, weight and ration, and with them oxygen demand, are those of yesterday evening.
        """
        outside = self._outside[today.row]
        return Surroundings(
            water=self._containers.breathed(outside.inflow, state, own["ration"]),
            sea=outside.sea,
            halls=outside.halls,
            events=outside.events,
        )

    def remember(self, state: State, feed_g: Integers, own: Own) -> None:
        """Note this evening what was eaten today, in per cent of biomass: it costs oxygen."""
        biomass = state.population * state.weight_g
        own["ration"] = 100.0 * feed_g / np.maximum(biomass, 1.0)


def _events(days: Days, turns: Turns, spelt: Spelt) -> EventsDay:
    """Return a month's events of all kinds: the rows of crossings and spells put together."""
    ordinal = days.ordinal[:, np.newaxis]

    def rows(crossed: NDArray[Any], of_spells: NDArray[Any]) -> NDArray[Any]:
        joined = np.empty((len(crossed), KINDS, crossed.shape[2]), dtype=crossed.dtype)
        joined[:, _CROSSED], joined[:, _SPELT] = crossed, of_spells
        return joined

    return EventsDay(
        active=rows(turns.active, (spelt.since > 0) & (ordinal < spelt.until)),
        opens=rows(turns.opens, spelt.since == ordinal),
        start=rows(turns.start, spelt.since),
        closes=rows(turns.closes, spelt.ended),
        end=rows(turns.end, ordinal),
        intensity=rows(turns.intensity, spelt.intensity),
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
