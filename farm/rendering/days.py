"""The days of a slice, with the places they refer to: the common start of every table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.almanac import MonthDays
from farm.rendering.layout import Layout
from farm.rendering.months import month_numbers
from farm.simulation.history import HistorySlice

_DAYS = np.dtype("datetime64[D]")


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """The rows of one slice, at least one. Every array has one element per assignment and day."""

    month: Month
    batch_id: int
    columns: Mapping[str, NDArray[Any]]
    calendar: MonthDays
    #: Days since 1970-01-01, and since the first of the month.
    day: NDArray[np.int64]
    of_month: NDArray[np.int64]
    #: Row of the assignment in `Layout.assignment_id`, of the container in `Layout.containers`.
    assignment: NDArray[np.int64]
    container: NDArray[np.int64]
    #: Row of the first of the days that an assignment spends in a row, and how many these are.
    first: NDArray[np.int64]
    length: NDArray[np.int64]

    @classmethod
    def of(cls, layout: Layout, history: HistorySlice) -> Days:
        """Return the days of a slice with at least one row.

        Raises ContractBroken for a batch or an assignment that the plan does not have, and for
        rows of another batch or month.
        """
        if history.batch not in layout.batch_ids:
            raise ContractBroken(f"batch {history.batch} is not in the plan")
        batch_id = layout.batch_ids[history.batch]
        assignment = history.columns["assignment_id"]
        day = history.columns["date"].astype(_DAYS, copy=False).view(np.int64)
        calendar = layout.almanac.of(history.month)
        of_month = day - calendar.first
        # Seen as whole numbers without a sign, those below zero are the largest of all.
        if (
            np.count_nonzero(history.columns["batch_id"] != batch_id)
            or of_month.view(np.uint64).max() >= calendar.number
        ):
            raise ContractBroken(f"batch {history.batch}, {history.month}: rows of another chunk")
        first, length = _runs(_begins(assignment, day))
        row = layout.assignment_rows(assignment.take(first)).repeat(length)
        return cls(
            month=history.month,
            batch_id=batch_id,
            columns=history.columns,
            calendar=calendar,
            day=day,
            of_month=of_month,
            assignment=row,
            container=layout.assignment_container.take(row),
            first=first,
            length=length,
        )

    def __str__(self) -> str:
        return f"batch {self.batch_id}, {self.month}"

    def __getitem__(self, column: str) -> NDArray[Any]:
        return self.columns[column]


def consecutive(
    assignment_id: NDArray[Any], day: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where days in a row begin, and how many follow each other within one month.

    Days are in order of assignment and date.
    """
    begins = _begins(assignment_id, day)
    month = month_numbers(day.astype("datetime64[D]"))
    begins[1:] |= month[1:] != month[:-1]
    return _runs(begins)


def _begins(assignment_id: NDArray[Any], day: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether a day is another assignment's than the one before, or does not follow it."""
    begins = np.ones(len(day), dtype=bool)
    begins[1:] = (assignment_id[1:] != assignment_id[:-1]) | (day[1:] != day[:-1] + 1)
    return begins


def _runs(begins: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where runs begin, and how long they are."""
    first = begins.nonzero()[0]
    length = np.empty_like(first)
    length[:-1] = first[1:] - first[:-1]
    length[-1:] = len(begins) - first[-1:]
    return first, length
