"""How health is watched, as configured in ``config/parameters/laboratory.toml``.

Laboratory tests and when samples are taken; visits, and who writes the journal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from farm.domain.measures import Code, Share, WholeDays
from farm.domain.quantity import Strict, unit

Fish = Annotated[int, unit("fish"), Field(ge=1, le=200)]
Interval = Annotated[int, unit("day"), Field(ge=7, le=365)]
MonthNumber = Annotated[int, unit("month"), Field(ge=1, le=12)]
PerMille = Annotated[float, unit("‰/week"), Field(gt=0, le=1000)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


class LabTestSpec(Strict):
    """One test for one disease."""

    code: Code
    name: Annotated[str, Field(min_length=1)]
    method: Literal["pcr", "bacteriology", "histology", "microscopy"]
    disease: Code
    sensitivity: Share
    specificity: Share
    #: Whether it finds carriers as well as the sick.
    finds_carriers: bool
    fish: Fish
    days_to_send: WholeDays
    days_in_laboratory: WholeDays
    #: How much longer it takes at the most; most answers come soon.
    days_spread: WholeDays


class Screening(Strict):
    """A test made at sea whether or not anything is wrong: one pen of a site in turn."""

    test: Code
    fish: Fish
    interval: Interval
    first_month: MonthNumber
    last_month: MonthNumber

    def is_on(self, month: int) -> bool:
        """Return whether it is made in a month; a season may go over the turn of the year."""
        if self.first_month <= self.last_month:
            return self.first_month <= month <= self.last_month
        return month >= self.first_month or month <= self.last_month


class Sampling(Strict):
    """When samples are taken, and of which fish."""

    #: Days after samples at suspicion until the next ones: while nothing is confirmed, and later.
    again_after: WholeDays
    follow_up_after: WholeDays
    #: Days after the end of a treatment on which its fish are sampled again.
    after_treatment: WholeDays
    #: At suspicion weak fish are picked: their odds of being sick over those of all fish.
    targeting: Annotated[float, unit("odds ratio"), Field(ge=1, le=1000)]
    #: Days before the sea on which smolts are tested.
    before_sea: WholeDays
    #: Weekly deaths in a container from which fish are sampled though no disease is suspected, at
    #: sea and on land; and for how many days a place is then left alone.
    unexplained_at_sea: PerMille
    unexplained_on_land: PerMille
    unexplained_pause: WholeDays


class Visits(Strict):
    """Routine visits, and how much is written."""

    #: Days between routine visits of a veterinarian to a stocked place.
    interval: Annotated[int, unit("day"), Field(ge=7, le=180)]
    #: How many entries a place's journal gets in a year, more or less.
    entries_per_year: Annotated[float, unit("1/year"), Field(gt=0, le=400)]
    #: Who looks after places, by geography; people stay for so many years.
    veterinarians: dict[str, Names]
    managers: dict[str, Names]
    years_in_office: Annotated[int, unit("year"), Field(ge=1, le=40)]


class Laboratory(Strict):
    """``laboratory.toml``."""

    tests: Annotated[tuple[LabTestSpec, ...], Field(min_length=1, max_length=90)]
    sampling: Sampling
    #: Screening at sea, by geography.
    screening: dict[str, tuple[Screening, ...]]
    #: Codes of tests, by geography: of smolts before the sea, and when deaths are unexplained.
    smolt_tests: dict[str, tuple[Code, ...]]
    unexplained_at_sea: dict[str, tuple[Code, ...]]
    unexplained_on_land: dict[str, tuple[Code, ...]]
    visits: Visits

    @model_validator(mode="after")
    def _codes_of_tests_are_known(self) -> Self:
        codes = [test.code for test in self.tests]
        if len(set(codes)) < len(codes):
            raise ValueError("two tests have the same code")
        for name, used in (
            ("screening", {s.test for rules in self.screening.values() for s in rules}),
            *(
                (name, {code for codes in getattr(self, name).values() for code in codes})
                for name in ("smolt_tests", "unexplained_at_sea", "unexplained_on_land")
            ),
        ):
            if unknown := sorted(used - set(codes)):
                raise ValueError(f'{name}: there is no test "{unknown[0]}"')
        return self


def picked(prevalence: float, odds_ratio: float) -> float:
    """Return how many of the fish picked for looking weak have what ``prevalence`` of all have.

    Their odds are ``odds_ratio`` times those of all fish:  k p / (1 + (k - 1) p).
    """
    return odds_ratio * prevalence / (1.0 + (odds_ratio - 1.0) * prevalence)


def positives(test: LabTestSpec, prevalence: float, chances: NDArray[Any]) -> int:
    """Return how many of the fish of a sample are found positive.

        chance of each = prevalence * sensitivity + (1 - prevalence) * (1 - specificity)

    Args:
        test: the test.
        prevalence: share of the fish sampled that have what the test looks for.
        chances: one in [0, 1) for each fish.
    """
    chance = prevalence * test.sensitivity + (1.0 - prevalence) * (1.0 - test.specificity)
    return int(np.count_nonzero(chances < chance))


def days_in_laboratory(test: LabTestSpec, chance: float) -> int:
    """Return the days from sending to the answer: most are soon, a few late; chance in [0, 1)."""
    return test.days_in_laboratory + int((test.days_spread + 1) * chance * chance)


def unknown_names(
    laboratory: Laboratory, *, geographies: Collection[str], diseases: Collection[str]
) -> Iterator[str]:
    """Yield one line for each test of no disease, and each table that lacks a geography."""
    for test in laboratory.tests:
        if test.disease not in diseases:
            yield f'laboratory.tests.{test.code}: there is no disease "{test.disease}"'
    for name, table in (
        ("screening", laboratory.screening),
        ("smolt_tests", laboratory.smolt_tests),
        ("unexplained_at_sea", laboratory.unexplained_at_sea),
        ("unexplained_on_land", laboratory.unexplained_on_land),
        ("visits.veterinarians", laboratory.visits.veterinarians),
        ("visits.managers", laboratory.visits.managers),
    ):
        if set(table) != set(geographies):
            yield f"laboratory.{name} must name the geographies {sorted(geographies)}"
