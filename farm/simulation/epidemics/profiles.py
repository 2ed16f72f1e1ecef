"""The configured diseases of one geography as arrays: a row for each disease, or for each phase."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from hashlib import sha256

import numpy as np

from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.disease import DiseaseProfile, Phase, openness, season, sides
from farm.domain.world import Stage
from farm.simulation.frame import Bools, Floats, Integers

#: Days of the year are counted from 1.
DAYS_OF_YEAR = 367


def code_word(code: str) -> int:
    """Return the 32-bit word that stands for a disease in every address of chance.

    It follows from the code alone, so that one disease more leaves the others their chances.
    """
    return int.from_bytes(sha256(code.encode()).digest()[:4], "big")


class Profiles:
    """The diseases in order of their codes, and their phases in order of disease.

    Rates of onset are those of one geography; a disease without any there never begins.
    """

    def __init__(self, biology: Biology, geography: str) -> None:
        self.codes = biology.disease_codes
        self.of = tuple(biology.diseases[code] for code in self.codes)
        self.words = tuple(code_word(code) for code in self.codes)
        #: The same as an array.
        self.word_of = np.asarray(self.words, dtype=np.int64)
        self._geography = geography

    def __len__(self) -> int:
        """Return the number of diseases."""
        return len(self.of)

    def each(self, value: Callable[[DiseaseProfile], float]) -> Floats:
        """Return one number of each disease."""
        return np.asarray([value(profile) for profile in self.of], dtype=np.float64)

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """All phases of all diseases."""
        return tuple(phase for profile in self.of for phase in profile.phases)

    @cached_property
    def disease_of_phase(self) -> Integers:
        """The row of each phase's disease."""
        numbers = [len(profile.phases) for profile in self.of]
        return np.repeat(np.arange(len(self.of)), numbers)

    def worst(self, of_phases: Floats) -> Floats:
        """Return the greatest value of any phase of each disease."""
        return np.asarray(np.maximum.reduceat(of_phases, self._first_phase[:-1]))

    @cached_property
    def _first_phase(self) -> Integers:
        """The first phase of each disease, and behind them the number of phases."""
        return np.searchsorted(self.disease_of_phase, np.arange(len(self.of) + 1))

    def phases_of(self, disease: int) -> Integers:
        """Return the phases of a disease."""
        return np.arange(*self._first_phase[disease : disease + 2].tolist())

    @cached_property
    def phases_of_each(self) -> Integers:
        """The phases of each disease, shape (most phases of one, diseases).

        A disease with fewer phases has its last one more than once.
        """
        first, behind = self._first_phase[:-1], self._first_phase[1:]
        phases: Integers = first + np.arange((behind - first).max(initial=0))[:, np.newaxis]
        return np.minimum(phases, behind - 1)

    @cached_property
    def onsets_per_year(self) -> Floats:
        """The rate of onset of each phase."""
        rates = [phase.onsets_per_year.get(self._geography, 0.0) for phase in self.phases]
        return np.asarray(rates, dtype=np.float64)

    def of_diseases(self, of_phases: Floats) -> Floats:
        """Return the sums over the phases of each disease."""
        sums = np.bincount(self.disease_of_phase, of_phases, len(self.of))
        return np.asarray(sums, dtype=np.float64)

    @cached_property
    def virulence(self) -> Floats:
        """The virulence of each phase."""
        return np.asarray([phase.virulence for phase in self.phases], dtype=np.float64)

    @cached_property
    def _of_stage(self) -> Bools:
        """Whether a phase is of a stage, shape (phases, 1 + stages); index 0: empty containers."""
        rows = [[False, *(s in phase.stages for s in Stage)] for phase in self.phases]
        return np.asarray(rows, dtype=np.bool_).reshape(len(rows), 1 + len(Stage))

    @cached_property
    def _windows(self) -> Floats:
        """The sides of the windows, shape (sides, age and temperature, phases)."""
        windows = [(phase.age, phase.temperature) for phase in self.phases]
        return sides(np.asarray(windows, dtype=np.float64).T)

    @cached_property
    def _seasons(self) -> Floats:
        """The season's factors, shape (days of the year, phases)."""
        pairs = [(phase.season.peak, phase.season.amplitude) for phase in self.phases]
        peak, amplitude = np.asarray(pairs, dtype=np.float64).reshape(-1, 2).T
        return season(peak, amplitude, np.arange(DAYS_OF_YEAR)[:, np.newaxis])

    def in_stage(self, phase: Integers, stage: Integers) -> Bools:
        """Return whether fish can be struck: of each phase and stage together."""
        return np.asarray(self._of_stage[phase, stage], dtype=np.bool_)

    def open(self, phase: Integers, age: Integers, temperature_c: Floats) -> Floats:
        """Return how susceptible fish are by age and water: of each phase and of these together."""
        given = np.empty((2, *age.shape))
        given[0], given[1] = age, temperature_c
        by_age, by_water = openness(self._windows.take(phase, axis=2), given)
        return np.asarray(by_age * by_water)

    def season(self, day_of_year: int) -> Floats:
        """Return the season's factor of each phase."""
        return np.asarray(self._seasons[day_of_year], dtype=np.float64)

    def trend(self, month: Month) -> Floats:
        """Return the trend's factor of each phase in the middle of a month."""
        year = month.year + (month.month - 0.5) / 12.0
        levels = [np.interp(year, each.trend.years, each.trend.level) for each in self.of]
        return np.asarray(levels, dtype=np.float64)[self.disease_of_phase]
