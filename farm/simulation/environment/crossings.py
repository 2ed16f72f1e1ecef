"""Storms, heat waves and cold spells: the weather or the sea stays beyond a threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.domain.biology import Biology
from farm.domain.events import CROSSINGS
from farm.domain.water import temperature_margin
from farm.simulation.environment.days import Days
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.state import Own


@dataclass(frozen=True, slots=True)
class Turns:
    """Which events of each kind and site last, became known, or known to be over, on each day.

    The fields are those of `EventsDay`; arrays have the shape (days, kinds, sites).
    """

    active: Bools
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

    def month(self, days: Days, wind_m_s: Floats, anomaly_c: Floats, own: Own) -> Turns:
        """Return what a month's wind and temperature anomaly begin and end at each site.

        Args:
            days: the days of the month.
            wind_m_s: shape (days, sites).
            anomaly_c: how much warmer the sea is than is normal, of the same shape.
            own: how long each site has been beyond a threshold and away from it, and which
                events are known; brought to the end of the month.
        """
        beyond = np.stack(
            [wind_m_s / self._storm, anomaly_c / self._warm, -anomaly_c / self._cold], axis=1
        )
        there, ordinal = beyond > 1.0, days.ordinal[:, np.newaxis]
        run = _lasted(there, ordinal, own["run"])
        away = _lasted(~there, ordinal, own["away"])
        lasts, is_over = run >= self._least, away > self._gap
        opens, closes, known = (np.empty_like(there) for _ in range(3))
        for day in range(len(there)):
            opens[day] = ~own["known"] & lasts[day]
            closes[day] = own["known"] & is_over[day]
            known[day] = own["known"] = (own["known"] | opens[day]) & ~closes[day]
        own["run"], own["away"] = run[-1], away[-1]
        return Turns(
            active=known,
            opens=opens,
            start=ordinal - run + 1,
            closes=closes,
            end=ordinal - away + 1,
            intensity=np.where(known & there, np.minimum(beyond / self._full, 1.0), 0.0),
        )


def _lasted(holds: Bools, ordinal: Integers, before: Integers) -> Integers:
    """Return for how many days in a row, up to each day, something has held.

    Args:
        holds: on which of consecutive days it does, days first.
        ordinal: the days, of a shape that fits.
        before: for how many days it held up to the day before the first.
    """
    missed = np.where(holds, ordinal[0] - 1 - before, ordinal)
    return np.asarray(ordinal - np.maximum.accumulate(missed, axis=0))
