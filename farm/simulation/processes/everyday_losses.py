"""Everyday losses: the deaths of quiet weeks, and the shape of a life: high, low, rising.

The rate of a container wanders slowly around its level (AR(1) of the logarithm), partly together
with its whole place. In fresh water the level is that of the stage, at sea that of the days at sea.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from farm.domain import mortality, progress
from farm.domain.biology import Biology, MortalityParameters
from farm.domain.calendar import Month
from farm.domain.world import Cause, Stage
from farm.simulation.by_days import ByRowAndDays
from farm.simulation.dice import Dice, normal, persist
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Morning, Process
from farm.simulation.state import Own, State
from farm.simulation.streams import Decision

#: The row of pens in what is given by stage: behind those of empty containers and the stages.
SEA = 1 + len(Stage)


class EverydayLosses(Process):
    """Contributes hazards of background, deformity, handling, predation and unknown causes."""

    name = "everyday_losses"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._mortality = biology.mortality
        self._progress = biology.progress
        self._frame = frame
        self._dice = dice
        parameters = biology.mortality
        self._levels = ByRowAndDays(
            lambda days: _levels(parameters, frame.geography.code, days),
            max(parameters.sea_days[-1], *parameters.early_days.in_order()),
        )
        # Index 0 is the stage of empty containers, the last one adults, who live at sea.
        self._shares = {
            Cause.DEFORMITY: np.asarray([0.0, *parameters.deformity_share.in_order()]),
            Cause.HANDLING: np.asarray([0.0, *parameters.handling_share.in_order()]),
            Cause.UNKNOWN: np.asarray([0.0, *parameters.unknown_share.in_order()]),
        }
        self._left = reduce(np.subtract, self._shares.values(), np.ones(SEA))
        # Predators come to pens.
        self._hunted = frame.at_sea.astype(np.float64)
        self._spread = np.where(frame.at_sea, 1.0, parameters.fresh_spread)
        # The levels of fresh water are means, those of the sea are medians.
        variance = parameters.fresh_spread**2 * (
            parameters.frailty_log_sd**2 + parameters.shared_log_sd**2
        )
        self._above_median = np.where(frame.at_sea, 0.0, 0.5 * variance)
        self._better: Floats = np.zeros(0)
        self._alone: Floats = np.zeros((0, frame.size))
        self._shared: Floats = np.zeros((0, len(frame.places)))

    def begin(self) -> Own:
        """Return the frailty of each container, and what the containers of a place share of it."""
        return {
            "frailty": self._dice.once_by_container(Decision.FRAILTY),
            "shared": self._dice.once_by_place(Decision.SHARED_FRAILTY),
        }

    def turn_month(self, month: Month) -> None:
        """Draw how frailty moves in a month."""
        self._better = progress.in_month(self._progress, self._progress.mortality, month)
        self._alone = self._dice.by_container(Decision.FRAILTY, month, normal)
        self._shared = self._dice.by_place(Decision.SHARED_FRAILTY, month, normal)

    def contribute(self, morning: Morning, own: Own) -> None:
        """Add the hazards of an ordinary day."""
        today, state, rates = morning.today, morning.state, morning.rates
        parameters, frame = self._mortality, self._frame
        own["frailty"] = persist(
            own["frailty"], parameters.frailty_persistence, self._alone[today.row]
        )
        own["shared"] = persist(
            own["shared"], parameters.shared_persistence, self._shared[today.row]
        )
        shared = own["shared"].take(frame.place_of)
        spread = parameters.frailty_log_sd * own["frailty"] + parameters.shared_log_sd * shared
        luck = np.exp(spread * self._spread - self._above_median)
        hazard = self._level_of(state, today.ordinal) * luck * self._better[today.row]
        for cause, shares in self._shares.items():
            rates.kill(cause, hazard * shares.take(state.stage))
        left = self._left.take(state.stage)
        eaten = mortality.predation_share(parameters, today.day_of_year) * self._hunted
        rates.kill(Cause.PREDATION, hazard * np.minimum(eaten, left))
        rates.kill(Cause.BACKGROUND, hazard * np.maximum(left - eaten, 0.0))

    def _level_of(self, state: State, ordinal: int) -> Floats:
        """Return the level of each container: of its days at sea, or of its stage on land."""
        at_sea = self._frame.at_sea
        since = np.where(at_sea, state.sea_since, state.stage_since)
        return self._levels.at(np.where(at_sea, SEA, state.stage), ordinal - since)


def _levels(parameters: MortalityParameters, geography: str, days: Integers) -> Floats:
    """Return the levels after so many days, shape (1 + stages + 1, days).

    Of the stage of empty containers, of each stage on land, and of pens. Adults live in pens.
    """
    level = np.asarray([0.0, *parameters.fresh_level.in_order(), 0.0])[:, np.newaxis] / 100.0
    excess = np.asarray([1.0, *parameters.early_excess.in_order(), 1.0])[:, np.newaxis]
    early = np.asarray([1.0, *parameters.early_days.in_order(), 1.0])[:, np.newaxis]
    on_land = level * mortality.early_factor(excess, early, days)
    at_sea = mortality.sea_median(parameters, days) * parameters.sea_level_by_geography[geography]
    return np.vstack((on_land, at_sea))
