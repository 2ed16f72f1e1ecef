"""What courses of treatment give people to write down."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from farm.domain.treatment import TreatmentSpec, effect_percent
from farm.simulation.care.course_records import REASONS
from farm.simulation.care.facts import Facts, Note, NoteKind
from farm.simulation.care.notes import by_place
from farm.simulation.frame import Frame
from farm.simulation.process import Morning
from farm.simulation.state import Own

#: Slot and container of a course.
At = tuple[int, int]


def begun(
    frame: Frame, specs: Sequence[TreatmentSpec], own: Own, courses: list[At], morning: Morning
) -> list[Note]:
    """Return a note for each place and treatment that begins there today, and its withholding."""
    notes = []
    for place, kind, members in by_place(frame, _cases(courses, own)):
        spec, (container, slot) = specs[kind], members[0]
        containers = np.asarray([at for at, _ in members], dtype=np.int64)
        outbreak = int(own["outbreak"][slot, container]) or None
        facts: Facts = {
            "treatment": spec.name,
            "reason": REASONS[own["reason"][slot, container]],
            "method": spec.method,
            "containers": len(members),
            "fish": int(morning.state.population[containers].sum()),
            "temperature_c": round(float(morning.water.temperature_c[containers].mean()), 1),
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


def measured(
    frame: Frame, specs: Sequence[TreatmentSpec], own: Own, courses: list[At]
) -> list[Note]:
    """Return a note for each place and treatment of which an effect became known today."""
    known = [
        at for at in courses if min(own["before_day"][at].item(), own["after_day"][at].item()) > 0
    ]
    notes = []
    for place, kind, members in by_place(frame, _cases(known, own)):
        slots = [(slot, container) for container, slot in members]
        before, after = (
            math.fsum(own[name][at].item() for at in slots) / len(slots)
            for name in ("before", "after")
        )
        effect = effect_percent(before, after)
        facts: Facts = {
            "treatment": specs[kind].name,
            "reason": REASONS[own["reason"][slots[0]]],
            "containers": len(slots),
            "before": round(before, 2),
            "after": round(after, 2),
            "deaths": sum(own["deaths"][at].item() for at in slots),
            **({} if effect is None else {"effect_percent": effect}),
        }
        outbreak = int(own["outbreak"][slots[0]]) or None
        notes.append(Note(NoteKind.EFFECT, place, None, outbreak, facts))
    return notes


def _cases(courses: list[At], own: Own) -> list[tuple[int, int, int]]:
    """Return container, kind and slot of each course."""
    return [(container, int(own["kind"][slot, container]), slot) for slot, container in courses]
