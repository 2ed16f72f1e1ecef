"""Diseases as configured, one file of ``config/diseases`` each, and the formulas of their course.

Adding a disease is adding a file: its name is the disease's code, and its death cause.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from farm.domain.calendar import YEAR
from farm.domain.measures import DayOfYear, Share
from farm.domain.quantity import Strict, unit
from farm.domain.share import bounded
from farm.domain.world import Stage

PerYear = Annotated[float, unit("1/year"), Field(ge=0, le=20)]
PerDay = Annotated[float, unit("1/day"), Field(ge=0, le=5)]
#: A share that is never all of it.
PartOf = Annotated[float, unit("1"), Field(ge=0, le=0.99)]
Factor = Annotated[float, unit("1"), Field(ge=0, le=50)]
Excess = Annotated[float, unit("1"), Field(ge=1, le=50)]
Days = Annotated[float, unit("day"), Field(gt=0, le=1500)]
LogSd = Annotated[float, unit("ln"), Field(ge=0, le=3)]
LogitSd = Annotated[float, unit("logit"), Field(ge=0, le=4)]
PercentPerDay = Annotated[float, unit("%/day"), Field(ge=0, le=20)]
PerMilleAWeek = Annotated[float, unit("per mille/week"), Field(gt=0, le=1000)]
Kilometres = Annotated[float, unit("km"), Field(gt=0, le=100)]
GillScore = Annotated[float, unit("score 0-5"), Field(ge=0, lt=5)]
Knots = Field(min_length=4, max_length=4)

#: What causes it; production diseases come of how fish are kept.
DiseaseKind = Literal["virus", "bacterium", "parasite", "fungus", "production"]

#: Opens, is fully open from, until, closes: a trapezoid.
DayWindow = Annotated[tuple[float, ...], unit("day"), Knots]
TemperatureWindow = Annotated[tuple[float, ...], unit("°C"), Knots]

#: Stress that comes with fish put into other water; all other kinds are site events and methods of
#: treatment.
MOVE = "move"


class Season(Strict):
    """When in the year it breaks out: 1 + amplitude * cos, never below 0."""

    peak: DayOfYear
    amplitude: Annotated[float, unit("1"), Field(ge=0, le=3)]


class Phase(Strict):
    """A part of life in which fish fall ill of it."""

    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    #: Outbreaks that begin by themselves, per stocked site or station and year, by geography: in
    #: the mean of the seasons, for fish without protection whose age and water are at their worst.
    onsets_per_year: dict[str, PerYear]
    season: Season
    temperature: TemperatureWindow
    #: Days at sea, or on land days in the stage of life, in which fish are susceptible.
    age: DayWindow
    #: Multiplies the severity of a course that begins in this phase.
    virulence: Factor

    @model_validator(mode="after")
    def _windows_are_ordered(self) -> Self:
        for name in ("temperature", "age"):
            if any(a > b for a, b in pairwise(getattr(self, name))):
                raise ValueError(f"{name}: write [opens, fully open from, until, closes]")
        return self


class Trend(Strict):
    """What the onsets are multiplied by at certain years; linear between, constant beyond them."""

    years: Annotated[tuple[float, ...], unit("year"), Field(min_length=1)]
    level: Annotated[tuple[Annotated[float, Field(ge=0, le=10)], ...], unit("1")]

    @model_validator(mode="after")
    def _one_level_for_each_year(self) -> Self:
        if len(self.level) != len(self.years):
            raise ValueError("write one level for each year")
        if any(a >= b for a, b in pairwise(self.years)):
            raise ValueError("years must rise")
        return self


class Contagion(Strict):
    """How it gets from container to container."""

    #: Chance a day that a container catches it from one in the same place that is at its height,
    #: and from a neighbouring site next door whose pens all are; the latter falls by a factor of e
    #: every ``reach``.
    within: PerDay
    between: PerDay
    reach: Kilometres
    #: How unequally places are struck, for all time.
    place_log_sd: LogSd


class Stressors(Strict):
    """What brings it out and makes it worse: by kind of site event, method of treatment, or move.

    The chance of catching it and its deaths are multiplied by the factor on the day of the stress
    (by 1 + (factor - 1) * intensity for a site event); what is above 1 fades by a factor of e every
    ``fading``.
    """

    factors: dict[str, Excess]
    fading: Days


class Course(Strict):
    """How it goes in a container: median days of its parts, and how they vary."""

    incubation: Days
    rise: Days
    plateau: Days
    decline: Days
    log_sd: LogSd
    #: Days in which a treatment takes effect (all but a share of 1/e), and how its cure varies.
    response: Days
    cure_logit_sd: LogitSd


class Effects(Strict):
    """What it does at its height, for a course of median severity."""

    mortality: PercentPerDay
    #: Of the severity: shared by an outbreak, and of each container.
    outbreak_log_sd: LogSd
    container_log_sd: LogSd
    appetite_lost: PartOf
    growth_lost: PartOf
    sick: PartOf
    #: Share that carries the agent, the sick included.
    infected: Share
    gill_score: GillScore
    wounded: PartOf
    #: Share of the sick that stay scarred or deformed and are downgraded at slaughter.
    scarred: Share


class Carriers(Strict):
    """Fish that carry the agent without being sick: found by PCR, late in life."""

    share: Share
    from_days: Annotated[float, unit("day"), Field(ge=0, le=1500)]
    full_days: Annotated[float, unit("day"), Field(gt=0, le=1500)]

    @model_validator(mode="after")
    def _become_more(self) -> Self:
        if self.full_days <= self.from_days:
            raise ValueError("full_days must lie after from_days")
        return self

    def by_day(self, days: Any) -> NDArray[np.float64]:
        """Return the share of carriers after so many days at sea."""
        grown = bounded((days - self.from_days) / (self.full_days - self.from_days))
        return np.asarray(self.share * grown, dtype=np.float64)


class DiseaseProfile(Strict):
    """One disease."""

    name: Annotated[str, Field(min_length=1)]
    agent: Annotated[str, Field(min_length=1)]
    kind: DiseaseKind
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    trend: Trend
    contagion: Contagion
    stressors: Stressors | None = None
    course: Course
    effects: Effects
    #: After an outbreak a container's fish are safe for so long.
    immunity: Days
    carriers: Carriers | None = None
    #: People notice it at this intensity of a course, or where sick fish die at this rate.
    noticed_at: Share
    alarming: PerMilleAWeek
    #: Codes of lab tests, the one that settles the diagnosis first.
    tests: Annotated[tuple[str, ...], Field(min_length=1)]
    #: Codes of treatment types by geography, in order of preference; none where nothing helps.
    treatments: dict[str, tuple[str, ...]]
    #: Deaths a day from which fish large enough are harvested early; never when absent.
    harvest_early_above: PercentPerDay | None = None

    @property
    def lives_at_sea(self) -> bool:
        """Whether fish fall ill of it in the stage that they spend at sea."""
        return any(Stage.ADULT in phase.stages for phase in self.phases)

    @property
    def lives_on_land(self) -> bool:
        """Whether fish fall ill of it in a stage before."""
        return any(set(phase.stages) - {Stage.ADULT} for phase in self.phases)


def unknown_names(
    diseases: Mapping[str, DiseaseProfile],
    *,
    geographies: Collection[str],
    tests: Collection[str],
    treatments: Collection[str],
    stressors: Collection[str],
) -> Iterator[str]:
    """Yield one line for each name in a profile that stands for nothing."""
    for code, profile in diseases.items():
        at = f"diseases.{code}"
        for number, phase in enumerate(profile.phases):
            yield from _strangers(
                f"{at}.phases.{number}.onsets_per_year", phase.onsets_per_year, geographies
            )
        yield from _strangers(f"{at}.tests", profile.tests, tests)
        yield from _strangers(f"{at}.treatments", profile.treatments, geographies)
        for geography, wanted in profile.treatments.items():
            yield from _strangers(f"{at}.treatments.{geography}", wanted, treatments)
        if profile.stressors is not None:
            yield from _strangers(f"{at}.stressors.factors", profile.stressors.factors, stressors)


def _strangers(at: str, names: Collection[str], known: Collection[str]) -> Iterator[str]:
    for name in sorted(set(names) - set(known)):
        yield f'{at}: no "{name}"; known: {", ".join(sorted(known)) or "none"}'


def window(knots: Any, value: NDArray[Any]) -> NDArray[np.float64]:
    """Return how open a trapezoidal window is at each value: 0 outside, 1 in the middle.

    Args:
        knots: opens, fully open from, until, closes; numbers, or arrays that fit the values.
        value: where to look.
    """
    return openness(sides(knots), value)


def sides(knots: Any) -> NDArray[np.float64]:
    """Return where a trapezoidal window opens and closes, and how wide its two slopes are.

    Args:
        knots: as for `window`.
    """
    opens, full, until, closes = np.asarray(knots, dtype=np.float64)
    rise, fall = np.maximum(full - opens, 1e-9), np.maximum(closes - until, 1e-9)
    return np.stack((opens, closes, rise, fall))


def openness(sides: NDArray[np.float64], value: NDArray[Any]) -> NDArray[np.float64]:
    """Return what `window` does, of a window of which the `sides` are known."""
    opens, closes, rise, fall = sides
    inside = np.minimum((value - opens) / rise, (closes - value) / fall)
    return np.asarray(bounded(inside), dtype=np.float64)


def season(peak: Any, amplitude: Any, day_of_year: Any) -> NDArray[np.float64]:
    """Return the season's factor: 1 + amplitude * cos(2 pi (day - peak) / 365.25), at least 0."""
    turn = 2.0 * np.pi * (np.asarray(day_of_year) - np.asarray(peak)) / YEAR
    return np.asarray(np.maximum(1.0 + amplitude * np.cos(turn), 0.0), dtype=np.float64)


def intensity(day: Any, incubation: Any, rise: Any, plateau: Any, decline: Any) -> Any:
    """Return how near a course is to its height, in [0, 1], so many days after the infection.

    0 in the incubation, then (1 - cos(pi x)) / 2 up over the rise, 1 over the plateau, and in the
    same way down over the decline.
    """
    sick_for = day - incubation
    up, down = sick_for / rise, (rise + plateau + decline - sick_for) / decline
    return 0.5 * (1.0 - np.cos(np.pi * bounded(np.minimum(up, down))))


def prevalence(day: Any, incubation: Any, rise: Any, plateau: Any, height: Any) -> Any:
    """Return the share of all that will carry the agent who carry it, in [0, 1].

    It grows evenly from the infection to the height, and falls like the intensity, ``height``.
    """
    full = incubation + rise
    return np.where(day < full + plateau, bounded(day / full), height)
