"""Mouths: groups of fish that will be fed in the days to come, and what they eat of each pellet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from farm.domain import feeding
from farm.domain.biology import Biology
from farm.simulation.frame import Floats, Frame, Integers

#: Weights, in grams, between which the feed behind a fish is added up; enough of them that no feed
#: conversion is off by more than a per mille.
_LIGHTEST, _HEAVIEST, _KNOTS = 0.05, 20_000.0, 600

#: Feed sizes that a fish may pass within a forecast: it is about its first month of feeding.
_SIZES_AHEAD = 4


class Mouths(NamedTuple):
    """Groups of fish that will be fed, one element each.

    ``cell``: that of their store and of the feed that they eat first, as in `Needs`; ``fish``: so
    many would eat by the table what these will eat. They are fed from the evening ``start`` days
    from now on, and ``end`` days from now for the last time. ``root`` is the cubic root of their
    weight on that evening and gains ``root_growth`` in a day; ``behind`` is the feed behind a fish.
    """

    store: Integers
    cell: Integers
    fish: Floats
    root: Floats
    behind: Floats
    start: Integers
    end: Integers
    root_growth: Floats

    def chosen(self, rows: Integers) -> Mouths:
        """Return some of them."""
        return Mouths._make(column[rows] for column in self)

    @classmethod
    def of_all(cls, *groups: Mouths) -> Mouths:
        """Return the mouths of several groups, one group after the other."""
        return cls._make(map(np.concatenate, zip(*groups, strict=True)))


class Needs(NamedTuple):
    """What will be eaten of feeds that anything may be eaten of.

    ``cell`` of each, rising: the index of its store, times the number of feed types, and that of
    the feed. ``grams``: of shape (spans of time, cells).
    """

    cell: Integers
    grams: Floats


class Pellets:
    """The sizes of feed that fish grow through, and how much of each they eat on their way."""

    def __init__(self, biology: Biology, frame: Frame) -> None:
        plain = [kind for kind in frame.feed_types if kind.treatment_type_id is None]
        self._types = len(frame.feed_types)
        self._cells = len(frame.feed_stores) * self._types
        self._from_g = np.asarray([kind.min_weight_g for kind in plain])
        self._weights = np.geomspace(_LIGHTEST, _HEAVIEST, _KNOTS)
        ratio = feeding.Conversion(biology.feeding, frame.geography.code).at(self._weights)
        middle = (ratio[1:] + ratio[:-1]) / 2.0
        self._behind = np.concatenate(([0.0], np.cumsum(middle * np.diff(self._weights))))
        # By cell: the feed behind a fish that has outgrown the pellet.
        larger = zip(frame.feed_types, [*frame.feed_types[1:], None], strict=True)
        upto_g = [
            after.min_weight_g
            if after is not None and after.treatment_type_id == kind.treatment_type_id
            else _HEAVIEST
            for kind, after in larger
        ]
        self._outgrown = np.tile(self.behind(np.asarray(upto_g)), len(frame.feed_stores))

    def behind(self, weight_g: Floats) -> Floats:
        """Return the feed that has made a fish of a weight, in grams, but for a constant.

        It rises no further where fish are as heavy as no fish is.
        """
        return np.interp(weight_g, self._weights, self._behind)

    def first_cell(self, store: Integers, weight_g: Floats) -> Integers:
        """Return the cells of stores and of the plain feed that fish of these weights eat."""
        size = self._from_g.searchsorted(weight_g, side="right") - 1
        return store * self._types + size

    def eaten(self, mouths: Mouths, days: Integers) -> Needs:
        """Return what is eaten in spans of time from tomorrow on.

        Args:
            mouths: those who eat.
            days: lengths of the spans, shape (spans, mouths).
        """
        fed = np.maximum(np.minimum(days, mouths.end) - mouths.start, 0)
        reached = self.behind((mouths.root + mouths.root_growth * fed) ** 3)
        farthest = np.maximum.reduce(reached, axis=0)
        since, fish, cell, rounds = mouths.behind, mouths.fish, mouths.cell, []
        # Pellet by pellet, those who get so far; nobody grows out of the largest.
        for _ in range(_SIZES_AHEAD):
            upto = self._outgrown[cell]
            feed = np.minimum(reached, upto) - since
            rounds.append((cell, np.maximum(feed, 0.0) * fish))
            grow = (farthest > upto).nonzero()[0]
            if not grow.size:
                break
            since, fish, cell = upto[grow], fish[grow], cell[grow] + 1
            reached, farthest = reached.take(grow, axis=1), farthest[grow]
        return self._added_up(rounds)

    def _added_up(self, rounds: list[tuple[Integers, Floats]]) -> Needs:
        """Return the sums of grams, shape (spans, mouths), by cell; round by round, as they are."""
        is_needed = np.zeros(self._cells, dtype=np.bool_)
        for cell, _ in rounds:
            is_needed[cell] = True
        cells = is_needed.nonzero()[0]
        place = np.empty(self._cells, dtype=np.int64)
        place[cells] = np.arange(cells.size)
        spans = len(rounds[0][1])
        first = cells.size * np.arange(spans)[:, np.newaxis]
        eaten = np.zeros(spans * cells.size)
        for cell, grams in rounds:
            eaten += np.bincount((place[cell] + first).ravel(), grams.ravel(), eaten.size)
        return Needs(cells, eaten.reshape(spans, cells.size))
