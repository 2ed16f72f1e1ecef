"""Chances of a month at a time are those of single streams, however and whenever they are drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from farm.domain.calendar import Month
from farm.simulation.chances import Chances
from farm.simulation.dice import Dice, normal, uniform
from farm.simulation.frame import Floats, Frame, PlaceKind
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


def drawn_at_once(dice, draw, layers) -> Floats:
    """Return the chances of all places, shape (days, layers, containers)."""
    result = np.empty((MONTH.days, layers, dice.frame.size))
    places = np.arange(len(dice.frame.places))
    dice.fill(result, places, Decision.DEATHS, MONTH, draw, 1)
    return result


def test_the_chances_of_a_place_are_drawn_from_its_stream_layer_by_layer(dice, frame):
    together = drawn_at_once(dice, uniform, 3)
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


def test_places_may_differ_in_further_words(dice):
    places, words = np.array([0, 1, 0]), np.array([7, 7, 9])
    given = dice.by_places(places, Decision.DISEASE_ONSET, MONTH, uniform, words)
    streams = dice.at_places(places, Decision.DISEASE_ONSET, MONTH, words)
    for column, stream in enumerate(streams):
        place, word = places[column], int(words[column])
        one = dice.by_place(Decision.DISEASE_ONSET, MONTH, uniform, word)[:, place]
        assert np.array_equal(given[:, column], one)
        assert np.array_equal(stream.random(MONTH.days), one)


def test_the_containers_of_some_places_have_the_chances_that_they_have_among_all(dice, frame):
    whole = dice.by_container(Decision.APPETITE, MONTH, normal)
    some = dice.by_container(Decision.APPETITE, MONTH, normal, of=np.array([1]))
    assert np.array_equal(some, np.where(frame.place_of == 1, whole, 0.0))


def test_a_month_has_its_chances_after_whatever_months(dice, frame):
    for month in (MONTH, MONTH.next(), Month(2031, 12), MONTH):
        found = dice.by_site(Decision.WIND, month, normal, of=np.array([1]))
        stream = Streams(SEED).at(Decision.WIND, PlaceKind.SITE, frame.sites[1].id, month.index)
        assert found[:, 0].tolist() == stream.standard_normal(month.days).tolist()


def test_some_sites_have_the_chances_that_they_have_among_all(dice):
    whole = dice.by_site(Decision.SPELL_CATCH, MONTH, uniform, 2)
    some = dice.by_site(Decision.SPELL_CATCH, MONTH, uniform, 2, of=np.array([1]))
    assert np.array_equal(some, whole[:, [1]])
    none = dice.by_site(Decision.SPELL_CATCH, MONTH, uniform, 2, of=np.array([], dtype=np.int64))
    assert none.shape == (MONTH.days, 0)


def test_a_geography_without_sites_has_no_chances_of_theirs(frame):
    dice = Dice(Streams(SEED), replace(frame, sites=()))
    assert dice.by_site(Decision.WIND, MONTH, normal).shape == (MONTH.days, 0)
    assert dice.once_by_site(Decision.SITE_OFFSET).shape == (0,)


def test_a_score_is_that_of_its_address_whether_it_was_foreseen_or_asked_for_before(dice):
    ids, stages = np.array([7, 3, 7, 9]), np.array([1, 2, 1, 2])
    expected = [
        Streams(SEED).at(Decision.BATCH_ARRIVAL, *address).standard_normal()
        for address in zip(ids.tolist(), stages.tolist(), strict=True)
    ]
    assert dice.scores(Decision.BATCH_ARRIVAL, ids, stages) == expected
    assert dice.scores(Decision.BATCH_ARRIVAL, ids[::-1], stages[::-1]) == expected[::-1]
    dice.foresee({Decision.BATCH_ARRIVAL: [(7, 1), (3, 2)], Decision.EXPOSURE: [(7,)]})
    assert dice.scores(Decision.BATCH_ARRIVAL, ids, stages) == expected


def test_chances_drawn_place_by_place_are_those_drawn_together(dice, frame):
    # Given chances that matter in a container of one place first, some days later of another too
    whole = drawn_at_once(dice, normal, 3)
    chances = Chances(dice, MONTH, Decision.DEATHS, normal, 3, 1)
    matter, there = np.zeros((2, frame.size), dtype=np.bool_)
    for row, place in ((2, 1), (9, 0)):
        # When they are asked for
        matter[frame.places[place].members[-1]] = True
        found = chances.on(row, matter)
        # Then they are those of the whole month at these places, and there are none elsewhere
        there[frame.places[place].members] = True
        assert np.array_equal(found, np.where(there, whole[row], 0.0))
