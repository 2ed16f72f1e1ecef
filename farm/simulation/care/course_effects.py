"""What courses of treatment achieved: what people see before them and after them."""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.simulation.care.course_records import REASONS, WAITING, At
from farm.simulation.care.memory import Memory
from farm.simulation.cells import rows_and_columns
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import Own, State

_OUTBREAK = REASONS.index("outbreak")


class CourseEffects:
    """Fills in the arrays of courses, see `Courses`.

    A treatment for lice is measured by counts of adult females per fish, any other by the deaths of
    a week per thousand fish.
    """

    def __init__(self, biology: Biology, frame: Frame, memory: Memory) -> None:
        self._frame, self._memory = frame, memory
        self._treating = biology.care.treating
        self._against_lice = np.asarray([spec.lice is not None for spec in biology.treatments])
        self._shows_after = np.asarray([self._treating.deaths_after, biology.care.measured_after])

    def look_before(self, at: At, today: Today, state: State, own: Own) -> None:
        """Write down how it was before the courses at these slots and containers, which begin."""
        for_lice = self._against_lice[own["kind"][at]] & (own["reason"][at] != _OUTBREAK)
        row = for_lice.astype(np.int64)
        days, values = self._seen(today, state)
        own["for_lice"][at] = row
        own["before_day"][at] = days[row, at[1]]
        own["before"][at] = values[row, at[1]]

    def look_after(self, today: Today, state: State, own: Own) -> Bools:
        """Write down how it is now; return the courses of which nothing more is to come."""
        over = np.zeros(own["phase"].shape, dtype=np.bool_)
        slots, where = rows_and_columns(own["phase"] == WAITING)
        from_ = self.shows_from((slots, where), own)
        due = today.ordinal >= from_
        if not due.any():
            return over
        at, from_ = (slots[due], where[due]), from_[due]
        for_lice = own["for_lice"][at]
        days, values = (seen[for_lice, at[1]] for seen in self._seen(today, state))
        new = (own["after_day"][at] == 0) & (days >= from_)
        measured = at[0][new], at[1][new]
        own["after_day"][measured], own["after"][measured] = days[new], values[new]
        known = (own["after_day"][at] > 0) | (today.ordinal >= from_ + self._treating.recount)
        over[at] = known & (today.ordinal > own["day"][at] + self._treating.fading_days)
        return over

    def shows_from(self, at: At, own: Own) -> Integers:
        """Return the day from which the effect of courses that ended can be seen."""
        shown = own["end"][at] + self._shows_after[own["for_lice"][at]]
        return np.asarray(shown, dtype=np.int64)

    def _seen(self, today: Today, state: State) -> tuple[Integers, Floats]:
        """Return when what was seen last, and what: deaths in the first row, lice in the second.

        Deaths are those of the week up to yesterday evening.
        """
        week = self._memory.week_per_mille(state)
        lice = state.own[self._memory.name]
        days = np.stack([np.full(self._frame.size, today.ordinal), lice["counted"]])
        return days, np.stack([week, lice["adult_female"]])
