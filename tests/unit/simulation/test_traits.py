"""What people know of fish by stage and batch is known of those that are in a container now."""

from __future__ import annotations

import numpy as np

from farm.domain.world import Stage
from farm.simulation.agenda import Agenda
from farm.simulation.feed.traits import Breeds, Traits
from farm.simulation.frame import Frame
from farm.simulation.state import State
from tests.reference.small_farm import Sketch, biology, small_plan


def test_the_traits_of_containers_are_those_of_the_fish_that_have_come_last():
    plan = small_plan(Sketch(containers=(2, 2, 2, 2, 2, 2)), Sketch(containers=(2, 2, 2, 2, 2, 2)))
    frame = Frame.of(plan.world, "FO")
    agenda = Agenda(plan, frame.geography.id)
    breeds, state = Breeds(biology(), frame, agenda), State.empty(frame)
    chance, batches = np.random.default_rng(1), sorted(agenda.batches)

    for _ in range(20):
        moved = chance.integers(0, frame.size, 3)
        state.stage[moved] = chance.integers(0, len(Stage) + 1, 3)
        state.batch[moved] = np.where(state.stage[moved] > 0, chance.choice(batches, 3), 0)
        kept, looked_up = breeds.of_containers(state), breeds.of(state.stage, state.batch)
        for name, known, found in zip(Traits._fields, kept, looked_up, strict=True):
            np.testing.assert_array_equal(known, found, name)
