"""What courses of treatment give people to write down."""

from __future__ import annotations

import math
from collections.abc import Sequence

from farm.domain.treatment import TreatmentSpec, effect_percent
from farm.simulation.care.course_table import REASONS, CourseTable
from farm.simulation.care.facts import Facts, Note, NoteKind
from farm.simulation.care.notes import by_place
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import Morning


class CourseNotes:
    """Writes one note for each place and treatment, see `Courses`."""

    def __init__(self, specs: Sequence[TreatmentSpec], frame: Frame) -> None:
        self._specs, self._frame = specs, frame

    def begun(self, rows: Integers, morning: Morning, courses: CourseTable) -> list[Note]:
        """Return notes of the treatments that begin today, and of their withholding."""
        notes = []
        fish = courses.fish[rows].tolist()
        for place, kind, members in self._by_place(rows, courses):
            spec, first = self._specs[kind], rows.item(members[0][1])
            warmth = morning.water.temperature_c[[container for container, _ in members]]
            outbreak = courses.outbreak.item(first) or None
            facts: Facts = {
                "treatment": spec.name,
                "reason": REASONS[courses.reason[first]],
                "method": spec.method,
                "containers": len(members),
                "fish": sum(fish[index] for _, index in members),
                "temperature_c": round(float(warmth.sum()) / len(members), 1),
            }
            notes.append(Note(NoteKind.TREATMENT, place, None, outbreak, facts))
            if spec.is_withheld:
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

    def measured(self, rows: Integers, courses: CourseTable) -> list[Note]:
        """Return notes of the effects of courses of which nothing more is to come."""
        if not rows.size:
            return []
        known = rows[(courses.before_day[rows] > 0) & (courses.after_day[rows] > 0)]
        before_of, after_of, deaths_of = (
            values[known].tolist() for values in (courses.before, courses.after, courses.deaths)
        )
        notes = []
        for place, kind, members in self._by_place(known, courses):
            of_place, first = [index for _, index in members], known.item(members[0][1])
            before, after = (
                math.fsum(values[index] for index in of_place) / len(of_place)
                for values in (before_of, after_of)
            )
            effect = effect_percent(before, after)
            facts: Facts = {
                "treatment": self._specs[kind].name,
                "reason": REASONS[courses.reason[first]],
                "containers": len(of_place),
                "before": round(before, 2),
                "after": round(after, 2),
                "deaths": sum(deaths_of[index] for index in of_place),
                **({} if effect is None else {"effect_percent": effect}),
            }
            outbreak = courses.outbreak.item(first) or None
            notes.append(Note(NoteKind.EFFECT, place, None, outbreak, facts))
        return notes

    def _by_place(
        self, rows: Integers, courses: CourseTable
    ) -> list[tuple[int, int, list[tuple[int, int]]]]:
        """Return courses by place and kind: container of each, and which of ``rows`` it is."""
        containers, kinds = courses.container[rows].tolist(), courses.kind[rows].tolist()
        return by_place(self._frame, zip(containers, kinds, range(rows.size), strict=True))
