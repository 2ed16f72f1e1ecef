"""Growth samples: a few fish of a container, weighed and measured one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.calendar import YEAR
from farm.rendering.days import Days
from farm.rendering.groups import numbered
from farm.rendering.layout import Layout
from farm.rendering.table import Table

Floats = NDArray[np.float64]

#: Fish further from the mean than this many standard deviations are not found in a sample: runts
#: and giants are graded out. It keeps weight and condition positive.
_TAIL = 3.0

#: Lengths are read to the millimetre.
_PER_CM = 10

#: Digits kept of an estimated biomass.
_KG_DIGITS = 3


def sample_sizes(
    layout: Layout,
    day: NDArray[Any],
    assignment_id: NDArray[Any],
    stage_id: NDArray[Any],
    population: NDArray[Any],
) -> NDArray[np.int64]:
    """Return how many fish are sampled on each day (days since 1970); 0 where none are.

    Fed stages are sampled at a fixed interval, on days that differ between assignments, as long as
    there are two fish to compare.
    """
    spec = layout.observation
    sampled = (day + assignment_id) % spec.sample_interval_days == 0
    sampled &= layout.meals.take(stage_id) > 0
    sampled &= population >= 2
    sizes: NDArray[np.int64] = np.minimum(population, spec.fish_per_sample).astype(np.int64)
    sizes *= sampled
    return sizes


def samples(layout: Layout, days: Days, chance: Generator) -> tuple[Table, Table]:
    """Return `growth_sample` and `fish_observation`, ordered by assignment, date and fish.

    Weights are lognormal around the day's mean weight, as far as the net catches fish like the
    others, with the day's coefficient of variation; lengths follow from Fulton's condition factor,
    K = 100 W / L^3 (g, cm), which is normal. Both are rounded as scale and ruler show them, and the
    sample's figures are those of the rounded fish (standard deviation with n - 1). The biomass is
    estimated as the fish that people believe in times a weight between that of the sample and that
    which they expected, the mean of all fish that they could have caught.
    """
    all_sizes = sample_sizes(
        layout, days.day, days["assignment_id"], days["lifecycle_stage_id"], days["population"]
    )
    row = all_sizes.nonzero()[0]
    size = all_sizes.take(row)
    first = size.cumsum() - size
    stage = days["lifecycle_stage_id"].take(row)
    per_gram, condition_cv = (
        layout.habits.per_gram.take(stage),
        layout.habits.condition_cv.take(stage),
    )

    def each(of_sample: NDArray[Any]) -> NDArray[Any]:
        """Return for each fish what is so for its sample, by the last axis."""
        return of_sample.repeat(size, axis=-1)

    drawn = chance.standard_normal((2, size.sum()))
    heavy, own = np.minimum(np.maximum(drawn, -_TAIL, out=drawn), _TAIL, out=drawn)
    spread = np.sqrt(np.log1p(days["weight_cv"].take(row) ** 2))
    caught_g = days["mean_weight_g"].take(row) * layout.peculiar.weight.take(
        days.assignment.take(row)
    )
    middle, usual = np.log(caught_g) - spread**2 / 2.0, condition(layout, days, row)
    centre, width, scale, factor, unlike = each(
        np.array([middle, spread, per_gram, usual, condition_cv])
    )
    # Weights in steps of the scale and lengths in mm: whole numbers, so that sums are exact.
    centre += width * heavy
    steps = _whole(np.exp(centre, out=centre), scale)
    weight = steps / scale
    alike = layout.observation.condition.weight_correlation
    round_ = alike * heavy + np.sqrt(1.0 - alike**2) * own
    unlike *= round_
    unlike += 1.0
    factor *= unlike
    heaviness = 100.0 * weight
    length_mm = _whole(np.cbrt(heaviness / factor), _PER_CM)
    length = length_mm / _PER_CM

    day, assignment = days.day.take(row), days["assignment_id"].take(row)
    fish: Table = {
        "sampled_on": each(day),
        "assignment_id": each(assignment),
        "fish_no": numbered(size),
        "weight_g": weight,
        "length_cm": length,
    }
    total = _sums(steps, first)
    # Whole deviations from the whole number next to the mean: their sums are exact and small.
    off = steps - each(np.rint(total / size))
    variance = (_sums(off * off, first) - _sums(off, first) ** 2 / size) / (size - 1)
    k = heaviness / (length * length * length)
    mean_g = total / (size * per_gram)
    newest = layout.observation.estimates.newest_share
    believed_g = newest * mean_g + (1.0 - newest) * caught_g
    believed_in = days["population"].take(row) * layout.peculiar.count.take(
        days.assignment.take(row)
    )
    taken: Table = {
        "sampled_on": day,
        "assignment_id": assignment,
        "n": size,
        "mean_weight_g": mean_g,
        "sd_weight_g": np.sqrt(np.maximum(variance, 0.0)) / per_gram,
        "min_weight_g": np.minimum.reduceat(weight, first),
        "max_weight_g": np.maximum.reduceat(weight, first),
        "mean_length_cm": _sums(length_mm, first) / (size * _PER_CM),
        "condition_factor": _sums(k, first) / size,
        "biomass_estimate_kg": np.round(believed_in * believed_g / 1000.0, _KG_DIGITS),
    }
    return taken, fish


def condition(layout: Layout, days: Days, row: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean condition factor of the fish on some of the days.

    That of their stage and weight; at sea higher in autumn and lower in spring; lower where fish
    are sick, or were not fed today; and a little different in each assignment.
    """
    spec, at_sea = (
        layout.observation.condition,
        layout.containers.is_sea.take(days.container.take(row)),
    )
    usual = layout.habits.condition_at(
        days["lifecycle_stage_id"].take(row), days["mean_weight_g"].take(row)
    )
    turn = (days.day.take(row) - spec.season_peak) * (2.0 * np.pi / YEAR)
    season = 1.0 + np.where(at_sea, spec.season_amplitude * np.cos(turn), 0.0)
    sick = 1.0 - spec.sick_loss * days["sick_percent"].take(row) / 100.0
    fasted = np.where(days["is_fasting"].take(row), 1.0 - spec.fasted_loss, 1.0)
    factor: NDArray[np.float64] = (
        usual * season * sick * fasted * layout.peculiar.condition.take(days.assignment.take(row))
    )
    return factor


def _whole(values: Floats, scale: Floats | int) -> Floats:
    """Return values in whole steps of a scale, at least one. The values are not kept."""
    values *= scale
    np.rint(values, out=values)
    return np.maximum(values, 1.0, out=values)


def _sums(values: Floats, first: NDArray[np.int64]) -> Floats:
    """Return the sum of each sample."""
    sums: Floats = np.add.reduceat(values, first)
    return sums
