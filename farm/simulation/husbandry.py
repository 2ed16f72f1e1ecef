"""Husbandry: what people do with fish on a day. Stocking, moving, harvesting; all from the plan.

Fish leave in the morning with yesterday evening's numbers and weights. They are moved, split and
graded on the days and in the shares that the plan says; pens are emptied by `Harvesting`.
"""

from __future__ import annotations

import math
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from farm.domain.biology import Biology
from farm.domain.plan import Booking, Movement, TransferKind
from farm.domain.size import mixed, stretched, within
from farm.domain.world import Stage
from farm.errors import ContractBroken
from farm.simulation.agenda import Agenda, Handling
from farm.simulation.chronicle import Chronicle, Move
from farm.simulation.dice import Dice
from farm.simulation.flows import Flows
from farm.simulation.frame import Frame
from farm.simulation.harvesting import Harvesting
from farm.simulation.loads import Load, counts_of, parts, weights_of
from farm.simulation.process import Arrival, Rates, Signs, Today
from farm.simulation.state import State


class Doings(NamedTuple):
    """What people did today: flows, transfers for the books, and who arrived where."""

    flows: Flows
    moves: list[Move]
    arrival: Arrival | None


class Husbandry:
    """Carries out the agenda of one geography."""

    def __init__(self, biology: Biology, frame: Frame, agenda: Agenda, dice: Dice) -> None:
        self._egg_weight = biology.growth.egg_weight
        self._size = biology.size
        self._planned_cv = {stage: biology.size.level.of(stage) for stage in Stage}
        self._harvesting = Harvesting(biology, frame, dice)
        self._frame = frame
        self._agenda = agenda

    def work(
        self, today: Today, state: State, rates: Rates, signs: Signs, chronicle: Chronicle
    ) -> Doings:
        """Harvest and move fish; the state is then that of a day without deaths.

        Raises:
            ContractBroken: more fish are to go into containers than the plan left room for.
        """
        flows = Flows.none(self._frame.size)
        self._harvesting.work(today, state, signs, chronicle, flows)
        handlings = self._agenda.handlings(today.ordinal)
        if not handlings:
            return Doings(flows, [], None)
        moves: list[Move] = []
        stocked: set[int] = set()
        before = state.population.copy()
        brought: list[tuple[int, int, int]] = []
        for handling in handlings:
            loads = self._delivered(handling)
            for source, out in groupby(handling.movements, key=attrgetter("from_id")):
                loads += self._take(source, list(out), today, state, chronicle, flows)
            loads.sort(key=attrgetter("target"))
            for target, group in groupby(loads, key=attrgetter("target")):
                drawn = list(group)
                container = self._put(target, drawn, today, state, flows, moves)
                stocked.add(container)
                brought += [(self._index(load.source), container, load.fish) for load in drawn]
        if not stocked:
            return Doings(flows, moves, None)
        filled = np.array(sorted(stocked), dtype=np.int64)
        rates.forget(filled)
        source, target, count = np.array(brought, dtype=np.int64).T
        batch = state.batch[filled]
        born = [self._agenda.batches[each].start_date.toordinal() for each in batch.tolist()]
        arrival = Arrival(
            container=filled,
            assignment=state.assignment[filled],
            batch=batch,
            stage=state.stage[filled],
            born=np.array(born, dtype=np.int64),
            before=before[filled] * (state.arrived[filled] < today.ordinal),
            source=source,
            target=filled.searchsorted(target),
            count=count,
            rates=rates,
            signs=signs,
        )
        return Doings(flows, moves, arrival)

    def _index(self, booking: int) -> int:
        """Return the index of a booking's container; -1 for the eggs' origin, which has none."""
        return self._frame.index_of[self._agenda.bookings[booking].container_id] if booking else -1

    def _delivered(self, handling: Handling) -> list[Load]:
        """Spread a batch's eggs over their containers, in proportion to capacity."""
        shares = parts(handling.batch.eggs, [self._capacity(b) for b in handling.delivered])
        return [
            Load(
                source=0,
                target=booking.id,
                fish=count,
                weight_g=self._egg_weight,
                weight_cv=self._size.egg_cv,
                kind=TransferKind.STAGE,
                sea_since=0,
                stage_since=0,
            )
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
        present = int(state.population[container])
        is_last = booking.end.toordinal() == today.ordinal
        counts = counts_of(present, [movement.share for movement in movements], whole=is_last)
        weights, cv = self._parted(state, container, movements, counts)
        loads = [
            Load(
                source=source,
                target=movement.to_id,
                fish=count,
                weight_g=weight_g,
                weight_cv=cv,
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

    def _parted(
        self, state: State, container: int, movements: list[Movement], counts: list[int]
    ) -> tuple[list[float], float]:
        """Return the mean weights of fish that leave together, and the CV that each part has.

        Those that stay, in a split, are as those that leave.
        """
        weight, cv = float(state.weight_g[container]), float(state.weight_cv[container])
        planned = self._planned_cv[self._agenda.bookings[movements[0].from_id].stage]
        relative = [movement.relative_weight for movement in movements]
        weights = weights_of(weight, counts, stretched(relative, cv, planned))
        return weights, within(counts, [each / weight for each in weights], cv)

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
        count = sum(load.fish for load in loads)
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
                        count=load.fish,
                        weight_g=load.weight_g,
                        kind=load.kind.value,
                    )
                )
            ahead += load.fish
            inflow = flows.moved_in if load.source else flows.stocked
            inflow[container] += load.fish
        weight = math.fsum([held, *(load.fish * load.weight_g for load in loads)]) / ahead
        groups = [(load.fish, load.weight_g, load.weight_cv) for load in loads]
        if before:
            there = before, state.weight_g.item(container), state.weight_cv.item(container)
            groups.insert(0, there)
        state.weight_cv[container] = mixed(*zip(*groups, strict=True))
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
        index = self._frame.index_of[booking.container_id]
        container, held = self._frame.containers[index], state.assignment.item(index)
        if held not in {0, booking.id}:
            raise ContractBroken(
                f"{today.date} assignment {booking.id}: container {container.code} still holds "
                f"assignment {held}"
            )
        total = state.population.item(index) + count
        if total > container.capacity_fish:
            raise ContractBroken(
                f"{today.date} assignment {booking.id}: {total} fish for container "
                f"{container.code}, which holds {container.capacity_fish}"
            )
        return index

    def _capacity(self, booking: Booking) -> int:
        container = self._frame.containers[self._frame.index_of[booking.container_id]]
        return container.capacity_fish
