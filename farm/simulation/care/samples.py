"""Samples: fish of a container sent to a laboratory, until the answer is received."""

from __future__ import annotations

from datetime import date

import numpy as np

from farm.domain.laboratory import LabTestSpec, days_in_laboratory, positives
from farm.simulation.care.numbering import record_id
from farm.simulation.dice import Dice
from farm.simulation.frame import Bools, Frame
from farm.simulation.health_records import LabSampleRecord
from farm.simulation.process import Today
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Why fish are sampled, in the order of the first axis of all arrays of samples.
REASONS = ("screening", "suspicion", "follow_up")
SCREENING, SUSPICION, FOLLOW_UP = range(len(REASONS))

#: What is kept of a sample until its result is received; days are ordinals.
_SAMPLE = ("number", "assignment", "outbreak", "sampled", "sent", "received", "n", "positive")

#: Index of the reason, the test and the place of a sample.
At = tuple[int, int, int]


class Samples:
    """The samples of one geography, in arrays of the shape (reasons, tests, places).

    A place has one sample at a time under way for each reason and test, so no more are taken until
    its result is there. ``number`` is 0 where none is under way; ``count``, by place, are all that
    were ever taken.
    """

    def __init__(self, tests: tuple[LabTestSpec, ...], frame: Frame, dice: Dice) -> None:
        self._tests, self._frame, self._dice = tests, frame, dice
        self._done: list[LabSampleRecord] = []

    def begin(self) -> Own:
        """Return that no sample was ever taken."""
        places = len(self._frame.places)
        shape = (len(REASONS), len(self._tests), places)
        return {
            **{name: np.zeros(shape, dtype=np.int64) for name in _SAMPLE},
            "count": np.zeros(places, dtype=np.int64),
        }

    def take(
        self,
        at: At,
        assignment: int,
        outbreak: int,
        prevalence: float,
        fish: int,
        today: Today,
        own: Own,
    ) -> None:
        """Sample fish, unless a sample of the kind is under way from the place.

        Args:
            at: why, for which test, where.
            assignment: id of the assignment of the fish.
            outbreak: id of the outbreak that it is about, 0 for none.
            prevalence: share of the fish sampled that have what the test looks for.
            fish: how many are sampled.
            today: the day.
            own: the arrays.
        """
        reason, test, place = at
        if own["number"][at]:
            return
        spec = self._tests[test]
        stream = self._dice.streams.at(Decision.LABORATORY, assignment, today.ordinal, test, reason)
        late, *chances = stream.random(1 + fish).tolist()
        sent = today.ordinal + spec.days_to_send
        own["count"][place] += 1
        values = {
            "number": own["count"][place],
            "assignment": assignment,
            "outbreak": outbreak,
            "sampled": today.ordinal,
            "sent": sent,
            "received": sent + days_in_laboratory(spec, late),
            "n": fish,
            "positive": positives(spec, prevalence, np.asarray(chances)),
        }
        for name, value in values.items():
            own[name][at] = value

    def answered(self, today: Today, own: Own) -> list[tuple[At, LabSampleRecord]]:
        """Return the samples whose results are received today; they are under way no more."""
        arrived = (own["number"] > 0) & (own["received"] <= today.ordinal)
        found = [(at, self._record(at, own, today.ordinal)) for at in _where(arrived)]
        for at, record in found:
            self._done.append(record)
            own["number"][at] = 0
        return found

    def records(self, today: int, own: Own) -> list[LabSampleRecord]:
        """Return the samples whose results were received, and those under way on a day."""
        return self._done + [self._record(at, own, today) for at in _where(own["number"] > 0)]

    def _record(self, at: At, own: Own, today: int) -> LabSampleRecord:
        reason, test, place = at
        number, assignment, outbreak, sampled, sent, received, n, found = (
            int(own[name][at]) for name in _SAMPLE
        )
        positive = found if received <= today else None
        return LabSampleRecord(
            id=record_id(self._frame.places[place], number),
            lab_test_id=test + 1,
            assignment_id=assignment,
            disease_outbreak_id=outbreak or None,
            reason=REASONS[reason],
            sampled_on=date.fromordinal(sampled),
            sent_on=date.fromordinal(sent) if sent <= today else None,
            received_on=date.fromordinal(received) if received <= today else None,
            n=n,
            positive=positive,
            result=None if positive is None else "positive" if positive else "negative",
        )


def _where(found: Bools) -> list[At]:
    _, tests, places = found.shape
    return [
        (cell // places // tests, cell // places % tests, cell % places)
        for cell in np.flatnonzero(found).tolist()
    ]
