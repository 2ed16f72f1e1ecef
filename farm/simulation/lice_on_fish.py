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

#: Which number of `LiceEffect` each row follows: attached, mobile (adult males too), adult female.
_GROUP = np.repeat(np.arange(3), (STEPS, STEPS + 1, 1))


def die(found: Floats, where: Integers, rates: Floats) -> None:
    """Let lice of some containers die, each container once.

    Args:
        found: the lice, in one piece of memory.
        where: the containers.
        rates: of attached, mobile and adult female lice in each of them, shape (3, containers).
    """
    # One index for rows and columns together: numpy takes several times as long with two.
    rows, containers = found.shape
    cells = where + containers * np.arange(rows)[:, np.newaxis]
    found.reshape(-1)[cells] *= np.exp(-rates)[_GROUP]


def show(signs: Signs, found: Floats, where: Integers | slice) -> None:
    """Write the lice of some containers where people can see them."""
    signs.lice_attached[where] = np.add.reduce(found[ATTACHED, where], axis=0)
    signs.lice_mobile[where] = np.add.reduce(found[MOBILE, where], axis=0) + found[MALE, where]
    signs.lice_adult_female[where] = found[FEMALE, where]
