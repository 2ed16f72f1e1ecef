"""Days and instants as whole numbers since 1970-01-01 UTC, the way Arrow and numpy count them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import EPOCH

Floats = NDArray[np.float64]

DAY_MINUTES = 1440
DAY_US = 86_400_000_000
MINUTE_US = 60_000_000


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return day.toordinal() - EPOCH


def by_day(day: NDArray[np.int64], of: Callable[[Floats], Floats]) -> Floats:
    """Return a function of each day, computed once for each different day."""
    if not len(day):
        return of(np.empty(0))
    first = int(day.min())
    each = of(np.arange(first, int(day.max()) + 1, dtype=np.float64))
    return each[day - first]
