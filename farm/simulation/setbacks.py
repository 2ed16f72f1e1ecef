"""How moves set fish back: what is left of appetite, looked up by stage and days since."""

from __future__ import annotations

import math

import numpy as np

from farm.domain import growth
from farm.domain.biology import GrowthParameters
from farm.simulation.frame import Floats, Integers


class Setbacks:
    """What `growth.setback_factor` makes of every stage and day, as a table."""

    def __init__(self, parameters: GrowthParameters) -> None:
        # Index 0 is the stage of empty containers.
        depth = np.asarray([0.0, *parameters.setback_depth.in_order()])
        duration = np.asarray([1.0, *parameters.setback_days.in_order()])
        days = np.arange(math.ceil(max(duration)) + 1)
        self._table: Floats = growth.setback_factor(
            depth[:, np.newaxis], duration[:, np.newaxis], days
        )
        self._last, self._days = days.size - 1, days.size

    def factor(self, stage: Integers, since: Integers) -> Floats:
        """Return what is left of the appetite of fish of stages, days since their arrival."""
        return self._table.take(stage * self._days + np.minimum(since, self._last))
