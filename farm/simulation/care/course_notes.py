"""What courses of treatment give people to write down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.treatment import TreatmentSpec, effect_percent
from farm.simulation.care.course_table import REASONS, CourseTable
from farm.simulation.care.facts import Facts, Listens, Note, NoteKind
from farm.simulation.care.notes import by_place
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import Morning


class CourseNotes:
    """Writes one note for each place and treatment, see `Courses`."""

    def __init__(self, specs: Sequence[TreatmentSpec], frame: Frame) -> None:
        self._specs, self._frame = specs, frame

    def begun(
        self, rows: Integers, morning: Morning, courses: CourseTable, listens: Listens
    ) -> list[Note]:
        """Return notes of the treatments that begin today, and of their withholding."""
        notes = []
        known = (courses.fish[rows], courses.reason[rows], courses.outbreak[rows])
        for place, kind, members in self._by_place(rows, courses, known):
            spec, (_, (_, reason, outbreak)) = self._specs[kind], members[0]
            outbreak = outbreak or None
            if listens(NoteKind.TREATMENT, place):
                warmth = morning.water.temperature_c[[container for container, _ in members]]
                facts: Facts = {
                    "treatment": spec.name,
                    "reason": REASONS[reason],
                    "method": spec.method,
                    "containers": len(members),
                    "fish": sum(fish for _, (fish, *_) in members),
                    "temperature_c": round(float(np.add.reduce(warmth)) / len(members), 1),
                }
                notes.append(Note(NoteKind.TREATMENT, place, None, outbreak, facts))
            if spec.is_withheld and listens(NoteKind.WITHHOLDING, place):
                wait: Facts = (
                    {"degree_days": spec.withdrawal_degree_days}
                    if spec.withdrawal_degree_days is not None
                    else {"days": spec.withdrawal_days or 0}
                )
                withheld: Facts = {
                    "treatment": spec.name,
                    "containers": len(members),
                    "phase": "begins",
                    **wait,
                }
                notes.append(Note(NoteKind.WITHHOLDING, place, None, outbreak, withheld))
        return notes

    def measured(self, rows: Integers, courses: CourseTable, listens: Listens) -> list[Note]:
        """Return notes of the effects of courses of which nothing more is to come."""
        if not rows.size:
            return []
        known = rows[(courses.before_day[rows] > 0) & (courses.after_day[rows] > 0)]
        columns = (courses.before, courses.after, courses.deaths, courses.reason, courses.outbreak)
        notes = []
        for place, kind, members in self._by_place(
            known, courses, [each[known] for each in columns]
        ):
            if not listens(NoteKind.EFFECT, place):
                continue
            values = zip(*(of for _, of in members), strict=True)
            before_of, after_of, deaths, (reason, *_), (outbreak, *_) = values
            before, after = (math.fsum(of) / len(members) for of in (before_of, after_of))
            effect = effect_percent(before, after)
            facts: Facts = {
                "treatment": self._specs[kind].name,
                "reason": REASONS[reason],
                "containers": len(members),
                "before": round(before, 2),
                "after": round(after, 2),
                "deaths": sum(deaths),
                **({} if effect is None else {"effect_percent": effect}),
            }
            notes.append(Note(NoteKind.EFFECT, place, None, outbreak or None, facts))
        return notes

    def _by_place(
        self, rows: Integers, courses: CourseTable, known: Iterable[NDArray[Any]]
    ) -> list[tuple[int, int, list[tuple[int, tuple[Any, ...]]]]]:
        """Return courses by place and kind: container of each, and what is known of it."""
        containers, kinds = courses.container[rows].tolist(), courses.kind[rows].tolist()
        of_each = zip(*(column.tolist() for column in known), strict=True)
        return by_place(self._frame, zip(containers, kinds, of_each, strict=True))
