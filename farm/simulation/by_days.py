"""Formulas of whole days as tables: looked up, not worked out for every container and day."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from farm.simulation.frame import Floats, Integers


class ByDays:
    """What a formula makes of whole days, where it does not change any more after the last one.

    Days below 0 count as 0.
    """

    def __init__(self, formula: Callable[[Integers], Floats], last: float) -> None:
        self._table = formula(np.arange(math.ceil(last) + 1))

    def at(self, days: Integers) -> Floats:
        """Return the formula's value after each number of days."""
        return self._table.take(days, mode="clip")
