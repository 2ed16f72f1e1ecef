"""Courses of treatment: orders are planned, prepared by fasting, carried out and measured.

A container has one course of treatment at a time that is planned or runs; functional feed is broken
off when something else begins. The effects of earlier ones may still have to be measured. A course
that needs calm water waits for it, medicated feed for a day on which fish are fed. What a treatment
does to lice and diseases is the matter of the processes (`Process.treat`); here fish starve before
it, die of it and lose their appetite over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from farm.domain.biology import Biology
from farm.domain.world import Cause
from farm.simulation.agenda import Agenda
from farm.simulation.care.course_effects import CourseEffects
from farm.simulation.care.course_harm import CourseHarm
from farm.simulation.care.course_notes import CourseNotes
from farm.simulation.care.course_orders import CourseOrders
from farm.simulation.care.course_records import CourseRecords
from farm.simulation.care.course_starts import CourseStarts
from farm.simulation.care.course_table import FREE, RUNNING, WAITING, CourseTable, nothing
from farm.simulation.care.facts import Listens, Note, Order, Toll, all_ears
from farm.simulation.care.memory import Memory
from farm.simulation.care.numbering import record_id
from farm.simulation.care.withholding import Withholding
from farm.simulation.dice import Dice
from farm.simulation.frame import Frame, Integers
from farm.simulation.health_records import TreatmentRecord
from farm.simulation.process import Morning, Therapy, Today
from farm.simulation.state import Own, State

#: Feed that cannot be fed is given up after so many times its duration.
_TOO_LONG = 2

_TREATMENT = Cause.TREATMENT.id - 1


@dataclass(frozen=True, slots=True)
class Work:
    """What was done today: treatments that began, and what is worth writing down."""

    therapy: Therapy | None
    notes: list[Note]


class Courses:
    """Carries out orders.

    Arrays: those of a `CourseTable`, and ``number``, the treatments of each place so far.
    """

    name = "courses"

    def __init__(
        self,
        biology: Biology,
        frame: Frame,
        agenda: Agenda,
        dice: Dice,
        memory: Memory,
        withholding: Withholding,
    ) -> None:
        self._frame = frame
        self._withholding = withholding
        self._orders = CourseOrders(biology, agenda, withholding)
        self._starts = CourseStarts(biology, frame, withholding)
        self._harm = CourseHarm(biology, frame, dice)
        self._effects = CourseEffects(biology, memory)
        self._notes = CourseNotes(biology.treatments, frame)
        self._records = CourseRecords(biology, frame)
        specs = biology.treatments
        self._duration = np.asarray([spec.duration for spec in specs], dtype=np.int64)
        self._too_long = _TOO_LONG * self._duration
        self._in_feed, self._gives_way, self._is_withheld = (
            np.asarray([getattr(spec, name) for spec in specs], dtype=np.bool_)
            for name in ("in_feed", "gives_way", "is_withheld")
        )
        self._own: Own = {}
        self._table: CourseTable | None = None

    def begin(self) -> Own:
        """Return no courses."""
        number = np.zeros(len(self._frame.places), dtype=np.int64)
        return {**nothing(self._frame.size), "number": number}

    def _courses(self, state: State) -> CourseTable:
        """Return the table of a state's courses; made once for each state."""
        own = state.own[self.name]
        if self._table is None or self._own is not own:
            self._own, self._table = own, CourseTable(own, self._gives_way)
        return self._table

    def possible(
        self, kind: int, containers: Sequence[int], today: Today, state: State, *, urgent: bool
    ) -> list[int]:
        """Return where a treatment could be ordered today, see `CourseOrders.possible`."""
        courses = self._courses(state)
        return self._orders.possible(kind, containers, today, state, courses, urgent=urgent)

    def in_feed(self, state: State) -> Integers:
        """Return the id of the treatment type that each container is to get in its feed, or 0."""
        courses = self._courses(state)
        rows = courses.rows(RUNNING)
        kind = courses.kind[rows]
        given = np.zeros(self._frame.size, dtype=np.int64)
        in_feed = self._in_feed[kind]
        given[courses.container[rows[in_feed]]] = kind[in_feed] + 1
        return given

    def unmeasured(self, today: Today, state: State) -> Integers:
        """Return the containers whose lice must be counted to learn what a treatment did."""
        courses = self._courses(state)
        rows, _ = self._effects.to_be_seen(today, courses)
        due = (courses.for_lice[rows] > 0) & (courses.after_day[rows] == 0)
        containers: Integers = courses.container[rows[due]]
        return containers

    def to_follow_up(self, today: Today, state: State) -> list[tuple[int, int]]:
        """Return container and outbreak's id of courses whose effect is to be seen today."""
        courses = self._courses(state)
        rows, since = self._effects.to_be_seen(today, courses)
        new = rows[since == today.ordinal]
        at, outbreaks = courses.container[new].tolist(), courses.outbreak[new].tolist()
        return [(each, outbreak) for each, outbreak in zip(at, outbreaks, strict=True) if outbreak]

    def work(
        self,
        morning: Morning,
        orders: list[Order],
        outbreaks: Integers,
        listens: Listens = all_ears,
    ) -> Work:
        """Take orders, go on with what is under way, begin what is due.

        Args:
            morning: today.
            orders: that were decided on today.
            outbreaks: ids of those that go on; what was planned against another one is dropped.
            listens: says which notes anybody wants.
        """
        today, state = morning.today, morning.state
        courses = self._courses(state)
        for order in orders:
            self._orders.plan(order, today, state, courses)
        if not np.count_nonzero(courses.phase):
            return Work(None, [])
        self._go_on(morning, courses)
        over = self._effects.look_after(today, state, courses)
        notes = self._notes.measured(over, courses, listens)
        self._close(over, courses)
        begun = self._begin_due(morning, outbreaks, courses)
        self._harm.affect(morning, courses)
        if not begun.size:
            return Work(None, notes)
        therapy = Therapy(
            container=courses.container[begun],
            kind=courses.kind[begun],
            treatment=courses.treatment[begun],
            rates=morning.rates,
            signs=morning.signs,
        )
        return Work(therapy, notes + self._notes.begun(begun, morning, courses, listens))

    def note(self, today: Today, state: State, toll: Toll) -> None:
        """Add up this evening who died of what, and end the courses of fish that left."""
        courses = self._courses(state)
        deaths = toll.deaths[_TREATMENT]
        died = (deaths > 0).nonzero()[0]
        if died.size:
            rows = courses.rows_of(died)
            worst = self._harm.hazard(rows, today, courses).argmax(axis=0)
            courses.deaths[rows[worst, np.arange(died.size)]] += deaths[died]
        rows = (courses.phase > FREE).nonzero()[0]
        left = rows[courses.assignment[rows] != state.assignment[courses.container[rows]]]
        if left.size:
            courses.end[left[courses.phase[left] == RUNNING]] = today.ordinal
            self._close(left, courses)

    def records(self, state: State) -> list[TreatmentRecord]:
        """Return the treatments of the days lived through, as they stand now."""
        courses = self._courses(state)
        return self._records.records(courses.excerpt((courses.phase >= RUNNING).nonzero()[0]))

    def _go_on(self, morning: Morning, courses: CourseTable) -> None:
        """End the courses that are over, count today for the others."""
        rows = courses.rows(RUNNING)
        kind, where, left = courses.kind[rows], courses.container[rows], courses.left[rows]
        lasted = morning.today.ordinal - courses.day[rows]
        over = (left <= 0) | (lasted >= self._too_long[kind])
        skipped = over | (self._in_feed[kind] & morning.rates.fasting[where])
        courses.left[rows] = left - ~skipped
        self._end(rows[over], morning, courses)

    def _end(self, rows: Integers, morning: Morning, courses: CourseTable) -> None:
        """End courses: what is withheld is counted from today on, effects are to be measured."""
        if not rows.size:
            return
        courses.enter(WAITING, rows)
        courses.end[rows] = morning.today.ordinal
        for row in rows[self._is_withheld[courses.kind[rows]]].tolist():
            treatment, container = courses.treatment.item(row), courses.container.item(row)
            self._withholding.start(treatment, container, morning.today, morning.state)

    def _begin_due(self, morning: Morning, outbreaks: Integers, courses: CourseTable) -> Integers:
        """Begin what is due, put off or give up the rest; return the courses that begin."""
        due = self._starts.due(morning, outbreaks, courses)
        courses.wipe(due.given_up)
        courses.day[due.put_off] = morning.today.ordinal + 1
        if due.begin.size:
            self._end(due.broken_off, morning, courses)
            self._start(due.begin, morning, courses)
        return due.begin

    def _start(self, rows: Integers, morning: Morning, courses: CourseTable) -> None:
        """Write down the courses that begin today."""
        state, kind, where = morning.state, courses.kind[rows], courses.container[rows]
        self._effects.look_before(rows, morning.today, state, courses)
        courses.enter(RUNNING, rows)
        courses.treatment[rows] = self._next_ids(where, state)
        courses.day[rows] = morning.today.ordinal
        courses.left[rows] = self._duration[kind] - 1
        courses.fish[rows] = fish = state.population[where]
        courses.biomass_kg[rows] = fish * state.weight_g[where] / 1000.0
        courses.hazard[rows] = self._harm.on_first_day(rows, morning, courses)
        for row in rows[self._is_withheld[kind]].tolist():
            treatment, container = courses.treatment.item(row), courses.container.item(row)
            self._withholding.announce(treatment, courses.kind.item(row), container, state)

    def _next_ids(self, containers: Integers, state: State) -> list[int]:
        """Return an id for a treatment of each of these containers, in their order."""
        ids, number = [], state.own[self.name]["number"]
        for place in self._frame.place_of[containers].tolist():
            number[place] = latest = number.item(place) + 1
            ids.append(record_id(self._frame.places[place], latest))
        return ids

    def _close(self, rows: Integers, courses: CourseTable) -> None:
        """Keep the records of those courses that were given, and forget all of them."""
        if rows.size:
            given = rows[courses.phase[rows] >= RUNNING]
            self._records.complete(courses.excerpt(given))
            courses.wipe(rows)
