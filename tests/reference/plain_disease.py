"""A disease in one pen that stands alone, in plain loops: one day and number after the other.

What the engine of `farm.simulation.epidemics` must agree with. The formulas are written out again;
only chances come from the same streams.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from farm.domain.disease import DiseaseProfile, Phase
from farm.simulation.frame import PlaceKind
from farm.simulation.streams import Decision, Streams


@dataclass
class Course:
    """What runs in the pen since a day."""

    since: date
    incubation: float
    rise: float
    plateau: float
    decline: float
    severity: float
    relief: float = 1.0
    goal: float = 1.0


@dataclass(frozen=True)
class Found:
    """What a day brought."""

    hazard: float = 0.0
    appetite: float = 1.0
    growth: float = 1.0
    sick: float = 0.0
    infected: float = 0.0
    intensity: float = 0.0
    gills: float = 0.0
    wounded: float = 0.0
    scars: float = 0.0
    runs: bool = False


@dataclass
class PlainDisease:
    """One disease, one pen of one site, the only one far and wide.

    ``site`` and ``assignment`` are ids; ``sea_since`` is the day on which the fish came to sea.
    """

    code: str
    profile: DiseaseProfile
    streams: Streams
    geography: str
    site: int
    assignment: int
    sea_since: date
    course: Course | None = None
    immune_until: date = date.min
    strain: float = 0.0
    scars: float = 0.0
    sickest: float = 0.0
    seen: list[Found] = field(default_factory=list)

    def live(
        self,
        today: date,
        warmth: float,
        protection: float = 0.0,
        stress: Mapping[str, float] | None = None,
    ) -> Found:
        """A day. ``stress``: intensity of each site event, by kind."""
        stressors = self.profile.stressors
        self.strain *= math.exp(-1.0 / stressors.fading) if stressors else 0.0
        if self.strain < 1e-3:
            self.strain = 0.0
        for kind, strength in (stress or {}).items():
            factor = stressors.factors.get(kind, 1.0) if stressors else 1.0
            self.strain = max(self.strain, (factor - 1.0) * strength)
        self.end(today)
        found = self.suffer(today)
        if self.course is None and today >= self.immune_until:
            chance = 1.0 - math.exp(-self.rate(today, warmth, protection) / 365.25)
            if self.drawn(today) < chance:
                self.begin(today, warmth)
                found = self.suffer(today)
        self.seen.append(found)
        return found

    def treat(self, cure: float, treatment: int) -> None:
        """Give a treatment that takes a median share of the rest of the course."""
        if self.course is not None:
            z = self.streams.at(Decision.DISEASE_CURE, self.word(), treatment).standard_normal()
            logit = math.log(cure / (1.0 - cure)) + self.profile.course.cure_logit_sd * z
            self.course.goal *= 1.0 - 1.0 / (1.0 + math.exp(-logit))

    def suffer(self, today: date) -> Found:
        """What the course does today."""
        course, e = self.course, self.profile.effects
        if course is None:
            return Found(scars=self.scars)
        day = (today - course.since).days - course.incubation
        whole = course.rise + course.plateau + course.decline
        if day <= 0:
            height = 0.0
        elif day < course.rise:
            height = (1.0 - math.cos(math.pi * day / course.rise)) / 2.0
        elif day < course.rise + course.plateau:
            height = 1.0
        else:
            height = (1.0 - math.cos(math.pi * (whole - day) / course.decline)) / 2.0
        if day < course.rise + course.plateau:
            carrying = min(1.0, (day + course.incubation) / (course.incubation + course.rise))
        else:
            carrying = height
        height, carrying = height * course.relief, carrying * course.relief
        s = height * course.severity
        sick = 1.0 - (1.0 - e.sick) ** s
        self.scars = min(1.0, self.scars + e.scarred * max(0.0, sick - self.sickest))
        self.sickest = max(self.sickest, sick)
        return Found(
            hazard=e.mortality / 100.0 * s * (1.0 + self.strain),
            appetite=(1.0 - e.appetite_lost) ** s,
            growth=(1.0 - e.growth_lost) ** s,
            sick=sick,
            infected=max(sick, e.infected * carrying),
            intensity=height,
            gills=5.0 * (1.0 - (1.0 - e.gill_score / 5.0) ** s),
            wounded=1.0 - (1.0 - e.wounded) ** s,
            scars=self.scars,
            runs=True,
        )

    def end(self, today: date) -> None:
        """End the course when it is over; let a cure work until then."""
        course = self.course
        if course is None:
            return
        days = course.incubation + course.rise + course.plateau + course.decline
        if (today - course.since).days >= days:
            self.course, self.sickest = None, 0.0
            self.immune_until = date.fromordinal(
                today.toordinal() + math.ceil(self.profile.immunity)
            )
        else:
            left = math.exp(-1.0 / self.profile.course.response)
            course.relief = course.goal + (course.relief - course.goal) * left

    def rate(self, today: date, warmth: float, protection: float) -> float:
        """Outbreaks a year that begin by themselves, as things are today."""
        years = today.year + (today.month - 0.5) / 12.0
        sd = self.profile.contagion.place_log_sd
        z = self.streams.at(
            Decision.DISEASE_PLACE, self.word(), PlaceKind.SITE, self.site
        ).standard_normal()
        prone = math.exp(sd * z - 0.5 * sd * sd)
        total = 0.0
        for phase in self.profile.phases:
            turn = 2.0 * math.pi * (today.timetuple().tm_yday - phase.season.peak) / 365.25
            season = max(0.0, 1.0 + phase.season.amplitude * math.cos(turn))
            total += (
                phase.onsets_per_year.get(self.geography, 0.0)
                * season
                * self.trend(years)
                * prone
                * self.openness(phase, today, warmth)
            )
        return total * (1.0 - protection) * (1.0 + self.strain)

    def openness(self, phase: Phase, today: date, warmth: float) -> float:
        """How susceptible fish at sea are by age and water."""
        if "adult" not in phase.stages:
            return 0.0
        age = (today - self.sea_since).days
        return trapezoid(phase.age, age) * trapezoid(phase.temperature, warmth)

    def trend(self, year: float) -> float:
        """What the years multiply onsets by."""
        years, level = self.profile.trend.years, self.profile.trend.level
        if year <= years[0]:
            return level[0]
        for a, b, at, to in zip(years, years[1:], level, level[1:], strict=False):
            if year <= b:
                return at + (to - at) * (year - a) / (b - a)
        return level[-1]

    def drawn(self, today: date) -> float:
        """Today's chance that an outbreak begins."""
        month = today.year * 12 + today.month - 1
        stream = self.streams.at(
            Decision.DISEASE_ONSET, PlaceKind.SITE, self.site, month, self.word()
        )
        return float(stream.random(31)[today.day - 1])

    def begin(self, today: date, warmth: float) -> None:
        """An outbreak begins: draw its severity and the days of its course."""
        c, e, day = self.profile.course, self.profile.effects, today.toordinal()
        phase = max(self.profile.phases, key=lambda p: self.openness(p, today, warmth))
        shared = self.streams.at(
            Decision.OUTBREAK_SEVERITY, self.word(), PlaceKind.SITE, self.site, day
        ).standard_normal()
        z = self.streams.at(
            Decision.DISEASE_COURSE, self.word(), self.assignment, day
        ).standard_normal(5)
        severity = math.exp(e.outbreak_log_sd * shared) * math.exp(e.container_log_sd * z[0])
        medians = (c.incubation, c.rise, c.plateau, c.decline)
        days = [m * math.exp(c.log_sd * x) for m, x in zip(medians, z[1:], strict=True)]
        incubation, rise, plateau, decline = days
        severity *= phase.virulence
        self.course = Course(today, incubation, rise, plateau, decline, severity)
        self.sickest = 0.0

    def word(self) -> int:
        """What stands for the disease in addresses."""
        return int.from_bytes(hashlib.sha256(self.code.encode()).digest()[:4], "big")


def trapezoid(knots: tuple[float, ...], value: float) -> float:
    """How open a window is that opens, is fully open from, until, and closes."""
    opens, full, until, closes = knots
    if value <= opens or value >= closes:
        return 0.0
    up = (value - opens) / (full - opens) if value < full else 1.0
    down = (closes - value) / (closes - until) if value > until else 1.0
    return min(up, down)
