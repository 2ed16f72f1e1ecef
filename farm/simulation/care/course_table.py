"""The courses of treatment of all containers, as one table."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from farm.simulation.frame import Bools, Floats, Integers
from farm.simulation.state import Own

#: Courses of a container that can be planned, under way or waiting for their effect at once.
SLOTS = 4

#: What a slot holds: nothing, a course that is planned, one that runs, one to be measured.
FREE, PLANNED, RUNNING, WAITING = range(4)

#: Why fish are treated, in the order of the whole numbers that stand for it.
REASONS = ("outbreak", "lice", "preventive")


@dataclass(slots=True)
class Columns:
    """What is kept of each course. Days are ordinals, 0 for unknown."""

    phase: Integers  #: FREE, PLANNED, RUNNING or WAITING
    kind: Integers  #: index of the treatment type
    treatment: Integers  #: id, from its first day on
    assignment: Integers  #: id
    reason: Integers  #: index in `REASONS`
    for_lice: Integers  #: 1 where its effect is measured by counts of lice
    outbreak: Integers  #: id of the outbreak that it answers, 0 for none
    ordered: Integers  #: first day of the order
    planned: Integers  #: first day that was planned for the container
    day: Integers  #: first day on which it can be or was given
    left: Integers  #: days on which it is still to be given
    end: Integers  #: first day after it
    fish: Integers
    biomass_kg: Floats
    hazard: Floats  #: share of the fish that dies of it on its first day
    deaths: Integers
    before_day: Integers
    before: Floats
    after_day: Integers
    after: Floats


#: The columns of real numbers; all others are of whole ones.
REAL = ("biomass_kg", "hazard", "before", "after")
WHOLE = tuple(column.name for column in fields(Columns) if column.name not in REAL)


def nothing(containers: int) -> Own:
    """Return the arrays of so many containers without any course, shape (SLOTS, containers)."""
    return {
        column.name: np.zeros((SLOTS, containers), np.float64 if column.name in REAL else np.int64)
        for column in fields(Columns)
    }


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some courses as they stood: columns as named in `WHOLE` and `REAL`, (columns, courses)."""

    container: Integers
    whole: Integers
    real: Floats


class CourseTable(Columns):
    """A row for each slot of each container: first those of all first slots, then the second ones.

    Columns are views of the arrays in the state: what is written to them is in the state. Phases
    are written by `plan`, `enter` and `wipe` alone. ``container``: that of each row.
    """

    def __init__(self, own: Own, gives_way: Bools) -> None:
        """Put arrays as `nothing` makes them into one block, with views of it in their places.

        Args:
            own: the arrays by name.
            gives_way: for each type, whether it is broken off when something else begins.
        """
        self._whole = np.stack([own[name].ravel() for name in WHOLE])
        self._real = np.stack([own[name].ravel() for name in REAL])
        columns = dict(zip((*WHOLE, *REAL), (*self._whole, *self._real), strict=True))
        super().__init__(**columns)
        own.update({name: column.reshape(SLOTS, -1) for name, column in columns.items()})
        self._size = self.phase.size // SLOTS
        self.container: Integers = np.tile(np.arange(self._size), SLOTS)
        self._slots: Integers = self._size * np.arange(SLOTS)[:, np.newaxis]
        self._gives_way = gives_way
        # The answers of `rows` and of `open_to`, until a phase changes.
        self._rows: dict[int, Integers] = {}
        self._open: dict[bool, Bools] = {}

    def rows(self, phase: int) -> Integers:
        """Return the rows of all courses in a phase: the same array until any of them changes."""
        if phase not in self._rows:
            self._rows[phase] = (self.phase == phase).nonzero()[0]
        return self._rows[phase]

    def rows_of(self, containers: Integers) -> Integers:
        """Return all rows of some containers, shape (SLOTS, containers)."""
        return containers + self._slots

    def free_rows(self, containers: Integers) -> Integers:
        """Return the first free row of each of some containers that have one."""
        rows = self.rows_of(containers)
        slots = (self.phase[rows] == FREE).argmax(axis=0)
        return np.asarray(rows[slots, np.arange(containers.size)], dtype=np.int64)

    def in_the_way(self, rows: Integers, *, gives_way: bool) -> Bools:
        """Return in which containers any of these courses is in the way of another one.

        All are in the way of a course that gives way itself; of others, those that do not.
        """
        if not gives_way:
            rows = rows[~self._gives_way[self.kind[rows]]]
        there = np.zeros(self._size, dtype=np.bool_)
        there[self.container[rows]] = True
        return there

    def open_to(self, *, gives_way: bool) -> Bools:
        """Return in which containers a course could be planned, by whether it gives way.

        They have a free slot, and nothing that is planned or runs is in the way.
        """
        if gives_way not in self._open:
            room = np.logical_or.reduce((self.phase == FREE).reshape(SLOTS, -1))
            to_come = ((self.phase == PLANNED) | (self.phase == RUNNING)).nonzero()[0]
            self._open[gives_way] = room & ~self.in_the_way(to_come, gives_way=gives_way)
        return self._open[gives_way]

    def plan(self, rows: Integers, kind: int) -> None:
        """Let courses of a type be planned in free rows."""
        self.phase[rows], self.kind[rows] = PLANNED, kind
        for changed in (FREE, PLANNED):
            self._rows.pop(changed, None)
        if self._gives_way[kind]:
            self._open.clear()
        else:
            for room in self._open.values():
                room[self.container[rows]] = False

    def enter(self, phase: int, rows: Integers) -> None:
        """Let courses run or wait for their effect."""
        if rows.size:
            self.phase[rows] = phase
            self._forget()

    def wipe(self, rows: Integers) -> None:
        """Forget courses: their slots are free again."""
        if rows.size:
            self._whole[:, rows] = 0
            self._real[:, rows] = 0.0
            self._forget()

    def excerpt(self, rows: Integers) -> Excerpt:
        """Return a copy of courses as they stand."""
        return Excerpt(self.container[rows], self._whole[:, rows], self._real[:, rows])

    def _forget(self) -> None:
        self._rows.clear()
        self._open.clear()
