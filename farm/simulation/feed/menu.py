"""The menu: which feed suits the fish of a container today."""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.feed_trade import FeedTrade
from farm.simulation.feed.kinds import holds_medicine
from farm.simulation.frame import Frame, Integers
from farm.simulation.state import State


class Menu:
    """Knows which pellet is for fish of which weight, plain and with each medicine.

    Feed types are given by index in the frame.
    """

    def __init__(self, trade: FeedTrade, biology: Biology, frame: Frame) -> None:
        self._used_up_to = 1.0 + trade.used_up
        self._store_of = frame.store_of
        # By treatment type, 0 for plain feed: the types from the smallest pellet to the largest.
        self._sizes: dict[int, list[int]] = {}
        for index, kind in enumerate(frame.feed_types):
            self._sizes.setdefault(kind.treatment_type_id or 0, []).append(index)
        for sizes in self._sizes.values():
            sizes.sort(key=lambda index: frame.feed_types[index].min_weight_g)
        self._plain = np.asarray(self._sizes.get(0, [0]), dtype=np.int64)
        kinds = [frame.feed_types[index] for index in self._sizes.get(0, [])]
        self._from_g = np.asarray([kind.min_weight_g for kind in kinds[1:]])
        # What is no medicine may be fed to anybody.
        self._harmless = [
            mixed
            for treatment, mixed in self._sizes.items()
            if treatment and not holds_medicine(frame.feed_types[mixed[0]], biology)
        ]
        self._known: dict[tuple[int, int], list[int]] = {}

    def feed_types(
        self, state: State, wanted_g: Integers, medicine: Integers, in_stock: Integers
    ) -> Integers:
        """Return the feed type of each container: by the weight of its fish yesterday evening.

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
        """
        size = self._sizes_of(state, in_stock)
        chosen, stock = self._plain[size], in_stock.reshape(-1)
        first = self._store_of * in_stock.shape[1]
        wants = wanted_g > 0
        usual = np.flatnonzero(wants & (medicine == 0))
        demand = np.zeros_like(stock)
        np.add.at(demand, first[usual] + chosen[usual], wanted_g[usual])
        is_short = (demand > stock)[first + chosen]
        asking = np.flatnonzero(wants & ((medicine > 0) | is_short))
        if asking.size:
            left = np.where(demand > stock, stock, stock - demand)
            self._choose(asking, size, first, wanted_g, medicine, left, chosen)
        return chosen

    def _choose(
        self,
        asking: Integers,
        size: Integers,
        first: Integers,
        wanted_g: Integers,
        medicine: Integers,
        left: Integers,
        chosen: Integers,
    ) -> None:
        """Give those who cannot simply eat what suits them the best feed that there is enough of.

        Args:
            asking: the containers, in the order of their turn.
            size: plain pellet that suits each container, counted from the smallest.
            first: where the feeds of each container's store begin in ``left``.
            wanted_g: of each container.
            medicine: of each container.
            left: grams that nobody has claimed yet, by store and feed type; claimed here.
            chosen: feed type of each container, changed here.
        """
        columns = (asking, size[asking], first[asking], wanted_g[asking], medicine[asking])
        for at, fits, begin, wanted, treated in zip(*(c.tolist() for c in columns), strict=True):
            for kind in self._options(fits, treated):
                if left[begin + kind] >= wanted:
                    left[begin + kind] -= wanted
                    chosen[at] = kind
                    break

    def _sizes_of(self, state: State, in_stock: Integers) -> Integers:
        """Return which of the plain pellets, counted from the smallest, suits each container."""
        size = np.searchsorted(self._from_g, state.weight_g, side="right")
        smaller = np.maximum(size - 1, 0)
        kind, store = self._plain[smaller], self._store_of
        just = state.weight_g < self._from_g[smaller] * self._used_up_to if size.any() else False
        using_up = (size > 0) & just & (in_stock[store, kind] > 0)
        if not using_up.any():
            return np.asarray(size, dtype=np.int64)
        needed = np.zeros(in_stock.shape, dtype=np.bool_)
        there = (state.population > 0) & (store >= 0)
        needed[store[there], self._plain[size[there]]] = True
        return np.where(using_up & ~needed[store, kind], smaller, size).astype(np.int64)

    def _options(self, size: int, medicine: int) -> list[int]:
        """Return the feed types that fish of a size can be fed, the best one first."""
        if (size, medicine) not in self._known:
            plain, mixed = self._sizes[0], self._sizes.get(medicine, []) if medicine else []
            smaller = max(size - 1, 0)
            treated = mixed[smaller : size + 1][::-1]
            options = [*treated, plain[size], plain[smaller], *plain[size + 1 : size + 2]]
            options += [kind for each in self._harmless for kind in each[smaller : size + 1][::-1]]
            self._known[size, medicine] = options
        return self._known[size, medicine]
