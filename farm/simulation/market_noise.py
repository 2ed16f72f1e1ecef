"""Noise of prices by month, each month's score at its own address: nothing is carried along."""

from __future__ import annotations

from farm.domain.calendar import Month
from farm.domain.market import noise
from farm.simulation.dice import Dice
from farm.simulation.streams import Decision


class MarketNoise:
    """What chance makes of a price, for one decision and whoever of many it is of.

    Args:
        dice: the chances.
        decision: the market's.
        persistence: from month to month.
        memory: months after which a score is forgotten.
    """

    def __init__(self, dice: Dice, decision: Decision, persistence: float, memory: int) -> None:
        self._dice, self._decision = dice, decision
        self._persistence, self._memory = persistence, memory
        self._scores: dict[tuple[int, ...], float] = {}

    def factor(self, month: Month, log_sd: float, *who: int) -> float:
        """Return the factor of a month, mean 1; ``who`` is the address before the month's."""
        ages = range(self._memory)
        scores = [self._score(*who, month.index - age) for age in ages]
        return noise(scores, log_sd, self._persistence)

    def _score(self, *address: int) -> float:
        if address not in self._scores:
            self._scores[address] = self._dice.score(self._decision, *address)
        return self._scores[address]
