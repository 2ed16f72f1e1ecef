"""Orders of treatments: where a type could be ordered, and which day each container gets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from farm.domain.biology import Biology
from farm.simulation.agenda import Agenda
from farm.simulation.care.course_table import REASONS, CourseTable
from farm.simulation.care.facts import Order
from farm.simulation.care.withholding import Withholding
from farm.simulation.process import Today
from farm.simulation.state import State


class CourseOrders:
    """Plans courses, see `Courses`."""

    def __init__(self, biology: Biology, agenda: Agenda, withholding: Withholding) -> None:
        self._specs = biology.treatments
        patience = biology.care.treating.patience
        # Days for which fish must still stay, by type.
        self._needed = [spec.fasting + spec.duration + patience for spec in self._specs]
        self._withholding = withholding
        self._filled_by = agenda.filled_by

    def possible(
        self,
        kind: int,
        containers: Sequence[int],
        today: Today,
        state: State,
        courses: CourseTable,
        *,
        urgent: bool,
    ) -> list[int]:
        """Return in which of some containers a treatment could be ordered.

        They hold fish, nobody brings any more, the fish are not about to leave nor waiting for
        their early harvest, its withdrawal leaves them time, and no other course is in the way.
        Where it is ``urgent`` a harvest waits for the end of its withdrawal. Orders are for a few
        containers at a time: these are plain numbers.
        """
        gives_way, may_use = self._specs[kind].gives_way, self._withholding.may_use
        day, needed = today.ordinal, today.ordinal + self._needed[kind]
        population, leaves = state.population.item, state.leaves.item
        early, assignment, filled_by = state.early.item, state.assignment.item, self._filled_by
        possible = [
            at
            for at in containers
            if population(at) > 0
            and (not leaves(at) or leaves(at) > needed)
            and not early(at)
            and filled_by(assignment(at)) < day
            and courses.is_open(at, gives_way=gives_way)
        ]
        if not self._specs[kind].is_withheld:
            return possible
        return [at for at in possible if may_use(kind, at, today, state, urgent=urgent)]

    def plan(self, order: Order, today: Today, state: State, courses: CourseTable) -> None:
        """Give each container of an order its day, if it can be treated at all.

        Margins are a matter of the decision; what is decided on is done as long as it is in time.
        """
        kind, spec = order.kind, self._specs[order.kind]
        possible = self.possible(kind, order.containers, today, state, courses, urgent=True)
        if not possible:
            return
        first = max(order.day, today.ordinal + spec.fasting)
        rows = courses.free_rows(possible)
        courses.plan(rows, kind)
        courses.assignment[rows] = state.assignment[possible]
        courses.reason[rows] = REASONS.index(order.reason)
        courses.outbreak[rows] = order.outbreak
        courses.ordered[rows] = first
        day = first + np.arange(len(possible)) // spec.containers_a_day
        courses.planned[rows] = courses.day[rows] = day
