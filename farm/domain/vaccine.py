"""Vaccines and vaccination as configured in ``config/parameters/vaccines.toml``.

Fish are injected before they go to sea, once in their lives. Of each component (the polyvalent
vaccine, one against pancreas disease) a geography uses the latest vaccine, and fish get all
components on the same day.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from farm.domain.disease import Days, LogSd
from farm.domain.measures import Code, Share, WholeDays
from farm.domain.quantity import Strict, unit
from farm.domain.treatment import Celsius, Percent, Year

DegreeDays = Annotated[float, unit("°C day"), Field(ge=0, le=5000)]
Grams = Annotated[float, unit("g"), Field(gt=0, le=1000)]
Score = Annotated[float, unit("score 0-6"), Field(ge=0, le=6)]

#: The worst Speilberg score.
WORST_SCORE = 6.0

#: What is left of the loss of appetite, and of the deaths to come, when they count as over.
OVER = 0.05


class VaccineSpec(Strict):
    """One vaccine."""

    code: Code
    name: Annotated[str, Field(min_length=1)]
    #: What people call it in the journal.
    label: Annotated[str, Field(min_length=1)]
    #: What it is one of: a geography uses the latest vaccine of each component.
    component: Code
    #: Share of the risk that full protection takes away, by code of the disease.
    protects: dict[str, Share]
    used_since: dict[str, Year]
    min_weight: Annotated[float, unit("g"), Field(gt=0, le=500)]
    onset: DegreeDays
    dose: Annotated[float, unit("mL"), Field(gt=0, le=1)]
    #: Mean Speilberg score that its fish get in time, and its spread between groups.
    side_effects: Score
    side_effects_log_sd: LogSd
    setback_depth: Share
    setback_days: Days
    mortality: Percent
    cost_per_fish: dict[str, Annotated[float, unit("money/fish"), Field(ge=0)]]

    @model_validator(mode="after")
    def _costs_something_wherever_it_is_used(self) -> Self:
        if free := sorted(set(self.used_since) - set(self.cost_per_fish)):
            raise ValueError(f"cost_per_fish must name {free[0]}, where it is used")
        return self


class VaccinationPractice(Strict):
    """How fish are vaccinated, whatever with."""

    #: Degree-days before the sea that people aim for, by year, and how batches differ from it.
    years: Annotated[tuple[float, ...], unit("year"), Field(min_length=2)]
    degree_days_before_sea: Annotated[tuple[float, ...], unit("°C day"), Field(min_length=2)]
    log_sd: Annotated[tuple[float, ...], unit("ln"), Field(min_length=2)]
    #: Days without feed before; days between a vaccination and any move of the batch; days before
    #: the sea by which it must be done, whatever speaks against it.
    fasting: WholeDays
    rest: WholeDays
    latest: WholeDays
    fish_a_day: Annotated[int, unit("fish/day"), Field(gt=0)]
    warmest: Celsius
    #: Share of sick fish from which a container is not vaccinated yet.
    not_if_sick: Share
    #: The Speilberg score is that of the vaccine for fish of this weight in water of this
    #: temperature, and grows with the temperature and with a power of the weight.
    score_temperature: Celsius
    score_weight: Grams
    score_per_degree: Annotated[float, unit("ln/°C"), Field(ge=0, le=1)]
    score_weight_power: Annotated[float, unit("1"), Field(ge=0, le=2)]
    #: Degree-days after which half of the adhesions are there.
    score_half: DegreeDays
    #: Growth lost for good per point of the score above ``score_harmless``.
    score_harmless: Score
    growth_lost_per_score: Share
    mortality_days: Days
    mortality_log_sd: LogSd

    @model_validator(mode="after")
    def _a_value_for_each_year(self) -> Self:
        for name in ("degree_days_before_sea", "log_sd"):
            if len(getattr(self, name)) != len(self.years):
                raise ValueError(f"{name} must have as many values as years")
        if any(a >= b for a, b in zip(self.years, self.years[1:], strict=False)):
            raise ValueError("years must rise")
        return self

    def aim(self, year: float, score: float) -> float:
        """Return the degree-days before the sea that a batch is vaccinated at.

        Args:
            year: the year, with its fraction.
            score: how the batch differs from others, a standard score.
        """
        middle = float(np.interp(year, self.years, self.degree_days_before_sea))
        return middle * float(np.exp(np.interp(year, self.years, self.log_sd) * score))


class Vaccines(Strict):
    """``vaccines.toml``."""

    vaccines: Annotated[tuple[VaccineSpec, ...], Field(min_length=1, max_length=50)]
    practice: VaccinationPractice

    def used(self, geography: str, year: int) -> tuple[int, ...]:
        """Return the indices of the vaccines that fish of a geography get in a year, rising.

        Of two vaccines of a component that came in the same year, the later in the list counts.
        """
        latest: dict[str, tuple[int, int]] = {}
        for index, vaccine in enumerate(self.vaccines):
            since = vaccine.used_since.get(geography)
            if since is not None and since <= year:
                known = latest.get(vaccine.component, (since, index))
                latest[vaccine.component] = max(known, (since, index))
        return tuple(sorted(index for _, index in latest.values()))


def side_effect_score(
    vaccine: VaccineSpec, practice: VaccinationPractice, weight_g: float, celsius: float, z: float
) -> float:
    """Return the mean Speilberg score that a group of fish gets in time, in [0, 6].

        s = side_effects * exp(score_per_degree (T - T0)) * (W0 / W)^score_weight_power * exp(sd z)

    Small fish and warm water make it worse (Berg et al. 2006, DAO 69:239-248; labels of oil
    vaccines).
    """
    warm = practice.score_per_degree * (celsius - practice.score_temperature)
    small = practice.score_weight_power * math.log(practice.score_weight / weight_g)
    spread = vaccine.side_effects_log_sd * z
    return min(vaccine.side_effects * math.exp(warm + small + spread), WORST_SCORE)


def developed(practice: VaccinationPractice, degree_days: NDArray[Any]) -> NDArray[np.float64]:
    """Return the share of the side effects that is there so many degree-days after: 0 to 1."""
    return np.asarray(1.0 - np.power(0.5, degree_days / practice.score_half), dtype=np.float64)


def fading(days: float) -> float:
    """Return the share that is left from one day to the next of what is over after ``days``."""
    return float(OVER ** (1.0 / days))


def price(vaccine: VaccineSpec, geography: str, fish: int) -> str:
    """Return what a vaccine for so many fish costs in the geography's currency, to the cent."""
    each = Decimal(str(vaccine.cost_per_fish[geography]))
    return str((each * fish).quantize(Decimal("0.01")))


def unknown_names(
    vaccines: Vaccines, *, geographies: Collection[str], diseases: Collection[str]
) -> Iterator[str]:
    """Yield one line for each name in the vaccines that stands for nothing."""
    for spec in vaccines.vaccines:
        for table, names, known in (
            ("protects", spec.protects, diseases),
            ("used_since", spec.used_since, geographies),
        ):
            for name in sorted(set(names) - set(known)):
                yield f'vaccines.{spec.code}.{table}: there is no "{name}"'
