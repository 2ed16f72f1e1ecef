"""A station and a site of one batch, and the people who watch over its fish, without the engine."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from farm.domain.biology import Biology
from farm.domain.plan import Plan
from farm.domain.world import Cause
from farm.simulation.agenda import Agenda
from farm.simulation.care.facts import Note, NoteKind, OpenOutbreaks, Toll
from farm.simulation.care.journal import Journal
from farm.simulation.care.laboratory import Laboratory
from farm.simulation.care.memory import Memory
from farm.simulation.care.vaccinating import Vaccinating
from farm.simulation.care.visits import Visits
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Arrival, Morning, Rates, Signs, Today
from farm.simulation.state import State
from farm.simulation.streams import Streams
from tests.reference.small_farm import Sketch, biology, small_plan
from tests.unit.simulation.mornings import morning_of, reopened

#: Ten tanks and pens are enough for everything that is counted by place.
CONTAINERS = (1, 2, 2, 2, 3, 3)

#: Fish that a stocked container of the bench holds.
FISH = 10_000


def watch_plan() -> Plan:
    """A batch in each geography that goes to sea in the second year."""
    return small_plan(Sketch(containers=CONTAINERS), Sketch(geography="SC", containers=CONTAINERS))


class WatchBench:
    """Fish wherever a test puts them, in water of 10 °C."""

    def __init__(
        self,
        geography: str = "FO",
        nature: Biology | None = None,
        on: date = date(2016, 3, 1),
        seed: int = 1,
    ) -> None:
        self.biology = nature or biology()
        self.plan = watch_plan()
        self.frame = Frame.of(self.plan.world, geography)
        self.agenda = Agenda(self.plan, self.frame.geography.id)
        self.dice = Dice(Streams(seed), self.frame)
        self.date = on
        self.codes = self.biology.disease_codes
        self.hire()
        self.state = self.fresh_state()

    def hire(self) -> None:
        """Let other people go on with the work: they know nothing but the state."""
        self.memory = Memory(self.frame)
        self.vaccinating = Vaccinating(self.biology, self.frame, self.agenda, self.dice)
        self.laboratory = Laboratory(self.biology, self.frame, self.agenda, self.dice)
        self.visits = Visits(self.biology, self.frame, self.dice, self.memory)
        self.journal = Journal(self.biology, self.frame, self.dice)

    def fresh_state(self) -> State:
        """A farm without fish."""
        state = State.empty(self.frame)
        for part in (self.memory, self.vaccinating, self.laboratory, self.visits, self.journal):
            state.own[part.name] = part.begin()
        return state

    def cut(self) -> None:
        """End a session here and begin another, from a snapshot."""
        self.hire()
        self.state = reopened(self.state, self.fresh_state())

    def stock(self, container: int, weight_g: float = 80.0, since: int = 60) -> None:
        """Put the fish of the plan's booking into a container, that many days ago."""
        here = self.frame.containers[container].id
        (booking,) = [b for b in self.agenda.bookings.values() if b.container_id == here]
        state = self.state
        state.assignment[container] = booking.id
        state.batch[container] = booking.batch_id
        state.stage[container] = booking.stage.id
        state.population[container] = FISH
        state.weight_g[container] = weight_g
        state.arrived[container] = self.date.toordinal() - since

    def stock_pens(self) -> list[int]:
        """Put fish into all pens; return the pens."""
        pens: list[int] = self.frame.pens.tolist()
        for pen in pens:
            self.stock(pen, weight_g=900.0)
        return pens

    def morning(self, warmth: float = 10.0) -> Morning:
        """Today, with water of a temperature."""
        return morning_of(self.date, self.frame, self.state, len(self.codes), celsius=warmth)

    def week(self) -> Floats:
        """Deaths of the last week, per mille, by container."""
        return self.memory.week_per_mille(self.state)

    def tomorrow(self) -> None:
        """Turn to the next day, on which nobody has died."""
        deaths = np.zeros((len(Cause) + len(self.codes), self.frame.size), dtype=np.int64)
        self.memory.note(Today.of(self.date), self.state, Toll.of(deaths, deaths.sum(axis=0)))
        self.date += timedelta(days=1)

    def outbreaks(
        self, disease: str | None = None, onset: date | None = None, diagnosed: date | None = None
    ) -> OpenOutbreaks:
        """No outbreak, or one of a disease at the site."""
        shape = (len(self.codes), len(self.frame.places))
        ids, seen, known = (np.zeros(shape, dtype=np.int64) for _ in range(3))
        if disease is not None:
            at = self.codes.index(disease), 0
            ids[at] = 77
            seen[at] = onset.toordinal() if onset else 0
            known[at] = diagnosed.toordinal() if diagnosed else 0
        return OpenOutbreaks(ids, seen, known)

    def move(self, source: int, target: int, count: int) -> Arrival:
        """Fish on their way from one container into another, which may hold some."""
        size, state = self.frame.size, self.state
        one = np.asarray([target], dtype=np.int64)
        return Arrival(
            container=one,
            assignment=state.assignment[one],
            batch=state.batch[one],
            stage=state.stage[one],
            born=np.asarray([0]),
            before=state.population[one].copy(),
            source=np.asarray([source]),
            target=np.asarray([0]),
            count=np.asarray([count]),
            rates=Rates(size, len(self.codes)),
            signs=Signs(size, len(self.codes)),
        )


