"""What courses of treatment achieved: what people see before them and after them."""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.simulation.care.course_table import REASONS, WAITING, CourseTable
from farm.simulation.care.memory import Memory
from farm.simulation.frame import Floats, Integers
from farm.simulation.process import Today
from farm.simulation.state import State

_OUTBREAK = REASONS.index("outbreak")


class CourseEffects:
    """Fills in what is known of the effects of courses, see `Courses`.

    A treatment for lice is measured by counts of adult females per fish, any other by the deaths of
    a week per thousand fish.
    """

    def __init__(self, biology: Biology, memory: Memory) -> None:
        self._memory = memory
        self._treating = biology.care.treating
        self._against_lice = np.asarray([spec.lice is not None for spec in biology.treatments])
        self._shows_after = np.asarray([self._treating.deaths_after, biology.care.measured_after])
        # What `to_be_seen` said last, on which day and of which courses.
        self._shown: tuple[int, CourseTable, tuple[Integers, Integers]] | None = None

    def look_before(self, rows: Integers, today: Today, state: State, courses: CourseTable) -> None:
        """Write down how it was before these courses, which begin."""
        for_lice = self._against_lice[courses.kind[rows]] & (courses.reason[rows] != _OUTBREAK)
        courses.for_lice[rows] = for_lice
        days, values = self._seen(rows, today, state, courses)
        courses.before_day[rows], courses.before[rows] = days, values

    def look_after(self, today: Today, state: State, courses: CourseTable) -> Integers:
        """Write down how it is now; return the courses of which nothing more is to come."""
        rows, since = self.to_be_seen(today, courses)
        if not rows.size:
            return rows
        days, values = self._seen(rows, today, state, courses)
        after_day = courses.after_day[rows]
        new = (after_day == 0) & (days >= since)
        measured = rows[new]
        courses.after_day[measured], courses.after[measured] = days[new], values[new]
        known = new | (after_day > 0)
        known |= today.ordinal >= since + self._treating.recount
        over = known & (today.ordinal > courses.day[rows] + self._treating.fading_days)
        return np.asarray(rows[over], dtype=np.int64)

    def to_be_seen(self, today: Today, courses: CourseTable) -> tuple[Integers, Integers]:
        """Return the courses that ended so long ago that their effect shows, and since when.

        It is worked out once a day, for whoever asks first: before any course ends or is forgotten.
        """
        day = today.ordinal
        if self._shown is None or self._shown[0] != day or self._shown[1] is not courses:
            rows = courses.rows(WAITING)
            since = courses.end[rows] + self._shows_after[courses.for_lice[rows]]
            shows = since <= day
            self._shown = day, courses, (rows[shows], since[shows])
        return self._shown[2]

    def _seen(
        self, rows: Integers, today: Today, state: State, courses: CourseTable
    ) -> tuple[Integers, Floats]:
        """Return when what measures these courses was seen last, and what.

        Deaths are those of the week up to yesterday evening.
        """
        for_lice, where = courses.for_lice[rows] > 0, courses.container[rows]
        lice = state.own[self._memory.name]
        days = np.where(for_lice, lice["counted"][where], today.ordinal)
        week = self._memory.week_per_mille(state)
        return days, np.where(for_lice, lice["adult_female"][where], week[where])
