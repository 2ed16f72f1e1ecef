"""One container's courses of treatment, day by day with plain numbers, for tests."""

from __future__ import annotations

import math
from dataclasses import dataclass

from farm.domain.treatment import Treating, TreatmentSpec


@dataclass(frozen=True)
class PlainCourse:
    """A course that began on a day, lasts so many days and kills a share of the fish."""

    spec: TreatmentSpec
    day: int
    lasts: int
    share: float


@dataclass(frozen=True)
class PlainDay:
    """What courses do to the fish of a container on a day."""

    fasting: bool
    appetite: float
    hazard: float


def plain_day(courses: list[PlainCourse], treating: Treating, day: int) -> PlainDay:
    """Return what some courses do on a day, those that are still to come included."""
    fasting, appetite, hazard = False, 1.0, 0.0
    parts = math.fsum(treating.fading**k for k in range(treating.fading_days + 1))
    for course in courses:
        spec, age = course.spec, day - course.day
        if spec.fasting > 0 and -spec.fasting <= age < course.lasts:
            fasting = True
        if age < 0:
            continue
        since_end = max(age - course.lasts, 0)
        appetite *= 1.0 - spec.appetite_lost * max(1.0 - since_end / spec.recovery, 0.0)
        if age <= treating.fading_days:
            hazard += course.share * treating.fading**age / parts
    return PlainDay(fasting, appetite, hazard)
