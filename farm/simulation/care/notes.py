"""One note for what happens to many containers of a place in the same way on the same day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from farm.simulation.frame import Frame

T = TypeVar("T")


def by_place(
    frame: Frame, cases: Iterable[tuple[int, int, T]]
) -> list[tuple[int, int, list[tuple[int, T]]]]:
    """Return cases grouped by place and kind, in this order.

    Args:
        frame: the containers and their places.
        cases: index of a container, index of a kind, and whatever belongs to it.

    Returns:
        Index of the place, kind, and the containers with what belongs to them, as they came.
    """
    found: dict[tuple[int, int], list[tuple[int, T]]] = {}
    for container, kind, rest in cases:
        place = int(frame.place_of[container])
        found.setdefault((place, kind), []).append((container, rest))
    return [(place, kind, found[place, kind]) for place, kind in sorted(found)]