#: Facts of a note of each kind, for a site.
FACTS: dict[NoteKind, dict[str, str | int | float]] = {
    NoteKind.VISIT: {
        "containers": 8,
        "fish": 1_234_567,
        "temperature_c": 9.44,
        "per_mille": 4.2,
        "worst": "FO-A01-P03",
        "worst_per_mille": 21.0,
        "appetite": 63.0,
        "adult_female": 0.31,
        "gill_score": 2.1,
        "wounded": 3.4,
        "score": 1.4,
        "suspected": "winter ulcer",
        "confirmed": "amoebic gill disease",
    },
    NoteKind.SUSPICION: {"disease": "Winter ulcer", "containers": 3, "per_mille": 2.34},
    NoteKind.DIAGNOSIS: {
        "disease": "Winter ulcer",
        "test": "Culture of Moritella viscosa",
        "n": 10,
        "positive": 6,
        "reason": "suspicion",
    },
    NoteKind.RULED_OUT: {
        "disease": "Winter ulcer",
        "test": "Culture of Moritella viscosa",
        "n": 10,
        "positive": 0,
        "reason": "suspicion",
    },
    NoteKind.RESULT: {
        "disease": "Pancreas disease",
        "test": "SAV PCR",
        "n": 20,
        "positive": 3,
        "reason": "screening",
    },
    NoteKind.MORTALITY: {
        "container": "FO-A01-P03",
        "per_mille": 12.4,
        "tests": 4,
        "temperature_c": 9.44,
    },
    NoteKind.RECOVERY: {"disease": "Winter ulcer", "days": 61, "deaths": 12_345},
    NoteKind.LICE: {
        "adult_female": 0.52,
        "mobile": 1.84,
        "pens": 10,
        "limit": 0.5,
        "answer": "treat",
    },
    NoteKind.DECISION: {
        "treatment": "Thermal delousing",
        "reason": "lice",
        "containers": 10,
        "day": "2018-05-04",
        "disease": "",
    },
    NoteKind.TREATMENT: {
        "treatment": "Thermal delousing",
        "reason": "lice",
        "method": "thermal",
        "containers": 2,
        "fish": 254_321,
        "temperature_c": 9.44,
    },
    NoteKind.EFFECT: {
        "treatment": "Thermal delousing",
        "reason": "lice",
        "containers": 10,
        "before": 0.52,
        "after": 0.09,
        "effect_percent": 82.7,
        "deaths": 1_234,
    },
    NoteKind.WITHHOLDING: {
        "treatment": "Emamectin in feed",
        "containers": 4,
        "phase": "begins",
        "degree_days": 175.0,
    },
    NoteKind.VACCINATION: {
        "batch": "FO-2015-01",
        "fish": 1_234_567,
        "containers": 7,
        "weight_g": 61.7,
        "vaccines": "the polyvalent oil vaccine",
        "temperature_c": 12.04,
        "degree_days": 473.0,
        "score": 1.44,
    },
    NoteKind.EARLY_HARVEST: {
        "disease": "Cardiomyopathy syndrome",
        "containers": 2,
        "percent_per_day": 0.314,
        "weight_g": 4210.0,
    },
    NoteKind.EVENT: {"event": "algal_bloom", "phase": "ends", "days": 12, "per_mille": 4.44},
}


def note(kind: NoteKind, place: int = 0, **changed: str | float) -> Note:
    """A note with all its facts, some of them other than usual."""
    return Note(kind, place, None, None, {**FACTS[kind], **changed})
