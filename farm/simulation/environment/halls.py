"""The water that runs into the tanks and trays of each hall."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from farm.domain import water
from farm.domain.water_parameters import WaterParameters
from farm.domain.world import Stage
from farm.simulation.environment.days import Days
from farm.simulation.environment.weather import DAYS_OF_YEAR
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import HallDay
from farm.simulation.streams import Decision


class Halls:
    """Runs halls at the set point of their stage; what flows through follows the season more."""

    def __init__(self, parameters: WaterParameters, frame: Frame) -> None:
        self._fresh = fresh = parameters.fresh
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

    def month(self, days: Days, scores: Mapping[Decision, Floats]) -> HallDay:
        """Return a month's water of each hall."""
        fresh, normal = self._fresh, self._normal[days.day_of_year[:, 0]]
        temperature = normal + self._spread * scores[Decision.HALL_TEMPERATURE]
        saturation = fresh.saturation + fresh.saturation_sd * scores[Decision.HALL_SATURATION]
        return HallDay(
            temperature_c=temperature,
            oxygen_mg_l=saturation / 100.0 * water.oxygen_saturation(temperature, 0.0),
            ph=self._ph + fresh.ph_sd * scores[Decision.HALL_PH],
        )
