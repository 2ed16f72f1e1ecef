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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.disease import intensity, prevalence
from farm.simulation.cells import rows_and_columns
from farm.simulation.dice import Dice
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
class Running:
    """The courses that run today, in order of disease and container.

    Attributes:
        disease, container: which and where.
        intensity: how near its height, treatment included, in [0, 1].
        prevalence: share of those who will carry the agent who carry it, in [0, 1].
        severity: of the course.
    """

    disease: Integers
    container: Integers
    intensity: Floats
    prevalence: Floats
    severity: Floats


def brought(of_disease: NDArray[Any], chosen: Integers) -> NDArray[Any]:
    """Return what newcomers have of each disease; eggs from outside have nothing.

    Args:
        of_disease: what the fish of all containers have, shape (diseases, containers).
        chosen: as `Courses.carry` returns it.
    """
    return np.where(chosen >= 0, np.take_along_axis(of_disease, chosen, axis=1), 0)


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
        for name in (*OF_FISH, "strain"):
            own[name][:, containers] = 0

    def go_on(self, own: Own, ordinal: int) -> Running:
        """End the courses that are over, let cures work, and return what runs today."""
        disease, container = rows_and_columns(own["since"])
        day = ordinal - own["since"][disease, container]
        parts = [own[name][disease, container] for name in PARTS]
        over = day >= sum(parts)
        if over.any():
            ended = disease[over], container[over]
            own["immune"][ended] = ordinal + np.ceil(self._immunity[ended[0]])
            for name in OF_COURSE:
                own[name][ended] = 0
            runs = ~over
            disease, container, day = disease[runs], container[runs], day[runs]
            parts = [part[runs] for part in parts]
        at = disease, container
        goal = own["goal"][at]
        own["relief"][at] = goal + (own["relief"][at] - goal) * self._response[disease]
        # The severity of an outbreak lasts as long as it does.
        lasts = np.zeros(own["shared"].shape, dtype=np.bool_)
        lasts[disease, self._frame.place_of[container]] = True
        own["shared"] = np.where(lasts, own["shared"], 0.0)
        relief = own["relief"][at]
        return Running(
            disease,
            container,
            intensity(day, *parts) * relief,
            prevalence(day, *parts) * relief,
            own["severity"][at],
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

    def carry(self, own: Own, sources: list[Integers], fish: list[Integers]) -> Integers:
        """Return, for each disease and arrival, the container whose course newcomers have.

        It is that of the infected fish that are most; where none are infected, of the fish that
        are most. -1 stands for eggs from outside, which bring nothing.

        Args:
            own: the arrays of this morning.
            sources: for each arrival the containers its fish come from, its own for fish of before.
            fish: how many from each of them.
        """
        chosen = []
        for containers, counts in zip(sources, fish, strict=True):
            ill = (own["since"][:, containers] > 0) & (containers >= 0)
            infected = ill * counts
            among = np.where(infected.any(axis=1), infected.argmax(axis=1), counts.argmax())
            chosen.append(containers[among])
        return np.stack(chosen, axis=1)

    def strain(self, own: Own, sources: list[Integers], fish: list[Integers]) -> Floats:
        """Return, for each disease and arrival, the greatest stress that any fish come from."""
        result = []
        for containers, counts in zip(sources, fish, strict=True):
            came = containers[(containers >= 0) & (counts > 0)]
            result.append(own["strain"][:, came].max(axis=1, initial=0.0))
        return np.stack(result, axis=1)

    def bring(self, own: Own, containers: Integers, chosen: Integers) -> None:
        """Give newcomers the courses that `carry` chose for them."""
        for name in OF_FISH:
            own[name][:, containers] = brought(own[name], chosen)
