"""Harvest as configured in ``config/parameters/harvest.toml``, and how a catch is sorted.

Single fish of a pen weigh as a lognormal distribution says, given their mean and their coefficient
of variation. Weight classes are of gutted weight, as in the trade; quality is superior, ordinary or
production (wounded, deformed or otherwise not sold whole).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from farm.domain.measures import Share
from farm.domain.quantity import Strict, unit

Grams = Annotated[float, unit("g"), Field(gt=0)]
LogSd = Annotated[float, unit("ln"), Field(ge=0, le=3)]

#: Of catches: one element each, or one for each and weight class.
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Nobody weighs more than this many standard deviations (of the logarithm) from the median.
_FARTHEST = 4.0

_SQRT2 = math.sqrt(2.0)


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
    """What slaughter finds of each catch: shares of its fish, and the mean Speilberg score."""

    wounded: Floats
    scarred: Floats
    sick: Floats
    side_effects: Floats


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of each catch and weight class: the share of its fish, and their mean live weight in grams.

    Both are 0 where a catch has no fish of a class.
    """

    share: Floats
    mean_weight_g: Floats


def wanted(market: Market, order_cv: float, score: float) -> float:
    """Return the live mean weight in grams that is ordered of a pen, at a standard normal score."""
    weight = market.target * (1.0 + order_cv * score)
    return min(max(weight, market.lightest), market.heaviest)


def gutted_share(
    parameters: GuttedYield, weight_g: Floats, side_effects: Floats, score: Floats
) -> Floats:
    """Return the gutted over the live weight of catches, at a standard normal score of their pens.

    share + spread * z - lost_per_kg * (W - reference) / 1000 - lost_per_score * Speilberg
    """
    heavier = (weight_g - parameters.reference) / 1000.0
    return (
        parameters.share
        + parameters.spread * score
        - parameters.lost_per_kg * heavier
        - parameters.lost_per_score * side_effects
    )


def size_classes(grades: Grades, weight_g: Floats, cv: Floats, gutted: Floats) -> Sizes:
    """Return the weight classes that fish of a mean weight and CV fall into.

    With sigma^2 = ln(1 + cv^2) and mu = ln W - sigma^2 / 2, the share below a weight x is
    Phi((ln x - mu) / sigma), and the part of the weight below it Phi((ln x - mu) / sigma - sigma).
    """
    ends_g = np.asarray(grades.classes) * 1000.0 / gutted[:, None]
    sigma = np.sqrt(_each(math.log1p, cv * cv))[:, None]
    differ = sigma > 0.0
    spread = np.where(differ, sigma, 1.0)
    mu = _each(math.log, weight_g)[:, None] - spread * spread / 2.0
    marks = np.full((weight_g.size, len(grades.names) + 1), _FARTHEST)
    marks[:, 0] = -_FARTHEST
    marks[:, 1:-1] = np.clip((_each(math.log, ends_g) - mu) / spread, -_FARTHEST, _FARTHEST)
    fish, grams = _below(marks), _below(marks - spread)
    whole = fish[:, -1:] - fish[:, :1]
    # The tails that are cut off weigh something: what is left keeps the mean.
    scale = weight_g[:, None] * whole / (grams[:, -1:] - grams[:, :1])
    part, weight = np.diff(fish), np.diff(grams)
    means = np.divide(scale * weight, part, out=np.zeros_like(part), where=part > 0.0)
    # Fish that are all alike are of one class.
    at = (weight_g[:, None] >= ends_g).sum(axis=1, keepdims=True)
    only = np.arange(len(grades.names)) == at
    return Sizes(
        share=np.where(differ, part / whole, only),
        mean_weight_g=np.where(differ, means, only * weight_g[:, None]),
    )


def qualities(
    grades: Grades, condition: Condition, relative_weight: Floats, score: Floats
) -> Floats:
    """Return the shares of the qualities among the fish of each catch and weight class.

    The last axis has the elements of Quality; they add up to 1.

    production = base * e + wounded + scarred + sick,  ordinary = base * e + scarred + side effects

    each times the share of such fish that goes there; e is lognormal of median 1 at a standard
    normal score. Both go with the class's weight over the pen's to the power -`small`.

    Args:
        grades: the parameters.
        condition: what is found of the catches.
        relative_weight: mean weight of each class over that of the catch.
        score: the luck of the catches' pens, standard normal.
    """
    luck = _each(math.exp, grades.log_sd * score)
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
    excess = _each(lambda weight: weight**-grades.small, relative_weight)
    lowered = np.stack((ordinary[:, None] * excess, production[:, None] * excess), axis=-1)
    lowered /= np.maximum(lowered[..., 1] + lowered[..., 0], 1.0)[..., None]
    superior = np.maximum(1.0 - lowered[..., 1] - lowered[..., 0], 0.0)
    return np.concatenate((superior[..., None], lowered), axis=-1)


def whole_fish(fish: Integers, shares: Floats, chance: Floats) -> Integers:
    """Return whole numbers of fish in proportion to shares, which add up to all of them.

    Args:
        fish: of each catch.
        shares: of each catch, the kinds that it is parted into, in order.
        chance: of each catch, in [0, 1): where the line of all its fish is cut, so that small
            shares get their fish now and then.
    """
    total = np.asarray([math.fsum(each) for each in shares.tolist()])[:, None]
    ends = np.floor(fish[:, None] * (shares.cumsum(axis=1) / total) + chance[:, None])
    ends = np.minimum(np.maximum.accumulate(ends, axis=1), fish[:, None]).astype(np.int64)
    # The last share that is any takes what is left.
    left = np.maximum.accumulate(shares[:, ::-1], axis=1)[:, ::-1]
    ends = np.where(np.hstack((left[:, 1:], np.zeros_like(total))) > 0.0, ends, fish[:, None])
    return np.diff(ends, axis=1, prepend=0)


def _below(scores: Floats) -> Floats:
    """Return the share of a standard normal population below each of some scores."""
    return 0.5 * (1.0 + _each(math.erf, scores / _SQRT2))


def _each(function: Callable[[float], float], values: Floats) -> Floats:
    """Return a function of each value by itself.

    numpy's own differ in the last bit from one processor to another.
    """
    found = map(function, values.reshape(-1).tolist())
    return np.fromiter(found, dtype=np.float64, count=values.size).reshape(values.shape)
