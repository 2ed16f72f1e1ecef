"""Contagion: which containers fall ill today, by themselves or from others.

Everything is drawn at addresses that name the disease by its code: a disease more or less changes
nothing of the chances of the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.domain.calendar import YEAR, Month
from farm.simulation.cells import cells
from farm.simulation.dice import Dice, uniform
from farm.simulation.epidemics.courses import Running
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.process import Morning
from farm.simulation.state import Own
from farm.simulation.streams import Decision


@dataclass(frozen=True, slots=True)
class Case:
    """A container that catches a disease today, in which of all phases."""

    disease: int
    container: int
    phase: int


@dataclass(frozen=True, slots=True)
class _Exposure:
    """How susceptible fish are today: rows are phases, columns stocked containers by place.

    ``phase``, ``disease``: of each row; ``container``, ``place``: of each column. ``in_stage``:
    whether the fish are in a stage of the phase; ``weak``: how susceptible they are to it.
    """

    phase: Integers
    disease: Integers
    container: Integers
    place: Integers
    in_stage: Bools
    weak: Floats

    def phase_of(self, disease: int, container: int) -> int:
        """Return the phase of a disease to which a container is most exposed."""
        mine = np.flatnonzero(self.disease == disease)
        column = np.flatnonzero(self.container == container)[0]
        return int(self.phase[mine[self.weak[mine, column].argmax()]])


class Contagion:
    """Finds today's new cases."""

    def __init__(self, profiles: Profiles, frame: Frame, dice: Dice) -> None:
        self._profiles = profiles
        self._frame = frame
        self._dice = dice
        self._within = profiles.each(lambda p: p.contagion.within)
        self._between = profiles.each(lambda p: p.contagion.between)
        apart = frame.site_distance_km
        itself = np.eye(len(frame.sites), dtype=np.bool_)
        self._nearness = [
            np.where(itself, 0.0, np.exp(-apart / p.contagion.reach)) for p in profiles.of
        ]
        self._order = np.argsort(frame.place_of, kind="stable")
        self._proneness = self._how_places_differ()
        self._month: Month | None = None
        self._trend: Floats = np.zeros(0)
        self._onsets: Floats = np.zeros((0, len(profiles), len(frame.places)))
        self._catches: dict[int, Floats] = {}

    def turn_month(self, month: Month) -> None:
        """Draw the chances of outbreaks that begin by themselves."""
        self._month, self._catches = month, {}
        self._trend = self._profiles.trend(month)
        if not len(self._profiles):
            return
        self._onsets = np.stack(
            [
                self._dice.by_place(Decision.DISEASE_ONSET, month, uniform, word)
                for word in self._profiles.words
            ],
            axis=1,
        )

    def cases(self, morning: Morning, own: Own, running: Running) -> list[Case]:
        """Return today's new cases, in order of disease and container.

        An outbreak begins by itself at a place with the chance

            1 - exp(-onsets * season * trend * proneness * mean of susceptibility / 365.25)

        over its containers in a stage of the disease; the container is picked in proportion to its
        susceptibility. Any container catches it with the chance

            1 - exp(-susceptibility * min(season, 1) * force)
        """
        season = self._profiles.season(morning.today.day_of_year)
        base = self._profiles.onsets_per_year * season * self._trend
        active = np.zeros(len(self._profiles), dtype=np.bool_)
        active[running.disease[running.intensity > 0.0]] = True
        phases = np.flatnonzero((base > 0.0) | active[self._profiles.disease_of_phase])
        exposure = self._exposure(phases, morning, own)
        if exposure is None:
            return []
        caught = np.zeros(own["since"].shape, dtype=np.bool_)
        for disease, place in self._outbreaks(exposure, base[phases], morning.today.row):
            index = self._first_struck(exposure, disease, place, morning.today.ordinal)
            caught[disease, index] = True
        slowed = exposure.weak * np.minimum(season[phases], 1.0)[:, np.newaxis]
        pens = np.maximum(self._frame.at_sites(morning.state.population > 0), 1.0)
        for disease in np.flatnonzero(active).tolist():
            susceptible = slowed[exposure.disease == disease].max(axis=0)
            force = self._force(disease, running, pens)[exposure.container]
            chance = 1.0 - np.exp(-susceptible * force)
            drawn = self._catch(disease)[morning.today.row, exposure.container]
            caught[disease, exposure.container[drawn < chance]] = True
        return [
            Case(disease, container, exposure.phase_of(disease, container))
            for disease, container in cells(caught)
        ]

    def _exposure(self, phases: Integers, morning: Morning, own: Own) -> _Exposure | None:
        """Return how susceptible the fish are in some phases; None where there is nobody."""
        state, today = morning.state, morning.today
        here = self._order[state.population[self._order] > 0]
        if not here.size or not phases.size:
            return None
        born = np.where(self._frame.at_sea, state.sea_since, state.stage_since)[here]
        in_stage = self._profiles.in_stage(phases, state.stage[here])
        open_ = self._profiles.open(phases, today.ordinal - born, morning.water.temperature_c[here])
        diseases = self._profiles.disease_of_phase[phases]
        of_disease, row = np.unique(diseases, return_inverse=True)
        at = np.ix_(of_disease, here)
        free = (own["since"][at] == 0) & (own["immune"][at] <= today.ordinal)
        weak = free * (1.0 - morning.protection[at]) * (1.0 + own["strain"][at])
        return _Exposure(
            phases,
            diseases,
            here,
            self._frame.place_of[here],
            in_stage,
            in_stage * open_ * weak[row],
        )

    def _outbreaks(self, exposure: _Exposure, base: Floats, row: int) -> list[tuple[int, int]]:
        """Return disease and place of the outbreaks that begin by themselves."""
        places, first = np.unique(exposure.place, return_index=True)
        fit = np.add.reduceat(exposure.in_stage.astype(np.float64), first, axis=1)
        weak = np.add.reduceat(exposure.weak, first, axis=1)
        at = np.ix_(exposure.disease, places)
        rate = base[:, np.newaxis] * weak / np.maximum(fit, 1.0) * self._proneness[at]
        diseases, start = np.unique(exposure.disease, return_index=True)
        of_disease = np.add.reduceat(rate, start, axis=0)
        chance = 1.0 - np.exp(-of_disease / YEAR)
        begins = np.argwhere(self._onsets[row][np.ix_(diseases, places)] < chance)
        return [(int(diseases[a]), int(places[b])) for a, b in begins.tolist()]

    def _first_struck(self, exposure: _Exposure, disease: int, place: int, ordinal: int) -> int:
        """Return the container in which an outbreak begins."""
        where, columns = self._frame.places[place], np.flatnonzero(exposure.place == place)
        mine = np.flatnonzero(exposure.disease == disease)
        weights = np.cumsum(exposure.weak[np.ix_(mine, columns)].max(axis=0))
        address = (self._profiles.words[disease], where.kind, where.id, ordinal)
        chance = self._dice.streams.at(Decision.DISEASE_INDEX, *address).random()
        index = int(np.searchsorted(weights, chance * weights[-1], side="right"))
        return int(exposure.container[columns[min(index, columns.size - 1)]])

    def _force(self, disease: int, running: Running, pens: Floats) -> Floats:
        """Return the force of infection on each container, 1/day.

        ``pens``: how many of each site hold fish, at least one.
        """
        frame, mine = self._frame, running.disease == disease
        places = frame.place_of[running.container[mine]]
        strength = np.bincount(places, running.intensity[mine], len(frame.places))
        force = self._within[disease] * strength[frame.place_of]
        sites = len(frame.sites)
        if self._between[disease] > 0.0 and strength[:sites].any():
            mean = strength[:sites] / pens
            around = (self._nearness[disease] * mean).sum(axis=1)
            force[frame.pens] += self._between[disease] * around[frame.site_of_pen]
        return np.asarray(force, dtype=np.float64)

    def _catch(self, disease: int) -> Floats:
        """Return the month's chances to catch a disease, drawn once they matter."""
        if disease not in self._catches:
            assert self._month is not None  # noqa: S101 - the month is turned before its days
            word = self._profiles.words[disease]
            self._catches[disease] = self._dice.by_container(
                Decision.DISEASE_SPREAD, self._month, uniform, word
            )
        return self._catches[disease]

    def _how_places_differ(self) -> Floats:
        """Return what makes places more or less prone to each disease, for all time: mean 1."""
        frame, streams = self._frame, self._dice.streams
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
            result[row] = np.exp(sd * np.asarray(scores) - 0.5 * sd * sd)
        return result
