"""Spells of bad water: hypoxia, algal blooms and jellyfish.

A spell begins by chance in an area, more often in its season, and catches some of its sites, warm
ones more often, windy ones perhaps not at all. At a site it rises, peaks and declines.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from farm.domain.calendar import YEAR, Month
from farm.domain.event_parameters import EventParameters
from farm.domain.events import SPELLS
from farm.domain.share import bounded
from farm.simulation.dice import Dice, Draw, normal, uniform
from farm.simulation.environment.days import Days
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Severities are drawn half by the area's spell, half by the site's share of it.
_HALF = math.sqrt(0.5)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What spells do to the water, shape (days, sites): changes of saturation (%) and pH."""

    saturation: Floats
    ph: Floats


@dataclass(frozen=True, slots=True)
class Spelt:
    """The latest spell of each kind at each site on each day of a month.

    Arrays have the shape (days, kinds, sites).

    Attributes:
        since: its first day, as an ordinal; 0 where there never was one.
        until: the first day after it.
        ended: whether one ended as the day began.
        intensity: how strong it is, in [0, 1]; 0 where there is none.
        trouble: what all kinds together do to the water.
    """

    since: Integers
    until: Integers
    ended: Bools
    intensity: Floats
    trouble: Trouble


class Spells:
    """Lets spells begin, run their course and end. Arrays have the shape (days, kinds, sites)."""

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

    def begin(self) -> Own:
        """Return calm: no spell was ever seen."""
        shape = (len(SPELLS), len(self._frame.sites))
        return {
            "since": np.zeros(shape, dtype=np.int64),
            "until": np.zeros(shape, dtype=np.int64),
            "peak": np.zeros(shape),
        }

    def month(self, days: Days, warmth: Floats, wind_m_s: Floats, own: Own) -> Spelt:
        """Let a month's spells begin, and return their course.

        Args:
            days: the days of the month.
            warmth: standard score of each site's anomaly of temperature, the year's apart, shape
                (days, sites).
            wind_m_s: the wind at each site, of the same shape.
            own: since, until and peak severity of the latest spell of each kind at each site;
                brought to the end of the month.
        """
        ordinal = days.ordinal[:, np.newaxis]
        may_begin = self._may_begin(days, warmth[:, np.newaxis], wind_m_s[:, np.newaxis])
        severity, length = self._severities(days.month, may_begin)
        since, until = (np.empty(may_begin.shape, dtype=np.int64) for _ in range(2))
        ended, peak = np.empty_like(may_begin), np.empty_like(severity)
        for day, today in enumerate(days.ordinal[:, 0].tolist()):
            ended[day] = own["until"] == today
            begins = may_begin[day] & (today >= own["until"])
            if np.count_nonzero(begins):
                own["since"] = np.where(begins, today, own["since"])
                own["until"] = np.where(begins, today + length[day], own["until"])
                own["peak"] = np.where(begins, severity[day], own["peak"])
            since[day], until[day], peak[day] = own["since"], own["until"], own["peak"]
        # The lower line counts; they cross at the peak.
        progress = (ordinal - since + 0.5) / np.maximum(until - since, 1)
        rising, falling = progress / self._rise, (1.0 - progress) / (1.0 - self._rise)
        intensity = peak * bounded(np.minimum(rising, falling))
        change = np.where(rising < falling, self._rising, self._falling)
        trouble = Trouble((change * intensity).sum(axis=1), (self._ph * intensity).sum(axis=1))
        return Spelt(since, until, ended, intensity, trouble)

    def _may_begin(self, days: Days, warmth: Floats, wind_m_s: Floats) -> Bools:
        """Return where spells begin unless one lasts; they begin in areas and catch sites."""
        turn = 2.0 * math.pi * (days.day_of_year[:, np.newaxis] - self._peak) / YEAR
        season = np.exp(self._sharpness * np.cos(turn)) / self._season_mean
        likelier = np.exp(self._warmth * warmth - 0.5 * self._warmth**2)
        onset = self._of_areas(Decision.SPELL_ONSET, days.month, uniform, range(len(SPELLS)))
        near = onset < self._per_day * season
        caught = self._of_sites(Decision.SPELL_CATCH, days.month, uniform, near)
        return near & (caught < self._catch * likelier) & (wind_m_s < self._wind_below)

    def _severities(self, month: Month, begin: Bools) -> tuple[Floats, Integers]:
        """Return how bad, and how many days long, the spells are that begin on each day."""
        kinds = _kinds(begin)
        of_area = self._of_areas(Decision.SPELL_SEVERITY, month, normal, kinds)
        score = _HALF * (of_area + self._of_sites(Decision.SPELL_SEVERITY, month, normal, begin))
        severity = np.minimum(self._severity * np.exp(self._severity_sd * score), 1.0)
        length = self._of_areas(Decision.SPELL_DURATION, month, normal, kinds)
        days = np.rint(self._days * np.exp(self._days_sd * length))
        return severity, np.clip(days, self._least, self._most).astype(np.int64)

    def _of_areas(
        self, decision: Decision, month: Month, draw: Draw, kinds: Iterable[int]
    ) -> Floats:
        """Return chances of the areas, for each of their sites; 0 of other kinds than these."""
        result = np.zeros((month.days, len(SPELLS), len(self._frame.area_ids)))
        for kind in kinds:
            result[:, kind] = self._dice.by_area(decision, month, draw, kind)
        return result[:, :, self._frame.area_of_site]

    def _of_sites(self, decision: Decision, month: Month, draw: Draw, wanted: Bools) -> Floats:
        """Return chances of the sites at which any is wanted; 0 at the others."""
        result = np.zeros(wanted.shape)
        for kind in _kinds(wanted):
            sites = np.flatnonzero(wanted[:, kind].any(axis=0))
            result[:, kind, sites] = self._dice.by_site(decision, month, draw, kind, of=sites)
        return result


def _kinds(where: Bools) -> list[int]:
    """Return the kinds of which anything is true on any day at any site."""
    kinds: list[int] = np.flatnonzero(where.any(axis=(0, 2))).tolist()
    return kinds
