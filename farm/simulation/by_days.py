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


class ByRowAndDays:
    """What formulas make of whole days, a row for each, where none changes any more after the last.

    Days below 0 count as 0.
    """

    def __init__(self, formulas: Callable[[Integers], Floats], last: float) -> None:
        """Take what returns for days, one a column, the values of all formulas."""
        self._table = formulas(np.arange(math.ceil(last) + 1))

    def at(self, row: Integers, days: Integers) -> Floats:
        """Return the value of a formula after a number of days, of each row and number."""
        last = self._table.shape[1] - 1
        column = np.minimum(np.maximum(days, 0), last)
        found: Floats = self._table.take(row * (last + 1) + column)
        return found
