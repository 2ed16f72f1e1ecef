"""What a move leaves of appetite is the same from the table as by the formula."""

from __future__ import annotations

import numpy as np

from farm.domain import growth
from farm.domain.world import Stage
from farm.simulation.setbacks import Setbacks
from tests.reference.small_farm import biology


def test_the_table_knows_what_the_formula_says_of_every_stage_and_day():
    parameters = biology().growth
    since = np.asarray([0, 1, 5, 30, 3_000])
    for stage in Stage:
        found = Setbacks(parameters).factor(np.full(since.size, stage.id), since)
        depth, days = parameters.setback_depth.of(stage), parameters.setback_days.of(stage)
        assert found.tolist() == growth.setback_factor(depth, days, since).tolist()


def test_empty_containers_are_not_set_back():
    none = np.zeros(2, dtype=np.int64)
    assert Setbacks(biology().growth).factor(none, np.asarray([0, 9])).tolist() == [1.0, 1.0]
