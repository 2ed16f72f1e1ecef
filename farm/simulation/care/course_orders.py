"""Orders of treatments: where a type could be ordered, and which day each container gets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from farm.domain.biology import Biology
from farm.simulation.agenda import Agenda
from farm.simulation.care.course_table import REASONS, CourseTable
from farm.simulation.care.facts import Order
from farm.simulation.care.withholding import Withholding
from farm.simulation.frame import Bools, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import State

#: A day after all others, of fish that nobody knows to leave.
_NOT_KNOWN = date.max.toordinal()


class CourseOrders:
    """Plans courses, see `Courses`."""

    def __init__(
        self, biology: Biology, frame: Frame, agenda: Agenda, withholding: Withholding
    ) -> None:
        self._specs = biology.treatments
        patience = biology.care.treating.patience
        # Days for which fish must still stay, by type.
        self._needed = [spec.fasting + spec.duration + patience for spec in self._specs]
        self._withholding = withholding
        bookings = sorted(agenda.bookings)
        self._bookings = np.asarray(bookings, dtype=np.int64)
        filled_by = [agenda.filled_by(booking) for booking in bookings]
        self._filled_by = np.asarray(filled_by, dtype=np.int64)
        # The booking that was last seen in each container, and its last day of filling.
        self._filled_of = np.zeros(frame.size, dtype=np.int64)
        self._filled_on = np.zeros(frame.size, dtype=np.int64)
        # What `_stay_until` said last, on which day and of which state.
        self._until: Integers = np.zeros(0, dtype=np.int64)
        self._asked: tuple[int, State] | None = None

    def possible(
        self,
        kinds: Sequence[int],
        containers: Integers,
        today: Today,
        state: State,
        courses: CourseTable,
        *,
        urgent: bool,
    ) -> Bools:
        """Return in which of some containers treatments could be ordered, (kinds, containers).

        They hold fish, nobody brings any more, the fish are not about to leave nor waiting for
        their early harvest, its withdrawal leaves them time, and no other course is in the way.
        Where it is ``urgent`` a harvest waits for the end of its withdrawal.
        """
        until = self._stay_until(today, state)[containers]
        open_ = courses.open_to(gives_way=False)[containers] & (state.early[containers] == 0)
        possible = np.zeros((len(kinds), containers.size), dtype=np.bool_)
        if not np.count_nonzero(open_):
            return possible
        for row, kind in enumerate(kinds):
            spec = self._specs[kind]
            free = open_ & (until > today.ordinal + self._needed[kind])
            if spec.gives_way:
                free &= courses.open_to(gives_way=True)[containers]
            if spec.is_withheld:
                free &= self._withholding.may_use(kind, containers, today, state, urgent=urgent)
            possible[row] = free
        return possible

    def plan(self, order: Order, today: Today, state: State, courses: CourseTable) -> None:
        """Give each container of an order its day, if it can be treated at all.

        Margins are a matter of the decision; what is decided on is done as long as it is in time.
        """
        spec, wanted = self._specs[order.kind], np.asarray(order.containers, dtype=np.int64)
        possible = self.possible((order.kind,), wanted, today, state, courses, urgent=True)
        chosen = wanted[possible[0]]
        first = max(order.day, today.ordinal + spec.fasting)
        rows = courses.free_rows(chosen)
        courses.plan(rows, order.kind)
        courses.assignment[rows] = state.assignment[chosen]
        courses.reason[rows] = REASONS.index(order.reason)
        courses.outbreak[rows] = order.outbreak
        courses.ordered[rows] = first
        day = first + np.arange(chosen.size) // spec.containers_a_day
        courses.planned[rows] = courses.day[rows] = day

    def _stay_until(self, today: Today, state: State) -> Integers:
        """Return on which day the fish of each container leave that can be treated today; 0: none.

        It is worked out once a day: people order treatments before any fish move.
        """
        if self._asked is None or self._asked[0] != today.ordinal or self._asked[1] is not state:
            there = (state.population > 0) & (self._filled(state) < today.ordinal)
            self._until = np.where(state.leaves > 0, state.leaves, _NOT_KNOWN) * there
            self._asked = today.ordinal, state
        return self._until

    def _filled(self, state: State) -> Integers:
        """Return the last day on which fish come into the booking of each container."""
        new = (self._filled_of != state.assignment).nonzero()[0]
        if new.size:
            booking = self._filled_of[new] = state.assignment[new]
            at = self._bookings.searchsorted(booking)
            self._filled_on[new] = self._filled_by.take(at, mode="clip")
        return self._filled_on
