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
from farm.simulation.cells import cells
from farm.simulation.frame import Bools, Floats, Frame, Integers, PlaceKind
from farm.simulation.health_records import OutbreakRecord
from farm.simulation.process import Arrival, Morning, Signs, Today
from farm.simulation.state import Own, State

#: What is kept of the latest outbreak of each disease at each place; days are ordinals.
_OUTBREAK = ("id", "first", "onset", "diagnosed", "peak", "most", "end", "affected", "deaths")


class Outbreaks:
    """Follows the latest outbreak of each disease at each place; arrays (diseases, places).

    An outbreak lasts from the first infected container to the first day without one, so it holds
    every death of its disease there. ``most``: deaths on the day ``peak``. ``counted``, shape
    (diseases, containers): the assignment last counted as affected. ``count``: outbreaks of a
    place so far.

    Cases are cells (disease, container) and outbreaks cells (disease, place), counted row by row.
    """

    name = "outbreaks"

    def __init__(self, biology: Biology, frame: Frame) -> None:
        self._frame = frame
        profiles = [biology.diseases[code] for code in biology.disease_codes]
        self._names = [profile.name for profile in profiles]
        self._noticed_at = np.asarray([p.noticed_at for p in profiles])
        self._alarming = np.asarray([p.alarming for p in profiles])
        # The outbreak that a case belongs to.
        rows = len(frame.places) * np.arange(len(profiles))[:, np.newaxis]
        self._outbreak_of: Integers = rows + frame.place_of
        self._opened = 0  # the last day on which an outbreak was opened
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
        cases = morning.signs.course.ravel().nonzero()[0]
        outbreaks = self._outbreak_of.take(cases)
        runs, goes_on = self._where(outbreaks), (own["id"] > 0) & (own["end"] == 0)
        notes = []
        for disease, place in cells(runs != goes_on):
            if runs[disease, place]:
                self._open(disease, place, today, own)
                continue
            own["end"][disease, place] = today
            if own["onset"][disease, place]:
                notes.append(self._recovery(disease, place, own))
        self._count(cases, outbreaks, morning.state, own)
        notes += self._notice(cases, outbreaks, week, morning, own)
        open_ = own["end"] == 0
        told = [own[name] * open_ for name in ("id", "onset", "diagnosed")]
        return OpenOutbreaks(*told), notes

    def diagnose(self, disease: int, place: int, today: Today, state: State) -> None:
        """Note that a laboratory confirmed the latest outbreak of a disease at a place."""
        own = state.own[self.name]
        if own["id"][disease, place] and not own["diagnosed"][disease, place]:
            own["diagnosed"][disease, place] = today.ordinal

    def welcome(self, arrival: Arrival, today: Today, state: State) -> None:
        """Note outbreaks that fish bring along: they begin at a place on the day of arrival."""
        own = state.own[self.name]
        brought = arrival.signs.course.take(arrival.container, axis=1).ravel().nonzero()[0]
        if not brought.size:
            return
        disease, at = np.divmod(brought, arrival.container.size)
        cases = disease * self._frame.size + arrival.container[at]
        outbreaks = self._outbreak_of.take(cases)
        goes_on = (own["id"] > 0) & (own["end"] == 0)
        for begun in cells(self._where(outbreaks) & ~goes_on):
            self._open(*begun, today.ordinal, own)
        self._count(cases, outbreaks, state, own)

    def note(self, today: Today, state: State, signs: Signs, toll: Toll) -> None:
        """Write down the day's dead; ``signs``: of this evening."""
        own = state.own[self.name]
        if self._opened == today.ordinal:
            self._forget_gone(today, state, signs.course, own)
        if not toll.ill.size:
            return
        died = toll.deaths[CAUSES:].take(toll.ill, axis=1).ravel()
        outbreaks, deaths = self._outbreak_of.take(toll.ill, axis=1).ravel(), own["deaths"]
        dead = np.bincount(outbreaks, died, deaths.size).astype(np.int64).reshape(deaths.shape)
        deaths += dead
        worse = dead > own["most"]
        np.copyto(own["most"], dead, where=worse)
        np.copyto(own["peak"], today.ordinal, where=worse)

    def _forget_gone(self, today: Today, state: State, course: Bools, own: Own) -> None:
        """Forget outbreaks of today whose only fish left on the same day: they are elsewhere."""
        cases = (course & (state.assignment > 0)).ravel().nonzero()[0]
        here = self._where(self._outbreak_of.take(cases))
        own["id"][(own["first"] == today.ordinal) & ~here] = 0

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
        own["first"][disease, place] = self._opened = today
        own["counted"][disease, where.members] = 0

    def _count(self, cases: Integers, outbreaks: Integers, state: State, own: Own) -> None:
        """Count the assignments that are infected for the first time in an outbreak."""
        counted, here = own["counted"].ravel(), state.assignment.take(cases % self._frame.size)
        new = ((here > 0) & (counted.take(cases) != here)).nonzero()[0]
        if new.size:
            counted[cases[new]] = here[new]
            np.add.at(own["affected"].ravel(), outbreaks[new], 1)

    def _notice(
        self, cases: Integers, outbreaks: Integers, week: Floats, morning: Morning, own: Own
    ) -> list[Note]:
        """Let people notice disease at its height, or where many fish die of what begins."""
        new = (own["onset"].take(outbreaks) == 0).nonzero()[0]
        intensity = morning.signs.intensity.take(cases[new])
        sick = intensity > 0.0
        if not np.count_nonzero(sick):
            return []
        new, intensity = new[sick], intensity[sick]
        outbreaks = outbreaks[new]
        disease_of, container_of = np.divmod(cases[new], self._frame.size)
        high = intensity >= self._noticed_at[disease_of]
        seen = high | (week[container_of] >= self._alarming[disease_of])
        return [
            self._suspicion(outbreak, container_of[outbreaks == outbreak], week, morning, own)
            for outbreak in sorted(set(outbreaks[seen].tolist()))
        ]

    def _suspicion(
        self, outbreak: int, ill: Integers, week: Floats, morning: Morning, own: Own
    ) -> Note:
        """Note that people noticed an outbreak today, by the containers of sick fish."""
        disease, place = divmod(outbreak, len(self._frame.places))
        own["onset"][disease, place] = morning.today.ordinal
        signs, worst = morning.signs, int(ill[np.argmax(week[ill])])
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
        return Note(NoteKind.SUSPICION, place, assignment, int(own["id"][disease, place]), facts)

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

    def _where(self, outbreaks: Integers) -> Bools:
        """Return where outbreaks are, shape (diseases, places)."""
        result = np.zeros((len(self._names), len(self._frame.places)), dtype=np.bool_)
        result.ravel()[outbreaks] = True
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
