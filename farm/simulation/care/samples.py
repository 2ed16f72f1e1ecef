"""Samples: fish of a container sent to a laboratory, until the answer is received.

What a sample shows follows from the fish of its container on the day on which it is taken, and from
the test.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from farm.domain.biology import Biology
from farm.domain.laboratory import days_in_laboratory, picked, positives
from farm.simulation.care.numbering import record_id
from farm.simulation.dice import Dice
from farm.simulation.frame import Frame
from farm.simulation.health_records import LabSampleRecord
from farm.simulation.process import Morning, Today
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Why fish are sampled, in the order of the first axis of all arrays of samples.
REASONS = ("screening", "suspicion", "follow_up")
SCREENING, SUSPICION, FOLLOW_UP = range(len(REASONS))


class Wanted(NamedTuple):
    """Fish of a container that people want to sample.

    ``reason``, ``test`` and ``container`` are indices; ``outbreak`` is the id of the one that it is
    about, 0 for none; ``fish``: how many, as far as there are so many.
    """

    reason: int
    test: int
    container: int
    outbreak: int
    fish: int


class Sample(NamedTuple):
    """A sample that was taken: reason, test and place as indices, days as ordinals.

    ``outbreak`` is 0 where it is about none; nobody knows ``positive`` before ``received``.
    """

    reason: int
    test: int
    place: int
    number: int
    assignment: int
    outbreak: int
    sampled: int
    sent: int
    received: int
    n: int
    positive: int

    @property
    def answered(self) -> int:
        """The day on which people read the result: not before the day after they took it."""
        return max(self.received, self.sampled + 1)


#: What is kept of a sample at its place until its result is received.
_SAMPLE = Sample._fields[3:]


class Samples:
    """The samples of one geography, in arrays of the shape (reasons, tests, places).

    A place has one sample at a time under way for each reason and test, so no more are taken until
    its result is there. ``number`` is 0 where none is under way; ``count``, by place, are all that
    were ever taken. What is under way is kept by its day as well, read from the arrays once.
    """

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._frame, self._dice = frame, dice
        self._tests = biology.laboratory.tests
        self._targeting = biology.laboratory.sampling.targeting
        self._disease_of = [biology.disease_codes.index(test.disease) for test in self._tests]
        self._done: list[Sample] = []
        self._under_way: dict[int, list[Sample]] | None = None

    def begin(self) -> Own:
        """Return that no sample was ever taken."""
        places = len(self._frame.places)
        shape = (len(REASONS), len(self._tests), places)
        return {
            **{name: np.zeros(shape, dtype=np.int64) for name in _SAMPLE},
            "count": np.zeros(places, dtype=np.int64),
        }

    def take(self, wanted: list[Wanted], morning: Morning, own: Own) -> None:
        """Sample fish, one kind of sample after the other, unless it is under way from a place."""
        today, assignment = morning.today.ordinal, morning.state.assignment
        number, count, place_of = own["number"], own["count"], self._frame.place_of
        taken = []
        addresses = []
        for each in wanted:
            place = place_of.item(each.container)
            at = each.reason, each.test, place
            if number[at]:
                continue
            count[place] += 1
            number[at] = count[place]
            of_fish = assignment.item(each.container)
            taken.append((each, place, count.item(place), of_fish))
            addresses.append((of_fish, today, each.test, each.reason))
        streams = self._dice.streams.along(Decision.LABORATORY, addresses)
        columns, due = [own[name] for name in _SAMPLE], self._due(own)
        for known, stream in zip(taken, streams, strict=True):
            sample = self._sample(*known, stream, morning)
            due.setdefault(sample.answered, []).append(sample)
            at = sample[:3]
            for column, value in zip(columns, sample[3:], strict=True):
                column[at] = value

    def _sample(
        self,
        wanted: Wanted,
        place: int,
        number: int,
        assignment: int,
        chance: Generator,
        morning: Morning,
    ) -> Sample:
        """Return a sample of today, and what will come of it."""
        today, spec = morning.today.ordinal, self._tests[wanted.test]
        fish = min(wanted.fish, morning.state.population.item(wanted.container))
        chances = chance.random(1 + fish)
        sent = today + spec.days_to_send
        return Sample(
            wanted.reason,
            wanted.test,
            place,
            number,
            assignment,
            wanted.outbreak,
            sampled=today,
            sent=sent,
            received=sent + days_in_laboratory(spec, chances.item(0)),
            n=fish,
            positive=positives(spec, self._prevalence(wanted, morning), chances[1:]),
        )

    def _prevalence(self, wanted: Wanted, morning: Morning) -> float:
        """Return the share of the fish sampled that have what the test looks for."""
        signs, disease = morning.signs, self._disease_of[wanted.test]
        shares = signs.infected if self._tests[wanted.test].finds_carriers else signs.sick
        share = min(max(shares.item(disease, wanted.container), 0.0), 1.0)
        return share if wanted.reason == SCREENING else picked(share, self._targeting)

    def answered(self, today: Today, own: Own) -> list[Sample]:
        """Return the samples whose results are received today; they are under way no more."""
        found = sorted(self._due(own).pop(today.ordinal, ()))
        for sample in found:
            own["number"][sample.reason, sample.test, sample.place] = 0
        self._done += found
        return found

    def _due(self, own: Own) -> dict[int, list[Sample]]:
        """Return the samples under way by the day on which they are answered."""
        if self._under_way is None:
            self._under_way = {}
            for sample in _under_way(own):
                self._under_way.setdefault(sample.answered, []).append(sample)
        return self._under_way

    def records(self, today: int, own: Own) -> list[LabSampleRecord]:
        """Return the samples whose results were received, and those under way on a day."""
        samples = self._done + _under_way(own)
        return [self._record(sample, today) for sample in samples]

    def _record(self, sample: Sample, today: int) -> LabSampleRecord:
        positive = sample.positive if sample.received <= today else None
        return LabSampleRecord(
            id=record_id(self._frame.places[sample.place], sample.number),
            lab_test_id=sample.test + 1,
            assignment_id=sample.assignment,
            disease_outbreak_id=sample.outbreak or None,
            reason=REASONS[sample.reason],
            sampled_on=date.fromordinal(sample.sampled),
            sent_on=date.fromordinal(sample.sent) if sample.sent <= today else None,
            received_on=date.fromordinal(sample.received) if sample.received <= today else None,
            n=sample.n,
            positive=positive,
            result=None if positive is None else "positive" if positive else "negative",
        )


def _under_way(own: Own) -> list[Sample]:
    """Return the samples that the arrays tell of, in order of reason, test and place."""
    at = np.nonzero(own["number"])
    columns = (*at, *(own[name][at] for name in _SAMPLE))
    return [Sample(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
