"""Spells of bad water: hypoxia, algal blooms and jellyfish.

A spell begins by chance in an area, more often in its season, and catches some of its sites, warm
ones more often, windy ones perhaps not at all. At a site it rises, peaks and declines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from farm.domain.calendar import YEAR, Month
from farm.domain.event_parameters import EventParameters
from farm.domain.events import SPELLS
from farm.simulation.dice import Dice, Draw, normal, uniform
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Severities are drawn half by the area's spell, half by the site's share of it.
_HALF = math.sqrt(0.5)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What spells do to today's water at each site: changes of saturation (%) and pH."""

    saturation: Floats
    ph: Floats


class Spells:
    """Lets spells begin, run their course and end. Arrays have the shape (kinds, sites)."""

    def __init__(self, events: EventParameters, frame: Frame, dice: Dice) -> None:
        self._frame = frame
        self._dice = dice
        given = [events.spell(kind) for kind in SPELLS]

        def column(name: str) -> Floats:
            return np.asarray([getattr(spell, name) for spell in given])[:, np.newaxis]

        code = frame.geography.code
        self._per_day = np.asarray([s.per_year[code] for s in given])[:, np.newaxis] / YEAR
        self._peak, self._sharpness = column("peak"), column("sharpness")
        # What makes the season's mean 1 over a year.
        self._season_mean = np.i0(self._sharpness)
        self._catch = np.asarray([[s.catch.of(at.exposure) for at in frame.sites] for s in given])
        self._warmth, self._wind_below = column("warmth"), column("wind_below")
        self._days, self._days_sd = column("days"), column("days_log_sd")
        self._least, self._most = column("least_days"), column("most_days")
        self._severity, self._severity_sd = column("severity"), column("severity_log_sd")
        self._rise, self._ph = column("rise"), column("ph")
        self._rising, self._falling = column("saturation_rising"), column("saturation_falling")
        self._onset = self._caught = self._size = self._share = self._length = np.zeros((0, 0, 0))

    def begin(self) -> Own:
        """Return calm: no spell was ever seen."""
        shape = (len(SPELLS), len(self._frame.sites))
        return {
            "since": np.zeros(shape, dtype=np.int64),
            "until": np.zeros(shape, dtype=np.int64),
            "peak": np.zeros(shape),
        }

    def turn_month(self, month: Month) -> None:
        """Draw the onsets of a month, whom they catch, how bad and how long they are."""
        dice, kinds = self._dice, range(len(SPELLS))

        def of_areas(decision: Decision, draw: Draw) -> Floats:
            drawn = [dice.by_area(decision, month, draw, kind) for kind in kinds]
            return np.stack(drawn, axis=1)[:, :, self._frame.area_of_site]

        def of_sites(decision: Decision, draw: Draw) -> Floats:
            return np.stack([dice.by_site(decision, month, draw, kind) for kind in kinds], axis=1)

        self._onset = of_areas(Decision.SPELL_ONSET, uniform)
        self._caught = of_sites(Decision.SPELL_CATCH, uniform)
        self._size = of_areas(Decision.SPELL_SEVERITY, normal)
        self._share = of_sites(Decision.SPELL_SEVERITY, normal)
        self._length = of_areas(Decision.SPELL_DURATION, normal)

    def today(self, today: Today, warmth: Floats, wind_m_s: Floats, own: Own) -> None:
        """Let today's spells begin.

        Args:
            today: today.
            warmth: standard score of each site's anomaly of temperature, the year's apart.
            wind_m_s: today's wind at each site.
            own: since, until and peak severity of the latest spell of each kind at each site.
        """
        row = today.row
        turn = 2.0 * math.pi * (today.day_of_year - self._peak) / YEAR
        season = np.exp(self._sharpness * np.cos(turn)) / self._season_mean
        likelier = np.exp(self._warmth * warmth - 0.5 * self._warmth**2)
        begins = (
            (self._onset[row] < self._per_day * season)
            & (self._caught[row] < self._catch * likelier)
            & (wind_m_s < self._wind_below)
            & (today.ordinal >= own["until"])
        )
        if not begins.any():
            return
        score = _HALF * (self._size[row] + self._share[row])
        severity = np.minimum(self._severity * np.exp(self._severity_sd * score), 1.0)
        days = np.rint(self._days * np.exp(self._days_sd * self._length[row]))
        days = np.clip(days, self._least, self._most).astype(np.int64)
        own["since"] = np.where(begins, today.ordinal, own["since"])
        own["until"] = np.where(begins, today.ordinal + days, own["until"])
        own["peak"] = np.where(begins, severity, own["peak"])

    def intensity(self, today: Today, own: Own) -> Floats:
        """Return how strong each spell is today: 0 where there is none."""
        rising, falling = self._course(today, own)
        return np.asarray(own["peak"] * np.clip(np.minimum(rising, falling), 0.0, 1.0))

    def trouble(self, today: Today, intensity: Floats, own: Own) -> Trouble:
        """Return what today's spells do to the water."""
        rising, falling = self._course(today, own)
        change = np.where(rising < falling, self._rising, self._falling)
        return Trouble(
            saturation=(change * intensity).sum(axis=0), ph=(self._ph * intensity).sum(axis=0)
        )

    def _course(self, today: Today, own: Own) -> tuple[Floats, Floats]:
        """Return the rising and the falling line; the lower one counts, they cross at the peak."""
        days: Integers = np.maximum(own["until"] - own["since"], 1)
        progress = (today.ordinal - own["since"] + 0.5) / days
        return progress / self._rise, (1.0 - progress) / (1.0 - self._rise)
