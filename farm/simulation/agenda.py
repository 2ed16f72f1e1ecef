"""What the plan has in store for one geography, looked up by day."""

from __future__ import annotations

from bisect import bisect
from operator import attrgetter
from typing import NamedTuple

from farm.domain.calendar import Month
from farm.domain.plan import Booking, Movement, Plan, PlannedBatch
from farm.domain.world import Stage


class Handling(NamedTuple):
    """What is done with the fish of one batch on a day.

    ``delivered``: bookings that its eggs go into. ``movements`` in order of source and target.
    """

    batch: PlannedBatch
    delivered: tuple[Booking, ...]
    movements: tuple[Movement, ...]


class Agenda:
    """The batches of a geography, and what is done on which day.

    Raises:
        ValueError: movements and bookings of a batch do not agree.
    """

    def __init__(self, plan: Plan, geography_id: int) -> None:
        self.batches = {b.id: b for b in plan.batches if b.geography_id == geography_id}
        self.bookings: dict[int, Booking] = {}
        self._handlings: dict[int, list[Handling]] = {}
        self._out: dict[int, list[int]] = {}
        self._filled: dict[int, int] = {}
        for batch_id in sorted(self.batches):
            self._enter(self.batches[batch_id])

    def handlings(self, ordinal: int) -> list[Handling]:
        """Return what is done on a day, in order of batch id."""
        return self._handlings.get(ordinal, [])

    def filled_in(self, month: Month) -> list[int]:
        """Return the bookings into which fish come in a month, in order of id."""
        first = month.first.toordinal()
        filled: set[int] = set()
        for ordinal in range(first, first + month.days):
            for handling in self.handlings(ordinal):
                filled.update(booking.id for booking in handling.delivered)
                filled.update(movement.to_id for movement in handling.movements)
        return sorted(filled)

    def next_out(self, booking_id: int, ordinal: int) -> int:
        """Return the next day after this one on which fish are moved out of a booking, or 0."""
        days = self._out.get(booking_id, [])
        later = bisect(days, ordinal)
        return days[later] if later < len(days) else 0

    def filled_by(self, booking_id: int) -> int:
        """Return the last day on which fish come into a booking; raises KeyError without one."""
        return self._filled[booking_id]

    def _enter(self, batch: PlannedBatch) -> None:
        start = batch.start_date.toordinal()
        first = tuple(b for b in batch.bookings if b.stage is Stage.EGG_ALEVIN)
        opens = {booking.id: start for booking in first}
        self._filled |= opens
        moved: dict[int, list[Movement]] = {}
        for movement in sorted(batch.movements, key=attrgetter("day", "from_id", "to_id")):
            day = movement.day.toordinal()
            moved.setdefault(day, []).append(movement)
            opens.setdefault(movement.to_id, day)
            self._filled[movement.to_id] = day
            out = self._out.setdefault(movement.from_id, [])
            if not out or out[-1] != day:
                out.append(day)
        self._handlings.setdefault(start, []).append(Handling(batch, first, ()))
        for day, movements in moved.items():
            self._handlings.setdefault(day, []).append(Handling(batch, (), tuple(movements)))
        for booking in batch.bookings:
            self.bookings[booking.id] = booking
            last_out = self._out.get(booking.id, [0])[-1]
            ends = 0 if booking.stage is Stage.ADULT else booking.end.toordinal()
            if opens.get(booking.id) != booking.start.toordinal() or last_out != ends:
                raise ValueError(f"{batch.code}: no movements for booking {booking.id}")
