"""Storms, heat waves and cold spells: the weather or the sea stays beyond a threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.domain.biology import Biology
from farm.domain.events import CROSSINGS
from farm.domain.water import temperature_margin
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import Own


@dataclass(frozen=True, slots=True)
class Turns:
    """Which events of each kind and site became known, or known to be over, today."""

    opens: Bools
    start: Integers
    closes: Bools
    end: Integers
    intensity: Floats


class Crossings:
    """Watches thresholds. Arrays have the shape (kinds, sites).

    An event is known once it has lasted its least days; it is over once it has stayed away for
    longer than a gap may be. Source for heat waves: Hobday et al. 2016.
    """

    def __init__(self, biology: Biology, frame: Frame) -> None:
        events, sea = biology.events, biology.water.sea[frame.geography.code]
        self._shape = (len(CROSSINGS), len(frame.sites))
        self._storm = np.asarray([events.storm.wind.of(site.exposure) for site in frame.sites])
        self._warm = temperature_margin(sea, events.heat_wave.percentile)
        self._cold = temperature_margin(sea, events.cold_spell.percentile)
        given = [events.crossing(kind) for kind in CROSSINGS]
        self._least = np.asarray([c.least_days for c in given])[:, np.newaxis]
        self._gap = np.asarray([c.gap_days for c in given])[:, np.newaxis]
        self._full = np.asarray([c.full for c in given])[:, np.newaxis]

    def begin(self) -> Own:
        """Return quiet: nothing was ever beyond its threshold."""
        return {
            "run": np.zeros(self._shape, dtype=np.int64),
            "away": np.zeros(self._shape, dtype=np.int64),
            "known": np.zeros(self._shape, dtype=np.bool_),
        }

    def today(self, today: Today, wind_m_s: Floats, anomaly_c: Floats, own: Own) -> Turns:
        """Return what today's wind and temperature anomaly begin and end at each site."""
        beyond = np.stack([wind_m_s / self._storm, anomaly_c / self._warm, -anomaly_c / self._cold])
        there = beyond > 1.0
        run = np.where(there, own["run"] + 1, 0)
        away = np.where(there, 0, own["away"] + 1)
        opens = ~own["known"] & (run >= self._least)
        closes = own["known"] & (away > self._gap)
        own["run"], own["away"] = run, away
        own["known"] = (own["known"] | opens) & ~closes
        return Turns(
            opens=opens,
            start=today.ordinal - run + 1,
            closes=closes,
            end=today.ordinal - away + 1,
            intensity=np.where(own["known"] & there, np.minimum(beyond / self._full, 1.0), 0.0),
        )
