"""The water that runs into the tanks and trays of each hall."""

from __future__ import annotations

import numpy as np

from farm.domain import water
from farm.domain.water_parameters import WaterParameters
from farm.domain.world import Stage
from farm.simulation.environment.scores import Scores
from farm.simulation.environment.weather import DAYS_OF_YEAR
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import HallDay, Today
from farm.simulation.streams import Decision


class Halls:
    """Runs halls at the set point of their stage; what flows through follows the season more."""

    def __init__(self, parameters: WaterParameters, frame: Frame, scores: Scores) -> None:
        self._fresh = fresh = parameters.fresh
        self._scores = scores
        stages = list(Stage)
        flows = frame.flow_through
        setpoint = np.asarray(
            [water.fresh_setpoint(fresh, stages[h.lifecycle_stage_id - 1]) for h in frame.halls]
        )
        source = {
            kind: water.fresh_season(fresh, kind, DAYS_OF_YEAR)[:, np.newaxis]
            for kind in ("flow_through", "ras")
        }
        self._normal = setpoint + np.where(flows, source["flow_through"], source["ras"])
        self._spread = np.where(flows, fresh.flow_through_sd, fresh.ras_sd)
        self._ph = np.where(flows, fresh.flow_through_ph, fresh.ras_ph)

    def day(self, today: Today, scores: Floats) -> HallDay:
        """Return today's water of each hall."""
        fresh, of = self._fresh, self._scores.of
        temperature = self._normal[today.day_of_year] + self._spread * of(
            Decision.HALL_TEMPERATURE, scores
        )
        saturation = fresh.saturation + fresh.saturation_sd * of(Decision.HALL_SATURATION, scores)
        return HallDay(
            temperature_c=temperature,
            oxygen_mg_l=saturation / 100.0 * water.oxygen_saturation(temperature, 0.0),
            ph=self._ph + fresh.ph_sd * of(Decision.HALL_PH, scores),
        )
