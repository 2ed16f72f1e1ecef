"""Everyday losses: the deaths of quiet weeks, and the shape of a life: high, low, rising.

The rate of a container wanders slowly around its level (AR(1) of the logarithm), partly together
with its whole place. In fresh water the level is that of the stage, at sea that of the days at sea.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from farm.domain import mortality, progress
from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.world import Cause
from farm.simulation.by_days import ByDays
from farm.simulation.dice import Dice, normal, persist
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Morning, Process
from farm.simulation.state import Own, State
from farm.simulation.streams import Decision


class EverydayLosses(Process):
    """Contributes hazards of background, deformity, handling, predation and unknown causes."""

    name = "everyday_losses"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._mortality = biology.mortality
        self._progress = biology.progress
        self._frame = frame
        self._dice = dice
        parameters = biology.mortality
        # Index 0 is the stage of empty containers, the last one adults, who live at sea.
        self._level = np.asarray([0.0, *parameters.fresh_level.in_order(), 0.0]) / 100.0
        self._excess = np.asarray([1.0, *parameters.early_excess.in_order(), 1.0])
        self._early = np.asarray([1.0, *parameters.early_days.in_order(), 1.0])
        level = parameters.sea_level_by_geography[frame.geography.code]
        self._at_sea = ByDays(
            lambda days: mortality.sea_median(parameters, days) * level, parameters.sea_days[-1]
        )
        self._shares = {
            Cause.DEFORMITY: np.asarray([0.0, *parameters.deformity_share.in_order()]),
            Cause.HANDLING: np.asarray([0.0, *parameters.handling_share.in_order()]),
            Cause.UNKNOWN: np.asarray([0.0, *parameters.unknown_share.in_order()]),
        }
        self._left = reduce(np.subtract, self._shares.values(), np.ones(self._level.size))
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
        eaten = mortality.predation_share(parameters, today.day_of_year) * frame.at_sea
        rates.kill(Cause.PREDATION, hazard * np.minimum(eaten, left))
        rates.kill(Cause.BACKGROUND, hazard * np.maximum(left - eaten, 0.0))

    def _level_of(self, state: State, ordinal: int) -> Floats:
        """Return the level of each container: of its days at sea, or of its stage on land."""
        level, pens, tanks = np.empty(self._frame.size), self._frame.pens, self._frame.tanks
        level[pens] = self._at_sea.at(ordinal - state.sea_since[pens])
        stage, since = state.stage[tanks], state.stage_since[tanks]
        early = mortality.early_factor(self._excess[stage], self._early[stage], ordinal - since)
        level[tanks] = self._level[stage] * early
        return level
