"""Growth: the TGC of the stage, the batch, the site and the container, bent by water and season.

Moves set the fish back. Beside it stands what makes them unequal: the spread of weights that the
fish of a container drift to.
"""

from __future__ import annotations

import numpy as np

from farm.domain import growth, progress
from farm.domain.biology import Biology
from farm.domain.world import Stage
from farm.simulation.dice import Dice
from farm.simulation.frame import Frame
from farm.simulation.process import Arrival, Morning, Process
from farm.simulation.setbacks import Setbacks
from farm.simulation.state import Own
from farm.simulation.streams import Decision


class Growing(Process):
    """Contributes growth coefficient and spread, and the low appetite that follows a move."""

    name = "growing"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._growth = biology.growth
        self._size = biology.size
        self._progress = biology.progress
        self._frame = frame
        self._dice = dice
        code = frame.geography.code
        potential = [biology.growth.potential(code, stage) for stage in Stage]
        # Index 0 is the stage of empty containers.
        self._potential = np.asarray([0.0, *potential])
        self._level = np.asarray([0.0, *biology.size.level.in_order()])
        self._setbacks = Setbacks(biology.growth)
        self._warm_water = growth.WarmWater(biology.growth)
        sites = biology.growth.site_cv * dice.once_by_place(Decision.SITE_GROWTH)
        self._of_site = np.exp(sites)[frame.place_of]

    def begin(self) -> Own:
        """Return vigour and unevenness of the fish in each container: 1 where there are none."""
        ones = np.ones(self._frame.size)
        return {"vigour": ones, "unevenness": ones.copy()}

    def contribute(self, morning: Morning, own: Own) -> None:
        """Multiply the growth coefficient together."""
        today, state, rates = morning.today, morning.state, morning.rates
        season = growth.seasonal_factor(self._growth, today.day_of_year)
        rates.grow(self._potential[state.stage])
        rates.grow(own["vigour"])
        rates.grow(self._warm_water.factor(state.weight_g, morning.water.temperature_c))
        rates.grow(np.where(self._frame.at_sea, season * self._of_site, 1.0))
        rates.scatter(self._level[state.stage] * own["unevenness"])
        rates.eat(self._setbacks.factor(state.stage, today.ordinal - state.arrived))

    def welcome(self, arrival: Arrival, own: Own) -> None:
        """Draw the vigour of the newcomers: a part of their batch for life, a part of here.

        Later batches are of better fish; eggs take their degree-days as ever.
        """
        parameters = self._growth
        years = progress.years(self._progress, arrival.born)
        better = np.where(
            arrival.stage == Stage.EGG_ALEVIN.id,
            1.0,
            progress.factor(self._progress.growth, years),
        )
        of_batch, of_container, uneven = (
            np.asarray(self._dice.scores(decision, address))
            for decision, address in (
                (Decision.BATCH_GROWTH, arrival.batch),
                (Decision.CONTAINER_GROWTH, arrival.assignment),
                (Decision.CONTAINER_SPREAD, arrival.assignment),
            )
        )
        vigour = np.exp(parameters.batch_cv * of_batch + parameters.container_cv * of_container)
        own["vigour"][arrival.container] = better * vigour
        own["unevenness"][arrival.container] = np.exp(self._size.container_log_sd * uneven)
