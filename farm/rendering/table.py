"""What rendering makes: the rows of a table, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A text column with few different words: for each row the index of its word."""

    codes: NDArray[np.int32]
    vocabulary: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """A column of numbers that says the same in many rows on end: once for each run of rows.

    All such columns of a table have the same runs: one array of lengths.
    """

    values: NDArray[Any]
    lengths: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.lengths.sum())


#: A column that has no value in any row is None.
Column = NDArray[Any] | Words | Runs | None

#: One table's rows, columns in the order in which they are copied. Instants are microseconds and
#: days are days since 1970-01-01, both UTC; kilograms are whole grams, and money is whole cents.
Table = Mapping[str, Column]


def rows_in(table: Table) -> int:
    """Return the number of rows; columns have as many, or none at all."""
    for column in table.values():
        if column is not None:
            return len(column)
    return 0
