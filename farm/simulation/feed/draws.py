"""The draws of a period: who ate how much of which lot, day by day."""

from __future__ import annotations

import numpy as np

from farm.domain.calendar import EPOCH
from farm.simulation.columns import no_rows
from farm.simulation.frame import Integers
from farm.simulation.history import DRAW_COLUMNS, Columns
from farm.simulation.process import Today

#: More than there are ids of assignments.
_ASSIGNMENTS = 2**31


class Draws:
    """Collects the draws of each day; what is collected is of the period alone."""

    def __init__(self) -> None:
        self._days: list[int] = []
        self._drawn: list[tuple[Integers, ...]] = []

    def add(
        self, today: Today, lot: Integers, assignment: Integers, grams: Integers, cents: Integers
    ) -> None:
        """Write down the draws of a day: ids of lot and assignment, what was eaten and its cost."""
        # In one number: sorting is fastest where most of it is in order already.
        order = (lot * _ASSIGNMENTS + assignment).argsort(kind="stable")
        self._days.append(today.ordinal - EPOCH)
        self._drawn.append((lot[order], assignment[order], grams[order], cents[order]))

    def columns(self) -> Columns:
        """Return the columns of DRAW_COLUMNS, sorted by date, lot and assignment."""
        if not self._days:
            return no_rows(DRAW_COLUMNS)
        day = np.repeat(self._days, [lot.size for lot, *_ in self._drawn])
        columns = (day, *map(np.concatenate, zip(*self._drawn, strict=True)))
        return {
            name: column.astype(kind)
            for (name, kind), column in zip(DRAW_COLUMNS.items(), columns, strict=True)
        }
