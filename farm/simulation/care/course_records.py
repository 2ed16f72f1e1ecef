"""What is kept of each course of treatment, and the record that it becomes."""

from __future__ import annotations

from datetime import date
from typing import Any

from farm.domain import treatment as formulas
from farm.domain.biology import Biology
from farm.domain.calendar import day_of
from farm.simulation.frame import Frame, Integers
from farm.simulation.health_records import TreatmentRecord
from farm.simulation.state import Own

#: Courses of a container that can be planned, under way or waiting for their effect at once.
SLOTS = 4

#: What a slot holds: nothing, a course that is planned, one that runs, one to be measured.
FREE, PLANNED, RUNNING, WAITING = range(4)

#: Slots and containers of some courses.
At = tuple[Integers, Integers]

#: Why fish are treated, in the order of the whole numbers that stand for it.
REASONS = ("outbreak", "lice", "preventive")

#: The arrays of courses by name, with their types.
COURSE: dict[str, type[Any]] = {
    "phase": int,
    "kind": int,
    "treatment": int,
    "assignment": int,
    "reason": int,
    "for_lice": int,
    "outbreak": int,
    "ordered": int,
    "planned": int,
    "day": int,
    "left": int,
    "end": int,
    "fish": int,
    "biomass_kg": float,
    "hazard": float,
    "deaths": int,
    "before_day": int,
    "before": float,
    "after_day": int,
    "after": float,
}

#: Digits kept of a biomass in kg, of a dose, and of what an effect is measured by.
_BIOMASS_DIGITS, _DOSE_DIGITS, _VALUE_DIGITS = 1, 4, 3


class CourseRecords:
    """Writes records of the courses of one geography, and keeps those that are complete."""

    def __init__(self, biology: Biology, frame: Frame) -> None:
        self._specs = biology.treatments
        self._density = biology.care.treating.density
        self._frame = frame
        self.done: list[TreatmentRecord] = []

    def record(self, slot: int, container: int, own: Own, status: str) -> TreatmentRecord:
        """Return the record of a course as it stands."""
        course = {name: own[name].item(slot, container) for name in COURSE}
        spec = self._specs[course["kind"]]
        biomass = course["biomass_kg"]
        volume = float(self._frame.volume_m3[container])
        if self._frame.at_sea[container]:
            volume = min(volume, biomass / self._density)
        dose = formulas.dose_total(spec, biomass, volume, spec.duration)
        before, after = (
            round(course[name], _VALUE_DIGITS) if course[f"{name}_day"] else None
            for name in ("before", "after")
        )
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
            dose_total=round(dose[0], _DOSE_DIGITS) if dose else None,
            dose_total_unit=dose[1] if dose else None,
            cost=formulas.cost(spec, self._frame.geography.code, biomass),
            deaths=course["deaths"],
            before_date=day_of(course["before_day"]),
            before_value=before,
            after_date=day_of(course["after_day"]),
            after_value=after,
            effect_percent=effect,
            status=status,
        )
