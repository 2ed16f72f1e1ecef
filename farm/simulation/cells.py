"""The true cells of two-dimensional arrays, row by row.

`numpy.nonzero` and `numpy.argwhere` say the same, but go through every cell with an iterator: flat,
a search takes a tenth of the time, and on most days it finds nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.simulation.frame import Integers


def rows_and_columns(where: NDArray[Any]) -> tuple[Integers, Integers]:
    """Return the rows and the columns of all cells that are true."""
    rows, columns = np.divmod(where.ravel().nonzero()[0], where.shape[1])
    return rows, columns


def cells(where: NDArray[Any]) -> list[tuple[int, int]]:
    """Return row and column of every cell that is true, for a loop over them."""
    width = where.shape[1]
    return [divmod(cell, width) for cell in where.ravel().nonzero()[0].tolist()]


def rows(where: NDArray[np.bool_]) -> list[int]:
    """Return the rows in which any cell is true."""
    if not np.count_nonzero(where):
        return []
    found: list[int] = np.logical_or.reduce(where, axis=1).nonzero()[0].tolist()
    return found
