"""Who dies today: whole fish, by cause, drawn from the hazards on the board."""

from __future__ import annotations

import numpy as np

from farm.domain import mortality
from farm.domain.calendar import Month
from farm.domain.world import CAUSES
from farm.simulation.care.facts import Toll
from farm.simulation.chances import Chances
from farm.simulation.dice import Dice, normal, uniform
from farm.simulation.frame import Floats, Integers
from farm.simulation.process import Today
from farm.simulation.streams import Decision

#: The chance of a death is drawn twice: as a chance for small numbers, as a score for large ones.
CHANCE, SCORE = 0, 1

#: Layers of chances: one for each cause without a disease's name, one for all diseases together.
_LAYERS = CAUSES + 1


class Dying:
    """Draws deaths from hazards."""

    def __init__(self, daily_limit: float, dice: Dice) -> None:
        """Take the largest share of a container's fish that dies in a day."""
        self._limit = daily_limit
        self._dice = dice
        self._chances: Chances | None = None
        self._scores: Chances | None = None

    def turn_month(self, month: Month) -> None:
        """Begin a month; chances are drawn where fish live, and scores where they die by many."""
        dice = self._dice
        self._chances = Chances(dice, month, Decision.DEATHS, uniform, _LAYERS, CHANCE)
        self._scores = Chances(dice, month, Decision.DEATHS, normal, _LAYERS, SCORE)

    def today(self, today: Today, population: Integers, hazard: Floats) -> Toll:
        """Return today's deaths.

        Args:
            today: the day.
            population: fish in each container.
            hazard: shares that die, shape (causes, containers), diseases last.
        """
        share = self._limit / np.maximum(hazard.sum(axis=0), self._limit)
        fish = population.astype(np.float64)
        expected = np.empty((_LAYERS, fish.size))
        np.multiply(hazard[:CAUSES] * share, fish, out=expected[:CAUSES])
        # Most containers are free of disease.
        ill = np.logical_or.reduce(hazard[CAUSES:], axis=0).nonzero()[0]
        of_diseases = hazard[CAUSES:].take(ill, axis=1) * share.take(ill) * fish.take(ill)
        running = of_diseases.cumsum(axis=0)
        expected[CAUSES] = 0.0
        expected[CAUSES, ill] = running[-1]
        wished = mortality.poisson_quantile(expected, *self._drawn(today.row, population, expected))
        deaths = np.zeros(hazard.shape, dtype=np.int64)
        deaths[:CAUSES] = wished[:CAUSES]
        of_ill = wished[CAUSES].take(ill)
        deaths[CAUSES:, ill] = mortality.shared_out(of_ill, running)
        dead = wished.sum(axis=0)
        if np.count_nonzero(dead > population):
            deaths = mortality.within_population(deaths, population)
            return Toll.of(deaths, deaths.sum(axis=0))
        return Toll(deaths, dead, ill.compress(of_ill > 0))

    def _drawn(self, row: int, population: Integers, expected: Floats) -> tuple[Floats, Floats]:
        """Return the chances and the scores of a day."""
        assert self._chances is not None  # noqa: S101 - the month is turned before its days
        assert self._scores is not None  # noqa: S101
        by_many = np.logical_or.reduce(expected > mortality.SUM_UP_TO, axis=0)
        return (
            self._chances.on(row, (population > 0) | self._dice.awaited),
            self._scores.on(row, by_many),
        )
