"""A month of chances at a time: matrices of days by containers, one stream for each place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.random import Generator

from farm.domain.calendar import Month
from farm.simulation.frame import Floats, Frame, Integers, Place, PlaceKind
from farm.simulation.streams import Decision, Streams

#: How a block of a given shape is drawn from a stream.
Draw = Callable[[Generator, tuple[int, ...]], Floats]


def normal(stream: Generator, shape: tuple[int, ...]) -> Floats:
    """Draw standard normal scores."""
    return stream.standard_normal(shape)


def uniform(stream: Generator, shape: tuple[int, ...]) -> Floats:
    """Draw chances in [0, 1)."""
    return stream.random(shape)


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
        # Containers in order of index, out of those of one place after the other.
        self._by_index = np.argsort(np.argsort(frame.place_of, kind="stable"))

    def by_container(self, decision: Decision, month: Month, draw: Draw, *more: int) -> Floats:
        """Return chances for each day of a month and container."""
        return self.layered(decision, month, draw, 1, *more)[:, 0]

    def layered(
        self, decision: Decision, month: Month, draw: Draw, layers: int, *more: int
    ) -> Floats:
        """Return chances for each day of a month, layer and container, in this order of axes.

        One layer is drawn after the other: a further layer leaves those before it as they are.
        """
        days = month.days
        drawn = [
            draw(stream, (layers, days, place.members.size))
            for place, stream in self._of_places(decision, month.index, *more)
        ]
        of_all = np.concatenate(drawn, axis=2).transpose(1, 0, 2)
        return of_all.take(self._by_index, axis=2)

    def by_place(self, decision: Decision, month: Month, draw: Draw, *more: int) -> Floats:
        """Return chances for each day of a month and place."""
        days = (month.days,)
        streams = self._of_places(decision, month.index, *more)
        return np.stack([draw(stream, days) for _, stream in streams], axis=1)

    def by_site(self, decision: Decision, month: Month, draw: Draw, *more: int) -> Floats:
        """Return chances for each day of a month and sea site."""
        sites = [(PlaceKind.SITE, site.id) for site in self.frame.sites]
        return self._by(sites, decision, (month.index, *more), draw, month.days)

    def by_hall(self, decision: Decision, month: Month, draw: Draw) -> Floats:
        """Return chances for each day of a month and hall."""
        halls = [(PlaceKind.HALL, hall.id) for hall in self.frame.halls]
        return self._by(halls, decision, (month.index,), draw, month.days)

    def by_area(self, decision: Decision, month: Month, draw: Draw, *more: int) -> Floats:
        """Return chances for each day of a month and area."""
        areas = [(area,) for area in self.frame.area_ids]
        return self._by(areas, decision, (month.index, *more), draw, month.days)

    def once_by_container(self, decision: Decision) -> Floats:
        """Return a normal score for each container, drawn once for all time."""
        result = np.empty(self.frame.size, dtype=np.float64)
        for place, stream in self._of_places(decision, 0):
            result[place.members] = stream.standard_normal(place.members.size)
        return result

    def once_by_place(self, decision: Decision) -> Floats:
        """Return a normal score for each place, drawn once for all time."""
        scores = [stream.standard_normal() for _, stream in self._of_places(decision, 0)]
        return np.asarray(scores, dtype=np.float64)

    def once_by_site(self, decision: Decision) -> Floats:
        """Return a normal score for each sea site, drawn once for all time."""
        sites = [(PlaceKind.SITE, site.id) for site in self.frame.sites]
        return self._by(sites, decision, (0,), normal, 1).reshape(-1)

    def once_by_hall(self, decision: Decision) -> Floats:
        """Return a normal score for each hall, drawn once for all time."""
        halls = [(PlaceKind.HALL, hall.id) for hall in self.frame.halls]
        return self._by(halls, decision, (0,), normal, 1).reshape(-1)

    def _by(
        self,
        subjects: Sequence[tuple[int, ...]],
        decision: Decision,
        rest: tuple[int, ...],
        draw: Draw,
        days: int,
    ) -> Floats:
        """Return chances for each day and subject; ``rest`` ends all their addresses."""
        result = np.empty((days, len(subjects)), dtype=np.float64)
        addresses = [(*subject, *rest) for subject in subjects]
        for index, stream in enumerate(self.streams.along(decision, addresses)):
            result[:, index] = draw(stream, (days,))
        return result

    def _of_places(self, decision: Decision, *rest: int) -> Iterator[tuple[Place, Generator]]:
        """Return each place with its stream; ``rest`` ends all their addresses."""
        places = self.frame.places
        addresses = [(place.kind, place.id, *rest) for place in places]
        return zip(places, self.streams.along(decision, addresses), strict=True)

    def score(self, decision: Decision, *address: int) -> float:
        """Return one normal score at any address."""
        return float(self.streams.at(decision, *address).standard_normal())

    def scores(self, decision: Decision, *words: Integers) -> list[float]:
        """Return the normal score at each of many addresses; each word of theirs in an array."""
        addresses = list(zip(*(each.tolist() for each in words), strict=True))
        # Containers of one batch or of one operation share an address.
        distinct = list(dict.fromkeys(addresses))
        streams = self.streams.along(decision, distinct)
        score = {
            address: stream.standard_normal()
            for address, stream in zip(distinct, streams, strict=True)
        }
        return [score[address] for address in addresses]


def persist(score: Floats, persistence: float, chance: Floats) -> Floats:
    """Return the next standard score of an AR(1) series: persistence and a fresh normal chance."""
    return persistence * score + math.sqrt(1.0 - persistence * persistence) * chance
