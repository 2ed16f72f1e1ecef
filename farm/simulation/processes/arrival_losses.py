"""Arrival losses: fish that do not survive being moved, on the day and in the days after.

Each arrival has its severity, partly that of the whole move, partly of the container; it fades by
a constant share a day. At sea a few arrivals go very badly.
"""

from __future__ import annotations

import math

import numpy as np

from farm.domain import progress
from farm.domain.biology import Biology
from farm.domain.world import Cause
from farm.simulation.dice import Dice
from farm.simulation.frame import Frame
from farm.simulation.process import Arrival, Morning, Process
from farm.simulation.state import Own
from farm.simulation.streams import Decision


class ArrivalLosses(Process):
    """Contributes hazards of handling."""

    name = "arrival_losses"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._mortality = biology.mortality
        self._progress = biology.progress
        self._frame = frame
        self._dice = dice
        # Index 0 is the stage of empty containers.
        self._median = np.asarray([0.0, *biology.mortality.arrival.in_order()]) / 100.0
        self._median[-1] *= biology.mortality.sea_level_by_geography[frame.geography.code]
        self._spread = np.asarray([0.0, *biology.mortality.arrival_log_sd.in_order()])

    def begin(self) -> Own:
        """Return the severity of the last arrival in each container, as it is left today."""
        return {"severity": np.zeros(self._frame.size)}

    def contribute(self, morning: Morning, own: Own) -> None:
        """Add what is left of the arrival's severity."""
        own["severity"] = own["severity"] * self._mortality.arrival_persistence
        morning.rates.kill(Cause.HANDLING, own["severity"])

    def welcome(self, arrival: Arrival, own: Own) -> None:
        """Draw the severity of each arrival, and let it kill from today on.

        Later batches are of more robust fish.
        """
        limit = self._mortality.daily_limit / 100.0
        years = progress.years(self._progress, arrival.born)
        better = progress.factor(self._progress.mortality, years)
        of_move = self._dice.scores(Decision.BATCH_ARRIVAL, arrival.batch, arrival.stage)
        of_container = self._dice.scores(Decision.CONTAINER_ARRIVAL, arrival.assignment)
        scores = math.sqrt(0.5) * np.add(of_move, of_container)
        usual = better * self._median[arrival.stage]
        severity = np.minimum(usual * np.exp(self._spread[arrival.stage] * scores), limit)
        own["severity"][arrival.container] = severity
        today_severity = np.zeros(self._frame.size)
        today_severity[arrival.container] = severity
        arrival.rates.kill(Cause.HANDLING, today_severity)
