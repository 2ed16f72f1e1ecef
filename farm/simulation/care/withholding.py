"""Withholding periods: how long fish may not be harvested after a medicine.

They run from the end of a course, in degree-days of the container's own water or in days. Fish
that must leave before a period is sure to be over are never given the medicine, so no fish take
the rest of a period along. People also keep clear of the days on which a site is harvested, but
for fish that must be treated at once: their harvest waits.
"""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from farm.domain import water
from farm.domain.biology import Biology
from farm.domain.treatment import TreatmentSpec
from farm.domain.world import Stage
from farm.simulation.care.facts import Facts, Note, NoteKind
from farm.simulation.care.notes import by_place
from farm.simulation.cells import cells
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.health_records import WithholdingRecord
from farm.simulation.process import Morning, Today
from farm.simulation.state import Own, State

#: Periods that can run in one container at once.
SLOTS = 4

#: Digits kept of counted degree-days.
_DIGITS = 2

#: Water of a cold year is colder than normal by so many standard deviations, and no colder in °C.
_COLD, _LEAST = 2.0, 1.0

#: Days of a year as it is looked ahead; a leap year's last day is like the first.
_YEAR = 366

_WHOLE = ("treatment", "kind", "assignment", "start")


class Withholding:
    """Counts the withholding periods of all containers; arrays of shape (SLOTS, containers).

    ``treatment`` is 0 in a free slot, ``start`` 0 as long as the course runs.
    """

    name = "withholding"

    def __init__(self, biology: Biology, frame: Frame) -> None:
        self._frame = frame
        self._specs = biology.treatments
        self._margin = biology.care.treating.margin
        self._fasting = biology.feeding.fasting_before_harvest
        self._cold_sea, self._cold_fresh = _cold_sea(biology, frame), _cold_fresh(biology, frame)
        # The days of `_longest` by type, shape (days of the year, sites and then halls), and where
        # each container's site or hall stands in it.
        self._cold_year: dict[int, Integers] = {}
        sites, halls = len(frame.sites), len(frame.halls)
        self._water_of = frame.spread(np.arange(sites), np.arange(sites, sites + halls))
        self._degree_days = np.asarray([s.withdrawal_degree_days or 0.0 for s in self._specs])
        self._days = np.asarray([s.withdrawal_days or 0 for s in self._specs], dtype=np.int64)
        at_place = np.bincount(frame.place_of, minlength=len(frame.places))
        self._pens_of_place = at_place[frame.place_of]
        self._done: list[WithholdingRecord] = []

    def begin(self) -> Own:
        """Return no periods."""
        shape = (SLOTS, self._frame.size)
        whole = {name: np.zeros(shape, dtype=np.int64) for name in _WHOLE}
        return {**whole, "degree_days": np.zeros(shape)}

    def may_use(
        self, kind: int, container: int, today: Today, state: State, *, urgent: bool
    ) -> bool:
        """Return whether a treatment leaves time for its withdrawal in a container.

        The course, a period as long as in a cold year, the fast before harvest and a margin must
        lie between today and the day on which fish are next to leave. Of the last stage that is the
        day by which the pen must be empty, less a day for each pen of the site; where it is urgent
        that day itself, without a margin. False as well where as many periods run as a container
        can have; true where nothing is withheld.

        Args:
            kind: index of the treatment type.
            container: that is asked for.
            today: the day on which it is thought of.
            state: of yesterday evening.
            urgent: whether harvests wait for it.
        """
        spec = self._specs[kind]
        if not spec.is_withheld:
            return True
        if state.withheld.item(container) >= SLOTS:
            return False
        longest = self._longest(kind, today.day_of_year + spec.duration)
        withheld: int = longest.item(self._water_of.item(container))
        over = today.ordinal + spec.duration + withheld + self._fasting
        clear = 0 if urgent else self._margin + self._pens_of_place.item(container)
        empty_by, leaves = state.empty_by.item(container), state.leaves.item(container)
        in_time = not empty_by or over + clear <= empty_by
        return in_time and (not leaves or over + self._margin <= leaves)

    def _longest(self, kind: int, day_of_year: int) -> Integers:
        """Return for how many days a medicine is withheld in a cold year, by site and by hall.

        From a day of the year on, which may be one of the next.
        """
        if kind not in self._cold_year:
            spec = self._specs[kind]
            at_sites = [_days_until(warmth, spec) for warmth in self._cold_sea.T]
            at_halls = spec.withdrawal_days_at(self._cold_fresh).astype(np.int64)
            in_halls = np.broadcast_to(at_halls, (_YEAR, at_halls.size))
            self._cold_year[kind] = np.column_stack([*at_sites, in_halls])
        days: Integers = self._cold_year[kind][(day_of_year - 1) % _YEAR]
        return days

    def announce(self, treatment: int, kind: int, container: int, state: State) -> None:
        """Withhold the fish of a container from the first day of a course on.

        Raises:
            IndexError: as many periods run in it as a container can have.
        """
        own = state.own[self.name]
        slot = int((own["treatment"][:, container] == 0).nonzero()[0][0])
        own["treatment"][slot, container] = treatment
        own["kind"][slot, container] = kind
        own["assignment"][slot, container] = state.assignment[container]
        own["start"][slot, container] = 0
        own["degree_days"][slot, container] = 0.0
        state.withheld[container] += 1

    def start(self, treatment: int, container: int, today: Today, state: State) -> None:
        """Let the period of a course that ended run from today on."""
        own = state.own[self.name]
        own["start"][own["treatment"][:, container] == treatment, container] = today.ordinal

    def work(self, morning: Morning) -> list[Note]:
        """End the periods that are over this morning, count today for the others.

        To be called after courses ended and began.
        """
        state, today = morning.state, morning.today
        own = state.own[self.name]
        runs = (own["start"].ravel() > 0).nonzero()[0]
        if not runs.size:
            return []
        kind, counted = own["kind"].take(runs), own["degree_days"].take(runs)
        days, elapsed = self._days[kind], today.ordinal - own["start"].take(runs)
        over = np.where(days > 0, elapsed >= days, counted >= self._degree_days[kind])
        warmth = np.maximum(morning.water.temperature_c[runs % self._frame.size], 0.0)
        own["degree_days"].put(runs, np.where(over, counted, counted + warmth))
        ended = self._cells(runs[over])
        notes = self._notes(ended, own)
        for slot, container in ended:
            self._end(slot, container, today.ordinal, state)
        return notes

    def note(self, today: Today, state: State) -> None:
        """Close this evening the periods of containers whose fish left."""
        own = state.own[self.name]
        withheld = (own["treatment"].ravel() > 0).nonzero()[0]
        if not withheld.size:
            return
        here = state.assignment[withheld % self._frame.size]
        left = withheld[own["assignment"].take(withheld) != here]
        for slot, container in self._cells(left):
            self._end(slot, container, today.ordinal, state)

    def records(self, state: State) -> list[WithholdingRecord]:
        """Return the periods of the days lived through, as they stand now."""
        own = state.own[self.name]
        running = cells(own["start"] > 0)
        return self._done + [self._record(slot, at, None, own) for slot, at in running]

    def _cells(self, numbers: Integers) -> list[tuple[int, int]]:
        """Return slot and container of cells that are counted row by row."""
        return [divmod(number, self._frame.size) for number in numbers.tolist()]

    def _end(self, slot: int, container: int, ordinal: int, state: State) -> None:
        own = state.own[self.name]
        if own["start"][slot, container]:
            end = date.fromordinal(ordinal)
            self._done.append(self._record(slot, container, end, own))
        if own["assignment"][slot, container] == state.assignment[container]:
            state.withheld[container] -= 1
        for array in own.values():
            array[slot, container] = 0

    def _record(self, slot: int, container: int, end: date | None, own: Own) -> WithholdingRecord:
        spec: TreatmentSpec = self._specs[int(own["kind"][slot, container])]
        treatment = int(own["treatment"][slot, container])
        return WithholdingRecord(
            id=treatment,
            treatment_id=treatment,
            assignment_id=int(own["assignment"][slot, container]),
            start_date=date.fromordinal(int(own["start"][slot, container])),
            end_date=end,
            required_degree_days=spec.withdrawal_degree_days,
            required_days=spec.withdrawal_days,
            degree_days=round(float(own["degree_days"][slot, container]), _DIGITS),
        )

    def _notes(self, ended: list[tuple[int, int]], own: Own) -> list[Note]:
        """Return one note for each place and treatment whose periods are over."""
        cases = [(at, int(own["kind"][slot, at]), slot) for slot, at in ended]
        notes = []
        for place, kind, slots in by_place(self._frame, cases):
            counted = [float(own["degree_days"][slot, at]) for at, slot in slots]
            spec = self._specs[kind]
            waited: Facts = (
                {"days": spec.withdrawal_days}
                if spec.withdrawal_days
                else {"degree_days": round(math.fsum(counted) / len(counted), 1)}
            )
            facts: Facts = {
                "treatment": spec.name,
                "containers": len(slots),
                "phase": "ends",
                **waited,
            }
            notes.append(Note(NoteKind.WITHHOLDING, place, None, None, facts))
        return notes


