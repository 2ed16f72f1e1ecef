"""The columns of a table are its own and the snapshot's: what is written to one is in the other."""

from __future__ import annotations

import numpy as np

from farm.simulation.feed import tables

NAMES = ("store", "grams")


def test_what_is_written_to_the_whole_is_in_its_columns():
    own = tables.empty(NAMES, 2, 3)
    tables.whole(NAMES, own)[:, 4] = 7, 8
    assert own["store"].tolist() == [[0, 0, 0], [0, 7, 0]]
    assert own["grams"].tolist() == [[0, 0, 0], [0, 8, 0]]


def test_columns_of_a_snapshot_are_put_into_one_array_again():
    own = {name: np.asarray([1, 2, 3]) for name in NAMES} | {"count": np.asarray([2])}
    tables.whole(NAMES, own)[:, 0] = 5
    assert [own[name].tolist() for name in NAMES] == [[5, 2, 3]] * 2
    assert tables.whole(NAMES, own).base is tables.whole(NAMES, own).base
    assert own["count"].tolist() == [2]
