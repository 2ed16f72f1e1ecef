"""How fish grow: the thermal growth coefficient model and what bends it.

Weights are in grams throughout. With weights in kilograms a TGC is ten times smaller; none of the
numbers here are.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.biology import GrowthParameters
from farm.domain.calendar import YEAR
from farm.domain.share import bounded

#: Scalars or arrays; every function here is elementwise.
Numbers = Any


def next_weight(weight_g: Numbers, tgc: Numbers, temperature_c: Numbers) -> Numbers:
    """Return the mean weight in grams one day later.

        W1^(1/3) = W0^(1/3) + tgc / 1000 * T

    Source: Iwama & Tautz 1981; the coefficient is `tgc` as usually quoted, times 1000. Water below
    0 °C counts as 0 °C: fish do not shrink from cold.
    """
    return grown(np.cbrt(weight_g), tgc, temperature_c)


def grown(root: Numbers, tgc: Numbers, temperature_c: Numbers) -> Numbers:
    """Return what `next_weight` returns, from the cube root of today's weight."""
    root = root + np.asarray(tgc) / 1000.0 * np.maximum(temperature_c, 0.0)
    return root * root * root


class WarmWater:
    """What warm water leaves of the linear TGC model's growth.

    The model's growth rises with temperature without bound; that of fish is fastest at an optimum
    and ends at a limit, both lower for large fish. So ``T * factor`` is T in cold water and, from
    where the two join smoothly, the parabola with that peak and that end.
    """

    def __init__(self, growth: GrowthParameters) -> None:
        self._large_from = growth.large_from
        # Of small fish and of large ones.
        self._best = best = np.asarray([growth.optimum_small, growth.optimum_large])
        ends = np.asarray([growth.limit_small, growth.limit_large])
        # Here the parabola has the model's slope, 1.
        self._bends = bends = np.sqrt(best**2 - (ends - best) ** 2)
        self._peak, self._width = (best + bends) / 2.0, 2.0 * (best - bends)

    def factor(self, weight_g: Numbers, temperature_c: Numbers) -> NDArray[np.float64]:
        """Return what is left of the growth of fish of these weights, from 1 down to 0."""
        size = np.asarray(weight_g >= self._large_from, dtype=np.intp)
        bends = self._bends[size]
        bent = self._peak[size] - (temperature_c - self._best[size]) ** 2 / self._width[size]
        warm = np.maximum(bent, 0.0) / np.maximum(temperature_c, bends)
        return np.where(temperature_c <= bends, 1.0, warm)


def seasonal_factor(growth: GrowthParameters, day_of_year: int) -> float:
    """Return the seasonal residual of growth at sea (daylight, fattening): mean 1 over a year.

    Field TGCs carry a season that temperature does not explain (Aunsmo et al. 2014).
    """
    turn = 2.0 * math.pi * (day_of_year - growth.seasonal_peak) / YEAR
    return 1.0 + growth.seasonal_amplitude * math.cos(turn)


def setback_factor(depth: Numbers, duration_days: Numbers, days_since: Numbers) -> Numbers:
    """Return what a move leaves of appetite: 1 - depth on arrival, rising linearly to 1.

    ``days_since`` counts days since arrival; after ``duration_days`` the fish are over it.
    """
    left = bounded(1.0 - np.asarray(days_since) / duration_days)
    return 1.0 - np.asarray(depth) * left
