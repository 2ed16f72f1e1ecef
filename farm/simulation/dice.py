"""A month of chances at a time: matrices of days by containers, one stream for each place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.random import Generator

from farm.domain.calendar import Month
from farm.simulation.frame import Floats, Frame, Integers, PlaceKind
from farm.simulation.streams import Decision, Streams

#: How an array is filled from a stream.
Draw = Callable[[Generator, Floats], object]


def normal(stream: Generator, chances: Floats) -> None:
    """Fill an array with standard normal scores."""
    stream.standard_normal(out=chances)


def uniform(stream: Generator, chances: Floats) -> None:
    """Fill an array with chances in [0, 1)."""
    stream.random(out=chances)


_ALL = slice(None)


class Dice:
    """The chances of one geography.

    Addresses are made of natural keys only: kind and id of the place, or id of the area or the
    geography, then the month's index (0 for what is drawn once, before the first day), then
    whatever the decision adds. So a month gives the same chances in whatever period it is
    simulated.
    """

    def __init__(self, streams: Streams, frame: Frame) -> None:
        self.streams = streams
        self.frame = frame
        # What the addresses of a place, a site, a hall and an area begin with.
        self._places = _words(2, ((place.kind, place.id) for place in frame.places))
        self._sites = _words(2, ((PlaceKind.SITE, site.id) for site in frame.sites))
        self._halls = _words(2, ((PlaceKind.HALL, hall.id) for hall in frame.halls))
        self._areas = _words(1, ((area,) for area in frame.area_ids))
        self._members = [_span(place.members) for place in frame.places]
        self._scores: dict[Decision, dict[tuple[int, ...], float]] = {}

    def by_container(self, decision: Decision, month: Month, draw: Draw, *more: int) -> Floats:
        """Return chances for each day of a month and container."""
        return self.layered(decision, month, draw, 1, *more)[:, 0]

    def layered(
        self, decision: Decision, month: Month, draw: Draw, layers: int, *more: int
    ) -> Floats:
        """Return chances for each day of a month, layer and container, in this order of axes.

        One layer is drawn after the other: a further layer leaves those before it as they are.
        """
        result = np.empty((month.days, layers, self.frame.size), dtype=np.float64)
        self.fill(result, np.arange(len(self._members)), decision, month, draw, *more)
        return result

    def fill(
        self,
        chances: Floats,
        places: Integers,
        decision: Decision,
        month: Month,
        draw: Draw,
        *more: int,
    ) -> None:
        """Put the chances of some places, by index, where they belong in what `layered` returns."""
        days, layers, _ = chances.shape
        streams = self._along(self._places[places], decision, month.index, *more)
        for place, stream in zip(places.tolist(), streams, strict=True):
            drawn = np.empty((layers, days, self.frame.places[place].members.size))
            draw(stream, drawn)
            chances[:, :, self._members[place]] = drawn.transpose(1, 0, 2)

    def by_place(
        self,
        decision: Decision,
        month: Month,
        draw: Draw,
        *more: int,
        of: Integers | slice = _ALL,
    ) -> Floats:
        """Return chances for each day of a month and place, or some of the places."""
        return self._by(self._places[of], decision, month, draw, *more)

    def by_site(
        self,
        decision: Decision,
        month: Month,
        draw: Draw,
        *more: int,
        of: Integers | slice = _ALL,
    ) -> Floats:
        """Return chances for each day of a month and sea site, or some of the sites."""
        return self._by(self._sites[of], decision, month, draw, *more)

    def by_hall(self, decision: Decision, month: Month, draw: Draw) -> Floats:
        """Return chances for each day of a month and hall."""
        return self._by(self._halls, decision, month, draw)

    def by_area(self, decision: Decision, month: Month, draw: Draw, *more: int) -> Floats:
        """Return chances for each day of a month and area."""
        return self._by(self._areas, decision, month, draw, *more)

    def once_by_container(self, decision: Decision) -> Floats:
        """Return a normal score for each container, drawn once for all time."""
        result = np.empty(self.frame.size, dtype=np.float64)
        streams = self._along(self._places, decision, 0)
        for place, stream in zip(self.frame.places, streams, strict=True):
            result[place.members] = stream.standard_normal(place.members.size)
        return result

    def once_by_place(self, decision: Decision) -> Floats:
        """Return a normal score for each place, drawn once for all time."""
        return self._once_by(self._places, decision)

    def once_by_site(self, decision: Decision) -> Floats:
        """Return a normal score for each sea site, drawn once for all time."""
        return self._once_by(self._sites, decision)

    def once_by_hall(self, decision: Decision) -> Floats:
        """Return a normal score for each hall, drawn once for all time."""
        return self._once_by(self._halls, decision)

    def _by(
        self, subjects: Integers, decision: Decision, month: Month, draw: Draw, *more: int
    ) -> Floats:
        """Return chances for each day of a month and subject."""
        drawn = np.empty((len(subjects), month.days))
        streams = self._along(subjects, decision, month.index, *more)
        for stream, chances in zip(streams, drawn, strict=True):
            draw(stream, chances)
        return np.ascontiguousarray(drawn.T)

    def _once_by(self, subjects: Integers, decision: Decision) -> Floats:
        scores = [stream.standard_normal() for stream in self._along(subjects, decision, 0)]
        return np.asarray(scores, dtype=np.float64)

    def _along(self, subjects: Integers, decision: Decision, *rest: int) -> Iterator[Generator]:
        """Return the stream of each subject; ``rest`` ends all their addresses."""
        known = subjects.shape[1]
        addresses = np.empty((len(subjects), known + len(rest)), dtype=np.int64)
        addresses[:, :known], addresses[:, known:] = subjects, rest
        return self.streams.along(decision, addresses)

    def score(self, decision: Decision, *address: int) -> float:
        """Return one normal score at any address."""
        return float(self.streams.at(decision, *address).standard_normal())

    def scores(self, decision: Decision, *words: Integers) -> list[float]:
        """Return the normal score at each of many addresses; each word of theirs in an array."""
        addresses = list(zip(*(each.tolist() for each in words), strict=True))
        known = self._scores.setdefault(decision, {})
        # Containers of one batch or of one operation share an address.
        new = [address for address in dict.fromkeys(addresses) if address not in known]
        streams = self.streams.along(decision, new)
        known.update(
            (at, stream.standard_normal()) for at, stream in zip(new, streams, strict=True)
        )
        return [known[address] for address in addresses]

    def foresee(self, decisions: Iterable[Decision], *words: Integers) -> None:
        """Draw what `scores` will be asked for this month, and forget what it was asked for before.

        Many addresses at a time cost less, and nothing but time depends on what is foreseen.
        """
        self._scores.clear()
        for decision in decisions:
            self.scores(decision, *words)


def _words(each: int, subjects: Iterable[tuple[int, ...]]) -> Integers:
    """Return the words of subjects, one subject a row; so many words each."""
    return np.array(list(subjects), dtype=np.int64).reshape(-1, each)


def _span(members: Integers) -> slice | Integers:
    """Return the containers of a place as a slice where nothing comes between them."""
    first, size = int(members[0]), members.size
    return slice(first, first + size) if members[-1] - first == size - 1 else members


def persist(score: Floats, persistence: float, chance: Floats) -> Floats:
    """Return the next standard score of an AR(1) series: persistence and a fresh normal chance."""
    return persistence * score + math.sqrt(1.0 - persistence * persistence) * chance
