"""Courses of disease in containers: begun, gone through, carried along with the fish, survived.

Arrays of the shape (diseases, containers) under these names:

    since       day of the infection as an ordinal, 0 where no course runs
    incubation, rise, plateau, decline    days of its parts
    severity    of this course; a median one has 1
    relief      what treatment has left of it, in [0, 1], on its way to ``goal``
    immune      first day on which the fish can catch it again, as an ordinal
    sick        the largest share that was clinically sick so far
    strain      by how much stress multiplies chance and deaths, less one
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.domain.disease import intensity, prevalence
from farm.simulation.cells import rows
from farm.simulation.dice import Dice
from farm.simulation.epidemics.came import Came, bring
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.state import Own
from farm.simulation.streams import Decision

PARTS = ("incubation", "rise", "plateau", "decline")

#: What belongs to a running course, and what else goes with the fish.
OF_COURSE = ("since", *PARTS, "severity", "relief", "goal", "sick")
OF_FISH = (*OF_COURSE, "immune")

_WHOLE = frozenset({"since", "immune"})


@dataclass(frozen=True, slots=True)
class Case:
    """A container that catches a disease today, in which of all phases."""

    disease: int
    container: int
    phase: int


@dataclass(frozen=True, slots=True)
class Running:
    """The courses that run today, in order of disease and container.

    Attributes:
        cell: where they stand in arrays of the shape (diseases, containers), row after row.
        disease, container: which and where.
        intensity: how near its height, treatment included, in [0, 1].
        prevalence: share of those who will carry the agent who carry it, in [0, 1].
        severity: of the course.
    """

    cell: Integers
    disease: Integers
    container: Integers
    intensity: Floats
    prevalence: Floats
    severity: Floats


class Courses:
    """What runs in which container; keeps nothing but the arrays that it is given."""

    def __init__(self, profiles: Profiles, frame: Frame, dice: Dice) -> None:
        self._profiles = profiles
        self._frame = frame
        self._dice = dice
        self._medians = np.asarray([[getattr(p.course, n) for n in PARTS] for p in profiles.of])
        self._spread = profiles.each(lambda p: p.course.log_sd)
        self._response = np.exp(-1.0 / profiles.each(lambda p: p.course.response))
        self._outbreak_sd = profiles.each(lambda p: p.effects.outbreak_log_sd)
        self._container_sd = profiles.each(lambda p: p.effects.container_log_sd)
        self._immunity = profiles.each(lambda p: p.immunity)

    def begin(self) -> Own:
        """Return arrays without any course.

        ``shared`` is the severity that an outbreak's courses share, shape (diseases, places), 0
        where there is none.
        """
        shape = (len(self._profiles), self._frame.size)
        own: Own = {
            name: np.zeros(shape, dtype=np.int64 if name in _WHOLE else np.float64)
            for name in (*OF_FISH, "strain")
        }
        own["shared"] = np.zeros((len(self._profiles), len(self._frame.places)))
        return own

    def forget(self, own: Own, containers: Integers) -> None:
        """Wipe what was known of fish that are gone."""
        size = self._frame.size
        cells = (size * np.arange(len(self._profiles))[:, np.newaxis] + containers).ravel()
        for name in (*OF_FISH, "strain"):
            own[name].put(cells, 0)

    def go_on(self, own: Own, ordinal: int) -> Running:
        """End the courses that are over, let cures work, and return what runs today."""
        cell = (own["since"].ravel() > 0).nonzero()[0]
        day = ordinal - own["since"].take(cell)
        parts = [own[name].take(cell) for name in PARTS]
        over = day >= sum(parts)
        if np.count_nonzero(over):
            ended, runs = cell[over], ~over
            immunity = self._immunity[ended // self._frame.size]
            own["immune"].put(ended, ordinal + np.ceil(immunity))
            for name in OF_COURSE:
                own[name].put(ended, 0)
            cell, day, parts = cell[runs], day[runs], [part[runs] for part in parts]
        disease, container = np.divmod(cell, self._frame.size)
        # The severity of an outbreak lasts as long as it does.
        lasts = np.zeros(own["shared"].shape, dtype=np.bool_)
        lasts[disease, self._frame.place_of.take(container)] = True
        own["shared"] *= lasts
        goal, relief = own["goal"].take(cell), own["relief"].take(cell)
        relief = goal + (relief - goal) * self._response.take(disease)
        own["relief"].put(cell, relief)
        incubation, rise, plateau, decline = parts
        height = intensity(day, incubation, rise, plateau, decline)
        return Running(
            cell,
            disease,
            container,
            height * relief,
            prevalence(day, incubation, rise, plateau, height) * relief,
            own["severity"].take(cell),
        )

    def start(
        self,
        own: Own,
        disease: int,
        container: int,
        assignment: int,
        ordinal: int,
        virulence: float,
    ) -> None:
        """Infect a container: draw the severity and the days of its course."""
        word = self._profiles.words[disease]
        place = int(self._frame.place_of[container])
        if own["shared"][disease, place] == 0.0:
            where = self._frame.places[place]
            address = (word, where.kind, where.id, ordinal)
            score = self._dice.score(Decision.OUTBREAK_SEVERITY, *address)
            own["shared"][disease, place] = np.exp(self._outbreak_sd[disease] * score)
        stream = self._dice.streams.at(Decision.DISEASE_COURSE, word, assignment, ordinal)
        scores = stream.standard_normal(1 + len(PARTS))
        alone = np.exp(self._container_sd[disease] * scores[0])
        at = disease, container
        own["since"][at] = ordinal
        own["severity"][at] = own["shared"][disease, place] * alone * virulence
        own["relief"][at] = own["goal"][at] = 1.0
        own["sick"][at] = 0.0
        days = self._medians[disease] * np.exp(self._spread[disease] * scores[1:])
        for name, length in zip(PARTS, days, strict=True):
            own[name][at] = length

    def carry(self, own: Own, came: Came) -> Integers:
        """Return, for each disease and arrival, the container whose course newcomers have.

        It is that of the infected fish that are most; where none are infected, of the fish that
        are most. -1 stands for eggs from outside, which bring nothing.
        """
        chosen = np.empty((len(self._profiles), came.arrivals), dtype=np.int64)
        chosen[:] = came.source[came.first_of_most(came.fish)]
        infected = (own["since"].take(came.source, axis=1) > 0) * came.known_fish
        for disease in rows(infected > 0):
            most = came.first_of_most(infected[disease])
            ill = infected[disease][most] > 0
            chosen[disease, ill] = came.source[most[ill]]
        return chosen

    def strain(self, own: Own, came: Came) -> Floats:
        """Return, for each disease and arrival, the greatest stress that any fish come from."""
        strain = own["strain"].take(came.source, axis=1) * (came.known_fish > 0)
        return np.asarray(np.maximum.reduceat(strain, came.start, axis=1), dtype=np.float64)

    def bring(self, own: Own, containers: Integers, chosen: Integers) -> None:
        """Give newcomers the courses that `carry` chose for them."""
        bring([own[name] for name in OF_FISH], containers, chosen)
