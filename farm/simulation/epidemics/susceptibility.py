"""Susceptibility: how easily the fish of a container catch a disease today.

It is asked cell by cell, of a phase and a container each: chance decides first who may fall ill at
all, and on most days that is hardly anybody.
"""

from __future__ import annotations

import numpy as np

from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.process import Morning
from farm.simulation.state import Own

#: By how much a bound has to be above what sums of rounded numbers could come to.
_SLACK = 1.0 + 1e-9


class Susceptibility:
    """How susceptible fish are on one morning.

    Attributes:
        stocked: which containers hold fish.
        held: how many such containers each place has.
        most: no fish are more susceptible to each disease than this.
    """

    def __init__(self, profiles: Profiles, frame: Frame, morning: Morning, own: Own) -> None:
        self._profiles = profiles
        self._frame = frame
        self._morning = morning
        self._own = own
        self.stocked: Bools = morning.state.population > 0
        held = np.bincount(frame.place_of, self.stocked, len(frame.places))
        self.held = np.asarray(held, dtype=np.float64)
        self.most: Floats = (1.0 + np.maximum.reduce(own["strain"], axis=1)) * _SLACK

    def most_of(self, disease: int, containers: Integers) -> float:
        """Return what the fish of some containers are at most as susceptible to a disease as."""
        strain = self._own["strain"][disease].take(containers)
        return (1.0 + float(np.maximum.reduce(strain))) * _SLACK

    def free(self, cell: Integers) -> Bools:
        """Return whether there are fish that can catch a disease: not ill of it nor still immune.

        Args:
            cell: of arrays of the shape (diseases, containers).
        """
        since, immune = self._own["since"].take(cell), self._own["immune"].take(cell)
        free = self.stocked.take(cell % self._frame.size)
        free &= since == 0
        free &= immune <= self._morning.today.ordinal
        return np.asarray(free, dtype=np.bool_)

    def of(self, phase: Integers, container: Integers, cell: Integers) -> tuple[Bools, Floats]:
        """Return whether fish are in a stage of a phase, and how susceptible to it if `free`.

        Arrays of one number of axes, broadcast against each other:

        Args:
            phase: which.
            container: where; it holds fish.
            cell: the same place in arrays of the shape (diseases, containers).
        """
        profiles, morning = self._profiles, self._morning
        state, ordinal = morning.state, morning.today.ordinal
        in_stage = profiles.in_stage(phase, state.stage[container])
        born = np.where(
            self._frame.at_sea[container],
            state.sea_since[container],
            state.stage_since[container],
        )
        water = morning.water.temperature_c[container]
        open_ = profiles.open(phase, ordinal - born, water)
        safe, strain = morning.protection.take(cell), self._own["strain"].take(cell)
        return in_stage, in_stage * open_ * ((1.0 - safe) * (1.0 + strain))
