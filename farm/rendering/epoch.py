"""Days and instants as whole numbers since 1970-01-01 UTC, the way numpy counts them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import EPOCH

DAY_MINUTES = 1440
DAY_US = 86_400_000_000
MINUTE_US = 60_000_000


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return day.toordinal() - EPOCH


def by_day(day: NDArray[np.int64], of: Callable[[NDArray[np.int64]], NDArray[Any]]) -> NDArray[Any]:
    """Return a function of each day, computed once for each different day."""
    first = int(day.min()) if len(day) else 0
    days = np.arange(first, int(day.max()) + 1) if len(day) else day
    return of(days).take(day - first, axis=0)
