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
