"""Tables as columns: rows of many records are an array for each of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import EPOCH

#: One array per column, all of one length.
Columns = dict[str, NDArray[Any]]

_NEVER = np.datetime64("NaT")


def no_rows(kinds: Mapping[str, str]) -> Columns:
    """Return columns of these types without rows."""
    return {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}


def in_order(kinds: Mapping[str, str], given: Columns, *key: str) -> Columns:
    """Return columns of these types, and their rows in order of some of them."""
    order = np.lexsort([given[name] for name in reversed(key)])
    return {name: given[name][order].astype(kind) for name, kind in kinds.items()}


def joined(parts: list[Columns]) -> Columns:
    """Return the rows of one part or more, one part after the other; the last one says which."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[-1]}


def dates(ordinals: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Return the days of proleptic ordinals; NaT for 0, which means never."""
    days = (ordinals - EPOCH).astype("datetime64[D]")
    days[ordinals == 0] = _NEVER
    return days
