"""Outbreaks: when people notice that fish are ill, and the register of all outbreaks.

The register is written with hindsight (who was infected first, who died of what), from the signs of
the fish and the dead by cause. What people know of it is told each morning as `OpenOutbreaks`.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from farm.domain.biology import Biology
from farm.domain.calendar import day_of
from farm.domain.world import CAUSES
from farm.simulation.care.facts import Facts, Note, NoteKind, OpenOutbreaks, Toll
from farm.simulation.care.numbering import record_id
from farm.simulation.cells import cells, rows_and_columns
from farm.simulation.frame import Bools, Floats, Frame, Integers, PlaceKind
from farm.simulation.health_records import OutbreakRecord
from farm.simulation.process import Arrival, Morning, Signs, Today
from farm.simulation.state import Own, State

#: What is kept of the latest outbreak of each disease at each place; days are ordinals.
_OUTBREAK = ("id", "first", "onset", "diagnosed", "peak", "most", "end", "affected", "deaths")

#: Indices of diseases and of the containers that have them.
Cases = tuple[Integers, Integers]


class Outbreaks:
    """Follows the latest outbreak of each disease at each place; arrays (diseases, places).

    An outbreak lasts from the first infected container to the first day without one, so it holds
    every death of its disease there. ``most``: deaths on the day ``peak``. ``counted``, shape
    (diseases, containers): the assignment last counted as affected. ``count``: outbreaks of a
    place so far.
    """

    name = "outbreaks"

    def __init__(self, biology: Biology, frame: Frame) -> None:
        self._frame = frame
        profiles = [biology.diseases[code] for code in biology.disease_codes]
        self._names = [profile.name for profile in profiles]
        self._noticed_at = np.asarray([p.noticed_at for p in profiles])
        self._alarming = np.asarray([p.alarming for p in profiles])
        self._done: list[OutbreakRecord] = []

    def begin(self) -> Own:
        """Return an empty register."""
        diseases, places = len(self._names), len(self._frame.places)
        return {
            **{name: np.zeros((diseases, places), dtype=np.int64) for name in _OUTBREAK},
            "counted": np.zeros((diseases, self._frame.size), dtype=np.int64),
            "count": np.zeros(places, dtype=np.int64),
        }

    def watch(self, morning: Morning, week: Floats) -> tuple[OpenOutbreaks, list[Note]]:
        """Close outbreaks that are over, open new ones, and notice what can be seen.

        Args:
            morning: today, with the signs of the fish.
            week: deaths of the last week, per mille, by container.

        Returns:
            The outbreaks that go on, and notes of suspicion and recovery.
        """
        own, today = morning.state.own[self.name], morning.today.ordinal
        infected = rows_and_columns(morning.signs.course)
        runs = self._at_places(infected)
        goes_on = (own["id"] > 0) & (own["end"] == 0)
        notes = []
        for disease, place in cells(goes_on & ~runs):
            own["end"][disease, place] = today
            if own["onset"][disease, place]:
                notes.append(self._recovery(disease, place, own))
        for disease, place in cells(runs & ~goes_on):
            self._open(disease, place, today, own)
        self._count(infected, morning.state, own)
        notes += self._notice(infected, week, morning, own)
        open_ = own["end"] == 0
        told = [np.where(open_, own[name], 0) for name in ("id", "onset", "diagnosed")]
        return OpenOutbreaks(*told), notes

    def diagnose(self, disease: int, place: int, today: Today, state: State) -> None:
        """Note that a laboratory confirmed the latest outbreak of a disease at a place."""
        own = state.own[self.name]
        if own["id"][disease, place] and not own["diagnosed"][disease, place]:
            own["diagnosed"][disease, place] = today.ordinal

    def welcome(self, arrival: Arrival, today: Today, state: State) -> None:
        """Note outbreaks that fish bring along: they begin at a place on the day of arrival."""
        own = state.own[self.name]
        disease_of, at = rows_and_columns(arrival.signs.course.take(arrival.container, axis=1))
        container_of = arrival.container[at]
        place_of = self._frame.place_of[container_of]
        for disease, place in zip(disease_of.tolist(), place_of.tolist(), strict=True):
            if not own["id"][disease, place] or own["end"][disease, place]:
                self._open(disease, place, today.ordinal, own)
        self._count((disease_of, container_of), state, own)

    def note(self, today: Today, state: State, signs: Signs, toll: Toll) -> None:
        """Write down the day's dead; ``signs``: of this evening."""
        own = state.own[self.name]
        self._forget_gone(today, state, signs.course, own)
        if not toll.ill.size:
            return
        died = toll.deaths[CAUSES:].take(toll.ill, axis=1)
        disease, column = rows_and_columns(died)
        place = self._frame.place_of[toll.ill[column]]
        dead = np.zeros(own["deaths"].shape, dtype=np.int64)
        np.add.at(dead, (disease, place), died[disease, column])
        own["deaths"] += dead
        worse = dead > own["most"]
        own["most"][worse] = dead[worse]
        own["peak"][worse] = today.ordinal

    def _forget_gone(self, today: Today, state: State, course: Bools, own: Own) -> None:
        """Forget outbreaks of today whose only fish left on the same day: they are elsewhere."""
        new = (own["first"] == today.ordinal) & (own["id"] > 0)
        if np.count_nonzero(new):
            here = self._at_places(rows_and_columns(course & (state.assignment > 0)))
            own["id"][new & ~here] = 0

    def records(self, state: State) -> list[OutbreakRecord]:
        """Return the outbreaks of the period and the last one of each kind before it, by id."""
        own = state.own[self.name]
        latest = [self._record(disease, place, own) for disease, place in cells(own["id"] > 0)]
        return sorted(self._done + latest, key=lambda outbreak: outbreak.id)

    def _open(self, disease: int, place: int, today: int, own: Own) -> None:
        if own["id"][disease, place]:
            self._done.append(self._record(disease, place, own))
        own["count"][place] += 1
        for name in _OUTBREAK:
            own[name][disease, place] = 0
        where = self._frame.places[place]
        own["id"][disease, place] = record_id(where, int(own["count"][place]))
        own["first"][disease, place] = today
        own["counted"][disease, where.members] = 0

    def _count(self, infected: Cases, state: State, own: Own) -> None:
        """Count the assignments that are infected for the first time in an outbreak."""
        here = state.assignment[infected[1]]
        new = (here > 0) & (own["counted"][infected] != here)
        if not np.count_nonzero(new):
            return
        disease, container = (index[new] for index in infected)
        own["counted"][disease, container] = here[new]
        np.add.at(own["affected"], (disease, self._frame.place_of[container]), 1)

    def _notice(self, infected: Cases, week: Floats, morning: Morning, own: Own) -> list[Note]:
        """Let people notice disease at its height, or where many fish die of what begins."""
        signs, today = morning.signs, morning.today.ordinal
        intensity = signs.intensity[infected]
        sick = intensity > 0.0
        disease_of, container_of = (index[sick] for index in infected)
        high = intensity[sick] >= self._noticed_at[disease_of]
        seen = high | (week[container_of] >= self._alarming[disease_of])
        of_places = self._at_places((disease_of[seen], container_of[seen]))
        notes = []
        for disease, place in cells(of_places & (own["end"] == 0) & (own["onset"] == 0)):
            own["onset"][disease, place] = today
            of_disease = container_of[disease_of == disease]
            ill = of_disease[self._frame.place_of[of_disease] == place]
            worst = int(ill[np.argmax(week[ill])])
            facts: Facts = {
                "disease": self._names[disease],
                "place": self._kind(place),
                "containers": len(ill),
                "worst": self._frame.containers[worst].code,
                "per_mille": float(week[worst]),
                "appetite": 100.0 * float(morning.rates.appetite[worst]),
                "gill_score": float(signs.gill_score[worst]),
                "wounded": 100.0 * float(signs.wounded[worst]),
                "temperature_c": float(morning.water.temperature_c[worst]),
            }
            assignment = int(morning.state.assignment[worst])
            outbreak = int(own["id"][disease, place])
            notes.append(Note(NoteKind.SUSPICION, place, assignment, outbreak, facts))
        return notes

    def _recovery(self, disease: int, place: int, own: Own) -> Note:
        at = disease, place
        facts: Facts = {
            "disease": self._names[disease],
            "place": self._kind(place),
            "containers": int(own["affected"][at]),
            "days": int(own["end"][at] - own["first"][at]),
            "deaths": int(own["deaths"][at]),
        }
        return Note(NoteKind.RECOVERY, place, None, int(own["id"][at]), facts)

    def _kind(self, place: int) -> str:
        return "site" if self._frame.places[place].kind is PlaceKind.SITE else "station"

    def _at_places(self, cases: Cases) -> Bools:
        """Return where there are cases, shape (diseases, places)."""
        result = np.zeros((len(self._names), len(self._frame.places)), dtype=np.bool_)
        disease, container = cases
        result[disease, self._frame.place_of[container]] = True
        return result

    def _record(self, disease: int, place: int, own: Own) -> OutbreakRecord:
        kept = {name: int(own[name][disease, place]) for name in _OUTBREAK}
        where = self._frame.places[place]
        is_site = where.kind is PlaceKind.SITE
        return OutbreakRecord(
            id=kept["id"],
            disease_id=disease + 1,
            site_id=where.id if is_site else None,
            station_id=None if is_site else where.id,
            first_case_date=date.fromordinal(kept["first"]),
            onset_date=day_of(kept["onset"]),
            diagnosed_date=day_of(kept["diagnosed"]),
            peak_date=day_of(kept["peak"]),
            end_date=day_of(kept["end"]),
            assignments_affected=kept["affected"],
            deaths=kept["deaths"],
        )
