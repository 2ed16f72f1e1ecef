"""What the plan has in store for one geography, looked up by day."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from itertools import groupby

from farm.domain.calendar import Month
from farm.domain.plan import Booking, Movement, Plan, PlannedBatch
from farm.domain.world import Stage


@dataclass(frozen=True, slots=True)
class Handling:
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
        first = tuple(b for b in batch.bookings if b.stage is Stage.EGG_ALEVIN)
        days = {batch.start_date.toordinal(): Handling(batch, first, ())}
        in_order = sorted(batch.movements, key=lambda m: (m.day, m.from_id, m.to_id))
        for day, moved in groupby(in_order, key=lambda movement: movement.day):
            days[day.toordinal()] = Handling(batch, (), tuple(moved))
        for ordinal, handling in days.items():
            self._handlings.setdefault(ordinal, []).append(handling)
        opens: dict[int, int] = {booking.id: batch.start_date.toordinal() for booking in first}
        self._filled |= opens
        for movement in in_order:
            day_out = movement.day.toordinal()
            opens.setdefault(movement.to_id, day_out)
            self._filled[movement.to_id] = day_out
            out = self._out.setdefault(movement.from_id, [])
            if not out or out[-1] != day_out:
                out.append(day_out)
        for booking in batch.bookings:
            self.bookings[booking.id] = booking
            last_out = self._out.get(booking.id, [0])[-1]
            ends = 0 if booking.stage is Stage.ADULT else booking.end.toordinal()
            if opens.get(booking.id) != booking.start.toordinal() or last_out != ends:
                raise ValueError(f"{batch.code}: no movements for booking {booking.id}")
