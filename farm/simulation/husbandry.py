"""Husbandry: what people do with fish on a day. Stocking, moving, harvesting; all from the plan.

Fish leave in the morning with yesterday evening's numbers and weights. Moving happens on the day
the plan says; a pen is harvested once it has the target weight, on a day booked in advance so that
its fish can fast, and one pen of a site a day as long as time allows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from farm.domain.biology import Biology
from farm.domain.plan import Booking
from farm.errors import ContractBroken
from farm.simulation.agenda import Agenda, Opening
from farm.simulation.chronicle import Chronicle, Move
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import Arrival, Rates, Today
from farm.simulation.state import State


@dataclass(frozen=True, slots=True)
class Flows:
    """Fish that people moved today, by container.

    ``stocked`` are new on the farm (eggs), ``harvested`` have left it.
    """

    stocked: Integers
    moved_in: Integers
    moved_out: Integers
    harvested: Integers

    @classmethod
    def none(cls, containers: int) -> Flows:
        """Return the flows of a quiet day."""
        return cls(*(np.zeros(containers, dtype=np.int64) for _ in range(4)))


@dataclass(frozen=True, slots=True)
class Doings:
    """What people did today: flows, transfers for the books, and who arrived where."""

    flows: Flows
    moves: list[Move]
    arrival: Arrival | None


@dataclass(slots=True)
class _Load:
    """Fish out of one closed container, on their way."""

    assignment: int
    count: int
    weight_g: float


class Husbandry:
    """Carries out the agenda of one geography."""

    def __init__(self, biology: Biology, frame: Frame, agenda: Agenda) -> None:
        self._target = biology.harvest.target_weight(frame.geography.code)
        self._egg_weight = biology.growth.egg_weight
        self._fasting = biology.feeding.fasting_before_harvest
        self._frame = frame
        self._agenda = agenda

    def work(self, today: Today, state: State, rates: Rates, chronicle: Chronicle) -> Doings:
        """Book harvests, harvest, and move fish; the state is then that of a day without deaths.

        Raises:
            ContractBroken: more fish are to go into containers than the plan left room for.
        """
        flows = Flows.none(self._frame.size)
        self._book_harvests(today, state)
        self._harvest(today, state, chronicle, flows)
        moves: list[Move] = []
        stocked: list[int] = []
        for opening in self._agenda.openings(today.ordinal):
            stocked += self._open(opening, today, state, chronicle, flows, moves)
        if not stocked:
            return Doings(flows, moves, None)
        container = np.asarray(sorted(stocked), dtype=np.int64)
        rates.forget(container)
        arrival = Arrival(
            container=container,
            assignment=state.assignment[container],
            batch=state.batch[container],
            stage=state.stage[container],
            rates=rates,
        )
        return Doings(flows, moves, arrival)

    def _book_harvests(self, today: Today, state: State) -> None:
        waiting = (state.empty_by > 0) & (state.leaves == 0)
        if not waiting.any():
            return
        place_of = self._frame.place_of
        pens_left = np.bincount(place_of[waiting], minlength=len(self._frame.places))[place_of]
        # Fasting starts tomorrow at the earliest: today's feed is given.
        soonest = today.ordinal + self._fasting + 1
        ready = (state.weight_g >= self._target) & (soonest >= state.ready_from)
        # So that the last pen of the site can still have its own day.
        pressed = state.empty_by - soonest < pens_left
        chosen = np.flatnonzero(waiting & (ready | pressed))
        heaviest_first = np.lexsort((chosen, -state.weight_g[chosen]))
        for container in chosen[heaviest_first]:
            place = place_of[container]
            day = max(soonest, int(state.ready_from[container]), int(state.harvest_slot[place]) + 1)
            day = min(day, int(state.empty_by[container]))
            state.leaves[container] = day
            state.harvest_slot[place] = max(day, int(state.harvest_slot[place]))

    def _harvest(self, today: Today, state: State, chronicle: Chronicle, flows: Flows) -> None:
        for index in np.flatnonzero((state.empty_by > 0) & (state.leaves == today.ordinal)):
            container = int(index)
            flows.harvested[container] = state.population[container]
            if state.population[container] > 0:
                chronicle.write_harvest(today.date, state, container)
            chronicle.write_end(today.date, state, container, 0)
            state.vacate(container)

    def _open(
        self,
        opening: Opening,
        today: Today,
        state: State,
        chronicle: Chronicle,
        flows: Flows,
        moves: list[Move],
    ) -> list[int]:
        """Let one batch enter a stage; return the containers it went into."""
        batch = opening.batch
        if opening.is_first:
            loads = [_Load(0, batch.eggs, self._egg_weight)]
            sea_since = 0
        else:
            loads, sea_since = self._empty(batch.id, today, state, chronicle, flows)
        total = sum(load.count for load in loads)
        entered: list[int] = []
        parts = _parts(total, [self._capacity(b) for b in opening.bookings])
        for booking, part in zip(opening.bookings, parts, strict=True):
            if part == 0:
                continue
            container = self._room(booking, part, today, state)
            at_sea = bool(self._frame.at_sea[container])
            kind = "sea" if at_sea and sea_since == 0 else "stage"
            drawn = _draw(loads, part)
            moves += [
                Move(load.assignment, booking.id, container, load.count, load.weight_g, kind)
                for load in drawn
                if load.assignment
            ]
            inflow = flows.stocked if opening.is_first else flows.moved_in
            inflow[container] = part
            weight = math.fsum(load.count * load.weight_g for load in drawn) / part
            state.assignment[container] = booking.id
            state.batch[container] = batch.id
            state.stage[container] = opening.stage.id
            state.population[container] = state.start_count[container] = part
            state.weight_g[container] = state.start_weight_g[container] = weight
            state.arrived[container] = today.ordinal
            state.sea_since[container] = (sea_since or today.ordinal) if at_sea else 0
            if opening.is_last:
                state.ready_from[container] = booking.earliest_end.toordinal()
                state.empty_by[container] = booking.end.toordinal()
            else:
                state.leaves[container] = booking.end.toordinal()
            entered.append(container)
        return entered

    def _empty(
        self, batch_id: int, today: Today, state: State, chronicle: Chronicle, flows: Flows
    ) -> tuple[list[_Load], int]:
        """Take all fish of a batch out of their containers, in order of assignment."""
        containers = np.flatnonzero(state.batch == batch_id)
        containers = containers[np.argsort(state.assignment[containers], kind="stable")]
        loads: list[_Load] = []
        sea_since = 0
        for index in containers:
            container = int(index)
            count = int(state.population[container])
            sea_since = max(sea_since, int(state.sea_since[container]))
            loads.append(
                _Load(int(state.assignment[container]), count, float(state.weight_g[container]))
            )
            flows.moved_out[container] = count
            chronicle.write_end(today.date, state, container, 0)
            state.vacate(container)
        return loads, sea_since

    def _room(self, booking: Booking, count: int, today: Today, state: State) -> int:
        """Return the index of the booked container; raises ContractBroken if it has no room."""
        container = self._frame.index_of[booking.container_id]
        code = self._frame.containers[container].code
        if count > self._capacity(booking):
            raise ContractBroken(
                f"{today.date} assignment {booking.id}: {count} fish for container {code}, "
                f"which holds {self._capacity(booking)}"
            )
        if state.assignment[container]:
            raise ContractBroken(
                f"{today.date} assignment {booking.id}: container {code} still holds "
                f"assignment {state.assignment[container]}"
            )
        return container

    def _capacity(self, booking: Booking) -> int:
        container = self._frame.containers[self._frame.index_of[booking.container_id]]
        return container.capacity_fish


def _parts(total: int, capacities: list[int]) -> list[int]:
    """Return how many of ``total`` fish each container gets: in proportion, in whole fish."""
    whole = sum(capacities)
    ends = [total * sum(capacities[: i + 1]) // whole for i in range(len(capacities))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _draw(loads: list[_Load], count: int) -> list[_Load]:
    """Take ``count`` fish off the front of the loads; what is left of them stays."""
    drawn: list[_Load] = []
    while count:
        load = loads[0]
        taken = min(count, load.count)
        if taken:
            drawn.append(_Load(load.assignment, taken, load.weight_g))
        load.count -= taken
        count -= taken
        if load.count == 0:
            loads.pop(0)
    return drawn
