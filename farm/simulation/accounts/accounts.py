"""The accounts of one geography: drawn up from what the chronicle wrote, once a period is over.

What a batch has cost so far is carried from period to period; everything else follows from the
period's own days and from the evening before them.
"""

from __future__ import annotations

from dataclasses import dataclass

from farm.domain.calendar import Period
from farm.domain.costs import Costs
from farm.simulation.agenda import Agenda
from farm.simulation.chronicle import Chronicle
from farm.simulation.dice import Dice
from farm.simulation.figure_records import FigureRecords
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.health_records import HealthRecords
from farm.simulation.state import Own, State


@dataclass(frozen=True, slots=True)
class Opening:
    """The evening before a period: batch, fish and mean weight by container."""

    batch: Integers
    population: Integers
    weight_g: Floats

    @classmethod
    def of(cls, state: State) -> Opening:
        """Return the figures of a state, which may change afterwards."""
        return cls(state.batch.copy(), state.population.copy(), state.weight_g.copy())


class Accounts:
    """Draws up the figures of a geography's months, places and batches."""

    name = "accounts"

    def __init__(self, costs: Costs, frame: Frame, agenda: Agenda, dice: Dice) -> None:
        pass

    def begin(self) -> dict[str, Own]:
        """Return what every batch has cost before the first day: nothing."""
        return {}

    def draw_up(
        self,
        period: Period,
        chronicle: Chronicle,
        health: HealthRecords,
        opening: Opening,
        state: State,
    ) -> FigureRecords:
        """Return the figures of a period, and carry the costs of living batches into the state."""
        return FigureRecords()
