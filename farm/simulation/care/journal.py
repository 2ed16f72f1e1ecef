"""The journal: what people write about a place, in words that fit the facts.

Parts of care tell what happened in a `Note`; the journal says it in one of several ways, chosen by
place and day. Not all is written down: a place has so many entries a year, more or less, so what
matters little is left out where much happens, and what is said once is not said again next day.

The facts of each kind of note, beside those that `EXPECTED` demands, may hold others, which the
words pass over. A note that lacks one is an error of whoever made it. Names are those of the
catalogues, ``place`` (site or station) is added here, shares are in per cent, ``per_mille`` are
deaths per thousand fish and week, days are ISO dates, lice are per fish.

=============  =====================================================================================
VISIT          containers, fish, temperature_c, per_mille, worst (code of the container with most
               deaths), worst_per_mille, appetite (-1: no fish that are fed), adult_female (-1: not
               counted lately), gill_score, wounded, score (Speilberg), suspected and confirmed
               (diseases in words, "" for none)
SUSPICION      disease, containers, per_mille
DIAGNOSIS      disease, test, n, positive
RULED_OUT      the same
RESULT         the same, and reason (screening, suspicion or follow_up)
MORTALITY      container, per_mille, tests (how many), temperature_c
RECOVERY       disease, days, deaths
LICE           adult_female, mobile, pens, limit, answer (treat, wait, harvest or nothing fits)
DECISION       treatment, reason (outbreak, lice or preventive), containers, day, disease
TREATMENT      treatment, reason, method, containers, fish (begins today), temperature_c
EFFECT         treatment, reason, containers, before, after, deaths; effect_percent unless there was
               nothing before. Before and after are lice for lice, deaths per mille and week else
WITHHOLDING    treatment, containers, phase (begins or ends), and degree_days or days
VACCINATION    batch, fish, containers, weight_g, vaccines, temperature_c, degree_days (until the
               sea), score (Speilberg, expected)
EARLY_HARVEST  disease, containers, percent_per_day (of the worst container), weight_g
EVENT          event (a kind of site event), phase (begins or ends), days, per_mille
=============  =====================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from farm.domain.biology import Biology
from farm.domain.calendar import YEAR
from farm.simulation.care import phrases_of_health, phrases_of_work
from farm.simulation.care.facts import Facts, Listens, Note, NoteKind
from farm.simulation.care.numbering import record_id
from farm.simulation.care.words import Chooser
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame, Place, PlaceKind
from farm.simulation.health_records import JournalRecord
from farm.simulation.process import Today
from farm.simulation.state import Own, State
from farm.simulation.streams import Decision

#: Chances drawn for a text: no text makes more choices before they repeat.
_CHOICES = 12

#: How many entries a place can save up, and how deep it can fall into debt.
_MOST_SAVED, _DEEPEST_DEBT = 6.0, -6.0

#: Who writes.
VETERINARIAN, MANAGER = "veterinarian", "manager"


@dataclass(frozen=True, slots=True)
class _Rule:
    """How notes of a kind become entries.

    Attributes:
        words: says it.
        expected: names of the facts that it needs.
        author: who writes it.
        saved: entries that a place must have to spare; whatever matters most is written always.
        gap: days in which the like is not written again at a place.
    """

    words: Callable[[Facts, Chooser], str]
    expected: frozenset[str]
    author: str
    saved: float
    gap: int

    def is_due(self, saved: float, last: int, today: int) -> bool:
        """Return whether a note is written, given what is to spare and the day of the last one."""
        return saved >= self.saved and not (last and today - last < self.gap)


#: Entries to spare that notes of different weight need.
_ALWAYS, _MOSTLY, _IF_QUIET = -np.inf, 1.0, 3.0

_TEST = "disease test n positive reason"


def _rule(
    words: Callable[[Facts, Chooser], str], expected: str, author: str, saved: float, gap: int
) -> _Rule:
    return _Rule(words, frozenset(expected.split()), author, saved, gap)


_VISIT = (
    "containers fish temperature_c per_mille worst worst_per_mille appetite adult_female gill_score"
    " wounded score suspected confirmed"
)
_VACCINATION = "batch fish containers weight_g vaccines temperature_c degree_days score"
_COURSE = "treatment reason containers"

_health, _work = phrases_of_health, phrases_of_work

_RULES: dict[NoteKind, _Rule] = {
    NoteKind.VISIT: _rule(_health.visit, _VISIT, VETERINARIAN, _ALWAYS, 0),
    NoteKind.SUSPICION: _rule(
        _health.suspicion, "disease containers per_mille", VETERINARIAN, _ALWAYS, 0
    ),
    NoteKind.DIAGNOSIS: _rule(_health.diagnosis, _TEST, VETERINARIAN, _ALWAYS, 0),
    NoteKind.RULED_OUT: _rule(_health.ruled_out, _TEST, VETERINARIAN, _MOSTLY, 14),
    NoteKind.RESULT: _rule(_health.result, _TEST, VETERINARIAN, _IF_QUIET, 35),
    NoteKind.MORTALITY: _rule(
        _health.mortality, "container per_mille tests temperature_c", VETERINARIAN, _ALWAYS, 0
    ),
    NoteKind.RECOVERY: _rule(_health.recovery, "disease days deaths", VETERINARIAN, _ALWAYS, 0),
    NoteKind.LICE: _rule(_work.lice, "adult_female mobile pens limit answer", MANAGER, _MOSTLY, 10),
    NoteKind.DECISION: _rule(_work.decision, f"{_COURSE} day disease", MANAGER, _MOSTLY, 5),
    NoteKind.TREATMENT: _rule(
        _work.treatment, f"{_COURSE} method fish temperature_c", MANAGER, _MOSTLY, 14
    ),
    NoteKind.EFFECT: _rule(_work.effect, f"{_COURSE} before after deaths", MANAGER, _MOSTLY, 14),
    NoteKind.WITHHOLDING: _rule(
        _work.withholding, "treatment containers phase", MANAGER, _MOSTLY, 14
    ),
    NoteKind.VACCINATION: _rule(_work.vaccination, _VACCINATION, MANAGER, _ALWAYS, 0),
    NoteKind.EARLY_HARVEST: _rule(
        _work.early_harvest, "disease containers percent_per_day weight_g", MANAGER, _ALWAYS, 14
    ),
    NoteKind.EVENT: _rule(_work.event, "event phase days per_mille", MANAGER, _IF_QUIET, 7),
}

#: The facts that notes of each kind must hold.
EXPECTED: dict[NoteKind, frozenset[str]] = {kind: rule.expected for kind, rule in _RULES.items()}

#: The row of each kind in the arrays.
_ROWS = {kind: row for row, kind in enumerate(NoteKind)}


def text_of(note: Note, place: Place, chances: Sequence[float]) -> str:
    """Return what is written about a note.

    Args:
        note: the note.
        place: where.
        chances: numbers in [0, 1) that choose the words.

    Raises:
        ValueError: the note lacks a fact that its kind must have.
    """
    rule = _RULES[note.kind]
    if not rule.expected <= note.facts.keys():
        missing = ", ".join(sorted(rule.expected - note.facts.keys()))
        raise ValueError(f"a note of the kind {note.kind.value} lacks {missing}")
    kind = "site" if place.kind is PlaceKind.SITE else "station"
    return rule.words({**note.facts, "place": kind}, Chooser(chances))


class _Entry(NamedTuple):
    """A note that is written down, on which day, as the place's which entry in all and that day."""

    note: Note
    date: date
    number: int
    turn: int


