"""Things in order of the groups that they belong to."""

from __future__ import annotations

import numpy as np

from farm.rendering.groups import numbered


def test_things_are_numbered_within_their_group():
    assert numbered(np.asarray([2, 0, 3])).tolist() == [1, 2, 1, 2, 3]


def test_nothing_has_no_numbers():
    assert numbered(np.zeros(0, dtype=np.int64)).tolist() == []
