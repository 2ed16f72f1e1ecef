from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import floats

from farm.domain.positions import distance_m, moved

TORSHAVN, LERWICK = (62.01, -6.77), (60.15, -1.14)


def test_a_minute_of_latitude_is_a_nautical_mile():
    assert distance_m((60.0, -5.0), (60.0 + 1 / 60, -5.0)) == pytest.approx(1852, rel=0.003)


def test_distances_agree_with_the_map():
    assert distance_m(TORSHAVN, LERWICK) == pytest.approx(364_000, rel=0.01)
    assert distance_m(TORSHAVN, LERWICK) == distance_m(LERWICK, TORSHAVN)


@given(north=floats(-5000, 5000), east=floats(-5000, 5000))
def test_a_position_lies_as_far_away_as_it_was_moved(north, east):
    wanted = (north**2 + east**2) ** 0.5
    assert distance_m(TORSHAVN, moved(TORSHAVN, north, east)) == pytest.approx(
        wanted, rel=0.005, abs=0.01
    )
