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

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from farm.domain.disease import intensity, prevalence
from farm.simulation.cells import rows
from farm.simulation.dice import Dice
from farm.simulation.epidemics.came import Came
from farm.simulation.epidemics.profiles import Profiles
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Signs
from farm.simulation.state import Own
from farm.simulation.streams import Decision

PARTS = ("incubation", "rise", "plateau", "decline")

#: What belongs to a running course: 0 where none runs.
OF_COURSE = ("since", *PARTS, "severity", "relief", "goal", "sick")

_WHOLE = frozenset({"since", "immune"})


class Case(NamedTuple):
    """A container that catches a disease today, in which of all phases."""

    disease: int
    container: int
    phase: int


@dataclass(frozen=True, slots=True)
class Running:
    """The courses that run today, in order of disease and container.

    Attributes:
        cell: where they stand in arrays of the shape (diseases, containers), row after row.
        at_place: where they stand in arrays of the shape (diseases, places).
        disease, container: which and where.
        intensity: how near its height, treatment included, in [0, 1].
        prevalence: share of those who will carry the agent who carry it, in [0, 1].
        severity: of the course.
    """

    cell: Integers
    at_place: Integers
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
        # The first cell of each disease in arrays of the shape (diseases, containers).
        self._first = frame.size * np.arange(len(profiles))[:, np.newaxis]

    def begin(self) -> Own:
        """Return arrays without any course.

        ``shared`` is the severity that an outbreak's courses share, shape (diseases, places), 0
        where there is none.
        """
        shape = (len(self._profiles), self._frame.size)
        own: Own = {
            name: np.zeros(shape, dtype=np.int64 if name in _WHOLE else np.float64)
            for name in (*OF_COURSE, "immune", "strain")
        }
        own["shared"] = np.zeros((len(self._profiles), len(self._frame.places)))
        return own

    def forget(self, own: Own, containers: Integers) -> None:
        """Wipe what was known of fish that are gone."""
        cell = self._first + containers
        for name in ("immune", "strain"):
            own[name].put(cell, 0)
        self._end(own, cell[own["since"].take(cell) > 0])

    def _end(self, own: Own, cell: Integers) -> None:
        """Leave nothing of courses; what is of a course is 0 wherever none runs."""
        for name in OF_COURSE:
            own[name].put(cell, 0)

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
            self._end(own, ended)
            cell, day, parts = cell[runs], day[runs], [part[runs] for part in parts]
        disease, container = np.divmod(cell, self._frame.size)
        # The severity of an outbreak lasts as long as it does.
        at_place = disease * len(self._frame.places) + self._frame.place_of.take(container)
        lasts = np.zeros(own["shared"].size, dtype=np.bool_)
        lasts[at_place] = True
        own["shared"] *= lasts.reshape(own["shared"].shape)
        goal, relief = own["goal"].take(cell), own["relief"].take(cell)
        relief = goal + (relief - goal) * self._response.take(disease)
        own["relief"].put(cell, relief)
        incubation, rise, plateau, decline = parts
        height = intensity(day, incubation, rise, plateau, decline)
        return Running(
            cell,
            at_place,
            disease,
            container,
            height * relief,
            prevalence(day, incubation, rise, plateau, height) * relief,
            own["severity"].take(cell),
        )

    def start(
        self, own: Own, cases: Sequence[Case], assignment: Integers, ordinal: int
    ) -> Integers:
        """Infect containers: draw the severity and the days of their courses.

        Args:
            own: the arrays.
            cases: each cell at most once.
            assignment: the fish of each container.
            ordinal: of today.

        Returns:
            the cells in which the courses run.
        """
        disease, container, phase = np.asarray(cases, dtype=np.int64).T
        place = self._frame.place_of[container]
        cell: Integers = disease * self._frame.size + container
        of_outbreak = self._break_out(own, disease, place, ordinal)
        addresses = np.empty((len(cases), 3), dtype=np.int64)
        addresses[:, 0] = self._profiles.word_of[disease]
        addresses[:, 1], addresses[:, 2] = assignment[container], ordinal
        streams = self._dice.streams.along(Decision.DISEASE_COURSE, addresses)
        scores = np.empty((len(cases), 1 + len(PARTS)))
        for of_case, stream in zip(scores, streams, strict=True):
            stream.standard_normal(out=of_case)
        alone = np.exp(self._container_sd[disease] * scores[:, 0])
        own["since"].put(cell, ordinal)
        own["severity"].put(cell, of_outbreak * alone * self._profiles.virulence[phase])
        own["relief"].put(cell, 1.0)
        own["goal"].put(cell, 1.0)
        own["sick"].put(cell, 0.0)
        days = self._medians[disease] * np.exp(self._spread[disease, np.newaxis] * scores[:, 1:])
        for name, lengths in zip(PARTS, days.T, strict=True):
            own[name].put(cell, lengths)
        return cell

    def _break_out(self, own: Own, disease: Integers, place: Integers, ordinal: int) -> Floats:
        """Return the severity that each case shares with its outbreak, which may begin with it."""
        shared: Floats = own["shared"]
        for at in zip(disease.tolist(), place.tolist(), strict=True):
            if shared[at] == 0.0:
                where, word = self._frame.places[at[1]], self._profiles.words[at[0]]
                address = (word, where.kind, where.id, ordinal)
                score = self._dice.score(Decision.OUTBREAK_SEVERITY, *address)
                shared[at] = np.exp(self._outbreak_sd[at[0]] * score)
        return shared[disease, place]

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

    def bring(self, own: Own, signs: Signs, containers: Integers, chosen: Integers) -> None:
        """Give newcomers the courses that `carry` chose for them, and what can be seen of them.

        Eggs from outside have nothing.
        """
        source, target, known = self._first + chosen, self._first + containers, chosen >= 0
        ill = (own["since"].take(source) * known > 0) | (own["since"].take(target) > 0)
        for of_fish in (own["immune"], signs.infected):
            of_fish.put(target, of_fish.take(source) * known)
        # Most newcomers are free of disease, and so were those before them.
        if not np.count_nonzero(ill):
            return
        source, target, known = source[ill], target[ill], known[ill]
        of_courses = [own[name] for name in OF_COURSE]
        for of_course in (*of_courses, signs.sick, signs.intensity, signs.course):
            of_course.put(target, of_course.take(source) * known)
