"""The feed stores: deliveries go in, the oldest lots come out first, what is too old is discarded.

Everything is in whole grams and whole cents. A store holds never more than its capacity, and a lot
never less than nothing.
"""

from __future__ import annotations

import numpy as np

from farm.simulation.feed import lots as table
from farm.simulation.feed.draws import Draws
from farm.simulation.feed.issue import Issue, drawn, shares
from farm.simulation.feed.lots import Lots
from farm.simulation.feed.stock_book import StockBook
from farm.simulation.feed_records import FeedLotRecord, FeedShortageRecord, StockBalanceRecord
from farm.simulation.frame import Bools, Frame, Integers
from farm.simulation.history import Columns
from farm.simulation.process import Today
from farm.simulation.state import Own, State

#: Lots that are held at a time, for each store of a geography.
LOTS_PER_STORE = 32


class Stores:
    """The feed stores of one geography; stores and feed types are given by index in the frame.

    ``own`` are the lots that hold feed, one element each in the first ``count`` of every array.
    """

    name = "feed_stores"

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._shape = (len(frame.feed_stores), len(frame.feed_types))
        self._capacity = np.asarray(
            [int(store.capacity_kg * 1000.0) for store in frame.feed_stores], dtype=np.int64
        )
        self._store_ids = np.asarray([store.id for store in frame.feed_stores], dtype=np.int64)
        self._type_ids = np.asarray([kind.id for kind in frame.feed_types], dtype=np.int64)
        self._book = StockBook(frame)
        self._draws = Draws()
        #: Whether the lots are known to be in the order of their use: new ones come last.
        self._is_in_order = False

    def begin(self) -> Own:
        """Return empty stores."""
        return table.empty(LOTS_PER_STORE * self._shape[0])

    def put(
        self,
        store: int,
        feed_type: int,
        number: int,
        grams: int,
        unit_cost_1e4: int,
        day: int,
        expires: int,
        own: Own,
    ) -> int:
        """Unload a delivery as far as there is room, and return the grams unloaded.

        Args:
            store: index of the store.
            feed_type: index of the feed type.
            number: running number of the order in its store, from 1: the lot's id is made of it.
            grams: what was brought.
            unit_cost_1e4: cost of a kilogram, in 1/10,000 of the currency.
            day: of delivery, as an ordinal.
            expires: first day on which it must not be fed any more, as an ordinal.
            own: the stores' arrays.

        Raises:
            ContractBroken: there are more lots than are kept, or one too dear to be counted.
        """
        unloaded = min(grams, int(self.room(own)[store]))
        if unloaded <= 0:
            return 0
        cost = table.cost_of(unloaded, unit_cost_1e4)
        given = (store, feed_type, number, day, expires, unit_cost_1e4, cost, unloaded, unloaded)
        table.enter(dict(zip(table.LOT, given, strict=True)), own)
        self._is_in_order = False
        self._book.deliver(store, feed_type, unloaded)
        return unloaded

    def in_stock(self, own: Own) -> Integers:
        """Return the grams in store, shape (stores, types)."""
        lots = table.held(own)
        return self._summed(lots, lots["left"])

    def room(self, own: Own) -> Integers:
        """Return the grams that still go into each store, whatever the feed."""
        lots = table.held(own)
        room = self._capacity.copy()
        np.subtract.at(room, lots["store"], lots["left"])
        return room

    def open_month(self, today: Today, own: Own) -> None:
        """Open the book of a month, on the morning of its first day and before any delivery."""
        self._book.open_month(today, self.in_stock(own))

    def close_month(self, own: Own) -> None:
        """Close the book of a month, on the evening of its last day.

        Raises:
            ImbalanceError: feed appeared or vanished.
        """
        lots = table.held(own)
        worth = lots["cost"] - table.cost_of_first(lots["grams"] - lots["left"], lots)
        self._book.close_month(self.in_stock(own), self._summed(lots, worth))

    def expire(self, today: Today, own: Own) -> None:
        """Discard this morning what must not be fed any more."""
        self._discard(table.held(own)["expires_on"] <= today.ordinal, today, own)

    def discard(self, store: int, feed_type: int, today: Today, own: Own) -> None:
        """Discard all that a store has of a feed."""
        lots = table.held(own)
        chosen = (lots["store"] == store) & (lots["feed_type"] == feed_type)
        self._discard(chosen, today, own)

    def issue(
        self, today: Today, state: State, feed_type: Integers, wanted_g: Integers, own: Own
    ) -> Issue:
        """Give out feed, oldest lots first; where there is too little, all get the same share.

        Args:
            today: the day.
            state: whose fish eat.
            feed_type: index of the feed that the fish of each container eat.
            wanted_g: whole grams that they would eat.
            own: the stores' arrays.
        """
        issue = Issue.none(wanted_g.size)
        at = np.flatnonzero(wanted_g > 0)
        if not at.size:
            return issue
        if not self._is_in_order:
            table.put_in_order(own)
            self._is_in_order = True
        lots = table.held(own)
        types = self._shape[1]
        key = self._frame.store_of[at] * types + feed_type[at]
        order = np.argsort(key, kind="stable")
        at, key = at[order], key[order]
        given = shares(key, wanted_g[at], lots["store"] * types + lots["feed_type"], lots["left"])
        self._book.feed(today, given)
        issue.feed_g[at] = given.given
        issue.feed_type_id[at] = np.where(given.given > 0, self._type_ids[feed_type[at]], 0)
        who, lot, grams, ahead = drawn(given.given, given.used)
        part = {name: column[lot] for name, column in lots.items()}
        gone = part["grams"] - part["left"] + ahead
        cents = table.cost_of_first(gone + grams, part) - table.cost_of_first(gone, part)
        np.add.at(issue.cost_cents, at[who], cents)
        lot_id = self._store_ids[part["store"]] * table.LOTS_OF_A_STORE + part["number"]
        self._draws.add(today, lot_id, state.assignment[at[who]], grams, cents)
        lots["left"][:] -= given.used
        self._finish(own)
        return issue

    def lots(self, own: Own) -> tuple[FeedLotRecord, ...]:
        """Return the lots that ended in the period and those that are held, by id."""
        return self._book.lots(table.held(own))

    def shortages(self) -> tuple[FeedShortageRecord, ...]:
        """Return the shortages of the period."""
        return self._book.shortages()

    def balances(self) -> tuple[StockBalanceRecord, ...]:
        """Return the balances of the period's months."""
        return self._book.balances()

    def draws(self) -> Columns:
        """Return the columns of DRAW_COLUMNS for the period."""
        return self._draws.columns()

    def _summed(self, lots: Lots, values: Integers) -> Integers:
        stores, types = self._shape
        sums = np.zeros(stores * types, dtype=np.int64)
        np.add.at(sums, lots["store"] * types + lots["feed_type"], values)
        return sums.reshape(self._shape)

    def _discard(self, chosen: Bools, today: Today, own: Own) -> None:
        if chosen.any():
            lots = table.held(own)
            self._book.discard(today, {name: column[chosen] for name, column in lots.items()})
            table.keep(np.flatnonzero(~chosen), own)

    def _finish(self, own: Own) -> None:
        """Close the lots that are used up."""
        lots = table.held(own)
        empty = lots["left"] == 0
        if empty.any():
            self._book.finish({name: column[empty] for name, column in lots.items()})
            table.keep(np.flatnonzero(~empty), own)
