"""Things in order of the groups that they belong to: fish of samples and counts, meals of days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def numbered(size: NDArray[Any]) -> NDArray[np.int64]:
    """Return the place of each thing in its group, from 1, given how many each group has."""
    places: NDArray[np.int64] = (1 + size - size.cumsum()).repeat(size)
    places += np.arange(len(places))
    return places


def in_order(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the things by their groups, which are numbers from 0; those of one keep their order.

    Groups up to 65,535 are sorted in linear time: numpy does so with numbers of two bytes.
    """
    if len(group) and group.max() <= np.iinfo(np.uint16).max:
        group = group.astype(np.uint16)
    order: NDArray[np.int64] = group.argsort(kind="stable")
    return order
