"""Onsets: outbreaks that begin by themselves, and the containers in which they do.

An outbreak of a disease begins at a place with the chance

    1 - exp(-onsets * season * trend * proneness * mean of susceptibility / 365.25)

over its containers in a stage of the disease; the container is picked in proportion to its
susceptibility.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from farm.domain.calendar import YEAR, Month
from farm.simulation.cells import cells, rows_and_columns
from farm.simulation.dice import Dice, uniform
from farm.simulation.epidemics.courses import Case
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.epidemics.susceptibility import Susceptibility
from farm.simulation.frame import Bools, Floats, Frame, PlaceKind
from farm.simulation.process import Morning
from farm.simulation.streams import Decision


class Onsets:
    """Finds the outbreaks that begin today."""

    def __init__(self, profiles: Profiles, frame: Frame, dice: Dice) -> None:
        self._profiles = profiles
        self._frame = frame
        self._dice = dice
        self._proneness = self._how_places_differ()
        self._prone_a_day = self._proneness / YEAR
        self._month: Month | None = None
        self._trend: Floats = np.zeros(0)
        self._drawn, self._awaited = np.zeros((2, len(frame.places)), dtype=np.bool_)
        self._chances: Floats = np.zeros((0, len(profiles), len(frame.places)))

    def turn_month(self, month: Month) -> None:
        """Begin a month; the chances of a place are drawn once there are fish."""
        self._month, self._trend = month, self._profiles.trend(month)
        self._drawn[:] = False
        self._awaited = self._frame.places_of(self._dice.awaited)
        # What never begins has the chance that is never undercut.
        shape = (month.days, len(self._profiles), len(self._frame.places))
        self._chances = np.full(shape, np.inf)

    def _draw(self, new: Bools) -> None:
        """Draw the month's chances of places, of diseases that begin here and where they may."""
        assert self._month is not None  # noqa: S101 - the month is turned before its days
        profiles = self._profiles
        rate = profiles.of_diseases(profiles.onsets_per_year * self._trend)
        begins = self._proneness * rate[:, np.newaxis] > 0.0
        disease, place = rows_and_columns(begins & new)
        word = profiles.word_of[disease]
        self._chances[:, disease, place] = self._dice.by_places(
            place, Decision.DISEASE_ONSET, self._month, uniform, word
        )
        self._drawn |= new

    def cases(
        self, morning: Morning, active: Bools, season: Floats, susceptibility: Susceptibility
    ) -> Iterator[Case]:
        """Yield the containers in which outbreaks begin today, in order of disease and place.

        Args:
            morning: of today.
            active: of which diseases anybody is infectious today.
            season: of each phase.
            susceptibility: of the fish.
        """
        profiles, chances = self._profiles, self._chances[morning.today.row]
        places = susceptibility.held > 0.0
        new = (places | self._awaited) > self._drawn
        if np.count_nonzero(new):
            self._draw(new)
        base = profiles.onsets_per_year * season * self._trend
        base_of = profiles.of_diseases(base)
        rate = base_of * susceptibility.most
        # Where chance spares the most susceptible fish, nothing has to be known of those there.
        # What begins at a rate has no greater chance than the rate is.
        at_risk = chances < rate[:, np.newaxis] * self._prone_a_day
        at_risk &= places
        if not np.count_nonzero(at_risk):
            return
        counts = (base > 0.0) | active[profiles.disease_of_phase]
        for disease, place in cells(at_risk):
            members = self._frame.places[place].members
            here = members[susceptibility.stocked[members]]
            most = base_of[disease] * susceptibility.most_of(disease, here)
            if chances[disease, place] >= most * self._prone_a_day[disease, place]:
                continue
            phases = profiles.phases_of(disease)
            phases = phases[counts[phases]]
            cell = disease * self._frame.size + here
            in_stage, weak = susceptibility.of(
                phases[:, np.newaxis], here[np.newaxis], cell[np.newaxis]
            )
            weak *= susceptibility.free(cell)
            # `sum` would add up in another order, and round differently.
            total, fit = np.add.reduceat(weak, [0], axis=1)[:, 0], in_stage.sum(axis=1)
            rates = base[phases] * total / np.maximum(fit, 1) * self._proneness[disease, place]
            if chances[disease, place] < _chance(rates.sum()):
                struck = self._first_struck(weak.max(axis=0), disease, place, morning.today.ordinal)
                yield Case(disease, int(here[struck]), int(phases[weak[:, struck].argmax()]))

    def _first_struck(self, weak: Floats, disease: int, place: int, ordinal: int) -> int:
        """Return the position of the container in which an outbreak begins.

        Args:
            weak: how susceptible the fish of each container of the place are.
            disease: that breaks out.
            place: where.
            ordinal: of today.
        """
        where, weights = self._frame.places[place], np.cumsum(weak)
        address = (self._profiles.words[disease], where.kind, where.id, ordinal)
        chance = self._dice.streams.at(Decision.DISEASE_INDEX, *address).random()
        index = int(np.searchsorted(weights, chance * weights[-1], side="right"))
        return min(index, weak.size - 1)

    def _how_places_differ(self) -> Floats:
        """Return what makes places more or less prone to each disease, for all time.

        Its mean is 1 over all places; 0 is where fish never live in a phase of the disease.
        """
        frame, streams = self._frame, self._dice.streams
        of_sites = np.asarray([place.kind is PlaceKind.SITE for place in frame.places])
        result = np.empty((len(self._profiles), len(frame.places)))
        for row, (word, profile) in enumerate(
            zip(self._profiles.words, self._profiles.of, strict=True)
        ):
            sd = profile.contagion.place_log_sd
            addresses = [(word, place.kind, place.id) for place in frame.places]
            scores = [
                stream.standard_normal()
                for stream in streams.along(Decision.DISEASE_PLACE, addresses)
            ]
            lives = np.where(of_sites, profile.lives_at_sea, profile.lives_on_land)
            result[row] = np.exp(sd * np.asarray(scores) - 0.5 * sd * sd) * lives
        return result


def _chance(per_year: Any) -> Any:
    """Return the chance of a day at a rate a year."""
    return 1.0 - np.exp(-per_year / YEAR)
