"""Sums over rows by group and month, in the order of the rows: the same however a period is cut."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.simulation.frame import Floats, Integers

Values = NDArray[Any]


class Tally:
    """Rows sorted into cells: of each group and month. What it returns has the shape of the cells.

    A sum goes through the rows of its cell one by one, so rows of other cells do not change it.
    Where the order of rows does not matter, those of a cell that stand in a row go together.
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
        sums = np.bincount(self.cell[self._runs], np.add.reduceat(values, self._runs), self._cells)
        return np.rint(sums).astype(np.int64).reshape(self.shape)

    def by_kind(self, kind: Values, values: Values, kinds: int, chosen: Values) -> Integers:
        """Return the sums of whole numbers of the chosen rows by kind, which is the last axis."""
        cell = self.cell[chosen] * kinds + kind
        sums = np.bincount(cell, values, self._cells * kinds)
        return np.rint(sums).astype(np.int64).reshape(*self.shape, kinds)

    def by_column(self, values: Values) -> Integers:
        """Return the sums of the columns of a table of whole numbers of which most are 0."""
        columns = values.shape[1]
        found = (values.ravel() != 0).nonzero()[0]
        # From a place in the table to that of the same column of the cell of its row.
        ahead = (self.cell - np.arange(self.cell.size)) * columns
        cell = found + ahead[found // columns]
        sums = np.bincount(cell, values.ravel()[found], self._cells * columns)
        return np.rint(sums).astype(np.int64).reshape(*self.shape, columns)

    def largest(self, values: Values, least: float) -> Values:
        """Return the largest value of each cell; ``least`` where it has no rows."""
        result = np.full(self._cells, least, dtype=values.dtype)
        np.maximum.at(result, self.cell[self._runs], np.maximum.reduceat(values, self._runs))
        return result.reshape(self.shape)

    @cached_property
    def _runs(self) -> Integers:
        """The first rows of all runs of rows of one cell."""
        is_first = np.ones(self.cell.size, dtype=np.bool_)
        np.not_equal(self.cell[1:], self.cell[:-1], out=is_first[1:])
        return is_first.nonzero()[0]

    @property
    def _cells(self) -> int:
        return self.shape[0] * self.shape[1]
