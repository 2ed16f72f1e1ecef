"""Sums over rows by group and month, in the order of the rows: the same however a period is cut."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.simulation.frame import Floats, Integers

Values = NDArray[Any]


class Tally:
    """Rows sorted into cells: of each group and month. What it returns has the shape of the cells.

    A sum goes through the rows of its cell one by one, so rows of other cells do not change it.
    """

    def __init__(self, group: Values, month: Values, shape: tuple[int, int]) -> None:
        self.shape = shape
        self.cell: Integers = group.astype(np.int64) * shape[1] + month

    def count(self, chosen: Values | None = None) -> Integers:
        """Return the number of rows, or of the chosen ones."""
        cell = self.cell if chosen is None else self.cell[chosen]
        return np.bincount(cell, minlength=self._cells).astype(np.int64).reshape(self.shape)

    def floats(self, values: Values) -> Floats:
        """Return the sums of real numbers."""
        sums = np.bincount(self.cell, values, self._cells)
        return sums.astype(np.float64).reshape(self.shape)

    def integers(self, values: Values) -> Integers:
        """Return the sums of whole numbers; exact below 2**53."""
        return np.rint(self.floats(values)).astype(np.int64)

    def by_kind(self, kind: Values, values: Values, kinds: int, chosen: Values) -> Integers:
        """Return the sums of whole numbers of the chosen rows by kind, which is the last axis."""
        cell = self.cell[chosen] * kinds + kind
        sums = np.bincount(cell, values, self._cells * kinds)
        return np.rint(sums).astype(np.int64).reshape(*self.shape, kinds)

    def largest(self, values: Values, least: float) -> Values:
        """Return the largest value of each cell; ``least`` where it has no rows."""
        result = np.full(self._cells, least, dtype=values.dtype)
        np.maximum.at(result, self.cell, values)
        return result.reshape(self.shape)

    @property
    def _cells(self) -> int:
        return self.shape[0] * self.shape[1]
