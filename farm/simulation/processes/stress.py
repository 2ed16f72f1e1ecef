"""Stress: deaths in water with too little oxygen, and in water that is too warm.

Where a hypoxia spell or a heat wave lasts, it is to blame.
"""

from __future__ import annotations

import numpy as np

from farm.domain import stress
from farm.domain.biology import Biology
from farm.domain.events import SiteEventKind
from farm.domain.world import Cause
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Morning, Process
from farm.simulation.state import Own


class Stress(Process):
    """Contributes hazards of the environment."""

    name = "stress"

    def __init__(self, biology: Biology, frame: Frame) -> None:
        self._stress = biology.events.stress
        self._frame = frame

    def contribute(self, morning: Morning, own: Own) -> None:  # noqa: ARG002
        """Add what today's oxygen and heat cost."""
        saturation, temperature = morning.water.saturation_percent, morning.water.temperature_c
        # On most days nobody would die even where the least oxygen met the greatest heat.
        least, hottest = np.minimum.reduce(saturation), np.maximum.reduce(temperature)
        if stress.oxygen_hazard(self._stress, least, hottest) > 0.0:
            choking = stress.oxygen_hazard(self._stress, saturation, temperature)
            self._blame(morning, SiteEventKind.HYPOXIA, choking)
        if stress.heat_hazard(self._stress, hottest) > 0.0:
            heat = stress.heat_hazard(self._stress, temperature)
            self._blame(morning, SiteEventKind.HEAT_WAVE, heat)

    def _blame(self, morning: Morning, kind: SiteEventKind, hazard: Floats) -> None:
        if not np.count_nonzero(hazard):
            return
        has_event = self._frame.spread(morning.events.active[kind.row], of_halls=False)
        morning.rates.strike(kind, hazard * has_event)
        morning.rates.kill(Cause.ENVIRONMENT, hazard * ~has_event)
