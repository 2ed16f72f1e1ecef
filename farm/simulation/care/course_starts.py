"""Which of the courses that are due begin today, which are put off, and which are given up."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from farm.domain.biology import Biology
from farm.domain.events import SiteEventKind
from farm.domain.treatment import TreatmentSpec
from farm.simulation.care.course_table import PLANNED, RUNNING, CourseTable
from farm.simulation.care.withholding import Withholding
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import Morning

#: Nobody crowds fish in these.
_ROUGH = [
    kind.row
    for kind in (
        SiteEventKind.STORM,
        SiteEventKind.HYPOXIA,
        SiteEventKind.ALGAL_BLOOM,
        SiteEventKind.JELLYFISH,
    )
]


@dataclass(frozen=True, slots=True)
class Due:
    """The rows of the courses that are due today, by what becomes of them.

    ``broken_off``: those that run and make way for courses that begin.
    """

    begin: list[int] = field(default_factory=list)
    put_off: list[int] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)
    broken_off: list[int] = field(default_factory=list)


class CourseStarts:
    """Decides about courses that are due, see `Courses`; it changes none.

    They are a few a day, and each has its own reason to wait: a loop over plain numbers.
    """

    def __init__(self, biology: Biology, frame: Frame, withholding: Withholding) -> None:
        self._specs = biology.treatments
        self._patience = biology.care.treating.patience
        self._is_withheld = np.asarray([spec.is_withheld for spec in self._specs], dtype=np.bool_)
        self._frame, self._withholding = frame, withholding

    def due(self, morning: Morning, outbreaks: Integers, courses: CourseTable) -> Due:
        """Return what becomes of the courses that are due; one a day begins in a container.

        Args:
            morning: today.
            outbreaks: ids of those that go on, and zeros.
            courses: all of them.
        """
        today, state, due = morning.today.ordinal, morning.state, Due()
        rows = courses.rows(PLANNED)
        rows = rows[courses.day[rows] <= today]
        if not rows.size:
            return due
        where = courses.container[rows]
        known = (
            rows,
            where,
            self._frame.place_of[where],
            courses.kind[rows],
            courses.planned[rows],
            courses.outbreak[rows],
            state.leaves[where],
            (state.population[where] > 0) & (state.early[where] == 0),
            morning.water.temperature_c[where],
            morning.rates.fasting[where],
        )
        go_on = {0, *outbreaks[outbreaks > 0].tolist()}
        late = self._too_late(rows, morning, courses)
        rough = set(np.logical_or.reduce(morning.events.active[_ROUGH]).nonzero()[0].tolist())
        running = self._running_in(where, courses)
        running_in = dict(zip(courses.container[running].tolist(), running.tolist(), strict=True))
        begun: set[int] = set()
        for row, at, place, kind, planned, outbreak, leaves, stays, warmth, fasting in zip(
            *(each.tolist() for each in known), strict=True
        ):
            spec = self._specs[kind]
            if (
                not stays
                or 0 < leaves <= today + spec.duration
                or today - planned > self._patience
                or outbreak not in go_on
                or row in late
            ):
                due.given_up.append(row)
                continue
            other = running_in.get(at)
            if (
                at in begun
                or not spec.coldest <= warmth <= spec.warmest
                or (spec.in_feed and fasting)
                or (spec.handles and place in rough)
                or (other is not None and not self._gives_way(other, spec, courses))
            ):
                due.put_off.append(row)
                continue
            begun.add(at)
            due.begin.append(row)
            if other is not None:
                due.broken_off.append(other)
        return due

    def _running_in(self, containers: Integers, courses: CourseTable) -> Integers:
        """Return the courses that run in some containers."""
        asked = np.zeros(self._frame.size, dtype=np.bool_)
        asked[containers] = True
        running = courses.rows(RUNNING)
        return running[asked[courses.container[running]]]

    def _too_late(self, rows: Integers, morning: Morning, courses: CourseTable) -> set[int]:
        """Return the courses whose withdrawal would not be over in time any more."""
        withheld = rows[self._is_withheld[courses.kind[rows]]]
        kinds, late = courses.kind[withheld], set()
        for kind in set(kinds.tolist()):
            of_kind = withheld[kinds == kind]
            in_time = self._withholding.may_use(
                kind, courses.container[of_kind], morning.today, morning.state, urgent=True
            )
            late.update(of_kind[~in_time].tolist())
        return late

    def _gives_way(self, running: int, to: TreatmentSpec, courses: CourseTable) -> bool:
        """Return whether a course that runs is broken off for another treatment."""
        return self._specs[courses.kind.item(running)].gives_way and not to.gives_way
