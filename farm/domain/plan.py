"""What a programme books: batches and their containers, for their whole life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from farm.domain.world import Stage, World


class TransferKind(StrEnum):
    """Why fish are moved: the values of `transfer.kind`."""

    STAGE = "stage"  #: into the containers of the next stage, on land
    SPLIT = "split"  #: into further containers of the same stage; the others stay where they are
    GRADING = "grading"  #: into other containers of the same stage, large and small fish apart
    SEA = "sea"  #: from land into pens


@dataclass(frozen=True, slots=True)
class Booking:
    """One batch in one container, from ``start`` (included) to ``end`` (excluded).

    For the last stage, ``end`` is the last day by which the pen must be empty and ``earliest_end``
    the first day on which it may be harvested; in all other stages the two are equal and the last
    fish move on that very day. ``id`` is the assignment's id.
    """

    id: int
    batch_id: int
    container_id: int
    stage: Stage
    start: date
    earliest_end: date
    end: date

    @property
    def expected_end(self) -> date:
        """The day on which it is expected to be empty: a pen half-way through its window."""
        return self.earliest_end + (self.end - self.earliest_end) // 2


@dataclass(frozen=True, slots=True)
class Movement:
    """Fish that go from one booking of a batch into another on a day.

    ``share``: of the fish that are in the source on that morning; on the source's last day, the
    last of its movements takes all that are left. ``relative_weight``: their mean weight over that
    of all fish that leave the source on that day, other than 1 only where they are graded.
    """

    day: date
    from_id: int
    to_id: int
    share: float
    kind: TransferKind
    relative_weight: float = 1.0


@dataclass(frozen=True, slots=True)
class PlannedBatch:
    """One group of fish from one egg delivery to its harvest, with all its bookings in order of id.

    Exactly one of ``egg_supplier_id`` and ``broodstock_id`` is set, as ``egg_source`` says
    (``external`` or ``internal``). The eggs are spread over the bookings of the first stage; from
    there, fish go where ``movements`` say, which are in order of day, source and target.
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
    movements: tuple[Movement, ...] = ()


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
