"""How fish die: rates per day, and whole numbers of deaths from given chances.

Rates are shares of the population per day (not percent) wherever a name does not say otherwise.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.biology import MortalityParameters
from farm.domain.calendar import YEAR
from farm.domain.share import bounded

Numbers = Any

#: Days of a week.
WEEK = 7.0

#: Above this mean a normal score gives the Poisson quantile (with its skewness), below it the
#: distribution is summed up. At 16 the two differ by less than half a fish.
SUM_UP_TO = 16.0

#: So many terms are added up, at first and from then on, before the numbers that are found are
#: dropped: to drop them costs more than to go on with them. Most numbers are small.
_FIRST, _THEN = 4, 12

#: The whole numbers from 1 to beyond the last term above 0 that doubles can hold. As arrays without
#: axes: numpy divides by them faster than by scalars.
_NUMBERS = tuple(np.array(float(number)) for number in range(1, 400))

#: Up to this sum of chance and mean nobody dies, however the chance of nobody is rounded.
_SURELY_NOBODY = 1.0 - 1e-14


def sea_median(mortality: MortalityParameters, days_at_sea: Numbers) -> NDArray[np.float64]:
    """Return the median daily death rate at sea by days since transfer: high, low, rising.

    Linear in the logarithm of the rate between the knots, constant beyond them.
    """
    knots = np.log(np.asarray(mortality.sea_median))
    weekly = np.exp(np.interp(days_at_sea, np.asarray(mortality.sea_days), knots))
    return np.asarray(weekly / 100.0 / WEEK)


def early_factor(excess: Numbers, duration_days: Numbers, days_since: Numbers) -> Numbers:
    """Return the excess of losses early in a stage, falling linearly from ``excess`` to 1."""
    left = 1.0 - np.asarray(days_since) / duration_days
    return 1.0 + (np.asarray(excess) - 1.0) * bounded(left)


def late_factor(mortality: MortalityParameters, days_at_sea: Numbers) -> Numbers:
    """Return how much harder shocks hit fish late in their time at sea, from 1 to `late_excess`."""
    span = mortality.late_full - mortality.late_from
    late = bounded((np.asarray(days_at_sea) - mortality.late_from) / span)
    return 1.0 + (mortality.late_excess - 1.0) * late


def predation_share(mortality: MortalityParameters, day_of_year: int) -> float:
    """Return the share of predators in the everyday losses at sea; twice the mean at its peak."""
    turn = 2.0 * math.pi * (day_of_year - mortality.predation_peak) / YEAR
    return mortality.predation_share * (1.0 + math.cos(turn))


def poisson_quantile(
    mean: NDArray[np.float64], uniform: NDArray[np.float64], normal: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return Poisson numbers of given means from given chances; a mean of 0 gives 0.

    Small means invert the distribution at ``uniform`` (in [0, 1)). Large means use the
    Cornish-Fisher expansion at ``normal`` (a standard normal score):

        floor(mean + sqrt(mean) * z + (z^2 - 1) / 6 + 1/2), not below 0

    Args:
        mean: the means, any shape, not negative.
        uniform: chances of the same shape.
        normal: normal scores of the same shape.
    """
    means, chances = mean.reshape(-1), uniform.reshape(-1)
    found = np.zeros(means.size, dtype=np.int64)
    is_large = means > SUM_UP_TO
    # Most means are 0 or small: the chance of nobody, exp(-mean), is not below 1 - mean.
    is_any = chances + means > _SURELY_NOBODY
    small, large = (is_any & ~is_large).nonzero()[0], is_large.nonzero()[0]
    found[small] = _inverted(means.take(small), chances.take(small))
    found[large] = _expanded(means.take(large), normal.reshape(-1).take(large))
    return found.reshape(mean.shape)


def _expanded(mean: NDArray[np.float64], normal: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the Cornish-Fisher quantiles of means above `SUM_UP_TO`."""
    numbers = np.floor(mean + np.sqrt(mean) * normal + (normal * normal - 1.0) / 6.0 + 0.5)
    return np.maximum(numbers, 0.0).astype(np.int64)


def _inverted(mean: NDArray[np.float64], uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the smallest k with P(X <= k) > uniform, for means up to `SUM_UP_TO`."""
    term = np.exp(-mean)
    is_open = uniform >= term
    result, open_ = is_open.astype(np.int64), is_open.nonzero()[0]
    mean, uniform, term = mean.take(open_), uniform.take(open_), term.take(open_)
    total, terms, numbers = term.copy(), _FIRST, iter(_NUMBERS)
    while open_.size:
        totals = np.empty((terms, open_.size))
        for row, number in zip(totals, numbers):  # noqa: B905 - the numbers go on
            term *= mean
            term /= number
            total = np.add(total, term, out=row)
        is_more = uniform >= totals
        # A term of 0 ends the tail: the sum cannot grow any more, though it may stay just below 1.
        is_more[-1] &= term > 0.0
        result[open_] += np.add.reduce(is_more, axis=0, dtype=np.int64)
        left = is_more[-1].nonzero()[0]
        open_, mean, uniform = open_.take(left), mean.take(left), uniform.take(left)
        term, total = term.take(left), total.take(left)
        terms = _THEN
    return result


def shared_out(deaths: NDArray[np.int64], expected: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return deaths shared out over causes in proportion, in whole numbers that add up to them.

    Args:
        deaths: of all these causes together, shape (containers,).
        expected: running sums over the causes, shape (causes, containers); deaths are 0 where the
            last of them is 0.
    """
    whole = np.maximum(expected[-1], 1e-300)
    shares: NDArray[np.int64] = np.floor(deaths * (expected / whole) + 0.5).astype(np.int64)
    shares[1:] -= shares[:-1].copy()
    return shares


def within_population(
    deaths: NDArray[np.int64], population: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the deaths by cause, cut in order of causes so that nobody dies twice.

    Args:
        deaths: wished deaths, shape (causes, containers).
        population: fish there are, shape (containers,).
    """
    if (deaths.sum(axis=0) <= population).all():
        return deaths
    running = np.minimum(np.cumsum(deaths, axis=0), population)
    return np.diff(running, axis=0, prepend=np.zeros((1, population.size), dtype=np.int64))
