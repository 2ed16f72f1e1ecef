"""How unequal the fish of a container are: the coefficient of variation (CV) of their weights.

A group is its number of fish, their mean weight and the CV of their weights. Whatever people do
with groups keeps number, mean and variance together: groups that are put together have the
variance of the mixture, and the parts of a grading give back the whole that was graded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

#: Scalars or arrays; elementwise.
Numbers = Any


def drifted(cv: Numbers, level: Numbers, days: Numbers) -> Numbers:
    """Return the CV a day later: it closes the gap to its level with a time constant in days.

    c' = level + (c - level) * exp(-1 / days)
    """
    return level + (cv - level) * np.exp(-1.0 / np.asarray(days))


def mixed(counts: Sequence[int], weights_g: Sequence[float], cvs: Sequence[float]) -> float:
    """Return the CV of groups put together; 0 where there are no fish.

    variance = sum n_i m_i^2 (1 + c_i^2) / N - M^2,    M = sum n_i m_i / N
    """
    fish = sum(counts)
    if not fish:
        return 0.0
    mean = math.fsum(n * m for n, m in zip(counts, weights_g, strict=True)) / fish
    # Of deviations, not of squares: equal groups must give exactly nothing between them.
    variance = math.fsum(
        n * ((m - mean) ** 2 + (m * c) ** 2) for n, m, c in zip(counts, weights_g, cvs, strict=True)
    )
    return math.sqrt(variance / fish) / mean


def stretched(relative: Sequence[float], cv: float, planned_cv: float) -> list[float]:
    """Return relative weights of the parts of a grading, for fish of another CV than planned.

    The grader cuts at quantiles: how far the parts lie apart goes with the CV of those graded.
    """
    return [1.0 + (each - 1.0) * cv / planned_cv for each in relative]


def within(counts: Sequence[int], relative: Sequence[float], cv: float) -> float:
    """Return the CV that each part of a group of the given CV keeps.

    ``relative``: mean weights of the parts over that of the group, so that they average to 1. With
    the shares p_i of the parts and what lies between them, B = sum p_i r_i^2 - 1,

        c_within^2 = (c^2 - B) / (1 + B)

    is the one CV that all parts can have, so that together they are the whole again; 0 where the
    parts lie further apart than the whole is wide.
    """
    fish = sum(counts)
    if not fish:
        return cv
    apart = (
        math.fsum(n * (each - 1.0) ** 2 for n, each in zip(counts, relative, strict=True)) / fish
    )
    return math.sqrt(max(cv * cv - apart, 0.0) / (1.0 + apart))
