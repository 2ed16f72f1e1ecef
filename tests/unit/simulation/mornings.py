"""Mornings whose water and site events a test gives, and sessions that end and go on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from farm.domain.events import SiteEventKind
from farm.simulation.frame import Frame
from farm.simulation.process import EventsDay, Morning, Rates, Signs, Today, Water
from farm.simulation.state import State, dump, restore


def morning_of(
    day: date,
    frame: Frame,
    state: State,
    diseases: int,
    *,
    celsius: ArrayLike = 10.0,
    psu: ArrayLike = 9.0,
    protection: float = 0.0,
    events: Mapping[SiteEventKind, float] | None = None,
) -> Morning:
    """The morning of a day, with empty boards.

    Args:
        day: today.
        frame: the containers.
        state: the fish as they were yesterday evening.
        diseases: how many there are.
        celsius: temperature of all water, or of the water in each container.
        psu: salinity, in the same way.
        protection: against each disease, of all fish.
        events: intensity of the site events that last today, at all sites.
    """
    size, shape = frame.size, (len(SiteEventKind), len(frame.sites))

    def in_each(given: ArrayLike) -> np.ndarray:
        return np.broadcast_to(np.asarray(given, dtype=np.float64), (size,)).copy()

    active, intensity = np.zeros(shape, dtype=np.bool_), np.zeros(shape)
    for kind, strength in (events or {}).items():
        active[kind.row], intensity[kind.row] = True, strength
    opens, closes = (np.zeros(shape, dtype=np.bool_) for _ in range(2))
    start, end = (np.zeros(shape, dtype=np.int64) for _ in range(2))
    return Morning(
        Today.of(day),
        state,
        Water(in_each(celsius), in_each(psu), *(in_each(9.0) for _ in range(3))),
        EventsDay(active, opens, start, closes, end, intensity),
        Rates(size, diseases),
        Signs(size, diseases),
        np.full((diseases, size), protection),
    )


def reopened(state: State, pattern: State) -> State:
    """The state as the next session reads it from the snapshot of this one."""
    return restore(json.loads(json.dumps(dump(state), allow_nan=False)), pattern)
