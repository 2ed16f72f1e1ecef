"""What is at sea is found wherever it stands among the containers."""

from __future__ import annotations

import numpy as np

from farm.simulation.frame import Frame
from tests.reference.small_farm import Sketch, small_plan

FRAME = Frame.of(small_plan(Sketch(), Sketch(site=2)).world, "FO")


def test_the_sea_is_where_the_pens_are_side_by_side_or_not():
    # Given two sites whose pens have tanks between them, and one site
    together = Frame.of(small_plan(Sketch()).world, "FO")
    for frame in (FRAME, together):
        values = np.arange(float(frame.size))
        assert np.array_equal(values[frame.sea], values[frame.pens])

    assert isinstance(together.sea, slice)
    assert not isinstance(FRAME.sea, slice)


def test_the_sums_of_sites_are_those_of_their_pens():
    values = np.random.default_rng(1).random(FRAME.size)
    sums = [float(sum(values[place.members])) for place in FRAME.places[: len(FRAME.sites)]]

    assert FRAME.at_sites(values).tolist() == sums
    assert FRAME.of_sites(values[FRAME.pens]).tolist() == sums
