"""The menu: which feed suits the fish of a container today."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from farm.domain.biology import Biology
from farm.domain.feed_trade import FeedTrade
from farm.simulation.feed.kinds import holds_medicine
from farm.simulation.frame import Frame, Integers
from farm.simulation.state import State


class _Eaters(NamedTuple):
    """Containers whose fish want feed, in the order of their turn.

    ``size``: the plain pellet that suits them, counted from the smallest; ``first``: where the
    feeds of their store begin in an array by store and feed type; grams ``wanted_g``, and
    ``medicine``, the id of the treatment type that they get today, 0 for none.
    """

    size: Integers
    first: Integers
    wanted_g: Integers
    medicine: Integers


class Menu:
    """Knows which pellet is for fish of which weight, plain and with each medicine.

    Feed types are given by index in the frame.
    """

    def __init__(self, trade: FeedTrade, biology: Biology, frame: Frame) -> None:
        self._store_of = frame.store_of
        self._has_store = frame.store_of >= 0
        self._first_cell = frame.store_of * len(frame.feed_types)
        # By treatment type, 0 for plain feed: the types from the smallest pellet to the largest.
        self._sizes: dict[int, list[int]] = {}
        for index, kind in enumerate(frame.feed_types):
            self._sizes.setdefault(kind.treatment_type_id or 0, []).append(index)
        for sizes in self._sizes.values():
            sizes.sort(key=lambda index: frame.feed_types[index].min_weight_g)
        self._plain = np.asarray(self._sizes.get(0, [0]), dtype=np.int64)
        kinds = [frame.feed_types[index] for index in self._sizes.get(0, [])]
        self._from_g = np.asarray([kind.min_weight_g for kind in kinds[1:]])
        # By size: the weight up to which fish may use up the next smaller pellets.
        self._used_up_to = np.append(0.0, self._from_g * (1.0 + trade.used_up))
        # What is no medicine may be fed to anybody.
        self._harmless = [
            mixed
            for treatment, mixed in self._sizes.items()
            if treatment and not holds_medicine(frame.feed_types[mixed[0]], biology)
        ]
        # By size and treatment type: the feeds that fish can be given, the best one first.
        treatments = range(len(biology.treatments) + 1)
        self._options = [
            [self._suitable(size, medicine) for medicine in treatments]
            for size in range(self._plain.size)
        ]
        self._best = np.asarray([[options[0] for options in of_size] for of_size in self._options])

    def feed_types(
        self, state: State, wanted_g: Integers, medicine: Integers, in_stock: Integers
    ) -> Integers:
        """Return the feed type of those who want feed: by their weight yesterday evening.

        Fish get their medicated feed, or that of the next smaller pellet, on days on which there is
        enough of it for all that they want, container by container; plain feed otherwise. Where
        plain pellets of a size run out, they get those of the next smaller size, or of the next
        larger one, or what is left of functional feed, if there is enough. Fish that have just
        outgrown a pellet use up what their store still has of it, unless others of the store have
        not outgrown it yet.

        Args:
            state: before growth.
            wanted_g: grams that the fish of each container would eat.
            medicine: id of the treatment type that is given in the feed today, 0 for none.
            in_stock: grams in store, shape (stores, types).

        Returns:
            an element for each container, 0 for those who want nothing.
        """
        at, stock = (wanted_g > 0).nonzero()[0], in_stock.ravel()
        eaters = _Eaters(
            size=self._sizes_of(at, state, stock),
            first=self._first_cell[at],
            wanted_g=wanted_g[at],
            medicine=medicine[at],
        )
        chosen = np.zeros(wanted_g.size, dtype=np.int64)
        chosen[at] = self._chosen(eaters, stock)
        return chosen

    def _chosen(self, eaters: _Eaters, stock: Integers) -> Integers:
        """Return the feed type of each of the eaters; ``stock`` is by store and feed type."""
        chosen, is_treated = self._plain[eaters.size], eaters.medicine > 0
        cell, demand = eaters.first + chosen, np.zeros(stock.size, dtype=np.int64)
        np.add.at(demand, cell, np.where(is_treated, 0, eaters.wanted_g))
        asked = demand[cell]
        is_short = asked > stock[cell]
        asking = (is_treated | is_short).nonzero()[0]
        if not asking.size:
            return chosen
        # What those leave who simply eat what suits them; where they cannot all, they ask as well.
        left = stock.copy()
        left[cell] -= np.where(is_short, 0, asked)
        first, wanted = eaters.first[asking], eaters.wanted_g[asking]
        best = self._best[eaters.size[asking], eaters.medicine[asking]]
        cell, claimed = first + best, np.zeros(stock.size, dtype=np.int64)
        np.add.at(claimed, cell, wanted)
        is_contested = np.zeros(stock.size, dtype=np.bool_)
        is_contested[first[claimed[cell] > left[cell]]] = True
        at_odds = is_contested[first]
        agreed = ~at_odds
        chosen[asking[agreed]] = best[agreed]
        self._choose(asking[at_odds], eaters, left, chosen)
        return chosen

    def _choose(self, asking: Integers, eaters: _Eaters, left: Integers, chosen: Integers) -> None:
        """Give those who cannot all have their best feed the best that there is enough of.

        Args:
            asking: which of the eaters.
            eaters: all of them.
            left: grams that nobody has claimed yet, by store and feed type; claimed here.
            chosen: feed type of each of the eaters, changed here.
        """
        columns = (eaters.size, eaters.medicine, eaters.first, eaters.wanted_g)
        rows = zip(asking.tolist(), *(column[asking].tolist() for column in columns), strict=True)
        # One by one, a view of memory is much faster than an array.
        there = left.data
        for at, size, medicine, first, wanted in rows:
            for kind in self._options[size][medicine]:
                if there[first + kind] >= wanted:
                    there[first + kind] -= wanted
                    chosen[at] = kind
                    break

    def _sizes_of(self, at: Integers, state: State, stock: Integers) -> Integers:
        """Return which of the plain pellets, counted from the smallest, suits these containers."""
        weight = state.weight_g[at]
        size = self._from_g.searchsorted(weight, side="right")
        just = (weight < self._used_up_to[size]).nonzero()[0]
        outgrown = self._first_cell[at[just]] + self._plain[size[just] - 1]
        is_left = stock[outgrown] > 0
        just, outgrown = just[is_left], outgrown[is_left]
        if just.size:
            # Not while others of the store need what they have outgrown.
            there = ((state.population > 0) & self._has_store).nonzero()[0]
            kind = self._plain[self._from_g.searchsorted(state.weight_g[there], side="right")]
            is_needed = np.zeros(stock.size, dtype=np.bool_)
            is_needed[self._first_cell[there] + kind] = True
            size[just] -= ~is_needed[outgrown]
        return size

    def _suitable(self, size: int, medicine: int) -> list[int]:
        """Return the feed types that fish of a size can be given, the best one first."""
        plain, mixed = self._sizes[0], self._sizes.get(medicine, []) if medicine else []
        smaller = max(size - 1, 0)
        treated = mixed[smaller : size + 1][::-1]
        options = [*treated, plain[size], plain[smaller], *plain[size + 1 : size + 2]]
        return options + [
            kind for each in self._harmless for kind in each[smaller : size + 1][::-1]
        ]
