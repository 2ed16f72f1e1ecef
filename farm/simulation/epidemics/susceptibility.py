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
        most: no fish are more susceptible to each disease than this.
    """

    def __init__(self, profiles: Profiles, frame: Frame, morning: Morning, own: Own) -> None:
        self._profiles = profiles
        self._frame = frame
        self._morning = morning
        self._own = own
        self.most: Floats = (1.0 + own["strain"].max(axis=1)) * _SLACK

    def of(self, phase: Integers, container: Integers) -> tuple[Bools, Floats]:
        """Return whether fish are in a stage of a phase, and how susceptible they are to it.

        Args:
            phase: one element for each cell.
            container: likewise; it holds fish.
        """
        profiles, own, morning = self._profiles, self._own, self._morning
        state, ordinal = morning.state, morning.today.ordinal
        at = profiles.disease_of_phase[phase], container
        in_stage = profiles.in_stage(phase, state.stage[container])
        born = np.where(
            self._frame.at_sea[container],
            state.sea_since[container],
            state.stage_since[container],
        )
        water = morning.water.temperature_c[container]
        open_ = profiles.open(phase, ordinal - born, water)
        free = (own["since"][at] == 0) & (own["immune"][at] <= ordinal)
        weak = free * (1.0 - morning.protection[at]) * (1.0 + own["strain"][at])
        return in_stage, in_stage * open_ * weak
