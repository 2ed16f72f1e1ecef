"""What people remember of each container's fish: the last week's dead, the last lice count."""

from __future__ import annotations

import numpy as np

from farm.simulation.care.facts import Counts, Toll
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Today
from farm.simulation.state import Own, State

#: Days that the dead are remembered for.
WEEK = 7


class Memory:
    """Remembers what effects of treatments are measured by.

    ``died``, shape (WEEK, containers): deaths of the last days, each in the row of its ordinal
    modulo WEEK. ``counted``: day of the last lice count, 0 for never; ``adult_female``: mean of it.
    """

    name = "memory"

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        # What `week_per_mille` said since the last evening, and of which state.
        self._week: Floats | None = None
        self._week_of: State | None = None

    def begin(self) -> Own:
        """Return no memories."""
        size = self._frame.size
        return {
            "died": np.zeros((WEEK, size), dtype=np.int64),
            "counted": np.zeros(size, dtype=np.int64),
            "adult_female": np.zeros(size),
        }

    def count(self, counts: Counts, today: Today, state: State) -> None:
        """Remember today's lice counts."""
        own, looked = state.own[self.name], counts.fish > 0
        if not np.count_nonzero(looked):
            return
        own["counted"][looked] = today.ordinal
        own["adult_female"][looked] = counts.adult_female[looked] / counts.fish[looked]

    def note(self, today: Today, state: State, toll: Toll) -> None:
        """Remember today's dead; forget those of fish of before."""
        own = state.own[self.name]
        new = (state.arrived == today.ordinal).nonzero()[0]
        if new.size:
            own["died"][:, new] = 0
            own["counted"][new] = 0
        own["died"][today.ordinal % WEEK] = toll.dead
        self._week = None

    def week_per_mille(self, state: State) -> Floats:
        """Return the deaths of the last WEEK days per thousand fish that were there.

        It is worked out once between two evenings, for whoever asks first: before any fish move.
        """
        if self._week is None or self._week_of is not state:
            died = np.add.reduce(state.own[self.name]["died"])
            self._week = 1000.0 * died / np.maximum(state.population + died, 1)
            self._week.flags.writeable = False
            self._week_of = state
        return self._week
