"""Spread: containers that fall ill because others are infectious.

A container catches a disease with the chance

    1 - exp(-susceptibility * min(season, 1) * force)
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from farm.domain.calendar import Month
from farm.simulation.dice import Dice
from farm.simulation.epidemics.courses import Case, Running
from farm.simulation.epidemics.exposures import Exposures
from farm.simulation.epidemics.pressure import Pressure, Ways
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.epidemics.susceptibility import Susceptibility
from farm.simulation.frame import Bools, Floats, Frame
from farm.simulation.process import Morning


class Spread:
    """Finds the containers that catch a disease today."""

    def __init__(self, profiles: Profiles, frame: Frame, dice: Dice) -> None:
        self._profiles = profiles
        self._frame = frame
        self._ways = Ways(profiles, frame)
        self._dice = dice
        self._exposures = Exposures(profiles, frame, dice)
        self._awaited: Bools = np.zeros(len(frame.places), dtype=np.bool_)

    def turn_month(self, month: Month) -> None:
        """Begin a month; the chances to catch a disease at a place are drawn once they matter."""
        self._exposures.turn_month(month)
        self._awaited = self._frame.places_of(self._dice.awaited)

    def cases(
        self,
        morning: Morning,
        running: Running,
        season: Floats,
        susceptibility: Susceptibility,
    ) -> Iterator[Case]:
        """Yield the containers that catch a disease today.

        Args:
            morning: of today.
            running: the courses of today.
            season: of each phase.
            susceptibility: of the fish.
        """
        profiles, slowed = self._profiles, np.minimum(season, 1.0)
        pressure = Pressure(self._ways, running, susceptibility.held)
        # Where chance spares the most susceptible fish, nothing has to be known of those there.
        # What strikes with a force has no greater chance than the force is.
        most = susceptibility.most * profiles.worst(slowed)
        matters = (susceptibility.held > 0.0) | self._awaited
        at_most = most[:, np.newaxis] * pressure.at_most * matters
        cell, drawn = self._exposures.below(morning.today.row, at_most)
        free = susceptibility.free(cell).nonzero()[0]
        if not free.size:
            return
        cell, drawn = cell[free], drawn[free]
        disease, container = np.divmod(cell, self._frame.size)
        phases = profiles.phases_of_each[:, disease]
        _, weak = susceptibility.of(phases, container[np.newaxis], cell[np.newaxis])
        susceptible = np.maximum.reduce(weak * slowed[phases], axis=0)
        force = pressure.on(disease, self._frame.place_of[container])
        chance = 1.0 - np.exp(-susceptible * force)
        for caught in (drawn < chance).nonzero()[0].tolist():
            worst = phases[weak[:, caught].argmax(), caught]
            yield Case(int(disease[caught]), int(container[caught]), int(worst))
