"""What a programme books: batches and their containers, for their whole life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from farm.domain.world import Stage, World


@dataclass(frozen=True, slots=True)
class Booking:
    """One batch in one container, from ``start`` (included) to ``end`` (excluded).

    For the last stage, ``end`` is the last day by which the pen must be empty and ``earliest_end``
    the first day on which it may be harvested; in all other stages the two are equal and the fish
    move on that very day. ``id`` is the assignment's id.
    """

    id: int
    batch_id: int
    container_id: int
    stage: Stage
    start: date
    earliest_end: date
    end: date


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """One group of fish from one egg delivery to its harvest, with all its bookings in order of id.

    Exactly one of ``egg_supplier_id`` and ``broodstock_id`` is set, as ``egg_source`` says
    (``external`` or ``internal``).
    """

    id: int
    geography_id: int
    code: str
    strain_id: int
    egg_source: str
    egg_supplier_id: int | None
    broodstock_id: int | None
    eggs: int
    start_date: date
    harvest_from: date
    harvest_to: date
    bookings: tuple[Booking, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The world and every batch of the whole horizon, booked without conflict."""

    world: World
    batches: tuple[PlannedBatch, ...]

    def batch(self, code: str) -> PlannedBatch:
        """Return the batch with this code; raises KeyError when the plan has none."""
        for batch in self.batches:
            if batch.code == code:
                return batch
        raise KeyError(code)
