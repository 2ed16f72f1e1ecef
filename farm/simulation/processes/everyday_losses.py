"""Everyday losses: the deaths of quiet weeks, and the shape of a life: high, low, rising.

The rate of a container wanders slowly around its level (AR(1) of the logarithm), partly together
with its whole place. In fresh water the level is that of the stage, at sea that of the days at sea.
"""

from __future__ import annotations

import numpy as np

from farm.domain import mortality, progress
from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.world import Cause
from farm.simulation.dice import Dice, normal, persist
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Morning, Process
from farm.simulation.state import Own
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
        self._sea_level = parameters.sea_level_by_geography[frame.geography.code]
        self._excess = np.asarray([1.0, *parameters.early_excess.in_order(), 1.0])
        self._early = np.asarray([1.0, *parameters.early_days.in_order(), 1.0])
        self._shares = {
            Cause.DEFORMITY: np.asarray([0.0, *parameters.deformity_share.in_order()]),
            Cause.HANDLING: np.asarray([0.0, *parameters.handling_share.in_order()]),
            Cause.UNKNOWN: np.asarray([0.0, *parameters.unknown_share.in_order()]),
        }
        self._fresh_variance = parameters.fresh_spread**2 * (
            parameters.frailty_log_sd**2 + parameters.shared_log_sd**2
        )
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
        self._alone = self._dice.by_container(Decision.FRAILTY, month, normal)
        self._shared = self._dice.by_place(Decision.SHARED_FRAILTY, month, normal)

    def contribute(self, morning: Morning, own: Own) -> None:
        """Add the hazards of an ordinary day."""
        today, state, rates = morning.today, morning.state, morning.rates
        parameters, at_sea = self._mortality, self._frame.at_sea
        own["frailty"] = persist(
            own["frailty"], parameters.frailty_persistence, self._alone[today.row]
        )
        own["shared"] = persist(
            own["shared"], parameters.shared_persistence, self._shared[today.row]
        )
        spread = (
            parameters.frailty_log_sd * own["frailty"]
            + parameters.shared_log_sd * own["shared"][self._frame.place_of]
        )
        spread *= np.where(at_sea, 1.0, parameters.fresh_spread)
        # The levels of fresh water are means, those of the sea are medians.
        luck = np.exp(np.where(at_sea, spread, spread - 0.5 * self._fresh_variance))
        early = mortality.early_factor(
            self._excess[state.stage], self._early[state.stage], today.ordinal - state.stage_since
        )
        sea = mortality.sea_median(parameters, today.ordinal - state.sea_since) * self._sea_level
        better = progress.factor(
            self._progress.mortality, progress.years(self._progress, today.ordinal)
        )
        hazard = np.where(at_sea, sea, self._level[state.stage] * early) * luck * better
        left = np.ones(self._frame.size)
        for cause, shares in self._shares.items():
            share = shares[state.stage]
            rates.kill(cause, hazard * share)
            left -= share
        eaten = np.where(at_sea, mortality.predation_share(parameters, today.day_of_year), 0.0)
        rates.kill(Cause.PREDATION, hazard * np.minimum(eaten, left))
        rates.kill(Cause.BACKGROUND, hazard * np.maximum(left - eaten, 0.0))
