"""Harvesting: which pens are emptied when, and how fast.

The slaughter line of a site takes one pen after another, each over as many days as it needs. A pen
is booked once the line can have it and its fish can fast before: at once where fish must go early,
in order of deadlines where the time left at the site is just enough, else the heaviest of those
that weigh what was ordered. No fish are taken while a withholding period runs.
"""

from __future__ import annotations

import math

import numpy as np

from farm.domain import harvest
from farm.domain.biology import Biology
from farm.simulation.chronicle import Chronicle
from farm.simulation.dice import Dice
from farm.simulation.flows import Flows
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.process import Signs, Today
from farm.simulation.state import State
from farm.simulation.streams import Decision

#: The first day of pens that are not booked, and a deadline that does not press.
_NEVER, _FAR = 0, np.iinfo(np.int64).max


class Harvesting:
    """Empties the pens of one geography."""

    def __init__(self, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._parameters = biology.harvest
        self._market = biology.harvest.markets[frame.geography.code]
        self._line_g = self._market.line * 1e6
        self._fasting = biology.feeding.fasting_before_harvest
        self._frame = frame
        self._allowed_t = biology.harvest.licence_full * np.asarray(
            [site.max_biomass_t for site in frame.sites], dtype=np.float64
        )
        self._dice = dice
        # What is ordered of each pen: follows from the assignment's id alone.
        self._ordered: Floats = np.zeros(frame.size)
        self._ordered_of: Integers = np.zeros(frame.size, dtype=np.int64)

    def work(
        self, today: Today, state: State, signs: Signs, chronicle: Chronicle, flows: Flows
    ) -> None:
        """Put off, book and carry out harvests, with yesterday evening's fish."""
        in_pens = state.empty_by > 0
        urgent = in_pens & self._is_urgent(state)
        self._take_orders(in_pens, state)
        self._put_off(today, in_pens, urgent, state)
        self._book(today, in_pens, urgent, state)
        due = in_pens & (state.leaves > _NEVER) & (state.leaves <= today.ordinal)
        for container in due.nonzero()[0].tolist():
            self._take(container, today, state, signs, chronicle, flows)

    def _put_off(self, today: Today, in_pens: Bools, urgent: Bools, state: State) -> None:
        """Give up the bookings of pens whose fish are withheld, and count the days lost."""
        withheld = in_pens & (state.withheld > 0)
        if np.count_nonzero(withheld):
            state.leaves[withheld] = _NEVER
            state.postponed[withheld & (urgent | self._is_due(today.ordinal, state))] += 1

    def _days(self, state: State) -> Integers:
        """Return the days that the line needs for the fish of each container, at least one."""
        grams = state.population * state.weight_g
        return np.maximum(np.ceil(grams / self._line_g), 1.0).astype(np.int64)

    def _take_orders(self, in_pens: Bools, state: State) -> None:
        """Take down what is ordered of pens with new fish."""
        new = (in_pens & (self._ordered_of != state.assignment)).nonzero()[0]
        if new.size:
            ids = state.assignment[new]
            scores = self._dice.scores(Decision.HARVEST_ORDER, ids)
            cv = self._parameters.order_cv
            self._ordered[new] = [harvest.wanted(self._market, cv, score) for score in scores]
            self._ordered_of[new] = ids

    def _is_urgent(self, state: State) -> Bools:
        """Return which fish are to be harvested whatever the day is and whoever ordered them."""
        too_heavy = state.weight_g >= self._market.heaviest
        held_t = self._frame.at_sites(state.population * state.weight_g) / 1e6
        full = held_t >= self._allowed_t
        urgent: Bools = too_heavy | (state.early > 0)
        if np.count_nonzero(full):
            urgent |= self._frame.spread(full, of_halls=False)
        return urgent

    def _is_due(self, first: int, state: State) -> Bools:
        """Return which fish are as heavy as ordered on a day, or must go on it."""
        heavy = (state.weight_g >= self._ordered) & (first >= state.ready_from)
        return heavy | (first >= state.empty_by)

    def _book(self, today: Today, in_pens: Bools, urgent: Bools, state: State) -> None:
        """Book at most one pen of each site: the line turns to it when it is done with the last.

        A pen that is late, after a withholding period, does not wait for the line.
        """
        waiting = in_pens & (state.leaves == _NEVER)
        if not np.count_nonzero(waiting):
            return
        place_of, days = self._frame.place_of, self._days(state)
        # Fasting starts tomorrow at the earliest: today's feed is given.
        soonest = today.ordinal + self._fasting + 1
        busy = self._busy_until(today, state, days)
        pressed = self._pressed(np.maximum(soonest, busy + 1), waiting, days, state)
        late = soonest >= state.empty_by
        wanted = urgent | self._is_due(soonest, state) | pressed
        free = busy[place_of] < soonest
        chosen = (waiting & (state.withheld == 0) & wanted & (free | late)).nonzero()[0]
        if not chosen.size:
            return
        deadline = np.where(pressed, state.empty_by, _FAR)[chosen]
        keys = (chosen, -state.weight_g[chosen], deadline, -state.early[chosen])
        taken: set[int] = set()
        for container in chosen[np.lexsort(keys)]:
            place = int(place_of[container])
            if late[container] or place not in taken:
                latest = int(state.empty_by[container])
                is_in_time = latest >= today.ordinal
                state.leaves[container] = min(soonest, latest) if is_in_time else soonest
                taken.add(place)

    def _busy_until(self, today: Today, state: State, days: Integers) -> Integers:
        """Return the last day on which the line of each place has work, by its bookings."""
        booked = ((state.empty_by > 0) & (state.leaves > _NEVER)).nonzero()[0]
        until = np.zeros(len(self._frame.places), dtype=np.int64)
        last = np.maximum(state.leaves[booked], today.ordinal) + days[booked] - 1
        np.maximum.at(until, self._frame.place_of[booked], last)
        return until

    def _pressed(self, first: Integers, waiting: Bools, days: Integers, state: State) -> Bools:
        """Return the pens of sites that must go on now so that the last pen is empty in time.

        In order of deadlines, each pen must be finished by its own: the days from the first free
        one to the deadline must be enough for it and all pens before it.

        Args:
            first: the first day on which the line of each place is free.
            waiting: pens that are not booked.
            days: what the line needs for each pen.
            state: of yesterday evening.
        """
        place_of, pressed = self._frame.place_of, np.zeros(self._frame.size, dtype=np.bool_)
        pens = waiting.nonzero()[0]
        # Nothing presses at sites where all pens, one after the other, are done by the first
        # deadline.
        place, deadline = place_of[pens], np.full(first.size, _FAR)
        np.minimum.at(deadline, place, state.empty_by[pens])
        needed = np.bincount(place, days[pens], first.size)
        pens = pens[(deadline - first < needed)[place]]
        if not pens.size:
            return pressed
        pens = pens[np.lexsort((pens, state.empty_by[pens], place_of[pens]))]
        place = place_of[pens]
        running = days[pens].cumsum()
        begins = np.diff(place, prepend=-1) != 0
        before = np.maximum.accumulate(np.where(begins, running - days[pens], 0))
        slack = state.empty_by[pens] + 1 - first[place] - (running - before)
        is_late = np.zeros(len(self._frame.places), dtype=np.bool_)
        is_late[place[slack <= 0]] = True
        pressed[pens] = is_late[place]
        return pressed

    def _take(
        self,
        container: int,
        today: Today,
        state: State,
        signs: Signs,
        chronicle: Chronicle,
        flows: Flows,
    ) -> None:
        """Take a day's share of a pen's fish, or all that are left."""
        present = int(state.population[container])
        days_left = max(int(state.empty_by[container]) - today.ordinal + 1, 1)
        grams = present * float(state.weight_g[container])
        days = min(max(math.ceil(grams / self._line_g), 1), days_left)
        count = math.ceil(present / days)
        if count:
            chronicle.write_harvest(today.date, state, signs, container, count)
            flows.harvested[container] = count
        if count == present:
            chronicle.write_end(today.date, state, container, 0)
            state.vacate(container)
        else:
            state.population[container] -= count
            state.gone[container] += count
