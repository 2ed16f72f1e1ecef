"""Courses of treatment: orders are planned, prepared by fasting, carried out and measured.

A container has one course of treatment at a time that is planned or runs; functional feed is broken
off when something else begins. The effects of earlier ones may still have to be measured. A course
that needs calm water waits for it, medicated feed for a day on which fish are fed. What a treatment
does to lice and diseases is the matter of the processes (`Process.treat`); here fish starve before
it, die of it and lose their appetite over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.domain.biology import Biology
from farm.domain.events import SiteEventKind
from farm.domain.treatment import TreatmentSpec
from farm.domain.world import Cause
from farm.simulation.agenda import Agenda
from farm.simulation.care import course_notes
from farm.simulation.care.course_effects import CourseEffects
from farm.simulation.care.course_harm import CourseHarm
from farm.simulation.care.course_records import (
    COURSE,
    FREE,
    PLANNED,
    REASONS,
    RUNNING,
    SLOTS,
    WAITING,
    CourseRecords,
)
from farm.simulation.care.facts import Note, Order
from farm.simulation.care.memory import Memory
from farm.simulation.care.numbering import record_id
from farm.simulation.care.withholding import Withholding
from farm.simulation.cells import cells, rows_and_columns
from farm.simulation.dice import Dice
from farm.simulation.frame import Bools, Frame, Integers
from farm.simulation.health_records import TreatmentRecord
from farm.simulation.process import Morning, Therapy, Today
from farm.simulation.state import Own, State

#: Nobody crowds fish in these.
_ROUGH = [
    kind.row
    for kind in (
        SiteEventKind.STORM,
        SiteEventKind.HYPOXIA,
        SiteEventKind.ALGAL_BLOOM,
        SiteEventKind.JELLYFISH,
    )
]

#: Feed that cannot be fed is given up after so many times its duration.
_TOO_LONG = 2

_TREATMENT = Cause.TREATMENT.id - 1


@dataclass(frozen=True, slots=True)
class Work:
    """What was done today: treatments that began, and what is worth writing down."""

    therapy: Therapy | None
    notes: list[Note]


class Courses:
    """Carries out orders; arrays of shape (SLOTS, containers).

    Days are ordinals, 0 for unknown. ``phase``: FREE, PLANNED, RUNNING, WAITING (for its effect);
    ``ordered``: first day of the order, ``planned`` that of the container; ``day``: first day on
    which it can be or was given; ``left``: days on which it is still to be given; ``end``: first
    day after it; ``hazard``: share of the fish that dies of it on its first day. ``number``:
    treatments of a place so far.
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
        self._bookings = np.asarray(sorted(agenda.bookings), dtype=np.int64)
        filled_by = [agenda.filled_by(booking) for booking in sorted(agenda.bookings)]
        self._filled_by = np.asarray(filled_by, dtype=np.int64)
        # The booking that was last seen in each container, and its last day of filling.
        self._filled_of = np.zeros(frame.size, dtype=np.int64)
        self._filled_on = np.zeros(frame.size, dtype=np.int64)
        self._withholding = withholding
        self._specs = biology.treatments
        self._patience = biology.care.treating.patience
        self._records = CourseRecords(biology, frame)
        self._harm = CourseHarm(biology, frame, dice)
        self._effects = CourseEffects(biology, frame, memory)
        self._duration = np.asarray([spec.duration for spec in self._specs], dtype=np.int64)
        self._in_feed, self._gives_way = (
            np.asarray([getattr(spec, name) for spec in self._specs], dtype=np.bool_)
            for name in ("in_feed", "gives_way")
        )

    def begin(self) -> Own:
        """Return no courses."""
        shape = (SLOTS, self._frame.size)
        arrays = {name: np.zeros(shape, np.dtype(kind)) for name, kind in COURSE.items()}
        return {**arrays, "number": np.zeros(len(self._frame.places), dtype=np.int64)}

    def possible(self, kind: int, today: Today, state: State, *, urgent: bool) -> Bools:
        """Return in which containers a treatment type, by index, could be ordered today.

        They hold fish, nobody brings any more, the fish are not about to leave nor waiting for
        their early harvest, its withdrawal leaves them time, and no other course is in the way.
        Where it is ``urgent`` a harvest waits for the end of its withdrawal.
        """
        own, spec = state.own[self.name], self._specs[kind]
        at = rows_and_columns((own["phase"] == PLANNED) | (own["phase"] == RUNNING))
        busy = np.zeros(self._frame.size, dtype=np.bool_)
        busy[at[1][~self._gives_way[own["kind"][at]] | spec.gives_way]] = True
        room = (own["phase"] == FREE).any(axis=0)
        if spec.is_withheld:
            room &= self._withholding.may_use(kind, today, state, urgent=urgent)
        needed = spec.fasting + spec.duration + self._patience
        stays = (state.leaves == 0) | (state.leaves > today.ordinal + needed)
        free = (state.population > 0) & stays & room & ~busy & (state.early == 0)
        return np.asarray(free & (self._filled(state) < today.ordinal), dtype=np.bool_)

    def _filled(self, state: State) -> Integers:
        """Return the last day on which fish come into the booking of each container."""
        new = np.flatnonzero(self._filled_of != state.assignment)
        if new.size:
            booking = self._filled_of[new] = state.assignment[new]
            known = np.minimum(np.searchsorted(self._bookings, booking), self._bookings.size - 1)
            self._filled_on[new] = self._filled_by[known]
        return self._filled_on

    def in_feed(self, state: State) -> Integers:
        """Return the id of the treatment type that each container is to get in its feed, or 0."""
        own = state.own[self.name]
        at = rows_and_columns(own["phase"] == RUNNING)
        kind, given = own["kind"][at], np.zeros(self._frame.size, dtype=np.int64)
        np.maximum.at(given, at[1], np.where(self._in_feed[kind], kind + 1, 0))
        return given

    def unmeasured(self, today: Today, state: State) -> Bools:
        """Return in which containers lice must be counted to learn what a treatment did."""
        own = state.own[self.name]
        waiting = (own["phase"] == WAITING) & (own["for_lice"] > 0) & (own["after_day"] == 0)
        at = rows_and_columns(waiting)
        unmeasured = np.zeros(self._frame.size, dtype=np.bool_)
        unmeasured[at[1][today.ordinal >= self._effects.shows_from(at, own)]] = True
        return unmeasured

    def to_follow_up(self, today: Today, state: State) -> list[tuple[int, int]]:
        """Return container and outbreak's id of courses whose effect is to be seen today."""
        own = state.own[self.name]
        at = rows_and_columns((own["phase"] == WAITING) & (own["outbreak"] > 0))
        due = self._effects.shows_from(at, own) == today.ordinal
        return list(zip(at[1][due].tolist(), own["outbreak"][at][due].tolist(), strict=True))

    def work(self, morning: Morning, orders: list[Order], outbreaks: Integers) -> Work:
        """Take orders, go on with what is under way, begin what is due.

        Args:
            morning: today.
            orders: that were decided on today.
            outbreaks: ids of those that go on; what was planned against another one is dropped.
        """
        own = morning.state.own[self.name]
        for order in orders:
            self._plan(order, morning, own)
        if not own["phase"].any():
            return Work(None, [])
        self._go_on(morning, own)
        notes = self._measure(morning.today, morning.state, own)
        begun = self._begin_due(morning, outbreaks, own)
        if begun:
            self._start(begun, morning, own)
        self._harm.affect(morning, own)
        if not begun:
            return Work(None, notes)
        slots, containers = np.asarray(begun, dtype=np.int64).T
        therapy = Therapy(
            container=containers,
            kind=own["kind"][slots, containers],
            treatment=own["treatment"][slots, containers],
            rates=morning.rates,
            signs=morning.signs,
        )
        notes += course_notes.begun(self._frame, self._specs, own, begun, morning)
        return Work(therapy, notes)

    def note(self, today: Today, state: State, deaths: Integers) -> None:
        """Add up this evening who died of what, and end the courses of fish that left."""
        own = state.own[self.name]
        if not own["phase"].any():
            return
        died = deaths[_TREATMENT]
        if died.any():
            worst = self._harm.hazard(today, own).argmax(axis=0)
            for container in np.flatnonzero(died).tolist():
                own["deaths"][worst[container], container] += died[container]
        left = (own["phase"] > FREE) & (own["assignment"] != state.assignment)
        own["end"][left & (own["phase"] == RUNNING)] = today.ordinal
        self._close(cells(left), own)

    def records(self, state: State) -> list[TreatmentRecord]:
        """Return the treatments of the days lived through, as they stand now."""
        own = state.own[self.name]
        under_way = []
        for slot, at in cells(own["phase"] >= RUNNING):
            measured = "completed" if own["after_day"][slot, at] else "waiting"
            status = "running" if own["phase"][slot, at] == RUNNING else measured
            under_way.append(self._records.record(slot, at, own, status))
        return self._records.done + under_way

    def _plan(self, order: Order, morning: Morning, own: Own) -> None:
        """Give each container of an order its day, if it can be treated at all.

        Margins are a matter of the decision; what is decided on is done as long as it is in time.
        """
        state, spec = morning.state, self._specs[order.kind]
        possible = self.possible(order.kind, morning.today, state, urgent=True)
        first = max(order.day, morning.today.ordinal + spec.fasting)
        chosen = np.asarray([c for c in order.containers if possible[c]], dtype=np.int64)
        at = (own["phase"][:, chosen] == FREE).argmax(axis=0), chosen
        day = first + np.arange(chosen.size) // spec.containers_a_day
        for name, value in (
            ("phase", PLANNED),
            ("kind", order.kind),
            ("assignment", state.assignment[chosen]),
            ("reason", REASONS.index(order.reason)),
            ("outbreak", order.outbreak),
            ("ordered", first),
            ("planned", day),
            ("day", day),
        ):
            own[name][at] = value

    def _go_on(self, morning: Morning, own: Own) -> None:
        """End the courses that are over, count today for the others."""
        running = own["phase"] == RUNNING
        if not running.any():
            return
        today, kind = morning.today.ordinal, own["kind"]
        over = running & (
            (own["left"] <= 0) | (today - own["day"] >= _TOO_LONG * self._duration[kind])
        )
        for slot, container in cells(over):
            self._end(slot, container, morning, own)
        own["left"] -= running & ~over & ~(self._in_feed[kind] & morning.rates.fasting)

    def _end(self, slot: int, container: int, morning: Morning, own: Own) -> None:
        own["phase"][slot, container] = WAITING
        own["end"][slot, container] = morning.today.ordinal
        if self._specs[int(own["kind"][slot, container])].is_withheld:
            treatment = int(own["treatment"][slot, container])
            self._withholding.start(treatment, container, morning.today, morning.state)

    def _measure(self, today: Today, state: State, own: Own) -> list[Note]:
        """Measure effects, and close the courses of which nothing more is to come."""
        over = self._effects.look_after(today, state, own)
        done = cells(over)
        notes = course_notes.measured(self._frame, self._specs, own, done)
        self._close(done, own)
        return notes

    def _begin_due(self, morning: Morning, outbreaks: Integers, own: Own) -> list[tuple[int, int]]:
        """Begin what is due, one course a day in a container; put off or give up the rest."""
        today, state = morning.today.ordinal, morning.state
        due = cells((own["phase"] == PLANNED) & (own["day"] <= today))
        begun: list[tuple[int, int]] = []
        taken: set[int] = set()
        in_time: dict[int, Bools] = {}
        for slot, container in due:
            kind = int(own["kind"][slot, container])
            spec = self._specs[kind]
            leaves, outbreak = int(state.leaves[container]), own["outbreak"][slot, container]
            waited = today - int(own["planned"][slot, container])
            if kind not in in_time:
                in_time[kind] = self._withholding.may_use(kind, morning.today, state, urgent=True)
            if (
                0 < leaves <= today + spec.duration
                or state.population[container] == 0
                or waited > self._patience
                or (outbreak and outbreak not in outbreaks)
                or state.early[container]
                or not in_time[kind][container]
            ):
                self._wipe([(slot, container)], own)
            elif (
                container not in taken
                and self._fits(spec, container, morning)
                and self._makes_way(spec, container, own)
            ):
                self._break_off(container, morning, own)
                own["phase"][slot, container] = RUNNING
                begun.append((slot, container))
                taken.add(container)
            else:
                own["day"][slot, container] = today + 1
        return begun

    def _fits(self, spec: TreatmentSpec, container: int, morning: Morning) -> bool:
        """Return whether water, weather and fish allow a treatment today."""
        if not spec.coldest <= morning.water.temperature_c[container] <= spec.warmest:
            return False
        if spec.in_feed:
            return not morning.rates.fasting[container]
        place = int(self._frame.place_of[container])
        rough = place < len(self._frame.sites) and morning.events.active[_ROUGH, place].any()
        return not (spec.handles and rough)

    def _makes_way(self, spec: TreatmentSpec, container: int, own: Own) -> bool:
        """Return whether nothing runs in a container but what gives way to a treatment."""
        kinds = own["kind"][own["phase"][:, container] == RUNNING, container]
        return bool((self._gives_way[kinds] & ~spec.gives_way).all())

    def _break_off(self, container: int, morning: Morning, own: Own) -> None:
        """End what runs in a container."""
        for slot in np.flatnonzero(own["phase"][:, container] == RUNNING).tolist():
            self._end(slot, container, morning, own)

    def _start(self, begun: list[tuple[int, int]], morning: Morning, own: Own) -> None:
        """Write down the courses that begin today."""
        today, state = morning.today, morning.state
        slots, where = np.asarray(begun, dtype=np.int64).T
        at = slots, where
        kind = own["kind"][at]
        treatment = np.asarray([self._next_id(each, own) for each in where.tolist()])
        self._effects.look_before(at, today, state, own)
        for name, value in (
            ("treatment", treatment),
            ("day", today.ordinal),
            ("left", self._duration[kind] - 1),
            ("fish", state.population[where]),
            ("biomass_kg", state.population[where] * state.weight_g[where] / 1000.0),
            ("hazard", self._harm.on_first_day(at, treatment, morning, own)),
        ):
            own[name][at] = value
        for each, number, container in zip(
            kind.tolist(), treatment.tolist(), where.tolist(), strict=True
        ):
            if self._specs[each].is_withheld:
                self._withholding.announce(number, each, container, state)

    def _next_id(self, container: int, own: Own) -> int:
        place = int(self._frame.place_of[container])
        own["number"][place] += 1
        return record_id(self._frame.places[place], int(own["number"][place]))

    def _close(self, courses: list[tuple[int, int]], own: Own) -> None:
        """Keep the records of those courses that were given, and forget all of them."""
        for slot, container in courses:
            if own["phase"][slot, container] >= RUNNING:
                self._records.done.append(self._records.record(slot, container, own, "completed"))
        self._wipe(courses, own)

    @staticmethod
    def _wipe(courses: list[tuple[int, int]], own: Own) -> None:
        if courses:
            at = tuple(np.asarray(courses, dtype=np.int64).T)
            for name in COURSE:
                own[name][at] = 0
