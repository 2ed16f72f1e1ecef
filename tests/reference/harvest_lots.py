"""Harvest lots one by one, and a catch sorted without arrays, as one would on paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import NormalDist

from farm.domain.harvest import Grades, Quality
from farm.simulation.history import Columns

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Lot:
    """A row of `harvest_lot`; what it brings is in whole cents."""

    assignment_id: int
    date: date
    weight_class: str
    quality: str
    count: int
    mean_weight_g: float
    live_kg: float
    gutted_kg: float
    revenue_cents: int


def lots_of(columns: Columns) -> list[Lot]:
    """Return lots one by one."""
    return [Lot(*row) for row in zip(*(c.tolist() for c in columns.values()), strict=True)]


def sizes(
    grades: Grades, weight_g: float, cv: float, gutted: float
) -> dict[str, tuple[float, float]]:
    """Return the share and the mean live weight of each weight class that has fish."""
    ends_g = [edge * 1000.0 / gutted for edge in grades.classes]
    sigma = math.sqrt(math.log1p(cv * cv))
    if sigma == 0.0:
        return {grades.names[sum(weight_g >= end for end in ends_g)]: (1.0, weight_g)}
    mu = math.log(weight_g) - sigma * sigma / 2.0
    scores = [(math.log(end) - mu) / sigma for end in ends_g]
    marks = [-4.0, *(min(max(z, -4.0), 4.0) for z in scores), 4.0]
    fish = [_NORMAL.cdf(z) for z in marks]
    grams = [_NORMAL.cdf(z - sigma) for z in marks]
    whole = fish[-1] - fish[0]
    scale = weight_g * whole / (grams[-1] - grams[0])
    return {
        name: ((high - low) / whole, scale * (heavy - light) / (high - low))
        for name, (low, high), (light, heavy) in zip(
            grades.names, pairwise(fish), pairwise(grams), strict=True
        )
        if high - low > 0.0
    }


def qualities(
    grades: Grades, found: tuple[float, float, float, float], relative_weight: float, score: float
) -> dict[Quality, float]:
    """Return the share of each quality; ``found``: wounded, scarred, sick, side effects."""
    wounded, scarred, sick, side_effects = found
    luck = math.exp(grades.log_sd * score)
    production = (
        grades.production * luck
        + grades.wounded * wounded
        + grades.scarred * scarred
        + grades.sick * sick
    )
    ordinary = (
        grades.ordinary * luck
        + (1.0 - grades.scarred) * scarred
        + grades.ordinary_per_score * side_effects
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
    """Return whole numbers of fish in proportion to shares, the last of which is any."""
    total = math.fsum(shares)
    running, ends = 0.0, [0]
    for share in shares[:-1]:
        running += share
        end = math.floor(fish * (running / total) + chance)
        ends.append(min(max(end, ends[-1]), fish))
    ends.append(fish)
    return [high - low for low, high in pairwise(ends)]
