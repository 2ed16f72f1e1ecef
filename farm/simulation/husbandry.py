"""Husbandry: what people do with fish on a day. Stocking, moving, harvesting; all from the plan.

Fish leave in the morning with yesterday evening's numbers and weights. They are moved, split and
graded on the days and in the shares that the plan says; a pen is harvested once it has the target
weight, on a day booked in advance so that its fish can fast, and one pen of a site a day as long
as time allows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from farm.domain.biology import Biology
from farm.domain.plan import Booking, Movement, TransferKind
from farm.domain.world import Stage
from farm.errors import ContractBroken
from farm.simulation.agenda import Agenda, Handling
from farm.simulation.chronicle import Chronicle, Move
from farm.simulation.frame import Frame, Integers
from farm.simulation.loads import Load, counts_of, parts, weights_of
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
        stocked: set[int] = set()
        for handling in self._agenda.handlings(today.ordinal):
            loads = self._delivered(handling)
            for source, out in groupby(handling.movements, key=lambda move: move.from_id):
                loads += self._take(source, list(out), today, state, chronicle, flows)
            for target in sorted({load.target for load in loads}):
                drawn = [load for load in loads if load.target == target]
                stocked.add(self._put(target, drawn, today, state, flows, moves))
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

    def _delivered(self, handling: Handling) -> list[Load]:
        """Spread a batch's eggs over their containers, in proportion to capacity."""
        shares = parts(handling.batch.eggs, [self._capacity(b) for b in handling.delivered])
        return [
            Load(0, booking.id, count, self._egg_weight, TransferKind.STAGE, 0, 0)
            for booking, count in zip(handling.delivered, shares, strict=True)
            if count
        ]

    def _take(
        self,
        source: int,
        movements: list[Movement],
        today: Today,
        state: State,
        chronicle: Chronicle,
        flows: Flows,
    ) -> list[Load]:
        """Take fish out of one container, for all that the plan moves out of it today."""
        booking = self._agenda.bookings[source]
        container = self._frame.index_of[booking.container_id]
        if state.assignment[container] != source:
            return []  # no fish ever came into it
        present, weight = int(state.population[container]), float(state.weight_g[container])
        is_last = booking.end.toordinal() == today.ordinal
        counts = counts_of(present, [movement.share for movement in movements], whole=is_last)
        weights = weights_of(weight, counts, [movement.relative_weight for movement in movements])
        loads = [
            Load(
                source=source,
                target=movement.to_id,
                count=count,
                weight_g=weight_g,
                kind=movement.kind,
                sea_since=int(state.sea_since[container]),
                stage_since=int(state.stage_since[container]),
            )
            for movement, count, weight_g in zip(movements, counts, weights, strict=True)
            if count
        ]
        gone = sum(counts)
        flows.moved_out[container] += gone
        if is_last:
            chronicle.write_end(today.date, state, container, 0)
            state.vacate(container)
        else:
            state.population[container] -= gone
            state.gone[container] += gone
            state.leaves[container] = self._agenda.next_out(source, today.ordinal)
        return loads

    def _put(
        self,
        target: int,
        loads: list[Load],
        today: Today,
        state: State,
        flows: Flows,
        moves: list[Move],
    ) -> int:
        """Put fish into a container, which is empty or was begun to be filled; return its index."""
        booking = self._agenda.bookings[target]
        count = sum(load.count for load in loads)
        container = self._room(booking, count, today, state)
        before = int(state.population[container])
        held = before * float(state.weight_g[container])
        ahead = before
        for load in loads:
            if load.source:
                moves.append(
                    Move(
                        from_assignment=load.source,
                        to_assignment=target,
                        container=container,
                        ahead=ahead,
                        count=load.count,
                        weight_g=load.weight_g,
                        kind=load.kind.value,
                    )
                )
            ahead += load.count
            inflow = flows.moved_in if load.source else flows.stocked
            inflow[container] += load.count
        weight = math.fsum([held, *(load.count * load.weight_g for load in loads)]) / ahead
        if not state.assignment[container]:
            self._open(booking, loads, count, weight, today, state, container)
        else:
            state.came[container] += count
        state.population[container] = ahead
        state.weight_g[container] = weight
        return container

    def _open(
        self,
        booking: Booking,
        loads: list[Load],
        count: int,
        weight_g: float,
        today: Today,
        state: State,
        container: int,
    ) -> None:
        """Begin an assignment."""
        at_sea = bool(self._frame.at_sea[container])
        within_stage = loads[0].kind in {TransferKind.SPLIT, TransferKind.GRADING}
        since = max(load.stage_since for load in loads) if within_stage else today.ordinal
        sea_since = max(load.sea_since for load in loads) or today.ordinal
        state.assignment[container] = booking.id
        state.batch[container] = booking.batch_id
        state.stage[container] = booking.stage.id
        state.start_count[container] = count
        state.start_weight_g[container] = weight_g
        state.arrived[container] = today.ordinal
        state.stage_since[container] = since
        state.sea_since[container] = sea_since if at_sea else 0
        if booking.stage is Stage.ADULT:
            state.ready_from[container] = booking.earliest_end.toordinal()
            state.empty_by[container] = booking.end.toordinal()
        else:
            state.leaves[container] = self._agenda.next_out(booking.id, today.ordinal)

    def _room(self, booking: Booking, count: int, today: Today, state: State) -> int:
        """Return the index of the booked container; raises ContractBroken if it has no room."""
        container = self._frame.index_of[booking.container_id]
        code = self._frame.containers[container].code
        if state.assignment[container] not in {0, booking.id}:
            raise ContractBroken(
                f"{today.date} assignment {booking.id}: container {code} still holds "
                f"assignment {state.assignment[container]}"
            )
        total = int(state.population[container]) + count
        if total > self._capacity(booking):
            raise ContractBroken(
                f"{today.date} assignment {booking.id}: {total} fish for container {code}, "
                f"which holds {self._capacity(booking)}"
            )
        return container

    def _capacity(self, booking: Booking) -> int:
        container = self._frame.containers[self._frame.index_of[booking.container_id]]
        return container.capacity_fish
