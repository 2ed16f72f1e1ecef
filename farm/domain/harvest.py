"""Harvest as configured in ``config/parameters/harvest.toml``, and how a catch is sorted.

Single fish of a pen weigh as a lognormal distribution says, given their mean and their coefficient
of variation. Weight classes are of gutted weight, as in the trade; quality is superior, ordinary or
production (wounded, deformed or otherwise not sold whole).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from statistics import NormalDist
from typing import Annotated, Self

from pydantic import Field, model_validator

from farm.domain.measures import Share
from farm.domain.quantity import Strict, unit

Grams = Annotated[float, unit("g"), Field(gt=0)]
LogSd = Annotated[float, unit("ln"), Field(ge=0, le=3)]

#: Nobody weighs more than this many standard deviations (of the logarithm) from the median.
_FARTHEST = 4.0

_NORMAL = NormalDist()


class Quality(StrEnum):
    """The values of `harvest_lot.quality`."""

    SUPERIOR = "superior"
    ORDINARY = "ordinary"
    PRODUCTION = "production"


class Market(Strict):
    """What is wanted of one geography's pens, as live mean weights, and how fast they are emptied.

    ``line``: tonnes of live fish of one site that are taken in a day.
    """

    target: Grams
    lightest: Grams
    heaviest: Grams
    line: Annotated[float, unit("t/day"), Field(gt=0, le=5000)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.lightest <= self.target <= self.heaviest:
            raise ValueError("lightest, target and heaviest must rise")
        return self


class GuttedYield(Strict):
    """Gutted over live weight: see `gutted_share`."""

    share: Share
    spread: Share
    reference: Grams
    lost_per_kg: Annotated[float, unit("1/kg"), Field(ge=0, le=0.02)]
    lost_per_score: Share


class Grades(Strict):
    """How a catch is sorted: see `qualities`."""

    classes: Annotated[tuple[float, ...], unit("kg"), Field(min_length=1)]
    production: Share
    ordinary: Share
    wounded: Share
    scarred: Share
    sick: Share
    ordinary_per_score: Share
    log_sd: LogSd
    small: Annotated[float, unit("1"), Field(ge=0, le=5)]

    @model_validator(mode="after")
    def _classes_rise(self) -> Self:
        if any(low >= high for low, high in pairwise((0.0, *self.classes))):
            raise ValueError("classes must rise from above 0")
        return self

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the weight classes, from the smallest: ``0-1``, ``1-2``, …, ``9+``."""
        ends = [f"{edge:g}" for edge in self.classes]
        return (*(f"{low}-{high}" for low, high in pairwise(("0", *ends))), f"{ends[-1]}+")


class HarvestParameters(Strict):
    """``harvest.toml``."""

    #: Of the weight that customers order, between pens.
    order_cv: Share
    #: Of a site's licensed biomass: from there on its pens are harvested, the heaviest first.
    licence_full: Share
    #: By geography.
    markets: dict[str, Market]
    gutting: GuttedYield
    grades: Grades

    def target_weight(self, geography_code: str) -> float:
        """Return the live mean weight in grams at which a pen is harvested, on average."""
        return self.markets[geography_code].target


@dataclass(frozen=True, slots=True)
class Condition:
    """What slaughter finds of a pen's fish: shares of them, and the mean Speilberg score."""

    wounded: float
    scarred: float
    sick: float
    side_effects: float


@dataclass(frozen=True, slots=True)
class SizeClass:
    """Fish of one weight class: their share of all fish, and their mean live weight in grams."""

    name: str
    share: float
    mean_weight_g: float


def wanted(market: Market, order_cv: float, score: float) -> float:
    """Return the live mean weight in grams that is ordered of a pen, at a standard normal score."""
    weight = market.target * (1.0 + order_cv * score)
    return min(max(weight, market.lightest), market.heaviest)