class Journal:
    """Writes the journals of one geography's places: chooses day by day, puts it into words later.

    By place: ``count``, entries so far; ``saved``, entries that may be written; ``last``, shape
    (kinds, places), the day of the last entry of each kind.
    """

    name = "journal"

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._frame, self._dice = frame, dice
        self._visits = biology.laboratory.visits
        code = frame.geography.code
        self._people = {
            VETERINARIAN: self._visits.veterinarians[code],
            MANAGER: self._visits.managers[code],
        }
        self._entries: list[_Entry] = []

    def begin(self) -> Own:
        """Return empty journals."""
        places = len(self._frame.places)
        return {
            "count": np.zeros(places, dtype=np.int64),
            "saved": np.zeros(places),
            "last": np.zeros((len(_ROWS), places), dtype=np.int64),
        }

    def listens(self, today: Today, state: State) -> Listens:
        """Return what says which notes may be written today: nobody need make others.

        Where it says no, `write` does, whatever is written before.
        """
        own = state.own[self.name]
        saved, last = self._to_spare(own), own["last"]

        def may_be_written(kind: NoteKind, place: int) -> bool:
            since = last.item(_ROWS[kind], place)
            return _RULES[kind].is_due(saved.item(place), since, today.ordinal)

        return may_be_written

    def write(self, today: Today, state: State, notes: list[Note]) -> None:
        """Choose what of today's notes is written down."""
        own = state.own[self.name]
        own["saved"] = self._to_spare(own)
        turns: dict[int, int] = {}
        for note in notes:
            if not self._is_written(note, today, own):
                continue
            turn = turns[note.place] = turns.get(note.place, -1) + 1
            own["count"][note.place] += 1
            self._entries.append(_Entry(note, today.date, int(own["count"][note.place]), turn))

    def records(self) -> list[JournalRecord]:
        """Return the entries of the days lived through.

        Raises:
            ValueError: a note lacks a fact that its kind must have.
        """
        places = [self._frame.places[entry.note.place] for entry in self._entries]
        addresses = [
            (place.kind, place.id, entry.date.toordinal(), entry.turn)
            for place, entry in zip(places, self._entries, strict=True)
        ]
        streams = self._dice.streams.along(Decision.JOURNAL, addresses)
        return [
            self._record(entry, place, stream.random(_CHOICES).tolist())
            for entry, place, stream in zip(self._entries, places, streams, strict=True)
        ]

    def _record(self, entry: _Entry, place: Place, chances: list[float]) -> JournalRecord:
        note, is_site = entry.note, place.kind is PlaceKind.SITE
        return JournalRecord(
            id=record_id(place, entry.number),
            date=entry.date,
            site_id=place.id if is_site else None,
            station_id=None if is_site else place.id,
            assignment_id=note.assignment,
            disease_outbreak_id=note.outbreak,
            kind=note.kind.value,
            author=self._author(note, place, entry.date),
            text=text_of(note, place, chances),
        )

    def _to_spare(self, own: Own) -> Floats:
        """Return how many entries may be written today, by place."""
        daily = self._visits.entries_per_year / YEAR
        saved: Floats = np.minimum(own["saved"] + daily, _MOST_SAVED)
        return saved

    def _is_written(self, note: Note, today: Today, own: Own) -> bool:
        """Return whether a note becomes an entry, and pay for it if so."""
        row, place = _ROWS[note.kind], note.place
        saved, last = own["saved"].item(place), own["last"].item(row, place)
        if not _RULES[note.kind].is_due(saved, last, today.ordinal):
            return False
        own["last"][row, place] = today.ordinal
        own["saved"][place] = max(saved - 1.0, _DEEPEST_DEBT)
        return True

    def _author(self, note: Note, place: Place, on: date) -> str:
        """Return who writes a note: people look after a place for some years."""
        role = _RULES[note.kind].author
        if note.kind is NoteKind.EFFECT and note.facts["reason"] != "lice":
            role = VETERINARIAN
        people, years = self._people[role], self._visits.years_in_office
        person = people[(place.id + (on.year + place.id % years) // years) % len(people)]
        if role == MANAGER:
            role = "site manager" if place.kind is PlaceKind.SITE else "station manager"
        return f"{person}, {role}"
