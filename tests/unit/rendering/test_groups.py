"""Things in order of the groups that they belong to."""

from __future__ import annotations

import numpy as np

from farm.rendering.groups import grouped


def test_things_know_their_group_and_their_place_in_it():
    group, first, place = grouped(np.asarray([2, 0, 3]))

    assert group.tolist() == [0, 0, 2, 2, 2]
    assert first.tolist() == [0, 2, 2]
    assert place.tolist() == [0, 1, 0, 1, 2]


def test_nothing_has_no_groups():
    assert [part.tolist() for part in grouped(np.zeros(0, dtype=np.int64))] == [[], [], []]
