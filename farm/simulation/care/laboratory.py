"""The laboratory: samples are sent and answered; people know a result when it is received."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from farm.domain.biology import Biology
from farm.simulation.agenda import Agenda
from farm.simulation.care.facts import Facts, Listens, Note, NoteKind, OpenOutbreaks, all_ears
from farm.simulation.care.occasions import Occasions
from farm.simulation.care.samples import REASONS, Sample, Samples
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame
from farm.simulation.health_records import LabSampleRecord
from farm.simulation.process import Morning
from farm.simulation.state import Own, State


class Answers(NamedTuple):
    """What came from the laboratory today.

    ``confirmed``: index of the disease and of the place of outbreaks that a test confirmed.
    """

    confirmed: list[tuple[int, int]]
    notes: list[Note]


class Laboratory:
    """Has samples taken and reads the answers; has the arrays of `Samples` and `Occasions`."""

    name = "laboratory"

    def __init__(self, biology: Biology, frame: Frame, agenda: Agenda, dice: Dice) -> None:
        codes = biology.disease_codes
        self._tests = biology.laboratory.tests
        self._names = [biology.diseases[code].name for code in codes]
        self._disease_of = [codes.index(test.disease) for test in self._tests]
        self._occasions = Occasions(biology, frame, agenda)
        self._samples = Samples(biology, frame, dice)
        self._today = 0

    def begin(self) -> Own:
        """Return a laboratory without samples."""
        return {**self._samples.begin(), **self._occasions.begin()}

    def work(
        self,
        morning: Morning,
        week: Floats,
        outbreaks: OpenOutbreaks,
        treated: Iterable[tuple[int, int]] = (),
        listens: Listens = all_ears,
    ) -> Answers:
        """Receive results and take samples.

        Args:
            morning: today, with the signs of the fish.
            week: deaths of the last week, per mille, by container.
            outbreaks: those that go on.
            treated: container and id of the outbreak, for those whose treatment is to be followed
                up today.
            listens: says which notes anybody wants.
        """
        own = morning.state.own[self.name]
        self._today = morning.today.ordinal
        answers = self._receive(morning, outbreaks, own, listens)
        wanted, notes = self._occasions.today(morning, week, outbreaks, treated, own)
        self._samples.take(wanted, morning, own)
        answers.notes.extend(notes)
        return answers

    def records(self, state: State) -> list[LabSampleRecord]:
        """Return the samples of the days lived through, and those whose results were open."""
        return self._samples.records(self._today, state.own[self.name])

    def _receive(
        self, morning: Morning, outbreaks: OpenOutbreaks, own: Own, listens: Listens
    ) -> Answers:
        answers = Answers([], [])
        for sample in self._samples.answered(morning.today, own):
            disease, place = self._disease_of[sample.test], sample.place
            goes_on = outbreaks.id[disease, place] == (sample.outbreak or -1)
            settles = goes_on and self._occasions.tests_of[disease][0] == sample.test
            open_question = settles and not outbreaks.diagnosed[disease, place]
            kind = NoteKind.RESULT
            if open_question and sample.positive:
                if (disease, place) not in answers.confirmed:
                    answers.confirmed.append((disease, place))
                    kind = NoteKind.DIAGNOSIS
            elif open_question:
                kind = NoteKind.RULED_OUT
            if listens(kind, place):
                answers.notes.append(self._note(kind, sample, disease))
        return answers

    def _note(self, kind: NoteKind, sample: Sample, disease: int) -> Note:
        facts: Facts = {
            "disease": self._names[disease],
            "test": self._tests[sample.test].name,
            "n": sample.n,
            "positive": sample.positive,
            "reason": REASONS[sample.reason],
            "days": self._today - sample.sampled,
        }
        return Note(kind, sample.place, sample.assignment, sample.outbreak or None, facts)
