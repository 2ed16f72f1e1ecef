"""The books of a day: fish and biomass in = out + left, or the simulation stops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.errors import ImbalanceError
from farm.simulation.flows import Flows
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import State

#: How far biomass may be off, as a share of what there is: rounding of sums, nothing else.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Opening:
    """What the books know of yesterday evening: fish, and grams of fish, by container."""

    fish: Integers
    biomass_g: Floats

    @classmethod
    def of(cls, state: State) -> Opening:
        """Return yesterday's closing figures; take them before anything happens."""
        return cls(state.population.copy(), state.population * state.weight_g)


@dataclass(frozen=True, slots=True)
class Entries:
    """What happened today, by container: deaths of all causes, and grams gained by the living.

    ``dead_g`` is what the dead weighed in the morning.
    """

    deaths: Integers
    dead_g: Floats
    gained_g: Floats


def balance(
    today: Today, frame: Frame, opening: Opening, flows: Flows, entries: Entries, state: State
) -> None:
    """Check the books of today.

    Fish, for each container: yesterday + stocked + moved in - moved out - harvested - dead = now;
    since the assignment began: start + came - gone - dead = now; moved in = moved out over the
    geography.
    Biomass, over the geography: yesterday + eggs - harvested - dead + gained = now.

    Raises:
        ImbalanceError: something appeared or vanished.
    """
    day = today.date.isoformat()

    def refuse(missing: Integers, what: str) -> None:
        if np.count_nonzero(missing):
            index = int(np.flatnonzero(missing)[0])
            code = frame.containers[index].code
            raise ImbalanceError(day, code, what, float(missing[index]))

    arrived = flows.stocked + flows.moved_in
    left = flows.moved_out + flows.harvested
    missing = opening.fish + arrived - left - entries.deaths - state.population
    refuse(missing, "fish")
    refuse(np.minimum(state.population, 0), "fish below zero")
    stocked = state.assignment > 0
    owed_fish = state.start_count + state.came - state.gone - state.dead
    missing = np.where(stocked, owed_fish - state.population, 0)
    refuse(missing, "fish since the assignment began")
    lost = int((flows.moved_out - flows.moved_in).sum())
    if lost:
        raise ImbalanceError(day, "all", "fish on the move", float(lost))
    held = float((state.population * state.weight_g).sum())
    carried = flows.harvested * (opening.biomass_g / np.maximum(opening.fish, 1))
    brought = flows.stocked * state.start_weight_g + entries.gained_g
    owed = float((opening.biomass_g + brought - carried - entries.dead_g).sum())
    if not abs(held - owed) <= TOLERANCE * max(abs(held), abs(owed), 1.0):
        raise ImbalanceError(day, "all", "biomass in g", held - owed)
