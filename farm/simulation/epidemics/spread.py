"""Spread: containers that fall ill because others are infectious.

A container catches a disease with the chance

    1 - exp(-susceptibility * min(season, 1) * force)
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from farm.domain.calendar import Month
from farm.simulation.cells import rows_and_columns
from farm.simulation.chances import Chances
from farm.simulation.dice import Dice, uniform
from farm.simulation.epidemics.courses import Case, Running
from farm.simulation.epidemics.pressure import Pressure, Ways
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.epidemics.susceptibility import Susceptibility
from farm.simulation.frame import Bools, Floats, Frame
from farm.simulation.process import Morning
from farm.simulation.streams import Decision


class Spread:
    """Finds the containers that catch a disease today."""

    def __init__(self, profiles: Profiles, frame: Frame, dice: Dice) -> None:
        self._profiles = profiles
        self._frame = frame
        self._dice = dice
        self._ways = Ways(profiles, frame)
        self._month: Month | None = None
        self._chances: dict[int, Chances] = {}

    def turn_month(self, month: Month) -> None:
        """Begin a month; the chances of a disease are drawn once they matter."""
        self._month, self._chances = month, {}

    def cases(
        self,
        morning: Morning,
        running: Running,
        active: Bools,
        season: Floats,
        susceptibility: Susceptibility,
    ) -> Iterator[Case]:
        """Yield the containers that catch a disease today, in order of disease and container.

        Args:
            morning: of today.
            running: the courses of today.
            active: of which diseases anybody is infectious today.
            season: of each phase.
            susceptibility: of the fish.
        """
        profiles, place_of = self._profiles, self._frame.place_of
        diseases = active.nonzero()[0]
        if not diseases.size:
            return
        pressure = Pressure(self._ways, running, morning.state.population)
        # Where chance spares the most susceptible fish, nothing has to be known of those there.
        at_most = _chance(susceptibility.most[diseases, np.newaxis], pressure.at_most(diseases))
        stocked = morning.state.population > 0
        row, places = morning.today.row, self._frame.places_of(stocked)
        drawn = np.concatenate([self._of(each).on(row, places) for each in diseases.tolist()])
        at_risk = drawn < at_most.take(place_of, axis=1)
        at_risk &= stocked
        at, container = rows_and_columns(at_risk)
        if not at.size:
            return
        disease = diseases[at]
        first, cell, phase = profiles.phases_of_each(disease)
        _, weak = susceptibility.of(phase, container[cell])
        susceptible = np.maximum.reduceat(weak * np.minimum(season, 1.0)[phase], first)
        chance = _chance(susceptible, pressure.on(disease, place_of[container]))
        for caught in (drawn[at, container] < chance).nonzero()[0].tolist():
            phases = profiles.phases_of(int(disease[caught]))
            worst = weak[first[caught] : first[caught] + phases.size].argmax()
            yield Case(int(disease[caught]), int(container[caught]), int(phases[worst]))

    def _of(self, disease: int) -> Chances:
        """Return the month's chances to catch a disease."""
        if disease not in self._chances:
            assert self._month is not None  # noqa: S101 - the month is turned before its days
            word = self._profiles.words[disease]
            self._chances[disease] = Chances(
                self._dice, self._month, Decision.DISEASE_SPREAD, uniform, 1, word
            )
        return self._chances[disease]


def _chance(susceptibility: Floats, force: Floats) -> Floats:
    return np.asarray(1.0 - np.exp(-susceptibility * force), dtype=np.float64)
