"""Mortality events: the deaths of the history, one row for each cause."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from farm.rendering.days import Days
from farm.rendering.table import Table


def mortality_rows(deaths_by_cause: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return how many causes killed on each day."""
    # Sums of bytes: count_nonzero takes five times as long, causes are far fewer than 255.
    causes: NDArray[np.uint8] = np.einsum("ij->i", (deaths_by_cause > 0).view(np.uint8))
    return causes.astype(np.int64)


def mortalities(days: Days) -> Table:
    """Return `mortality_event`, ordered by assignment, date and cause. The dead weigh the mean."""
    deaths = days["deaths_by_cause"]
    each = deaths.reshape(-1)  # several times as fast as asking for rows and columns
    killed = (each > 0).nonzero()[0]
    row = killed // deaths.shape[1]
    return {
        "date": days.day.take(row),
        "assignment_id": days["assignment_id"].take(row),
        "mortality_cause_id": killed - row * deaths.shape[1] + 1,
        "count": each.take(killed),
        "mean_weight_g": days["mean_weight_g"].take(row),
    }
