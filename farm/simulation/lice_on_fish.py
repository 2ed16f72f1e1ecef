"""Lice on fish as an array: rows are steps of their lives, columns containers."""

from __future__ import annotations

import numpy as np

from farm.domain.lice import STEPS
from farm.simulation.frame import Floats, Integers
from farm.simulation.process import Signs

#: The rows: the steps of attached and of mobile lice, adult males, adult females.
ATTACHED, MOBILE = slice(0, STEPS), slice(STEPS, 2 * STEPS)
MALE, FEMALE = 2 * STEPS, 2 * STEPS + 1
ROWS = 2 * STEPS + 2

#: The rows that follow each number of `LiceEffect`: attached, mobile, adult female.
GROUPS = (ATTACHED, slice(STEPS, FEMALE), slice(FEMALE, ROWS))


def die(found: Floats, where: Integers | slice, rates: Floats) -> None:
    """Let lice of some containers die: of each of the `GROUPS` at the rates of these containers."""
    for rows, left in zip(GROUPS, np.exp(-rates), strict=True):
        found[rows, where] *= left


def show(signs: Signs, found: Floats, where: Integers | slice) -> None:
    """Write the lice of some containers where people can see them."""
    signs.lice_attached[where] = found[ATTACHED, where].sum(axis=0)
    signs.lice_mobile[where] = found[MOBILE, where].sum(axis=0) + found[MALE, where]
    signs.lice_adult_female[where] = found[FEMALE, where]
