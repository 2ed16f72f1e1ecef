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
from farm.simulation.frame import Bools, Frame, Integers
from farm.simulation.history import Columns
from farm.simulation.process import Today
from farm.simulation.state import Own, State

#: Lots that are held at a time, for each store of a geography.
LOTS_PER_STORE = 32


class Stores:
    """The feed stores of one geography; stores and feed types are given by index in the frame.

    ``own`` are the lots that hold feed, one element each in the first ``count`` of every array;
    it is the same one at every call.
    """

    name = "feed_stores"

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._shape = (len(frame.feed_stores), len(frame.feed_types))
        self._capacity = np.asarray(
            [int(store.capacity_kg * 1000.0) for store in frame.feed_stores], dtype=np.int64
        )
        store_ids = np.asarray([store.id for store in frame.feed_stores], dtype=np.int64)
        self._ids_before = store_ids * table.LOTS_OF_A_STORE
        # The first cell, by store and feed type, of the store of each container.
        self._first_cell = frame.store_of * self._shape[1]
        self._type_ids = np.asarray([kind.id for kind in frame.feed_types], dtype=np.int64)
        self._book = StockBook(frame)
        self._draws = Draws()
        # Follows from the lots that are held; summed up when it is first asked for.
        self._stock: Integers | None = None

    def begin(self) -> Own:
        """Return empty stores."""
        return table.empty(LOTS_PER_STORE * self._shape[0])

    def put(self, brought: Lots, own: Own) -> Integers:
        """Unload deliveries one after the other, as far as there is room; return their grams.

        Args:
            brought: the columns of LOT, but for ``cost`` and what is ``left``; ``number`` is the
                running number of the order in its store, from 1: the lot's id is made of it.
            own: the stores' arrays.

        Raises:
            ContractBroken: there are more lots than are kept, or one too dear to be counted.
        """
        room, fitting = self.room(own).tolist(), []
        for store, grams in zip(brought["store"].tolist(), brought["grams"].tolist(), strict=True):
            fitting.append(min(grams, room[store]))
            room[store] -= fitting[-1]
        unloaded = np.asarray(fitting, dtype=np.int64)
        cost = table.cost_of(unloaded, brought["unit_cost"])
        lots = {**brought, "cost": cost, "grams": unloaded, "left": unloaded}
        if np.count_nonzero(unloaded) < unloaded.size:
            some = unloaded.nonzero()[0]
            lots = {name: column[some] for name, column in lots.items()}
        stock = self.in_stock(own)
        table.enter(lots, own)
        np.add.at(stock.reshape(-1), self._cells(lots), lots["left"])
        self._book.deliver(lots)
        return unloaded

    def in_stock(self, own: Own) -> Integers:
        """Return the grams in store, shape (stores, types): not to be changed by who asks."""
        if self._stock is None:
            self._stock = self._summed(table.column("left", own), own)
        return self._stock

    def holding(self, kinds: Bools, own: Own) -> tuple[Integers, Integers]:
        """Return store and feed type of each lot of some of the feed types."""
        kind = table.column("feed_type", own)
        rows = kinds[kind].nonzero()[0]
        return table.column("store", own)[rows], kind[rows]

    def room(self, own: Own) -> Integers:
        """Return the grams that still go into each store, whatever the feed."""
        room: Integers = self._capacity - np.add.reduce(self.in_stock(own), axis=1)
        return room

    def open_month(self, today: Today, own: Own) -> None:
        """Open the book of a month, on the morning of its first day and before any delivery."""
        self._book.open_month(today, self.in_stock(own).copy())

    def close_month(self, own: Own) -> None:
        """Close the book of a month, on the evening of its last day.

        Raises:
            ImbalanceError: feed appeared or vanished.
        """
        lots = table.held(own)
        gone = lots["grams"] - lots["left"]
        worth = lots["cost"] - table.cost_of_first(gone, lots["cost"], lots["grams"])
        self._book.close_month(self._summed(lots["left"], own), self._summed(worth, own))

    def expire(self, today: Today, own: Own) -> None:
        """Discard this morning what must not be fed any more."""
        self._discard(table.column("expires_on", own) <= today.ordinal, today, own)

    def discard(self, where: Bools, today: Today, own: Own) -> None:
        """Discard all that stores have of feeds, of shape (stores, types)."""
        cell = table.column("store", own), table.column("feed_type", own)
        self._discard(where[cell], today, own)

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
        at = (wanted_g > 0).nonzero()[0]
        if not at.size:
            return issue
        lots, stock = table.held(own), self.in_stock(own)
        key = self._first_cell[at] + feed_type[at]
        order = key.argsort(kind="stable")
        at, key = at[order], key[order]
        cell = self._cells(lots)
        rows = table.in_order(cell, lots)
        left = lots["left"][rows]
        ends = left.cumsum()
        shared = shares(key, wanted_g[at], cell[rows], ends)
        stock.reshape(-1)[shared.keys] -= shared.fed
        self._book.feed(today, shared)
        issue.feed_g[at] = shared.given
        issue.feed_type_id[at] = np.where(shared.given > 0, self._type_ids[feed_type[at]], 0)
        draws = drawn(shared, left, ends)
        who, lot, grams = at[draws.who], rows[draws.lot], draws.grams
        cost, whole = lots["cost"][lot], lots["grams"][lot]
        gone = whole - lots["left"][lot] + draws.ahead
        cents = table.cost_of_first(gone + grams, cost, whole)
        cents -= table.cost_of_first(gone, cost, whole)
        np.add.at(issue.cost_cents, who, cents)
        lot_id = self._ids_before[lots["store"][lot]] + lots["number"][lot]
        self._draws.add(today, lot_id, state.assignment[who], grams, cents)
        np.subtract.at(left, draws.lot, grams)
        lots["left"][rows] = left
        self._book.finish(table.taken(rows[left == 0], own))
        table.keep(rows[left > 0], own)
        return issue

    def lots(self, own: Own) -> Columns:
        """Return the lots that ended in the period and those that are held: see `StockBook`."""
        return self._book.lots(table.held(own))

    def shortages(self) -> Columns:
        """Return the columns of SHORTAGE_COLUMNS for the period."""
        return self._book.shortages()

    def balances(self) -> Columns:
        """Return the columns of BALANCE_COLUMNS for the period's months."""
        return self._book.balances()

    def draws(self) -> Columns:
        """Return the columns of DRAW_COLUMNS for the period."""
        return self._draws.columns()

    def _summed(self, values: Integers, own: Own) -> Integers:
        """Return the sums of values of the lots that are held, shape (stores, types)."""
        sums = np.zeros(self._shape, dtype=np.int64)
        np.add.at(sums.reshape(-1), self._cells(table.held(own)), values)
        return sums

    def _cells(self, lots: Lots) -> Integers:
        """Return the cell of each lot in a flat array by store and feed type."""
        return lots["store"] * self._shape[1] + lots["feed_type"]

    def _discard(self, chosen: Bools, today: Today, own: Own) -> None:
        if np.count_nonzero(chosen):
            taken, stock = table.taken(chosen.nonzero()[0], own), self.in_stock(own)
            lots = dict(zip(table.LOT, taken, strict=True))
            np.subtract.at(stock.reshape(-1), self._cells(lots), lots["left"])
            self._book.discard(today, taken)
            table.keep((~chosen).nonzero()[0], own)
