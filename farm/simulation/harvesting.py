"""Harvesting: which pens are emptied when, and how fast.

The slaughter line of a site takes one pen after another, each over as many days as it needs. A pen
is booked once the line can have it and its fish can fast before: at once where fish must go early,
in order of deadlines where the time left at the site is just enough, else the heaviest of those
that weigh what was ordered. No fish are taken while a withholding period runs.
"""

from __future__ import annotations

import math
from typing import NamedTuple

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


class _Pens(NamedTuple):
    """The pens of one geography on a morning, in the order of `Frame.pens`, stocked or not.

    All fish at sea are of the last stage; ``empty_by`` is 0 where there are none.
    ``urgent``: those whose fish are to be harvested whatever the day is and whoever ordered them.
    ``heavy``: those whose fish weigh what was ordered. ``held_g``: the fish of each site.
    """

    grams: Floats
    held_g: Floats
    urgent: Bools
    heavy: Bools
    ready_from: Integers
    empty_by: Integers
    withheld: Bools

    def wanted(self, on: int) -> Bools:
        """Return which fish are urgent on a day, as heavy as ordered, or must go on it."""
        return self.urgent | (self.heavy & (on >= self.ready_from)) | (on >= self.empty_by)


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
        self._pens_of = np.bincount(frame.site_of_pen, minlength=len(frame.sites))
        self._dice = dice
        # What is ordered of each pen: follows from the assignment's id alone.
        self._ordered: Floats = np.zeros(frame.pens.size)
        self._ordered_of: Integers = np.zeros(frame.pens.size, dtype=np.int64)

    def work(
        self, today: Today, state: State, signs: Signs, chronicle: Chronicle, flows: Flows
    ) -> None:
        """Put off, book and carry out harvests, with yesterday evening's fish."""
        at_sea, sea = self._frame.pens, self._frame.sea
        pens = self._pens(state)
        if np.count_nonzero(pens.withheld):
            self._put_off(pens, today, state)
        self._book(pens, today, state)
        leaves = state.leaves[sea]
        for pen in leaves.nonzero()[0].tolist():
            if leaves[pen] <= today.ordinal:
                self._take(int(at_sea[pen]), today, state, signs, chronicle, flows)

    def _pens(self, state: State) -> _Pens:
        """Return the pens as they stood yesterday evening."""
        frame, sea = self._frame, self._frame.sea
        self._take_orders(state.assignment[sea])
        weight_g = state.weight_g[sea]
        grams = state.population[sea] * weight_g
        held_g = frame.of_sites(grams)
        urgent = (weight_g >= self._market.heaviest) | (state.early[sea] > 0)
        full = held_g / 1e6 >= self._allowed_t
        if np.count_nonzero(full):
            urgent |= full.take(frame.site_of_pen)
        return _Pens(
            grams,
            held_g,
            urgent,
            weight_g >= self._ordered,
            state.ready_from[sea],
            state.empty_by[sea],
            state.withheld[sea] > 0,
        )

    def _take_orders(self, assignment: Integers) -> None:
        """Take down what is ordered of pens with new fish, given what the pens hold."""
        new = ((self._ordered_of != assignment) & (assignment > 0)).nonzero()[0]
        if new.size:
            ids = assignment[new]
            scores = self._dice.scores(Decision.HARVEST_ORDER, ids)
            cv = self._parameters.order_cv
            self._ordered[new] = [harvest.wanted(self._market, cv, score) for score in scores]
            self._ordered_of[new] = ids

    def _put_off(self, pens: _Pens, today: Today, state: State) -> None:
        """Give up the bookings of pens whose fish are withheld, and count the days lost."""
        at_sea = self._frame.pens
        state.leaves[at_sea[pens.withheld]] = _NEVER
        state.postponed[at_sea[pens.withheld & pens.wanted(today.ordinal)]] += 1

    def _book(self, pens: _Pens, today: Today, state: State) -> None:
        """Book at most one pen of each site: the line turns to it when it is done with the last.

        A pen that is late, after a withholding period, does not wait for the line.
        """
        frame, sea = self._frame, self._frame.sea
        # Fasting starts tomorrow at the earliest: today's feed is given.
        soonest = today.ordinal + self._fasting + 1
        leaves = state.leaves[sea]
        waiting = (leaves == _NEVER) & (pens.empty_by > 0)
        busy = self._busy(today.ordinal, soonest, pens, leaves)
        turn = waiting & ~busy.take(frame.site_of_pen)
        pressed = self._pressed(soonest, turn, pens)
        late = waiting & (soonest >= pens.empty_by)
        wanted = late | (turn & (pens.wanted(soonest) | pressed))
        chosen = (wanted & ~pens.withheld).nonzero()[0]
        if not chosen.size:
            return
        deadline = np.where(pressed, pens.empty_by, _FAR)[chosen]
        containers = frame.pens[chosen]
        keys = (chosen, -state.weight_g[containers], deadline, -state.early[containers])
        taken: set[int] = set()
        for pen in chosen[np.lexsort(keys)].tolist():
            site = int(frame.site_of_pen[pen])
            if late[pen] or site not in taken:
                latest = int(pens.empty_by[pen])
                is_in_time = latest >= today.ordinal
                state.leaves[frame.pens[pen]] = min(soonest, latest) if is_in_time else soonest
                taken.add(site)

    def _busy(self, today: int, soonest: int, pens: _Pens, leaves: Integers) -> Bools:
        """Return the sites whose line has work on a day, by its bookings."""
        busy = np.zeros(len(self._frame.sites), dtype=np.bool_)
        booked = leaves.nonzero()[0]
        for pen, day, grams in zip(
            booked.tolist(), leaves[booked].tolist(), pens.grams[booked].tolist(), strict=True
        ):
            if max(day, today) + self._days(grams) > soonest:
                busy[self._frame.site_of_pen[pen]] = True
        return busy

    def _pressed(self, first: int, waiting: Bools, pens: _Pens) -> Bools:
        """Return the pens of sites that must go on now so that the last pen is empty in time.

        In order of deadlines, each pen must be finished by its own: the days from the first free
        one to the deadline must be enough for it and all pens before it.

        Args:
            first: the first day on which the line is free.
            waiting: pens that are not booked, at sites with a line that is.
            pens: this morning's.
        """
        site_of_pen = self._frame.site_of_pen
        # Nothing presses pens with time enough for all pens of the site before them.
        most = pens.held_g / self._line_g + self._pens_of
        near = (waiting & (pens.empty_by - first < most.take(site_of_pen))).nonzero()[0]
        pressed = np.zeros(len(self._frame.sites), dtype=np.bool_)
        at, until = -1, first
        for site, deadline, grams in sorted(
            zip(
                site_of_pen[near].tolist(),
                pens.empty_by[near].tolist(),
                pens.grams[near].tolist(),
                strict=True,
            )
        ):
            if site != at:
                at, until = site, first
            until += self._days(grams)
            if until > deadline:
                pressed[site] = True
        return waiting & pressed.take(site_of_pen)

    def _days(self, grams: float) -> int:
        """Return the days that the line needs for so many grams of fish, at least one."""
        return max(math.ceil(grams / self._line_g), 1)

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
        days = min(self._days(grams), days_left)
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