def _cold_sea(biology: Biology, frame: Frame) -> Floats:
    """Return the water in °C of a cold year at each sea site, shape (days of the year, sites)."""
    parameters = biology.water
    sea, common = parameters.sea[frame.geography.code], parameters.sea_common
    days = np.arange(1, _YEAR + 1)
    normal = [
        water.normal_sea_temperature(sea, site.latitude, common.amplitude.of(site.exposure), days)
        for site in frame.sites
    ]
    spread = _COLD * math.hypot(water.sea_temperature_sd(sea), sea.offset_sd)
    shape = (len(frame.sites), _YEAR)
    cold = np.asarray(normal, dtype=np.float64).reshape(shape).T - spread
    return np.asarray(np.maximum(cold, _LEAST), dtype=np.float64)


def _cold_fresh(biology: Biology, frame: Frame) -> Floats:
    """Return the coldest water in °C that is to be expected in each hall."""
    fresh, stages = biology.water.fresh, tuple(Stage)
    swing = max(fresh.ras_amplitude, fresh.flow_through_amplitude)
    spread = _COLD * max(fresh.ras_sd, fresh.flow_through_sd)
    at_halls = [
        water.fresh_setpoint(fresh, stages[hall.lifecycle_stage_id - 1]) - swing - spread
        for hall in frame.halls
    ]
    return np.maximum(np.asarray(at_halls, dtype=np.float64), _LEAST)


def _days_until(warmth: Floats, spec: TreatmentSpec) -> Integers:
    """Return for each day of the year how long the withdrawal takes that begins on it."""
    if spec.withdrawal_degree_days is None:
        return np.full(_YEAR, spec.withdrawal_days or 0, dtype=np.int64)
    years = math.ceil(spec.withdrawal_degree_days / warmth.sum()) + 1
    counted = np.concatenate([[0.0], np.cumsum(np.tile(warmth, years))])
    days = np.arange(_YEAR)
    reached = np.searchsorted(counted, counted[days] + spec.withdrawal_degree_days)
    return np.asarray(reached - days, dtype=np.int64)
