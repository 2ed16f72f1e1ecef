"""A month's chances that are drawn place by place: where fish live, once they matter there."""

from __future__ import annotations

import numpy as np

from farm.domain.calendar import Month
from farm.simulation.dice import Dice, Draw
from farm.simulation.frame import Bools, Floats
from farm.simulation.streams import Decision


class Chances:
    """Chances for each day of a month, layer and container, as `Dice.fill` draws them.

    A place has streams of its own, so a place left out or drawn later changes no chance of others.
    """

    def __init__(
        self, dice: Dice, month: Month, decision: Decision, draw: Draw, layers: int, *more: int
    ) -> None:
        self._dice = dice
        self._month = month
        self._decision = decision
        self._draw = draw
        self._more = more
        frame = dice.frame
        self._drawn: Bools = np.zeros(frame.size, dtype=np.bool_)
        self._chances: Floats = np.zeros((month.days, layers, frame.size))

    def on(self, row: int, containers: Bools) -> Floats:
        """Return the chances of a day, shape (layers, containers).

        Args:
            row: the day's row in the month.
            containers: where they matter; those at other places may be 0.
        """
        new = containers > self._drawn
        if np.count_nonzero(new):
            frame = self._dice.frame
            places = frame.places_of(new)
            self._dice.fill(
                self._chances,
                places.nonzero()[0],
                self._decision,
                self._month,
                self._draw,
                *self._more,
            )
            self._drawn |= places.take(frame.place_of)
        chances: Floats = self._chances[row]
        return chances
