"""A month of chances at a time: matrices of days by containers, one stream for each place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.domain.calendar import Month
from farm.simulation.frame import Bools, Floats, Frame, Integers, PlaceKind
from farm.simulation.streams import Decision, Streams, streams_of
from farm.simulation.subjects import EVERY, Subjects

#: How an array is filled from a stream: ``draw(stream, out=array)``.
Draw = Callable[..., object]

#: Draws standard normal scores.
normal: Draw = Generator.standard_normal

#: Draws chances in [0, 1).
uniform: Draw = Generator.random

#: Normal scores, by address.
_Known = dict[tuple[int, ...], float]


class Dice:
    """The chances of one geography.

    Addresses are made of natural keys only: kind and id of the place, or id of the area or the
    geography, then the month's index, see `Subjects`. So a month gives the same chances in whatever
    period it is simulated.
    """

    def __init__(self, streams: Streams, frame: Frame) -> None:
        self.streams = streams
        self.frame = frame
        self._places = Subjects(streams, 2, ((place.kind, place.id) for place in frame.places))
        self._sites = Subjects(streams, 2, ((PlaceKind.SITE, site.id) for site in frame.sites))
        self._halls = Subjects(streams, 2, ((PlaceKind.HALL, hall.id) for hall in frame.halls))
        self._areas = Subjects(streams, 1, ((area,) for area in frame.area_ids))
        self._every = np.arange(len(frame.places))
        self._members = [_span(place.members) for place in frame.places]
        self._scores: dict[Decision, _Known] = {}
        #: Containers into which fish come this month. What is drawn where fish live is drawn there
        #: with the chances of all other places: many places at a time cost less.
        self.awaited: Bools = np.zeros(frame.size, dtype=np.bool_)

    def by_container(
        self,
        decision: Decision,
        month: Month,
        draw: Draw,
        *more: int,
        of: Integers | slice = EVERY,
    ) -> Floats:
        """Return chances for each day of a month and container; 0 but at some places, if given."""
        result = np.zeros((month.days, 1, self.frame.size))
        self.fill(result, self._every[of], decision, month, draw, *more)
        return result[:, 0]

    def fill(
        self,
        chances: Floats,
        places: Integers,
        decision: Decision,
        month: Month,
        draw: Draw,
        *more: int,
    ) -> None:
        """Put the chances of some places, by index, where they belong.

        Chances are those of each day of the month, layer and container, in this order of axes. One
        layer is drawn after the other: a further layer leaves those before it as they are.
        """
        days, layers, _ = chances.shape
        streams = streams_of(self._places.seeds(decision, month, *more, of=places))
        for place, stream in zip(places.tolist(), streams, strict=True):
            drawn = np.empty((layers, days, self.frame.places[place].members.size))
            draw(stream, out=drawn)
            chances[:, :, self._members[place]] = drawn.transpose(1, 0, 2)

    def by_place(
        self,
        decision: Decision,
        month: Month,
        draw: Draw,
        *more: int,
        of: Integers | slice = EVERY,
    ) -> Floats:
        """Return chances for each day of a month and place, or some of the places."""
        return _by(self._places.seeds(decision, month, *more, of=of), month, draw)

    def by_places(
        self, places: Integers, decision: Decision, month: Month, draw: Draw, words: Integers
    ) -> Floats:
        """Return chances for each day of a month and some places; each with a further word."""
        return _by(self._places.seeds_of(places, decision, month, words), month, draw)

    def at_places(
        self, places: Integers, decision: Decision, month: Month, words: Integers
    ) -> Iterator[Generator]:
        """Return the month's stream of each of some places; each with a further word."""
        return streams_of(self._places.seeds_of(places, decision, month, words))

    def by_site(
        self,
        decision: Decision,
        month: Month,
        draw: Draw,
        *more: int,
        of: Integers | slice = EVERY,
    ) -> Floats:
        """Return chances for each day of a month and sea site, or some of the sites."""
        return _by(self._sites.seeds(decision, month, *more, of=of), month, draw)

    def by_hall(self, decision: Decision, month: Month, draw: Draw) -> Floats:
        """Return chances for each day of a month and hall."""
        return _by(self._halls.seeds(decision, month), month, draw)

    def by_area(self, decision: Decision, month: Month, draw: Draw, *more: int) -> Floats:
        """Return chances for each day of a month and area."""
        return _by(self._areas.seeds(decision, month, *more), month, draw)

    def once_by_container(self, decision: Decision) -> Floats:
        """Return a normal score for each container, drawn once for all time."""
        result = np.empty(self.frame.size, dtype=np.float64)
        streams = self._places.once(decision)
        for place, stream in zip(self.frame.places, streams, strict=True):
            result[place.members] = stream.standard_normal(place.members.size)
        return result

    def once_by_place(self, decision: Decision) -> Floats:
        """Return a normal score for each place, drawn once for all time."""
        return _scores(self._places.once(decision))

    def once_by_site(self, decision: Decision) -> Floats:
        """Return a normal score for each sea site, drawn once for all time."""
        return _scores(self._sites.once(decision))

    def once_by_hall(self, decision: Decision) -> Floats:
        """Return a normal score for each hall, drawn once for all time."""
        return _scores(self._halls.once(decision))

    def score(self, decision: Decision, *address: int) -> float:
        """Return one normal score at any address."""
        return float(self.streams.at(decision, *address).standard_normal())

    def scores(self, decision: Decision, *words: Integers) -> list[float]:
        """Return the normal score at each of many addresses; each word of theirs in an array."""
        addresses = list(zip(*(each.tolist() for each in words), strict=True))
        known = self._known(decision, addresses)
        return [known[address] for address in addresses]

    def _known(self, decision: Decision, addresses: Iterable[tuple[int, ...]]) -> _Known:
        """Return the scores of a decision, among them those at these addresses."""
        known = self._scores.setdefault(decision, {})
        # Containers of one batch or of one operation share an address.
        if new := list(set(addresses).difference(known)):
            scores = map(Generator.standard_normal, self.streams.along(decision, new))
            known.update(zip(new, scores, strict=True))
        return known

    def foresee(self, scores: Mapping[Decision, Iterable[tuple[int, ...]]]) -> None:
        """Draw what `scores` will be asked for this month, and forget what it was asked for before.

        Many addresses at a time cost less, and nothing but time depends on what is foreseen.
        """
        self._scores.clear()
        for decision, addresses in scores.items():
            self._known(decision, addresses)

    def await_fish(self, containers: Iterable[int]) -> None:
        """Take the indices of the containers into which fish come this month, for `awaited`."""
        self.awaited[:] = False
        self.awaited[list(containers)] = True


def _by(seeds: NDArray[np.uint64], month: Month, draw: Draw) -> Floats:
    """Return chances for each day of a month and seed."""
    drawn = np.empty((len(seeds), month.days))
    for stream, chances in zip(streams_of(seeds), drawn, strict=True):
        draw(stream, out=chances)
    return np.ascontiguousarray(drawn.T)


def _scores(streams: Iterable[Generator]) -> Floats:
    """Return a normal score of each stream."""
    return np.asarray([stream.standard_normal() for stream in streams], dtype=np.float64)


def _span(members: Integers) -> slice | Integers:
    """Return the containers of a place as a slice where nothing comes between them."""
    first, size = int(members[0]), members.size
    return slice(first, first + size) if members[-1] - first == size - 1 else members


def persist(score: Floats, persistence: float, chance: Floats) -> Floats:
    """Return the next standard score of an AR(1) series: persistence and a fresh normal chance."""
    return persistence * score + math.sqrt(1.0 - persistence * persistence) * chance
