"""When the fish of a batch are vaccinated: late enough and early enough, and never amid a move."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

from farm.domain.calendar import YEAR
from farm.domain.plan import PlannedBatch, TransferKind
from farm.domain.vaccine import VaccinationPractice
from farm.simulation.agenda import Agenda
from farm.simulation.dice import Dice
from farm.simulation.streams import Decision


@dataclass(frozen=True, slots=True)
class Moves:
    """What of a batch's plan matters to those who vaccinate it; all days are ordinals.

    ``sea``: the first day on which fish of it go to sea. ``land``: the days on which they are moved
    on land before, rising. ``handled``: days on which fish leave or come, by booking. ``leaves``:
    the first day on which fish of a booking go to sea, for bookings from which they do.
    """

    sea: int
    land: tuple[int, ...]
    handled: dict[int, frozenset[int]]
    leaves: dict[int, int]

    @classmethod
    def of(cls, batch: PlannedBatch) -> Moves:
        """Return the moves of a batch; ``sea`` is 0 for one that never goes there."""
        leaves: dict[int, int] = {}
        handled: dict[int, set[int]] = {}
        land: set[int] = set()
        for movement in batch.movements:
            day = movement.day.toordinal()
            handled.setdefault(movement.from_id, set()).add(day)
            handled.setdefault(movement.to_id, set()).add(day)
            if movement.kind is TransferKind.SEA:
                leaves[movement.from_id] = min(day, leaves.get(movement.from_id, day))
            else:
                land.add(day)
        return cls(
            min(leaves.values(), default=0),
            tuple(sorted(land)),
            {booking: frozenset(days) for booking, days in handled.items()},
            leaves,
        )

    def next_on_land(self, day: int, apart: int) -> tuple[int, int] | None:
        """Return first and last day of the next move on land that does not end before ``day``.

        Days of a move that are no further ``apart`` belong together.
        """
        at = bisect_left(self.land, day)
        if at == len(self.land):
            return None
        first = last = at
        while first > 0 and self.land[first] - self.land[first - 1] <= apart:
            first -= 1
        while last + 1 < len(self.land) and self.land[last + 1] - self.land[last] <= apart:
            last += 1
        return self.land[first], self.land[last]


class Campaigns:
    """The vaccination campaigns of one geography's batches, as the plan allows for them."""

    def __init__(self, practice: VaccinationPractice, agenda: Agenda, dice: Dice) -> None:
        self._practice = practice
        self._dice = dice
        self.moves = {batch.id: Moves.of(batch) for batch in agenda.batches.values()}
        self._scores: dict[int, float] = {}

    def aim(self, batch: int, on: date) -> float:
        """Return the degree-days before the sea that people aim for, for a batch."""
        if batch not in self._scores:
            self._scores[batch] = self._dice.score(Decision.VACCINATION_AIM, batch)
        year = on.year + on.timetuple().tm_yday / YEAR
        return self._practice.aim(year, self._scores[batch])

    def is_free(self, batch: int, day: int, days: int) -> bool:
        """Return whether so many days from this one on are well away from any move on land."""
        rest = self._practice.rest
        move = self.moves[batch].next_on_land(day - rest, 2 * rest)
        return move is None or day + days - 1 + rest < move[0]

    def begins(self, batch: int, on: date, day: int, days: int, warmth: float) -> bool:
        """Return whether a campaign of so many days is to begin on a day.

        It does when the degree-days that are left until the sea have fallen to what people aim for;
        where a move would be in the way then, before it or after, whichever is nearer to the aim.

        Args:
            batch: the batch's id.
            on: today, when people decide.
            day: the ordinal of the campaign's first day.
            days: how long it takes.
            warmth: temperature of the water in °C, which is expected to stay as it is.
        """
        sea = self.moves[batch].sea
        if not self.is_free(batch, day, days) or sea <= day:
            return False
        aim = self.aim(batch, on)
        before = (sea - day) * warmth
        if before <= aim:
            return True
        if self.is_free(batch, day + 1, days):
            return False
        rest = self._practice.rest
        move = self.moves[batch].next_on_land(day - rest, 2 * rest)
        after = 0.0 if move is None else (sea - move[1] - rest - 1) * warmth
        return after <= 0 or math.log(before / aim) < math.log(aim / after)
