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

    ``fish`` of mean weight ``weight_g`` on the evening before they are first fed, ``begin`` days
    from now; ``end`` days from now they are fed for the last time. ``root`` is the cubic root of
    the weight and gains ``root_growth`` in a day; ``behind`` is the feed behind such a fish.
    ``first_type``: index of the smallest of the feeds that they eat of; ``pace``: feed over that of
    the table.
    """

    store: Integers
    first_type: Integers
    fish: Floats
    weight_g: Floats
    root: Floats
    behind: Floats
    begin: Integers
    end: Integers
    root_growth: Floats
    pace: Floats

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
        conversion = feeding.conversion(biology.feeding, frame.geography.code, self._weights)
        middle = (conversion[1:] + conversion[:-1]) / 2.0
        self._behind = np.concatenate(([0.0], np.cumsum(middle * np.diff(self._weights))))
        self._edges = self.behind(np.append(self._from_g, _HEAVIEST))

    def behind(self, weight_g: Floats) -> Floats:
        """Return the feed that has made a fish of a weight, in grams, but for a constant."""
        return np.interp(weight_g, self._weights, self._behind)

    def eaten(self, mouths: Mouths, days: Integers) -> Needs:
        """Return what is eaten in spans of time from tomorrow on.

        Args:
            mouths: those who eat.
            days: lengths of the spans, shape (spans, mouths).
        """
        fed = np.maximum(np.minimum(days, mouths.end) - mouths.begin + 1, 0)
        reached = self.behind((mouths.root + mouths.root_growth * fed) ** 3)
        size = self._from_g.searchsorted(mouths.weight_g, side="right") - 1
        start, factor = mouths.behind, mouths.fish * mouths.pace
        cell = mouths.store * self._types + mouths.first_type + size
        rounds = []
        # Pellet by pellet, those who get so far; nobody grows out of the largest.
        for _ in range(_SIZES_AHEAD):
            upto = self._edges[size + 1]
            feed = np.minimum(reached, upto) - np.maximum(start, self._edges[size])
            rounds.append((cell, np.maximum(feed, 0.0) * factor))
            grows = (size + 1 < self._from_g.size) & (np.maximum.reduce(reached, axis=0) > upto)
            if not np.count_nonzero(grows):
                break
            start, factor, reached = start[grows], factor[grows], reached[:, grows]
            cell, size = cell[grows] + 1, size[grows] + 1
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
