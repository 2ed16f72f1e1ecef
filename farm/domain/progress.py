"""Progress: what better fish, feed and management change from year to year."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.biology import ProgressParameters
from farm.domain.calendar import YEAR, Month

#: Scalars or arrays; elementwise.
Numbers = Any


def years(progress: ProgressParameters, ordinal: Numbers) -> Numbers:
    """Return the years from the beginning of the first one to a day's ordinal, at least 0."""
    first = date(progress.since, 1, 1).toordinal()
    return np.maximum(np.asarray(ordinal) - first, 0) / YEAR


def factor(trend: float, years: Numbers) -> Numbers:
    """Return what a trend a year makes of a rate after some years: (1 + trend)^years."""
    return (1.0 + trend) ** np.asarray(years)


def in_month(progress: ProgressParameters, trend: float, month: Month) -> NDArray[np.float64]:
    """Return what a trend makes of a rate on each day of a month."""
    days = month.first.toordinal() + np.arange(month.days)
    return np.asarray(factor(trend, years(progress, days)), dtype=np.float64)
