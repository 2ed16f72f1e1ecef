"""Notes that several parts of care make: by place, and of what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from farm.simulation.care.facts import Facts, Note, NoteKind, Order
from farm.simulation.frame import Frame

T = TypeVar("T")


def by_place(
    frame: Frame, cases: Iterable[tuple[int, int, T]]
) -> list[tuple[int, int, list[tuple[int, T]]]]:
    """Return cases grouped by place and kind, in this order: one note is made of each group.

    Args:
        frame: the containers and their places.
        cases: index of a container, index of a kind, and whatever belongs to it.

    Returns:
        Index of the place, kind, and the containers with what belongs to them, as they came.
    """
    place_of = frame.place_of
    found: dict[tuple[int, int], list[tuple[int, T]]] = {}
    for container, kind, rest in cases:
        place = place_of.item(container)
        found.setdefault((place, kind), []).append((container, rest))
    return [(place, kind, found[place, kind]) for place, kind in sorted(found)]


def decision(order: Order, treatment: str, disease: str = "") -> Note:
    """Return the note of a decision to treat, by the names of treatment and disease."""
    facts: Facts = {
        "treatment": treatment,
        "reason": order.reason,
        "containers": len(order.containers),
        "day": date.fromordinal(order.day).isoformat(),
        "disease": disease,
    }
    return Note(NoteKind.DECISION, order.place, None, order.outbreak or None, facts)
