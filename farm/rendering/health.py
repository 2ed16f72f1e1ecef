"""Health samples: fish looked at one by one, as scores of the whole sample."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.sampling import HealthSamples
from farm.domain.world import Stage
from farm.rendering.days import Days
from farm.rendering.layout import Layout
from farm.rendering.table import Table

#: Highest scores: gills after Taylor et al. (2009), fins of FISHWELL (Noble et al. 2018), and
#: side effects of vaccination after Midtlyng et al. (1996), called Speilberg's.
GILLS, FINS, SPEILBERG = 5, 3, 6

#: So bad that every gill is at its worst is no container's mean.
_WORST = 0.98


def health_sizes(
    layout: Layout,
    container: NDArray[np.int64],
    day: NDArray[Any],
    month: NDArray[np.int64] | int,
    stage_id: NDArray[Any],
    population: NDArray[Any],
) -> NDArray[np.int64]:
    """Return how many fish are looked at on each day (days since 1970); 0 where none are.

    The month is that of each day, or of all of them, counted from a January.

    Smolts and older, at fixed intervals, the containers of a hall or site on the same day: at sea
    more often in season.
    """
    spec, places = layout.observation.health, layout.containers
    is_old_enough = stage_id >= Stage.SMOLT.id
    if not np.count_nonzero(is_old_enough):
        return np.zeros(len(stage_id), dtype=np.int64)
    of_year = month % 12 + 1
    in_season = (of_year >= spec.season_from) & (of_year <= spec.season_to)
    at_sea = np.where(in_season, spec.season_interval, spec.interval)
    interval = np.where(places.is_sea.take(container), at_sea, spec.land_interval)
    sizes: NDArray[np.int64] = np.minimum(population, spec.fish).astype(np.int64)
    sizes *= (day + places.place.take(container)) % interval == 0
    sizes *= is_old_enough
    return sizes


def health_rate(spec: HealthSamples, stage: Stage) -> float:
    """Return how many samples a day there are of fish of a stage, on the mean of a year."""
    if stage.id < Stage.SMOLT.id:
        return 0.0
    if stage is not Stage.ADULT:
        return 1.0 / spec.land_interval
    season = (spec.season_to - spec.season_from + 1) / 12.0
    return season / spec.season_interval + (1.0 - season) / spec.interval


def health_samples(layout: Layout, days: Days, chance: Generator) -> Table:
    """Return `health_sample`, ordered by assignment and date; no columns without a sample.

    Gills are scored from 0 to 5 in whole steps: the steps of a fish are binomial, with a chance
    that is beta distributed between fish around the day's mean. Wounded fish are binomial. Fins (0
    to 3) suffer from crowding, in some containers more than in others. Side effects (0 to 6) are
    only found where fish were vaccinated.
    """
    sizes = health_sizes(
        layout,
        days.container,
        days.day,
        days.month.index,
        days["lifecycle_stage_id"],
        days["population"],
    )
    row = sizes.nonzero()[0]
    if not row.size:
        return {}
    size = sizes.take(row)
    first = size.cumsum() - size
    spec = layout.observation.health

    score = _gills(days["gill_score"].take(row), size, spec.gill_alikeness, chance)
    wounded = chance.binomial(size, days["wounded_percent"].take(row) / 100.0)
    fins = chance.binomial(FINS * size, np.minimum(fin_damage(layout, days, row) / FINS, 1.0))
    effects = np.minimum(days["side_effect_score"].take(row) / SPEILBERG, 1.0)
    return {
        "sampled_on": days.day.take(row),
        "assignment_id": days["assignment_id"].take(row),
        "n": size,
        "gill_score": np.add.reduceat(score, first) / size,
        "gill_score_max": np.maximum.reduceat(score, first),
        "gills_affected": np.add.reduceat((score >= spec.affected_from).astype(np.int64), first),
        "wounded": wounded,
        "fin_score": fins / size,
        "side_effect_score": chance.binomial(SPEILBERG * size, effects) / size,
    }


def _gills(
    mean: NDArray[np.float64], size: NDArray[np.int64], alike: float, chance: Generator
) -> NDArray[np.int64]:
    """Return the gill score of each fish, given the mean of its sample; most samples have none."""
    shape = (np.minimum(mean / GILLS, _WORST) * alike).repeat(size)
    some, score = shape.nonzero()[0], np.zeros(len(shape), dtype=np.int64)
    shape = shape.take(some)
    worse, better = chance.standard_gamma(shape), chance.standard_gamma(alike - shape)
    score[some] = chance.binomial(GILLS, worse / (worse + better))
    return score


def fin_damage(layout: Layout, days: Days, row: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean fin damage of containers, 0 to 3."""
    spec = layout.observation.health
    calm = np.where(
        layout.containers.is_sea.take(days.container.take(row)), spec.fins_sea, spec.fins_land
    )
    damage: NDArray[np.float64] = (
        calm + spec.fins_per_density * days["density_kg_m3"].take(row)
    ) * layout.peculiar.fins.take(days.assignment.take(row))
    return damage
