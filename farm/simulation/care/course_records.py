"""The records that courses of treatment become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from farm.domain import treatment as formulas
from farm.domain.biology import Biology
from farm.domain.calendar import day_of
from farm.simulation.care.course_table import REAL, REASONS, RUNNING, WHOLE, Excerpt
from farm.simulation.frame import Frame
from farm.simulation.health_records import TreatmentRecord

#: Digits kept of a biomass in kg, of a dose, and of what an effect is measured by.
_BIOMASS_DIGITS, _DOSE_DIGITS, _VALUE_DIGITS = 1, 4, 3

#: What `_each` knows of a course.
_NAMES = ("container", "phase", *WHOLE, *REAL)


class CourseRecords:
    """Writes records of the courses of one geography, and keeps those that are complete."""

    def __init__(self, biology: Biology, frame: Frame) -> None:
        self._specs = biology.treatments
        self._density = biology.care.treating.density
        self._geography = frame.geography.code
        self._volume_m3 = frame.volume_m3.tolist()
        self._at_sea = frame.at_sea.tolist()
        self._complete: list[Excerpt] = []

    def complete(self, courses: Excerpt) -> None:
        """Keep courses that are complete."""
        self._complete.append(courses)

    def records(self, under_way: Excerpt) -> list[TreatmentRecord]:
        """Return the records of those that are complete, and of others that were given."""
        complete = [
            self._record(course, "completed")
            for courses in self._complete
            for course in _each(courses)
        ]
        return complete + [self._record(course, _status(course)) for course in _each(under_way)]

    def _record(self, course: Mapping[str, Any], status: str) -> TreatmentRecord:
        """Return the record of a course as it stands."""
        spec, container = self._specs[course["kind"]], course["container"]
        biomass, volume = course["biomass_kg"], self._volume_m3[container]
        if self._at_sea[container]:
            volume = min(volume, biomass / self._density)
        dose, unit = formulas.dose_total(spec, biomass, volume, spec.duration) or (None, None)
        before = round(course["before"], _VALUE_DIGITS) if course["before_day"] else None
        after = round(course["after"], _VALUE_DIGITS) if course["after_day"] else None
        effect = None
        if before is not None and after is not None:
            effect = formulas.effect_percent(before, after)
        return TreatmentRecord(
            id=course["treatment"],
            treatment_type_id=course["kind"] + 1,
            assignment_id=course["assignment"],
            disease_outbreak_id=course["outbreak"] or None,
            reason=REASONS[course["reason"]],
            start_date=date.fromordinal(course["day"]),
            end_date=day_of(course["end"]),
            fish=course["fish"],
            biomass_kg=round(biomass, _BIOMASS_DIGITS),
            dose_total=None if dose is None else round(dose, _DOSE_DIGITS),
            dose_total_unit=unit,
            cost=formulas.cost(spec, self._geography, biomass),
            deaths=course["deaths"],
            before_date=day_of(course["before_day"]),
            before_value=before,
            after_date=day_of(course["after_day"]),
            after_value=after,
            effect_percent=effect,
            status=status,
        )


def _status(course: Mapping[str, Any]) -> str:
    """Return how far a course is that may have more to come."""
    if course["phase"] == RUNNING:
        return "running"
    return "completed" if course["after_day"] else "waiting"


def _each(courses: Excerpt) -> Iterator[dict[str, Any]]:
    """Yield what is kept of each course, and its container, by name."""
    columns = (courses.container, courses.phase, courses.whole, courses.real)
    for container, phase, whole, real in zip(*(each.tolist() for each in columns), strict=True):
        yield dict(zip(_NAMES, (container, phase, *whole, *real), strict=True))
