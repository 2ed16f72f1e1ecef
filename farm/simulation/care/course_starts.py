"""Which of the courses that are due begin today, which are put off, and which are given up."""

from __future__ import annotations

from typing import NamedTuple

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


class Due(NamedTuple):
    """The rows of the courses that are due today, by what becomes of them.

    ``broken_off``: those that run and make way for courses that begin.
    """

    begin: Integers
    put_off: Integers
    given_up: Integers
    broken_off: Integers


class CourseStarts:
    """Decides about courses that are due, see `Courses`; it changes none.

    They are a few a day, and each has its own reason to wait: a loop over plain numbers.
    """

    def __init__(self, biology: Biology, frame: Frame, withholding: Withholding) -> None:
        self._specs = biology.treatments
        self._patience = biology.care.treating.patience
        self._frame, self._withholding = frame, withholding

    def due(self, morning: Morning, outbreaks: Integers, courses: CourseTable) -> Due:
        """Return what becomes of the courses that are due; one a day begins in a container.

        Args:
            morning: today.
            outbreaks: ids of those that go on, and zeros.
            courses: all of them.
        """
        today, state, water = morning.today.ordinal, morning.state, morning.water
        rows = courses.rows(PLANNED)
        rows = rows[courses.day[rows] <= today]
        if not rows.size:
            return Due(rows, rows, rows, rows)
        begin: dict[int, int] = {}  # by container
        put_off, given_up, broken_off = [], [], []
        go_on = {0, *outbreaks[outbreaks > 0].tolist()}
        rough, place_of = self._rough(morning), self._frame.place_of
        running = courses.rows(RUNNING)
        running_in = dict(zip(courses.container[running].tolist(), running.tolist(), strict=True))
        for row, at in zip(rows.tolist(), courses.container[rows].tolist(), strict=True):
            kind, leaves = courses.kind.item(row), state.leaves.item(at)
            spec = self._specs[kind]
            if (
                not state.population.item(at)
                or state.early.item(at)
                or 0 < leaves <= today + spec.duration
                or today - courses.planned.item(row) > self._patience
                or courses.outbreak.item(row) not in go_on
                or not self._withholding.may_use(kind, at, morning.today, state, urgent=True)
            ):
                given_up.append(row)
                continue
            other = running_in.get(at)
            if (
                at in begin
                or not spec.coldest <= water.temperature_c.item(at) <= spec.warmest
                or (spec.in_feed and morning.rates.fasting.item(at))
                or (spec.handles and rough[place_of.item(at)])
                or (other is not None and not self._gives_way(other, spec, courses))
            ):
                put_off.append(row)
                continue
            begin[at] = row
            if other is not None:
                broken_off.append(other)
        sorted_out = list(begin.values()), put_off, given_up, broken_off
        return Due(*(np.asarray(found, dtype=np.int64) for found in sorted_out))

    def _rough(self, morning: Morning) -> list[bool]:
        """Return whether nobody crowds fish today, by place: storms do not reach the stations."""
        rough = np.zeros(len(self._frame.places), dtype=np.bool_)
        active = morning.events.active[_ROUGH]
        np.logical_or.reduce(active, out=rough[: len(self._frame.sites)])
        found: list[bool] = rough.tolist()
        return found

    def _gives_way(self, running: int, to: TreatmentSpec, courses: CourseTable) -> bool:
        """Return whether a course that runs is broken off for another treatment."""
        return self._specs[courses.kind.item(running)].gives_way and not to.gives_way
