"""Things in order of the groups that they belong to: fish of samples and counts, meals of days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


def grouped(size: NDArray[Any]) -> tuple[Integers, Integers, Integers]:
    """Return where the things of groups belong, given how many each group has.

    Returns:
        The group of each thing; the first thing of each group, as an index of things; and the
        place of each thing in its group, from 0.
    """
    group = np.repeat(np.arange(len(size)), size)
    first = np.cumsum(size) - size
    return group, first, np.arange(len(group)) - first[group]
