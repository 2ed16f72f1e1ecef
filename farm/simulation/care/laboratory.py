"""The laboratory: samples are taken, sent and answered; people know a result when it is received.

Fish are sampled when a disease is suspected (weak ones, of the container that looks worst), again
while it goes on and after a treatment, when fish die and nobody knows why, before smolts go to sea,
and in screening at sea. What a sample shows follows from the fish of its container on the day on
which it is taken, and from the test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from farm.domain.biology import Biology
from farm.domain.laboratory import picked
from farm.domain.plan import TransferKind
from farm.domain.world import Cause
from farm.simulation.agenda import Agenda
from farm.simulation.care.facts import Facts, Note, NoteKind, OpenOutbreaks
from farm.simulation.care.memory import Memory
from farm.simulation.care.samples import FOLLOW_UP, SCREENING, SUSPICION, Samples
from farm.simulation.cells import cells
from farm.simulation.dice import Dice
from farm.simulation.frame import Bools, Frame
from farm.simulation.health_records import LabSampleRecord
from farm.simulation.process import Morning
from farm.simulation.state import Own, State

#: Sites are screened on different days: so many days apart for neighbours in the list of ids.
_APART = 11

#: Deaths in the first days after a move surprise nobody, and neither do these.
_SETTLED = 14
_KNOWN = [
    cause.id - 1 for cause in (Cause.HANDLING, Cause.ENVIRONMENT, Cause.PREDATION, Cause.TREATMENT)
]


@dataclass(frozen=True, slots=True)
class Answers:
    """What came from the laboratory today.

    ``confirmed``: index of the disease and of the place of outbreaks that a test confirmed.
    """

    confirmed: list[tuple[int, int]]
    notes: list[Note]


class Laboratory:
    """Decides what is sampled, and reads the answers; its arrays are those of `Samples` and others.

    By disease and place: ``watched``, the outbreak that was last sampled, and ``last``, the day of
    it. By place: ``alarmed``, the day of the last samples for unexplained deaths.
    """

    name = "laboratory"

    def __init__(
        self, biology: Biology, frame: Frame, agenda: Agenda, dice: Dice, memory: Memory
    ) -> None:
        self._frame, self._memory = frame, memory
        self._laboratory = laboratory = biology.laboratory
        self._tests, self._rules = laboratory.tests, laboratory.sampling
        index = {test.code: number for number, test in enumerate(self._tests)}
        codes = biology.disease_codes
        self._names = [biology.diseases[code].name for code in codes]
        self._disease_of = [codes.index(test.disease) for test in self._tests]
        self._tests_of = [[index[t] for t in biology.diseases[c].tests] for c in codes]
        here = frame.geography.code
        self._screening = [(index[s.test], s) for s in laboratory.screening[here]]
        self._smolt_tests = [index[c] for c in laboratory.smolt_tests[here]]
        self._at_sea = [index[c] for c in laboratory.unexplained_at_sea[here]]
        self._on_land = [index[c] for c in laboratory.unexplained_on_land[here]]
        self._smolt_days = _smolt_days(agenda, self._rules.before_sea)
        self._apart = _APART * np.asarray([site.id for site in frame.sites], dtype=np.int64)
        self._samples = Samples(self._tests, frame, dice)
        self._today = 0

    def begin(self) -> Own:
        """Return a laboratory without samples."""
        places = len(self._frame.places)
        diseases = (len(self._names), places)
        return {
            **self._samples.begin(),
            "watched": np.zeros(diseases, dtype=np.int64),
            "last": np.zeros(diseases, dtype=np.int64),
            "alarmed": np.zeros(places, dtype=np.int64),
        }

    def work(
        self, morning: Morning, outbreaks: OpenOutbreaks, treated: Iterable[tuple[int, int]] = ()
    ) -> Answers:
        """Receive results and take samples.

        Args:
            morning: today, with the signs of the fish.
            outbreaks: those that go on.
            treated: container and id of the outbreak, for those whose treatment is to be followed
                up today.
        """
        own = morning.state.own[self.name]
        self._today = morning.today.ordinal
        answers = self._receive(morning, outbreaks, own)
        self._suspect(morning, outbreaks, own)
        for container, outbreak in treated:
            self._follow_up(container, outbreak, morning, outbreaks, own)
        answers.notes.extend(self._wonder(morning, outbreaks, own))
        self._screen(morning, own)
        return answers

    def records(self, state: State) -> list[LabSampleRecord]:
        """Return the samples of the days lived through, and those whose results were open."""
        return self._samples.records(self._today, state.own[self.name])

    # Results.

    def _receive(self, morning: Morning, outbreaks: OpenOutbreaks, own: Own) -> Answers:
        answers = Answers([], [])
        for (_, test, place), record in self._samples.answered(morning.today, own):
            disease = self._disease_of[test]
            goes_on = outbreaks.id[disease, place] == (record.disease_outbreak_id or -1)
            settles = goes_on and self._tests_of[disease][0] == test
            open_question = settles and not outbreaks.diagnosed[disease, place]
            kind = NoteKind.RESULT
            if open_question and record.positive:
                if (disease, place) not in answers.confirmed:
                    answers.confirmed.append((disease, place))
                    kind = NoteKind.DIAGNOSIS
            elif open_question:
                kind = NoteKind.RULED_OUT
            answers.notes.append(self._note(kind, record, disease, place))
        return answers

    def _note(self, kind: NoteKind, record: LabSampleRecord, disease: int, place: int) -> Note:
        facts: Facts = {
            "disease": self._names[disease],
            "test": self._tests[record.lab_test_id - 1].name,
            "n": record.n,
            "positive": record.positive or 0,
            "reason": record.reason,
            "days": self._today - record.sampled_on.toordinal(),
        }
        return Note(kind, place, record.assignment_id, record.disease_outbreak_id, facts)

    # Samples.

    def _suspect(self, morning: Morning, outbreaks: OpenOutbreaks, own: Own) -> None:
        """Sample outbreaks that people noticed, at once and again while they go on."""
        noticed = (outbreaks.id > 0) & (outbreaks.onset > 0)
        new = noticed & (own["watched"] != outbreaks.id)
        rules = self._rules
        wait = np.where(outbreaks.diagnosed > 0, rules.follow_up_after, rules.again_after)
        again = noticed & ~new & (morning.today.ordinal - own["last"] >= wait)
        for disease, place in cells(new | again):
            container = self._worst(disease, place, morning)
            if container < 0:
                continue
            first = bool(new[disease, place])
            tests = self._tests_of[disease] if first else self._tests_of[disease][:1]
            reason = SUSPICION if first else FOLLOW_UP
            outbreak = int(outbreaks.id[disease, place])
            for test in tests:
                self._take(reason, test, container, outbreak, morning, own)
            own["watched"][disease, place] = outbreak
            own["last"][disease, place] = morning.today.ordinal

    def _follow_up(
        self, container: int, outbreak: int, morning: Morning, outbreaks: OpenOutbreaks, own: Own
    ) -> None:
        """See what a treatment did, with the test that settles the matter."""
        if not _at_hand(morning)[container]:
            return
        place = int(self._frame.place_of[container])
        for disease in np.flatnonzero(outbreaks.id[:, place] == outbreak).tolist():
            test = self._tests_of[disease][0]
            self._take(FOLLOW_UP, test, container, outbreak, morning, own)

    def _wonder(self, morning: Morning, outbreaks: OpenOutbreaks, own: Own) -> list[Note]:
        """Sample fish that die though no disease is suspected at their place."""
        frame, state, today = self._frame, morning.state, morning.today.ordinal
        week = self._memory.week_per_mille(state)
        rules = self._rules
        limit = np.where(frame.at_sea, rules.unexplained_at_sea, rules.unexplained_on_land)
        stocked = _at_hand(morning)
        many = stocked & (week > limit)
        if not many.any():
            return []
        hazard = morning.rates.hazard
        known = hazard[_KNOWN].sum(axis=0) > hazard.sum(axis=0) / 2.0
        worried = np.unique(frame.place_of[many & ~known & (today - state.arrived > _SETTLED)])
        notes = []
        for place in worried.tolist():
            explained = ((outbreaks.id[:, place] > 0) & (outbreaks.onset[:, place] > 0)).any()
            alarmed = int(own["alarmed"][place])
            if explained or (alarmed and today - alarmed < rules.unexplained_pause):
                continue
            own["alarmed"][place] = today
            members = frame.places[place].members
            worst = int(members[np.argmax(np.where(stocked[members], week[members], -1.0))])
            panel = self._at_sea if frame.at_sea[worst] else self._on_land
            for test in panel:
                self._take(SUSPICION, test, worst, 0, morning, own)
            facts: Facts = {
                "container": frame.containers[worst].code,
                "per_mille": float(week[worst]),
                "tests": len(panel),
                "temperature_c": float(morning.water.temperature_c[worst]),
            }
            assignment = int(state.assignment[worst])
            notes.append(Note(NoteKind.MORTALITY, place, assignment, None, facts))
        return notes

    def _screen(self, morning: Morning, own: Own) -> None:
        """Test one pen of each site in turn, and smolts before they go to sea."""
        frame, state, today = self._frame, morning.state, morning.today
        here = _at_hand(morning)
        for test, rule in self._screening:
            if not rule.is_on(today.date.month):
                continue
            turn, left = np.divmod(today.ordinal + self._apart, rule.interval)
            for place in np.flatnonzero(left == 0).tolist():
                members = frame.places[place].members
                stocked = members[here[members]]
                if stocked.size:
                    pen = int(stocked[turn[place] % stocked.size])
                    self._take(SCREENING, test, pen, 0, morning, own, rule.fish)
        for batch in self._smolt_days.get(today.ordinal, ()):
            tanks = frame.tanks[(state.batch[frame.tanks] == batch)]
            tanks = tanks[here[tanks]]
            if tanks.size:
                for test in self._smolt_tests:
                    tank = int(tanks[batch % tanks.size])
                    self._take(SCREENING, test, tank, 0, morning, own)

    def _worst(self, disease: int, place: int, morning: Morning) -> int:
        """Return the container that looks worst at a place, -1 if nothing is to be seen in any."""
        members = self._frame.places[place].members
        looks = morning.signs.sick[disease, members] * _at_hand(morning)[members]
        at = int(np.argmax(looks))
        return int(members[at]) if looks[at] > 0 else -1

    def _take(
        self,
        reason: int,
        test: int,
        container: int,
        outbreak: int,
        morning: Morning,
        own: Own,
        fish: int | None = None,
    ) -> None:
        """Sample the fish of a container."""
        state, spec = morning.state, self._tests[test]
        self._samples.take(
            (reason, test, int(self._frame.place_of[container])),
            int(state.assignment[container]),
            outbreak,
            self._prevalence(test, reason, container, morning),
            min(fish or spec.fish, int(state.population[container])),
            morning.today,
            own,
        )

    def _prevalence(self, test: int, reason: int, container: int, morning: Morning) -> float:
        """Return the share of the fish sampled that have what the test looks for."""
        signs, disease = morning.signs, self._disease_of[test]
        shares = signs.infected if self._tests[test].finds_carriers else signs.sick
        share = min(max(float(shares[disease, container]), 0.0), 1.0)
        return share if reason == SCREENING else picked(share, self._rules.targeting)


def _at_hand(morning: Morning) -> Bools:
    """Return which containers have fish that can be sampled: none that people take out today."""
    state = morning.state
    leave = (state.leaves > 0) & (state.leaves <= morning.today.ordinal)
    return np.asarray((state.population > 0) & ~leave, dtype=np.bool_)


def _smolt_days(agenda: Agenda, before: int) -> dict[int, list[int]]:
    """Return the batches whose smolts are tested on a day."""
    days: dict[int, list[int]] = {}
    for batch in agenda.batches.values():
        to_sea = [m.day for m in batch.movements if m.kind is TransferKind.SEA]
        if to_sea:
            days.setdefault(min(to_sea).toordinal() - before, []).append(batch.id)
    return days