def gutted_share(
    parameters: GuttedYield, weight_g: float, side_effects: float, score: float
) -> float:
    """Return the gutted over the live weight of a pen's fish, at a standard normal score.

    share + spread * z - lost_per_kg * (W - reference) / 1000 - lost_per_score * Speilberg
    """
    heavier = (weight_g - parameters.reference) / 1000.0
    return (
        parameters.share
        + parameters.spread * score
        - parameters.lost_per_kg * heavier
        - parameters.lost_per_score * side_effects
    )


def size_classes(grades: Grades, weight_g: float, cv: float, gutted: float) -> list[SizeClass]:
    """Return the weight classes that fish of a mean weight and CV fall into; others are left out.

    With sigma^2 = ln(1 + cv^2) and mu = ln W - sigma^2 / 2, the share below a weight x is
    Phi((ln x - mu) / sigma), and the part of the weight below it Phi((ln x - mu) / sigma - sigma).
    """
    ends_g = [edge * 1000.0 / gutted for edge in grades.classes]
    sigma = math.sqrt(math.log1p(cv * cv))
    if sigma == 0.0:
        at = sum(weight_g >= end for end in ends_g)
        return [SizeClass(grades.names[at], 1.0, weight_g)]
    mu = math.log(weight_g) - sigma * sigma / 2.0
    scores = [(math.log(end) - mu) / sigma for end in ends_g]
    marks = [-_FARTHEST, *(min(max(z, -_FARTHEST), _FARTHEST) for z in scores), _FARTHEST]
    fish = [_NORMAL.cdf(z) for z in marks]
    grams = [_NORMAL.cdf(z - sigma) for z in marks]
    whole = fish[-1] - fish[0]
    # The tails that are cut off weigh something: what is left keeps the mean.
    scale = weight_g * whole / (grams[-1] - grams[0])
    return [
        SizeClass(name, (high - low) / whole, scale * (heavy - light) / (high - low))
        for name, (low, high), (light, heavy) in zip(
            grades.names, pairwise(fish), pairwise(grams), strict=True
        )
        if high - low > 0.0
    ]


def qualities(
    grades: Grades, condition: Condition, relative_weight: float, score: float
) -> dict[Quality, float]:
    """Return the shares of the qualities among fish of a weight class; they add up to 1.

    production = base * e + wounded + scarred + sick,  ordinary = base * e + scarred + side effects

    each times the share of such fish that goes there; e is lognormal of median 1 at a standard
    normal score. Both go with the class's weight over the pen's to the power -`small`.

    Args:
        grades: the parameters.
        condition: what is found of the pen's fish.
        relative_weight: mean weight of the class over that of the pen.
        score: the pen's luck, standard normal.
    """
    luck = math.exp(grades.log_sd * score)
    production = (
        grades.production * luck
        + grades.wounded * condition.wounded
        + grades.scarred * condition.scarred
        + grades.sick * condition.sick
    )
    ordinary = (
        grades.ordinary * luck
        + (1.0 - grades.scarred) * condition.scarred
        + grades.ordinary_per_score * condition.side_effects
    )
    excess: float = relative_weight**-grades.small
    production, ordinary = production * excess, ordinary * excess
    downgraded = max(production + ordinary, 1.0)
    production, ordinary = production / downgraded, ordinary / downgraded
    return {
        Quality.SUPERIOR: max(1.0 - production - ordinary, 0.0),
        Quality.ORDINARY: ordinary,
        Quality.PRODUCTION: production,
    }


def whole_fish(fish: int, shares: list[float], chance: float) -> list[int]:
    """Return whole numbers of fish in proportion to shares, which add up to all of them.

    ``chance`` in [0, 1) says where the line of all fish is cut, so that small shares get their fish
    now and then.
    """
    total = math.fsum(shares)
    running, ends = 0.0, [0]
    for share in shares[:-1]:
        running += share
        end = math.floor(fish * (running / total) + chance)
        ends.append(min(max(end, ends[-1]), fish))
    ends.append(fish)
    return [high - low for low, high in pairwise(ends)]
