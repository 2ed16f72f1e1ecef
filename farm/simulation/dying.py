"""Who dies today: whole fish, by cause, drawn from the hazards on the board."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from farm.domain import mortality
from farm.domain.calendar import Month
from farm.domain.world import CAUSES
from farm.simulation.dice import Dice, normal, uniform
from farm.simulation.frame import Floats, Integers
from farm.simulation.process import Today
from farm.simulation.streams import Decision

#: The chance of a death is drawn twice: as a chance for small numbers, as a score for large ones.
CHANCE, SCORE = 0, 1

#: Layers of chances: one for each cause without a disease's name, one for all diseases together.
_LAYERS = CAUSES + 1


class Deaths(NamedTuple):
    """The day's dead fish: by cause, shape (causes, containers), and in all, by container."""

    by_cause: Integers
    fish: Integers


class Dying:
    """Draws deaths from hazards."""

    def __init__(self, daily_limit: float, dice: Dice) -> None:
        """Take the largest share of a container's fish that dies in a day."""
        self._limit = daily_limit
        self._dice = dice
        self._chances = self._scores = np.zeros((0, _LAYERS, 0))

    def turn_month(self, month: Month) -> None:
        """Draw all chances of a month."""
        dice = self._dice
        self._chances = dice.layered(Decision.DEATHS, month, uniform, _LAYERS, CHANCE)
        self._scores = dice.layered(Decision.DEATHS, month, normal, _LAYERS, SCORE)

    def today(self, today: Today, population: Integers, hazard: Floats) -> Deaths:
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
        ill = np.flatnonzero(hazard[CAUSES:].any(axis=0))
        of_diseases = hazard[CAUSES:].take(ill, axis=1) * share.take(ill) * fish.take(ill)
        running = of_diseases.cumsum(axis=0)
        expected[CAUSES] = 0.0
        expected[CAUSES, ill] = running[-1]
        wished = mortality.poisson_quantile(
            expected, self._chances[today.row], self._scores[today.row]
        )
        deaths = np.zeros(hazard.shape, dtype=np.int64)
        deaths[:CAUSES] = wished[:CAUSES]
        deaths[CAUSES:, ill] = mortality.shared_out(wished[CAUSES].take(ill), running)
        dead = wished.sum(axis=0)
        if (dead > population).any():
            deaths = mortality.within_population(deaths, population)
            dead = deaths.sum(axis=0)
        return Deaths(deaths, dead)
