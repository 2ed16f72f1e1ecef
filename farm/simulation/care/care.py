"""Care: what people do about health in a day, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Protocol, TypeVar

from farm.domain.biology import Biology
from farm.simulation.agenda import Agenda
from farm.simulation.care.counting import Counting
from farm.simulation.care.courses import Courses
from farm.simulation.care.delousing import Delousing
from farm.simulation.care.facts import Rounds, Toll
from farm.simulation.care.journal import Journal
from farm.simulation.care.laboratory import Laboratory
from farm.simulation.care.memory import Memory
from farm.simulation.care.outbreaks import Outbreaks
from farm.simulation.care.response import Response
from farm.simulation.care.vaccinating import Vaccinating
from farm.simulation.care.visits import Visits
from farm.simulation.care.withholding import Withholding
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame
from farm.simulation.health_records import HealthRecords
from farm.simulation.process import Arrival, Morning, Signs, Today
from farm.simulation.state import Own, State


class Care:
    """The people who look after the health of one geography's fish."""

    def __init__(self, biology: Biology, frame: Frame, agenda: Agenda, dice: Dice) -> None:
        self._memory = Memory(frame)
        self._outbreaks = Outbreaks(biology, frame)
        self._laboratory = Laboratory(biology, frame, agenda, dice)
        self._withholding = Withholding(biology, frame)
        self._courses = Courses(biology, frame, agenda, dice, self._memory, self._withholding)
        self._counting = Counting(biology, frame, dice)
        self._delousing = Delousing(biology, frame, dice, self._courses.possible)
        self._response = Response(biology, frame, self._courses.possible)
        self._vaccinating = Vaccinating(biology, frame, agenda, dice)
        self._visits = Visits(biology, frame, dice, self._memory)
        self._journal = Journal(biology, frame, dice)

    def begin(self) -> dict[str, Own]:
        """Return the arrays of each part of care, by its name, before the first day."""
        parts = (
            self._memory,
            self._outbreaks,
            self._laboratory,
            self._withholding,
            self._courses,
            self._counting,
            self._delousing,
            self._response,
            self._vaccinating,
            self._visits,
            self._journal,
        )
        return {part.name: part.begin() for part in parts}

    def protection(self, state: State) -> Floats:
        """Return how far vaccination protects, shape (diseases, containers), in [0, 1]."""
        return self._vaccinating.protection(state)

    def look_after(self, morning: Morning) -> Rounds:
        """Look, decide and treat; what is done goes to the boards of the morning."""
        today, state, courses = morning.today, morning.state, self._courses
        week = self._memory.week_per_mille(state)
        outbreaks, notes = self._outbreaks.watch(morning, week)
        treated, listens = courses.to_follow_up(today, state), self._journal.listens(today, state)
        answers = self._laboratory.work(morning, week, outbreaks, treated, listens)
        for disease, place in answers.confirmed:
            self._outbreaks.diagnose(disease, place, today, state)
        counts = self._counting.count(morning, courses.unmeasured(today, state))
        self._memory.count(counts, today, state)
        against_lice, why = self._delousing.decide(morning, counts)
        against_disease, and_why = self._response.decide(morning, outbreaks)
        work = courses.work(morning, against_lice + against_disease, outbreaks.id, listens)
        notes += answers.notes + why + and_why + work.notes
        notes += self._withholding.work(morning) + self._vaccinating.work(morning)
        notes += self._visits.work(morning, week, outbreaks, listens)
        self._journal.write(today, state, notes)
        return Rounds(work.therapy, counts, courses.in_feed(state))

    def welcome(self, arrival: Arrival, today: Today, state: State) -> None:
        """Take note of fish that arrived today, and of what they bring along."""
        self._vaccinating.welcome(arrival, state)
        self._outbreaks.welcome(arrival, today, state)

    def note(self, today: Today, state: State, signs: Signs, toll: Toll) -> None:
        """Write down how the day ended."""
        self._memory.note(today, state, toll)
        self._outbreaks.note(today, state, signs, toll)
        self._courses.note(today, state, toll)
        self._withholding.note(today, state)
        self._response.note(today, state, toll)

    def records(self, state: State) -> HealthRecords:
        """Return the health records of the days lived through, as they stand now."""
        return HealthRecords(
            outbreaks=_by_id(self._outbreaks.records(state)),
            treatments=_by_id(self._courses.records(state)),
            withholdings=_by_id(self._withholding.records(state)),
            vaccinations=_by_id(self._vaccinating.records()),
            lab_samples=_by_id(self._laboratory.records(state)),
            journal=_by_id(self._journal.records()),
        )


class _Record(Protocol):
    @property
    def id(self) -> int: ...


_R = TypeVar("_R", bound=_Record)


def _by_id(records: Iterable[_R]) -> tuple[_R, ...]:
    return tuple(sorted(records, key=attrgetter("id")))
