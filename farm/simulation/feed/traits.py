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
from farm.simulation.state import FED, State

#: Days ahead for which growth is reckoned: about the middle of a forecast.
AHEAD = 8


class Traits(NamedTuple):
    """What follows from stage and batch alone, an element for each group of fish.

    ``tgc``: potential growth; ``depth`` and ``setback`` of a move, and the days that this takes;
    ``vigour`` and ``thrift``: what progress makes of growth and feed conversion.
    """

    tgc: Floats
    depth: Floats
    setback: Floats
    vigour: Floats
    thrift: Floats


class Breeds:
    """The traits of the fish of one geography."""

    def __init__(self, biology: Biology, frame: Frame, agenda: Agenda) -> None:
        code = frame.geography.code
        self._growth = biology.growth
        # Index 0 is the stage of empty containers; stages that are not fed grow without feed.
        self._tgc = np.asarray([0.0, *(biology.growth.potential(code, stage) for stage in Stage)])
        self._depth = np.asarray([0.0, *biology.growth.setback_depth.in_order()])
        self._setback = np.asarray([1.0, *biology.growth.setback_days.in_order()])
        ids = sorted(agenda.batches)
        born = np.asarray([agenda.batches[i].start_date.toordinal() for i in ids], dtype=np.int64)
        years = progress.years(biology.progress, born)
        self._batches = np.asarray(ids, dtype=np.int64)
        self._vigour = progress.factor(biology.progress.growth, years)
        self._thrift = progress.factor(biology.progress.conversion, years)
        self._sea_c = climatology(biology.water.sea[code].temperature, np.arange(1, 367))
        # Of the fish that were last seen in each container.
        self._stage, self._batch = np.zeros((2, frame.size), dtype=np.int64)
        self._seen = self.of(self._stage, self._batch)

    def of(self, stage: Integers, batch: Integers) -> Traits:
        """Return the traits of groups of fish; those without a batch have any batch's."""
        at = np.minimum(self._batches.searchsorted(batch), len(self._batches) - 1)
        return Traits(
            tgc=self._tgc[stage],
            depth=self._depth[stage],
            setback=self._setback[stage],
            vigour=np.where(FED[stage], self._vigour[at], 1.0),
            thrift=self._thrift[at],
        )

    def of_containers(self, state: State) -> Traits:
        """Return the traits of the fish of each container; they are looked up when fish come."""
        new = ((state.batch != self._batch) | (state.stage != self._stage)).nonzero()[0]
        if new.size:
            found = self.of(state.stage[new], state.batch[new])
            for known, trait in zip(self._seen, found, strict=True):
                known[new] = trait
            self._stage, self._batch = state.stage.copy(), state.batch.copy()
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
        # The others are over their move.
        new = (since < traits.setback).nonzero()[0]
        tgc[new] *= growth.setback_factor(traits.depth[new], traits.setback[new], since[new])
        return np.asarray(tgc * traits.vigour / 1000.0 * np.maximum(water, 0.0))
