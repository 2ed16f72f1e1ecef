"""The courses of treatment of all containers, as one table."""

from __future__ import annotations

from collections.abc import Sequence
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


#: The columns of real numbers; all others are of whole ones, those of `WHOLE` and the phase.
REAL = ("biomass_kg", "hazard", "before", "after")
WHOLE = tuple(each.name for each in fields(Columns) if each.name not in {"phase", *REAL})


def nothing(containers: int) -> Own:
    """Return the arrays of so many containers without any course, shape (SLOTS, containers)."""
    return {
        column.name: np.zeros((SLOTS, containers), np.float64 if column.name in REAL else np.int64)
        for column in fields(Columns)
    }


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some courses as they stood: columns as named in `WHOLE` and `REAL`, (courses, columns)."""

    container: Integers
    phase: Integers
    whole: Integers
    real: Floats


class CourseTable(Columns):
    """A row for each slot of each container: first those of all first slots, then the second ones.

    Columns are views of the arrays in the state: what is written to them is in the state. All that
    is kept of a course lies side by side but for its phase: those of all are looked through often.
    Phases are written by `plan`, `enter` and `wipe` alone. ``container``: that of each row.
    """

    def __init__(self, own: Own, gives_way: Bools) -> None:
        """Put arrays as `nothing` makes them into blocks, with views of those in their places.

        Args:
            own: the arrays by name.
            gives_way: for each type, whether it is broken off when something else begins.
        """
        self._whole = np.stack([own[name].ravel() for name in WHOLE], axis=1)
        self._real = np.stack([own[name].ravel() for name in REAL], axis=1)
        found = (own["phase"].ravel(), *self._whole.T, *self._real.T)
        columns = dict(zip(("phase", *WHOLE, *REAL), found, strict=True))
        super().__init__(**columns)
        own.update({name: column.reshape(SLOTS, -1) for name, column in columns.items()})
        self._size = self.phase.size // SLOTS
        self.container: Integers = np.tile(np.arange(self._size), SLOTS)
        self._slots: Integers = self._size * np.arange(SLOTS)[:, np.newaxis]
        self._gives_way: list[bool] = gives_way.tolist()
        # The answers of `rows`, until a phase changes.
        self._rows: dict[int, Integers] = {}

    def rows(self, phase: int) -> Integers:
        """Return the rows of all courses in a phase: the same array until any of them changes."""
        if phase not in self._rows:
            self._rows[phase] = (self.phase == phase).nonzero()[0]
        return self._rows[phase]

    def rows_of(self, containers: Integers) -> Integers:
        """Return all rows of some containers, shape (SLOTS, containers)."""
        return containers + self._slots

    def free_rows(self, containers: Sequence[int]) -> Integers:
        """Return the first free row of each of some containers that have one."""
        free = [
            each + self._size * self.phase[each :: self._size].tolist().index(FREE)
            for each in containers
        ]
        return np.asarray(free, dtype=np.int64)

    def is_open(self, container: int, *, gives_way: bool) -> bool:
        """Return whether a course could be planned in a container, by whether it gives way.

        It has a free slot, and nothing that is planned or runs is in the way: of a course that
        gives way itself, anything; of others, what does not.
        """
        phases = self.phase[container :: self._size].tolist()
        if FREE not in phases:
            return False
        if PLANNED not in phases and RUNNING not in phases:
            return True
        kinds = self.kind[container :: self._size].tolist()
        return not gives_way and all(
            self._gives_way[kind]
            for phase, kind in zip(phases, kinds, strict=True)
            if phase in (PLANNED, RUNNING)
        )

    def plan(self, rows: Integers, kind: int) -> None:
        """Let courses of a type be planned in free rows."""
        self.phase[rows], self.kind[rows] = PLANNED, kind
        for changed in (FREE, PLANNED):
            self._rows.pop(changed, None)

    def enter(self, phase: int, rows: Integers) -> None:
        """Let courses enter the phase that follows theirs: run, or wait for their effect."""
        if rows.size:
            self.phase[rows] = phase
            for changed in (phase - 1, phase):
                self._rows.pop(changed, None)

    def wipe(self, rows: Integers) -> None:
        """Forget courses: their slots are free again."""
        if rows.size:
            self.phase[rows] = FREE
            self._whole[rows] = 0
            self._real[rows] = 0.0
            self._rows.clear()

    def excerpt(self, rows: Integers) -> Excerpt:
        """Return a copy of courses as they stand."""
        whole, real = self._whole[rows], self._real[rows]
        return Excerpt(self.container[rows], self.phase[rows], whole, real)
