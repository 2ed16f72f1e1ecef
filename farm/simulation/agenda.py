"""What the plan has in store for one geography, looked up by day."""

from __future__ import annotations

from dataclasses import dataclass

from farm.domain.plan import Booking, Plan, PlannedBatch
from farm.domain.world import Stage


@dataclass(frozen=True, slots=True)
class Opening:
    """One batch enters the containers of a stage, all on one day. Bookings in order of id."""

    batch: PlannedBatch
    stage: Stage
    bookings: tuple[Booking, ...]
    is_first: bool
    is_last: bool


class Agenda:
    """The batches of a geography, and what opens on which day.

    Raises:
        ValueError: fish of one stage would enter their containers on different days.
    """

    def __init__(self, plan: Plan, geography_id: int) -> None:
        self.batches = {b.id: b for b in plan.batches if b.geography_id == geography_id}
        self._openings: dict[int, list[Opening]] = {}
        for batch_id in sorted(self.batches):
            for opening in _openings(self.batches[batch_id]):
                day = opening.bookings[0].start.toordinal()
                self._openings.setdefault(day, []).append(opening)

    def openings(self, ordinal: int) -> list[Opening]:
        """Return what opens on a day, in order of batch id."""
        return self._openings.get(ordinal, [])


def _openings(batch: PlannedBatch) -> list[Opening]:
    by_stage: dict[Stage, list[Booking]] = {}
    for booking in sorted(batch.bookings, key=lambda b: b.id):
        by_stage.setdefault(booking.stage, []).append(booking)
    stages = sorted(by_stage, key=lambda stage: stage.id)
    for stage in stages:
        if len({booking.start for booking in by_stage[stage]}) > 1:
            raise ValueError(f"{batch.code}: {stage} starts on several days")
    return [
        Opening(batch, stage, tuple(by_stage[stage]), stage is stages[0], stage is stages[-1])
        for stage in stages
    ]
