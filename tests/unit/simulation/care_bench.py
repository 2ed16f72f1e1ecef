"""One site with a few pens, and the people who treat them, day by day and without the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from farm.domain.biology import Biology
from farm.domain.events import SiteEventKind
from farm.domain.plan import Plan
from farm.domain.treatment import TreatmentSpec
from farm.domain.world import Cause, Stage
from farm.simulation.agenda import Agenda
from farm.simulation.care.courses import Courses, Work
from farm.simulation.care.facts import Counts, Note, Order, Toll
from farm.simulation.care.memory import Memory
from farm.simulation.care.withholding import Withholding
from farm.simulation.dice import Dice
from farm.simulation.frame import Frame
from farm.simulation.health_records import TreatmentRecord, WithholdingRecord
from farm.simulation.process import Morning
from farm.simulation.state import State
from farm.simulation.streams import Streams
from tests.reference.small_farm import Sketch, biology, small_plan
from tests.unit.simulation.mornings import morning_of, reopened

#: The first pens are stocked long before; the bench begins here.
FIRST = date(2018, 6, 1)


def bench_plan(pens: int) -> Plan:
    """A batch that is at sea from 2017 on, and must be out of it by 2020."""
    return small_plan(
        Sketch(days=(90, 90, 90, 60, 60, 1000), containers=(1, 1, 1, 1, 1, pens)),
        Sketch(geography="SC", days=(90, 90, 90, 60, 60, 1000), containers=(1, 1, 1, 1, 1, pens)),
    )


class Bench:
    """Pens with 10,000 fish of 2 kg each in water of 10 °C, at one site."""

    def __init__(
        self, pens: int = 3, geography: str = "FO", nature: Biology | None = None, seed: int = 1
    ) -> None:
        self.biology = nature or biology()
        plan = bench_plan(pens)
        self.frame = Frame.of(plan.world, geography)
        self.agenda = Agenda(plan, self.frame.geography.id)
        self.dice = Dice(Streams(seed), self.frame)
        self.pens = self.frame.pens.tolist()
        self.date = FIRST
        self.notes: list[Note] = []
        self.hire()
        self.state = self.fresh_state()
        bookings = {b.container_id: b for b in self.agenda.bookings.values()}
        for pen in self.pens:
            booking = bookings[self.frame.containers[pen].id]
            self.state.assignment[pen] = booking.id
            self.state.batch[pen] = booking.batch_id
            self.state.empty_by[pen] = booking.end.toordinal()
        self.state.stage[self.pens] = Stage.ADULT.id
        self.state.population[self.pens] = 10_000
        self.state.weight_g[self.pens] = 2000.0
        self.state.arrived[self.pens] = FIRST.toordinal() - 400

    def hire(self) -> None:
        """Let other people go on with the work: they know nothing but the state."""
        self.memory = Memory(self.frame)
        self.withholding = Withholding(self.biology, self.frame)
        self.courses = Courses(
            self.biology, self.frame, self.agenda, self.dice, self.memory, self.withholding
        )

    def fresh_state(self) -> State:
        """A farm without fish."""
        state = State.empty(self.frame)
        for part in (self.memory, self.withholding, self.courses):
            state.own[part.name] = part.begin()
        return state

    def cut(self) -> None:
        """End a session here and begin another, from a snapshot."""
        self.hire()
        self.state = reopened(self.state, self.fresh_state())

    def kind(self, code: str) -> int:
        """The index of a treatment type."""
        return [spec.code for spec in self.biology.treatments].index(code)

    def spec(self, code: str) -> TreatmentSpec:
        """A treatment type."""
        return self.biology.treatments[self.kind(code)]

    def order(
        self, code: str, pens: Sequence[int] | None = None, reason: str = "lice", after: int = 3
    ) -> Order:
        """An order for some of the pens, by default for all."""
        chosen = tuple(self.pens if pens is None else pens)
        place = int(self.frame.place_of[chosen[0]])
        outbreak = 7 if reason == "outbreak" else 0
        return Order(self.kind(code), place, chosen, reason, outbreak, self.ordinal + after)

    @property
    def ordinal(self) -> int:
        """Today."""
        return self.date.toordinal()

    def morning(self, warmth: float | Sequence[float] = 10.0, storm: bool = False) -> Morning:
        """Today, with water of a temperature for all or for each container."""
        return morning_of(
            self.date,
            self.frame,
            self.state,
            len(self.biology.diseases),
            celsius=warmth,
            events={SiteEventKind.STORM: 1.0} if storm else None,
        )

    def live(
        self,
        *orders: Order,
        warmth: float | Sequence[float] = 10.0,
        storm: bool = False,
        hungry: bool = False,
        counted: float | None = None,
        died: Mapping[Cause, int] | None = None,
        killed: bool = False,
        outbreaks: Sequence[int] = (7,),
    ) -> tuple[Morning, Work]:
        """Live through a day.

        Args:
            orders: given this morning.
            warmth: of the water.
            storm: whether there is one.
            hungry: whether fish are kept from being fed by something else.
            counted: adult females per fish of a lice count today.
            died: deaths in each pen by cause.
            outbreaks: ids of those that go on.
            killed: whether the treatments' own hazard kills as many as expected.
        """
        morning = self.morning(warmth, storm)
        if hungry:
            morning.rates.fast(self.frame.at_sea)
        counts = Counts.none(self.frame.size)
        if counted is not None:
            counts.fish[self.pens] = 1000
            counts.adult_female[self.pens] = round(1000 * counted)
        self.memory.count(counts, morning.today, self.state)
        work = self.courses.work(morning, list(orders), np.asarray(outbreaks))
        self.notes += work.notes + self.withholding.work(morning)
        deaths = np.zeros_like(morning.rates.hazard, dtype=np.int64)
        for cause, number in (died or {}).items():
            deaths[cause.id - 1, self.pens] = number
        if killed:
            deaths += np.rint(morning.rates.hazard * self.state.population).astype(np.int64)
        toll = Toll.of(deaths, deaths.sum(axis=0))
        self.state.population -= toll.dead
        self.memory.note(morning.today, self.state, toll)
        self.courses.note(morning.today, self.state, toll)
        self.withholding.note(morning.today, self.state)
        self.date += timedelta(days=1)
        return morning, work

    def rest(self, days: int, **day: Any) -> None:
        """Live through some days alike."""
        for _ in range(days):
            self.live(**day)

    def harvest(self, pen: int) -> None:
        """Empty a pen in the course of the day that comes."""
        self.state.vacate(pen)

    def treatments(self) -> list[TreatmentRecord]:
        """The records of the treatments so far, by id."""
        return sorted(self.courses.records(self.state), key=lambda record: record.id)

    def withholdings(self) -> list[WithholdingRecord]:
        """The records of the withholding periods so far, by id."""
        return sorted(self.withholding.records(self.state), key=lambda record: record.id)
