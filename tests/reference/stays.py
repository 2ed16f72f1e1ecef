"""Stays told one by one, as columns."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from farm.simulation.history import STAY_COLUMNS, Columns


class Stay(NamedTuple):
    """A container that held fish from ``start`` to before ``end``, None where it still does."""

    container_id: int
    start: date
    end: date | None


def columns_of(*stays: Stay) -> Columns:
    """Return stays as the columns of an area's slice."""
    return {
        name: np.array([getattr(stay, name) for stay in stays], dtype=kind)
        for name, kind in STAY_COLUMNS.items()
    }
