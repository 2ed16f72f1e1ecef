"""Fasting: no feed in the days before fish are moved or harvested."""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.simulation.frame import Frame
from farm.simulation.process import Morning, Process
from farm.simulation.state import Own


class Fasting(Process):
    """Withholds feed from fish that are about to leave."""

    name = "fasting"

    def __init__(self, biology: Biology, frame: Frame) -> None:
        self._days = np.where(
            frame.at_sea,
            biology.feeding.fasting_before_harvest,
            biology.feeding.fasting_before_transfer,
        )

    def contribute(self, morning: Morning, own: Own) -> None:  # noqa: ARG002
        """Say which containers fast today."""
        leaves, today = morning.state.leaves, morning.today.ordinal
        morning.rates.fast((leaves > 0) & (leaves - today <= self._days))
