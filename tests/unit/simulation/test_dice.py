"""Chances of a month at a time are those of single streams, however and whenever they are drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from farm.domain.calendar import Month
from farm.simulation.chances import Chances
from farm.simulation.dice import Dice, normal, uniform
from farm.simulation.frame import Frame, PlaceKind
from farm.simulation.streams import Decision, Streams
from tests.reference.small_farm import Sketch, small_plan

MONTH = Month(2016, 2)
SEED = 5


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame.of(small_plan(Sketch(), Sketch(site=2)).world, "FO")


@pytest.fixture
def dice(frame) -> Dice:
    return Dice(Streams(SEED), frame)


def test_the_chances_of_a_place_are_drawn_from_its_stream_layer_by_layer(dice, frame):
    together = dice.layered(Decision.DEATHS, MONTH, uniform, 3, 1)
    for place in frame.places:
        stream = Streams(SEED).at(Decision.DEATHS, place.kind, place.id, MONTH.index, 1)
        drawn = stream.random((3, MONTH.days, place.members.size))
        assert np.array_equal(together[:, :, place.members], drawn.transpose(1, 0, 2))


def test_containers_of_a_place_need_not_stand_side_by_side(frame):
    # Given the same farm, but the containers of two places stand in turn
    one, other = (place for place in frame.places if place.kind is PlaceKind.SITE)
    both = np.sort(np.concatenate([one.members, other.members]))
    moved = {one.id: both[::2], other.id: both[1::2]}
    assert [moved[one.id].size, moved[other.id].size] == [one.members.size, other.members.size]
    places = tuple(replace(p, members=moved.get(p.id, p.members)) for p in frame.places)
    # When all are drawn
    together = Dice(Streams(SEED), frame).by_container(Decision.APPETITE, MONTH, normal)
    in_turn = Dice(Streams(SEED), replace(frame, places=places)).by_container(
        Decision.APPETITE, MONTH, normal
    )
    # Then each container has the chance of its position in its place
    for before, after in zip(frame.places, places, strict=True):
        assert np.array_equal(together[:, before.members], in_turn[:, after.members])


def test_some_sites_have_the_chances_that_they_have_among_all(dice):
    whole = dice.by_site(Decision.SPELL_CATCH, MONTH, uniform, 2)
    some = dice.by_site(Decision.SPELL_CATCH, MONTH, uniform, 2, of=np.array([1]))
    assert np.array_equal(some, whole[:, [1]])
    none = dice.by_site(Decision.SPELL_CATCH, MONTH, uniform, 2, of=np.array([], dtype=np.int64))
    assert none.shape == (MONTH.days, 0)


def test_a_score_is_that_of_its_address_whether_it_was_foreseen_or_asked_for_before(dice):
    ids, stages = np.array([7, 3, 7, 9]), np.array([1, 2, 1, 2])
    expected = [
        Streams(SEED).at(Decision.BATCH_ARRIVAL, *address).standard_normal()
        for address in zip(ids.tolist(), stages.tolist(), strict=True)
    ]
    assert dice.scores(Decision.BATCH_ARRIVAL, ids, stages) == expected
    assert dice.scores(Decision.BATCH_ARRIVAL, ids[::-1], stages[::-1]) == expected[::-1]
    dice.foresee([Decision.BATCH_ARRIVAL, Decision.EXPOSURE], ids[:2], stages[:2])
    assert dice.scores(Decision.BATCH_ARRIVAL, ids, stages) == expected


def test_chances_drawn_place_by_place_are_those_drawn_together(dice, frame):
    # Given chances that matter at one place first, some days later at another one too
    whole = dice.layered(Decision.DEATHS, MONTH, normal, 3, 1)
    chances = Chances(dice, MONTH, Decision.DEATHS, normal, 3, 1)
    matters = np.zeros(len(frame.places), dtype=np.bool_)
    for row, place in ((2, 1), (9, 0)):
        # When they are asked for
        matters[place] = True
        found = chances.on(row, matters)
        # Then they are those of the whole month, and there are none elsewhere
        there = matters[frame.place_of]
        assert np.array_equal(found, np.where(there, whole[row], 0.0))
