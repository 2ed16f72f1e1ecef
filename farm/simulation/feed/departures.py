"""When fish will leave, as those who buy their feed see it: by the plan, and by the scales.

Movements on land are known for good. A pen's harvest is booked a few days ahead only; before that,
people reckon when its fish will weigh what was ordered, and how long the pens before it will keep
the slaughter line busy. They allow for a harvest that is put off, and know of no harvest of fish
that are withheld.
"""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from farm.domain.biology import Biology
from farm.domain.harvest import wanted
from farm.simulation.agenda import Agenda
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import State
from farm.simulation.streams import Decision

#: Days ahead at which nothing is known, beyond every horizon.
FAR = 10_000

#: Between the days of one site and of the next one, where they stand in one line.
_APART = 4 * FAR

#: Fish that do not grow are never heavy enough.
_LEAST_GROWTH = 1e-6


class Moving(NamedTuple):
    """Movements of the coming days out of containers that hold their fish, in order of day.

    ``source`` and ``target`` are containers, ``stage`` the id of the stage that the fish live in
    afterwards, ``ahead`` the days until they move, ``share`` of the fish that the source holds now.
    """

    source: Integers
    target: Integers
    stage: Integers
    ahead: Integers
    share: Floats


class Departures:
    """What is known of the fish of one geography that will leave their containers."""

    def __init__(
        self, biology: Biology, frame: Frame, agenda: Agenda, dice: Dice, put_off: int
    ) -> None:
        self._frame, self._dice, self._put_off = frame, dice, put_off
        self._market = biology.harvest.markets[frame.geography.code]
        self._order_cv = biology.harvest.order_cv
        self._line_g = self._market.line * 1e6
        # What is ordered of each pen, as a cubic root: follows from the assignment's id alone.
        self._root_ordered: Floats = np.zeros(frame.size)
        self._ordered_of: Integers = np.zeros(frame.size, dtype=np.int64)
        self._fasting = biology.feeding.fasting_before_harvest
        columns = np.asarray(sorted(_movements(frame, agenda)), dtype=np.float64).reshape(-1, 7)
        self._day, self._booking, self._source, self._target, self._stage = (
            columns[:, number].astype(np.int64) for number in range(5)
        )
        self._part, self._rest = columns[:, 5].copy(), columns[:, 6].copy()

    def moving(self, today: Today, state: State, horizon: int) -> Moving:
        """Return the movements of the days from tomorrow to the horizon, both included."""
        days = np.asarray((today.ordinal, today.ordinal + horizon))
        rows = slice(*self._day.searchsorted(days, side="right").tolist())
        there = state.assignment[self._source[rows]] == self._booking[rows]
        source = self._source[rows][there]
        # Of the fish that the booking got, those that are left before its next movement.
        left = np.zeros(self._frame.size)
        np.maximum.at(left, source, self._rest[rows][there])
        return Moving(
            source,
            self._target[rows][there],
            self._stage[rows][there],
            self._day[rows][there] - today.ordinal,
            self._part[rows][there] / left[source],
        )

    def harvests(self, today: Today, state: State, root: Floats, root_growth: Floats) -> Integers:
        """Return in how many days the harvest of each container is expected; FAR on land.

        Args:
            today: the day whose evening it is.
            state: of this evening.
            root: cubic root of the weight, per container.
            root_growth: what it gains in a day, per container.
        """
        expected = np.full(self._frame.size, FAR, dtype=np.int64)
        pens = ((state.empty_by > 0) & (state.population > 0)).nonzero()[0]
        if not pens.size:
            return expected
        soonest = self._fasting + 1
        short = self._ordered_root(pens, state.assignment[pens]) - root[pens]
        ripe = np.ceil(short / np.maximum(root_growth[pens], _LEAST_GROWTH))
        ripe[state.early[pens] > 0] = 0.0
        ripe = np.minimum(ripe, FAR).astype(np.int64)
        first = np.maximum(ripe, np.maximum(state.ready_from[pens] - today.ordinal, soonest))
        latest = np.maximum(state.empty_by[pens] - today.ordinal, soonest)
        leaves = state.leaves[pens]
        booked = leaves > 0
        first = np.where(booked, leaves - today.ordinal, np.minimum(first, latest))
        turn = np.minimum(self._in_turn(pens, first, state) + self._put_off, latest)
        turn[state.withheld[pens] > 0] = FAR
        expected[pens] = np.where(booked, first, turn)
        return expected

    def _ordered_root(self, pens: Integers, assignments: Integers) -> Floats:
        """Return the cubic root of the weight that customers ordered of the fish of each pen."""
        new = (self._ordered_of[pens] != assignments).nonzero()[0]
        if new.size:
            scores = self._dice.scores(Decision.HARVEST_ORDER, assignments[new])
            ordered_g = [wanted(self._market, self._order_cv, score) for score in scores]
            self._root_ordered[pens[new]] = np.cbrt(ordered_g)
            self._ordered_of[pens] = assignments
        return self._root_ordered[pens]

    def _in_turn(self, pens: Integers, first: Integers, state: State) -> Integers:
        """Return when the line of the site has come to each pen, one after the other."""
        days = np.ceil(state.population[pens] * state.weight_g[pens] / self._line_g)
        site = self._frame.place_of[pens]
        order = (site * _APART + first).argsort(kind="stable")
        days = days[order]
        work = days.cumsum() - days
        # Days on which the line could begin, less its work before; sites lie far apart.
        apart = site[order] * float(_APART)
        begins = np.maximum.accumulate(apart + first[order] - work) - apart + work
        turn = np.empty(pens.size, dtype=np.int64)
        turn[order] = begins.astype(np.int64)
        return turn


def _movements(frame: Frame, agenda: Agenda) -> list[tuple[int, int, int, int, int, float, float]]:
    """Return day, booking, source, target, stage, part of the booking's fish, and rest before."""
    found = []
    for batch in agenda.batches.values():
        moves = sorted(batch.movements, key=attrgetter("from_id", "day", "to_id"))
        for source, out in groupby(moves, key=attrgetter("from_id")):
            booking, rest = agenda.bookings[source], 1.0
            at = frame.index_of[booking.container_id]
            for day, of_day in groupby(out, key=attrgetter("day")):
                drawn = list(of_day)
                shares = [move.share for move in drawn]
                if day == booking.end:
                    shares[-1] = max(1.0 - sum(shares[:-1]), 0.0)
                for move, share in zip(drawn, shares, strict=True):
                    to = agenda.bookings[move.to_id]
                    target = frame.index_of[to.container_id]
                    row = (day.toordinal(), source, at, target, to.stage.id, rest * share, rest)
                    found.append(row)
                rest = max(rest * (1.0 - sum(shares)), 0.0)
    return found
