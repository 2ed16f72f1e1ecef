"""Growth: the TGC of the stage, the batch and the container, bent by water, season and moves."""

from __future__ import annotations

import numpy as np

from farm.domain import growth
from farm.domain.biology import Biology
from farm.domain.world import Stage
from farm.simulation.dice import Dice
from farm.simulation.frame import Frame
from farm.simulation.process import Arrival, Morning, Process
from farm.simulation.state import Own
from farm.simulation.streams import Decision


class Growing(Process):
    """Contributes the growth coefficient, and the low appetite that follows a move."""

    name = "growing"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._growth = biology.growth
        self._frame = frame
        self._dice = dice
        code = frame.geography.code
        potential = [
            biology.growth.tgc(code, stage) * biology.growth.headroom.of(stage) for stage in Stage
        ]
        # Index 0 is the stage of empty containers.
        self._potential = np.asarray([0.0, *potential])
        self._depth = np.asarray([0.0, *biology.growth.setback_depth.in_order()])
        self._duration = np.asarray([1.0, *biology.growth.setback_days.in_order()])

    def begin(self) -> Own:
        """Return the vigour of the fish in each container: 1 where there are none."""
        return {"vigour": np.ones(self._frame.size)}

    def contribute(self, morning: Morning, own: Own) -> None:
        """Multiply the growth coefficient together."""
        today, state, rates = morning.today, morning.state, morning.rates
        season = growth.seasonal_factor(self._growth, today.day_of_year)
        rates.grow(self._potential[state.stage])
        rates.grow(own["vigour"])
        rates.grow(
            growth.temperature_factor(self._growth, state.weight_g, morning.water.temperature_c)
        )
        rates.grow(np.where(self._frame.at_sea, season, 1.0))
        rates.eat(
            growth.setback_factor(
                self._depth[state.stage],
                self._duration[state.stage],
                today.ordinal - state.arrived,
            )
        )

    def welcome(self, arrival: Arrival, own: Own) -> None:
        """Draw the vigour of the newcomers: a part of their batch for life, a part of here."""
        parameters = self._growth
        for container, of_batch, of_container in zip(
            arrival.container,
            self._dice.scores(Decision.BATCH_GROWTH, arrival.batch),
            self._dice.scores(Decision.CONTAINER_GROWTH, arrival.assignment),
            strict=True,
        ):
            own["vigour"][container] = np.exp(
                parameters.batch_cv * of_batch + parameters.container_cv * of_container
            )
