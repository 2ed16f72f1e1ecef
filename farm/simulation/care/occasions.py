"""Occasions on which fish are sampled: suspicion, treatment, deaths, the sea ahead, routine.

Fish are sampled when a disease is suspected (weak ones, of the container that looks worst), again
while it goes on and after a treatment, when fish die and nobody knows why, before smolts go to sea,
and in screening at sea.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from farm.domain.biology import Biology
from farm.domain.laboratory import Screening
from farm.domain.world import Cause
from farm.simulation.agenda import Agenda
from farm.simulation.care.campaigns import first_at_sea
from farm.simulation.care.facts import Facts, Note, NoteKind, OpenOutbreaks
from farm.simulation.care.samples import FOLLOW_UP, SCREENING, SUSPICION, Wanted
from farm.simulation.cells import cells
from farm.simulation.frame import Bools, Floats, Frame
from farm.simulation.process import Morning
from farm.simulation.state import Own

#: Sites are screened on different days: so many days apart for neighbours in the list of ids.
_APART = 11

#: Deaths in the first days after a move surprise nobody, and neither do these.
_SETTLED = 14
_KNOWN = [
    cause.id - 1 for cause in (Cause.HANDLING, Cause.ENVIRONMENT, Cause.PREDATION, Cause.TREATMENT)
]


class Occasions:
    """Says which fish of one geography are to be sampled today.

    By disease and place: ``watched``, the outbreak that was last sampled, and ``last``, the day of
    it. By place: ``alarmed``, the day of the last samples for unexplained deaths.
    """

    def __init__(self, biology: Biology, frame: Frame, agenda: Agenda) -> None:
        self._frame = frame
        laboratory = biology.laboratory
        self._tests, self._rules = laboratory.tests, laboratory.sampling
        index = {test.code: number for number, test in enumerate(self._tests)}
        self.tests_of = [
            [index[test] for test in biology.diseases[code].tests] for code in biology.disease_codes
        ]
        here = frame.geography.code
        self._smolt_tests = [index[c] for c in laboratory.smolt_tests[here]]
        self._at_sea = [index[c] for c in laboratory.unexplained_at_sea[here]]
        self._on_land = [index[c] for c in laboratory.unexplained_on_land[here]]
        rules = self._rules
        self._surprising = np.where(
            frame.at_sea, rules.unexplained_at_sea, rules.unexplained_on_land
        )
        self._smolt_days = _smolt_days(agenda, rules.before_sea)
        self._apart = [_APART * site.id for site in frame.sites]
        self._screening = [
            (index[rule.test], rule, self._due(rule)) for rule in laboratory.screening[here]
        ]

    def begin(self) -> Own:
        """Return that fish were never sampled."""
        places = len(self._frame.places)
        diseases = (len(self.tests_of), places)
        return {
            "watched": np.zeros(diseases, dtype=np.int64),
            "last": np.zeros(diseases, dtype=np.int64),
            "alarmed": np.zeros(places, dtype=np.int64),
        }

    def today(
        self,
        morning: Morning,
        week: Floats,
        outbreaks: OpenOutbreaks,
        treated: Iterable[tuple[int, int]],
        own: Own,
    ) -> tuple[list[Wanted], list[Note]]:
        """Return the samples that are wanted today, and notes of deaths that nobody can explain.

        Args:
            morning: today, with the signs of the fish.
            week: deaths of the last week, per mille, by container.
            outbreaks: those that go on.
            treated: container and id of the outbreak, for those whose treatment is to be followed
                up today.
            own: the arrays.
        """
        at_hand = _at_hand(morning)
        noticed = outbreaks.onset > 0
        wanted = self._suspected(noticed, outbreaks, at_hand, morning, own)
        wanted += self._followed_up(treated, outbreaks, at_hand)
        alarms, notes = self._unexplained(noticed, week, at_hand, morning, own)
        wanted += alarms + self._screened(at_hand, morning) + self._smolts(at_hand, morning)
        return wanted, notes

    def _suspected(
        self,
        noticed: Bools,
        outbreaks: OpenOutbreaks,
        at_hand: Bools,
        morning: Morning,
        own: Own,
    ) -> list[Wanted]:
        """Sample outbreaks that people noticed, at once and again while they go on."""
        rules, today = self._rules, morning.today.ordinal
        wait = np.where(outbreaks.diagnosed > 0, rules.follow_up_after, rules.again_after)
        new = own["watched"] != outbreaks.id
        wanted = []
        for disease, place in cells(noticed & (new | (today - own["last"] >= wait))):
            container = self._worst(disease, place, at_hand, morning)
            if container < 0:
                continue
            first = bool(new[disease, place])
            tests = self.tests_of[disease] if first else self.tests_of[disease][:1]
            reason = SUSPICION if first else FOLLOW_UP
            outbreak = int(outbreaks.id[disease, place])
            wanted += [self._wanted(reason, test, container, outbreak) for test in tests]
            own["watched"][disease, place] = outbreak
            own["last"][disease, place] = today
        return wanted

    def _followed_up(
        self, treated: Iterable[tuple[int, int]], outbreaks: OpenOutbreaks, at_hand: Bools
    ) -> list[Wanted]:
        """See what treatments did to an outbreak, with the test that settles the matter."""
        first: dict[tuple[int, int], int] = {}
        for container, outbreak in treated:
            if at_hand[container]:
                first.setdefault((int(self._frame.place_of[container]), outbreak), container)
        wanted = []
        for (place, outbreak), container in first.items():
            for disease in (outbreaks.id[:, place] == outbreak).nonzero()[0].tolist():
                test = self.tests_of[disease][0]
                wanted.append(self._wanted(FOLLOW_UP, test, container, outbreak))
        return wanted

    def _unexplained(
        self, noticed: Bools, week: Floats, at_hand: Bools, morning: Morning, own: Own
    ) -> tuple[list[Wanted], list[Note]]:
        """Sample fish that die though no disease is suspected at their place."""
        frame, state, today = self._frame, morning.state, morning.today.ordinal
        wanted: list[Wanted] = []
        notes: list[Note] = []
        found = (week > self._surprising).nonzero()[0]
        found = found[at_hand[found] & (today - state.arrived[found] > _SETTLED)]
        alarmed = own["alarmed"]
        lately = today - alarmed < self._rules.unexplained_pause
        found = found[~(np.logical_or.reduce(noticed) | lately)[frame.place_of[found]]]
        if not found.size:
            return wanted, notes
        hazard = morning.rates.hazard
        known = np.add.reduce(hazard[_KNOWN]) > np.add.reduce(hazard) / 2.0
        for place in sorted(set(frame.place_of[found[~known[found]]].tolist())):
            alarmed[place] = today
            members = frame.places[place].members
            worst = int(members[np.argmax(np.where(at_hand[members], week[members], -1.0))])
            panel = self._at_sea if frame.at_sea[worst] else self._on_land
            wanted += [self._wanted(SUSPICION, test, worst) for test in panel]
            facts: Facts = {
                "container": frame.containers[worst].code,
                "per_mille": float(week[worst]),
                "tests": len(panel),
                "temperature_c": float(morning.water.temperature_c[worst]),
            }
            assignment = int(state.assignment[worst])
            notes.append(Note(NoteKind.MORTALITY, place, assignment, None, facts))
        return wanted, notes

    def _screened(self, at_hand: Bools, morning: Morning) -> list[Wanted]:
        """Test one pen of each site in turn."""
        today = morning.today
        wanted = []
        for test, rule, due in self._screening:
            if not rule.is_on(today.date.month):
                continue
            for place in due[today.ordinal % rule.interval]:
                members = self._frame.places[place].members
                stocked = members[at_hand[members]]
                if stocked.size:
                    turn = (today.ordinal + self._apart[place]) // rule.interval
                    pen = int(stocked[turn % stocked.size])
                    wanted.append(Wanted(SCREENING, test, pen, 0, rule.fish))
        return wanted

    def _smolts(self, at_hand: Bools, morning: Morning) -> list[Wanted]:
        """Test smolts before they go to sea."""
        tanks = self._frame.tanks
        wanted = []
        for batch in self._smolt_days.get(morning.today.ordinal, ()):
            held = tanks[(morning.state.batch[tanks] == batch) & at_hand[tanks]]
            if held.size:
                tank = int(held[batch % held.size])
                wanted += [self._wanted(SCREENING, test, tank) for test in self._smolt_tests]
        return wanted

    def _wanted(self, reason: int, test: int, container: int, outbreak: int = 0) -> Wanted:
        return Wanted(reason, test, container, outbreak, self._tests[test].fish)

    def _worst(self, disease: int, place: int, at_hand: Bools, morning: Morning) -> int:
        """Return the container that looks worst at a place, -1 if nothing is to be seen in any."""
        members = self._frame.places[place].members
        looks = morning.signs.sick[disease, members] * at_hand[members]
        at = int(looks.argmax())
        return int(members[at]) if looks[at] > 0 else -1

    def _due(self, rule: Screening) -> list[list[int]]:
        """Return the sites that are screened on a day, by its ordinal modulo the interval."""
        due: list[list[int]] = [[] for _ in range(rule.interval)]
        for place, apart in enumerate(self._apart):
            due[-apart % rule.interval].append(place)
        return due


def _at_hand(morning: Morning) -> Bools:
    """Return which containers have fish that can be sampled: none that people take out today."""
    state = morning.state
    leave = (state.leaves > 0) & (state.leaves <= morning.today.ordinal)
    return np.asarray((state.population > 0) & ~leave, dtype=np.bool_)


def _smolt_days(agenda: Agenda, before: int) -> dict[int, list[int]]:
    """Return the batches whose smolts are tested on a day."""
    days: dict[int, list[int]] = {}
    for batch in agenda.batches.values():
        if sea := first_at_sea(batch):
            days.setdefault(sea - before, []).append(batch.id)
    return days
