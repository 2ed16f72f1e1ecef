"""What people know of fish by their stage and batch: how they grow, and what feed that takes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from farm.domain import growth, progress
from farm.domain.biology import Biology
from farm.domain.water import climatology
from farm.domain.world import Stage
from farm.simulation.agenda import Agenda
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.setbacks import Setbacks
from farm.simulation.state import FED, State

#: Days ahead for which growth is reckoned: about the middle of a forecast.
AHEAD = 8


class Traits(NamedTuple):
    """What follows from stage and batch alone, an element for each group of fish.

    ``is_fed``: whether fish of the stage are fed; ``tgc``: potential growth; ``vigour`` and
    ``thrift``: what progress makes of growth and feed conversion.
    """

    stage: Integers
    is_fed: Bools
    tgc: Floats
    vigour: Floats
    thrift: Floats


class Breeds:
    """The traits of the fish of one geography."""

    def __init__(self, biology: Biology, frame: Frame, agenda: Agenda) -> None:
        code = frame.geography.code
        self._growth = biology.growth
        # Index 0 is the stage of empty containers; stages that are not fed grow without feed.
        self._tgc = np.asarray([0.0, *(biology.growth.potential(code, stage) for stage in Stage)])
        self._setbacks = Setbacks(biology.growth)
        ids = sorted(agenda.batches)
        born = np.asarray([agenda.batches[i].start_date.toordinal() for i in ids], dtype=np.int64)
        years = progress.years(biology.progress, born)
        self._batches = np.asarray(ids, dtype=np.int64)
        self._vigour = progress.factor(biology.progress.growth, years)
        self._thrift = progress.factor(biology.progress.conversion, years)
        self._sea_c = climatology(biology.water.sea[code].temperature, np.arange(1, 367))
        # Of the fish that were last seen in each container.
        self._batch = np.zeros(frame.size, dtype=np.int64)
        self._seen = self.of(np.zeros_like(self._batch), self._batch)

    def of(self, stage: Integers, batch: Integers) -> Traits:
        """Return the traits of groups of fish; those without a batch have any batch's."""
        at = np.minimum(self._batches.searchsorted(batch), len(self._batches) - 1)
        is_fed = FED[stage]
        vigour = np.where(is_fed, self._vigour[at], 1.0)
        return Traits(stage, is_fed, self._tgc[stage], vigour, self._thrift[at])

    def of_containers(self, state: State) -> Traits:
        """Return the traits of the fish of each container; they are looked up when fish come."""
        new = ((state.batch != self._batch) | (state.stage != self._seen.stage)).nonzero()[0]
        if new.size:
            self._batch[new] = state.batch[new]
            found = self.of(state.stage[new], self._batch[new])
            for known, trait in zip(self._seen, found, strict=True):
                known[new] = trait
        return self._seen

    def root_growth(
        self,
        traits: Traits,
        temperature_c: Floats,
        at_sea: Bools,
        since: Integers,
        today: Today,
    ) -> Floats:
        """Return what the cubic root of the weight gains in a day in the middle of a forecast.

        Args:
            traits: of the fish.
            temperature_c: of their water today.
            at_sea: whether they live there.
            since: days from their arrival to the middle of the forecast.
            today: the day.
        """
        season = growth.seasonal_factor(self._growth, today.day_of_year)
        soon = (today.day_of_year + AHEAD - 1) % self._sea_c.size
        warmer = self._sea_c[soon] - self._sea_c[today.day_of_year - 1]
        water = np.where(at_sea, temperature_c + warmer, temperature_c)
        tgc = traits.tgc * np.where(at_sea, season, 1.0)
        tgc *= self._setbacks.factor(traits.stage, since)
        tgc *= traits.vigour
        tgc /= 1000.0
        tgc *= np.maximum(water, 0.0)
        return tgc
