"""What courses of treatment achieved: what people see before them and after them."""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.simulation.care.course_records import REASONS, WAITING, At
from farm.simulation.care.memory import Memory
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
        from_ = self.shows_from(own)
        due: Bools = (own["phase"] == WAITING) & (today.ordinal >= from_)
        if not due.any():
            return due
        for_lice = own["for_lice"] > 0
        days, values = (np.where(for_lice, lice, dead) for dead, lice in self._seen(today, state))
        measured = due & (own["after_day"] == 0) & (days >= from_)
        own["after_day"] = np.where(measured, days, own["after_day"])
        own["after"] = np.where(measured, values, own["after"])
        known = (own["after_day"] > 0) | (today.ordinal >= from_ + self._treating.recount)
        over = today.ordinal > own["day"] + self._treating.fading_days
        return np.asarray(due & known & over, dtype=np.bool_)

    def shows_from(self, own: Own) -> Integers:
        """Return the day from which the effect of courses that ended can be seen."""
        return np.asarray(own["end"] + self._shows_after[own["for_lice"]], dtype=np.int64)

    def _seen(self, today: Today, state: State) -> tuple[Integers, Floats]:
        """Return when what was seen last, and what: deaths in the first row, lice in the second.

        Deaths are those of the week up to yesterday evening.
        """
        week = self._memory.week_per_mille(state)
        lice = state.own[self._memory.name]
        days = np.stack([np.full(self._frame.size, today.ordinal), lice["counted"]])
        return days, np.stack([week, lice["adult_female"]])
