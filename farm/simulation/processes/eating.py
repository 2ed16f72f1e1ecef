"""Eating: appetite that varies and wants oxygen, feed held back when full, feed conversion."""

from __future__ import annotations

import numpy as np

from farm.domain import feeding, progress
from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.simulation.dice import Dice, normal, persist
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Arrival, Morning, Process
from farm.simulation.state import Own
from farm.simulation.streams import Decision


class Eating(Process):
    """Contributes appetite and feed conversion."""

    name = "eating"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._feeding = biology.feeding
        self._progress = biology.progress
        self._conversion = feeding.Conversion(biology.feeding, frame.geography.code)
        self._frame = frame
        self._dice = dice
        self._chances: Floats = np.zeros((0, frame.size))

    def begin(self) -> Own:
        """Return the mood of each container, and the conversion of the fish in it."""
        return {
            "mood": self._dice.once_by_container(Decision.APPETITE),
            "thrift": np.ones(self._frame.size),
        }

    def turn_month(self, month: Month) -> None:
        """Draw the moods of a month."""
        self._chances = self._dice.by_container(Decision.APPETITE, month, normal)

    def contribute(self, morning: Morning, own: Own) -> None:
        """Multiply appetite and conversion together."""
        today, state, rates = morning.today, morning.state, morning.rates
        parameters, frame = self._feeding, self._frame
        own["mood"] = persist(
            own["mood"], parameters.appetite_persistence, self._chances[today.row]
        )
        spread = parameters.appetite_sd
        rates.eat(np.exp(spread * own["mood"] - 0.5 * spread * spread))
        rates.eat(feeding.oxygen_factor(parameters, morning.water.saturation_percent))
        density = state.population * state.weight_g / 1000.0 / frame.volume_m3
        rates.eat(feeding.crowding_factor(parameters, density / frame.max_density_kg_m3))
        rates.convert(self._conversion.at(state.weight_g))
        rates.convert(own["thrift"])

    def welcome(self, arrival: Arrival, own: Own) -> None:
        """Draw how thrifty the newcomers' batch is; later batches do with less."""
        years = progress.years(self._progress, arrival.born)
        better = progress.factor(self._progress.conversion, years)
        scores = np.asarray(self._dice.scores(Decision.BATCH_CONVERSION, arrival.batch))
        own["thrift"][arrival.container] = better * np.exp(self._feeding.fcr_batch_cv * scores)
