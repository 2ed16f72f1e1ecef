"""When the fish of a batch are vaccinated: late enough and early enough, and never amid a move."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from farm.domain.calendar import YEAR
from farm.domain.plan import PlannedBatch, TransferKind
from farm.domain.vaccine import VaccinationPractice
from farm.simulation.agenda import Agenda
from farm.simulation.dice import Dice
from farm.simulation.streams import Decision


@dataclass(frozen=True, slots=True)
class Moves:
    """What of a batch's plan matters to those who vaccinate it; all days are ordinals.

    ``sea``: the first day on which fish of it go to sea. ``land``: first and last day of each move
    on land before, in order. ``handled``: days on which fish leave or come, by booking. ``leaves``:
    the first day on which fish of a booking go to sea, for bookings from which they do.
    """

    sea: int
    land: tuple[tuple[int, int], ...]
    handled: dict[int, frozenset[int]]
    leaves: dict[int, int]

    @classmethod
    def of(cls, batch: PlannedBatch, apart: int) -> Moves:
        """Return the moves of a batch; days on land no further ``apart`` are those of one move."""
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
            first_at_sea(batch),
            tuple(_spans(sorted(land), apart)),
            {booking: frozenset(days) for booking, days in handled.items()},
            leaves,
        )

    def next_on_land(self, day: int) -> tuple[int, int] | None:
        """Return first and last day of the next move on land that does not end before ``day``."""
        return next((move for move in self.land if move[1] >= day), None)


class _MovesOf(dict[int, Moves]):
    """The moves of each batch, by its id, worked out when they are asked for first."""

    def __init__(self, agenda: Agenda, apart: int) -> None:
        super().__init__()
        self._agenda, self._apart = agenda, apart

    def __missing__(self, batch: int) -> Moves:
        self[batch] = moves = Moves.of(self._agenda.batches[batch], self._apart)
        return moves


class Campaigns:
    """The vaccination campaigns of one geography's batches, as the plan allows for them."""

    def __init__(self, practice: VaccinationPractice, agenda: Agenda, dice: Dice) -> None:
        self._practice = practice
        self._dice = dice
        self.moves = _MovesOf(agenda, 2 * practice.rest)
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
        move = self.moves[batch].next_on_land(day - rest)
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
        move = self.moves[batch].next_on_land(day - rest)
        after = 0.0 if move is None else (sea - move[1] - rest - 1) * warmth
        return after <= 0 or math.log(before / aim) < math.log(aim / after)


def first_at_sea(batch: PlannedBatch) -> int:
    """Return the ordinal of the first day on which fish of a batch go to sea, 0 for none."""
    to_sea = [each.day for each in batch.movements if each.kind is TransferKind.SEA]
    return min(to_sea).toordinal() if to_sea else 0


def _spans(days: list[int], apart: int) -> Iterator[tuple[int, int]]:
    """Yield first and last of the days that are no further apart, group by group."""
    breaks = [at for at, (day, after) in enumerate(pairwise(days), 1) if after - day > apart]
    for start, stop in pairwise([0, *breaks, len(days)]):
        if start < stop:
            yield days[start], days[stop - 1]
