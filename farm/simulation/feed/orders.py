"""Purchase orders: what was ordered, what is under way, what comes of it.

An order's chances hang on its id alone: how soon it is confirmed, whether it comes late and short.
Storms hold up the boats to a site as long as they last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from farm.domain.feed_trade import FeedTrade, days_late
from farm.errors import ContractBroken
from farm.simulation.columns import Columns
from farm.simulation.dice import Dice
from farm.simulation.feed import tables
from farm.simulation.feed.lots import LOTS_OF_A_STORE
from farm.simulation.feed.order_book import ORDER, OrderBook, OrderColumns
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Orders of a store that can be under way at once.
UNDER_WAY = 32

#: Chances of an order.
_CHANCES = 5


class Wishes(NamedTuple):
    """Feed that people want for stores, an element for each order, all for one reason of `REASONS`.

    Store, feed type and supplier are indices; days are ordinals; ``price`` is in
    `exact.PRICE_UNIT`-ths; ``stock_g`` and ``threshold_g`` are why it is wanted.
    """

    reason: int
    store: Integers
    feed_type: Integers
    supplier: Integers
    ordered_on: Integers
    promised_on: Integers
    quantity_g: Integers
    price: Integers
    stock_g: Integers
    threshold_g: Integers


class Orders:
    """The purchase orders of one geography.

    ``own`` are the arrays of ORDER, each of shape (stores, UNDER_WAY), and ``issued``: how many
    orders each store has had so far.
    """

    name = "feed_orders"

    def __init__(self, trade: FeedTrade, frame: Frame, dice: Dice) -> None:
        self._terms, self._frame, self._dice = trade.deliveries, frame, dice
        self._confirmed = np.asarray(trade.deliveries.confirmed, dtype=np.int64)
        self._reliability = np.asarray([each.reliability for each in frame.feed_suppliers])
        self._store_ids = np.asarray([store.id for store in frame.feed_stores], dtype=np.int64)
        self._book = OrderBook(frame)

    def begin(self) -> Own:
        """Return no orders."""
        stores = len(self._frame.feed_stores)
        issued = np.zeros(stores, dtype=np.int64)
        return {**tables.empty(ORDER, stores, UNDER_WAY), "issued": issued}

    def place(self, wishes: Wishes, own: Own) -> None:
        """Order feed; what will come of it is decided now.

        Raises:
            ContractBroken: more orders of a store are under way, or were ever given, than are kept.
        """
        turn = _turns(wishes.store)
        at = self._free(wishes.store, turn, own)
        orders = self._written(wishes, turn, own)
        chances = self._chances(orders)
        confirmed = self._confirmed[(chances[0] * self._confirmed.size).astype(np.int64)]
        due = wishes.promised_on.copy()
        for late in (chances[1] >= self._reliability[wishes.supplier]).nonzero()[0].tolist():
            due[late] += days_late(self._terms, float(chances[2, late]))
        least = self._terms.short_least
        part = (wishes.quantity_g * (least + (1.0 - least) * chances[4])).astype(np.int64)
        orders["confirmed_on"] = np.minimum(wishes.ordered_on + confirmed, due)
        orders["due_on"] = due
        orders["coming_g"] = np.where(chances[3] < self._terms.short, part, wishes.quantity_g)
        for name in ORDER:
            own[name].put(at, orders[name])

    def fulfil(self, wishes: Wishes, own: Own) -> OrderColumns:
        """Order what comes on the day it is promised for, all of it; return the orders.

        Raises:
            ContractBroken: a store was given more orders than are kept.
        """
        orders = self._written(wishes, _turns(wishes.store), own)
        confirmed = wishes.ordered_on + self._confirmed[0]
        orders["confirmed_on"] = np.minimum(confirmed, wishes.promised_on)
        orders["due_on"], orders["coming_g"] = wishes.promised_on, wishes.quantity_g
        return orders

    def arriving(self, day: int, reached: Bools, own: Own) -> OrderColumns:
        """Take out the orders that come on a day; return them, the oldest of each store first.

        Args:
            day: as an ordinal.
            reached: the stores that lorries and boats get to; what is due elsewhere comes later.
            own: the orders' arrays.
        """
        due = (own["due_on"] <= day) & (own["number"] > 0) & reached[:, np.newaxis]
        at = due.ravel().nonzero()[0]
        at = at[np.lexsort((own["number"].take(at), at // UNDER_WAY))]
        found = _found(at, own)
        tables.whole(ORDER, own)[:, at] = 0
        return found

    def supply(self, in_stock: Integers, own: Own) -> Integers:
        """Return what is in stock or was ordered and has not come yet: grams, (stores, types)."""
        sums = in_stock.copy()
        at = (own["number"].ravel() > 0).nonzero()[0]
        cell = at // UNDER_WAY * sums.shape[1] + own["feed_type"].take(at)
        np.add.at(sums.reshape(-1), cell, own["quantity_g"].take(at))
        return sums

    def close(self, orders: OrderColumns, day: Integers, unloaded_g: Integers) -> None:
        """Write down on which day orders came, and what was unloaded of them."""
        self._book.close(orders, day, unloaded_g)

    def records(self, last_day: int, own: Own) -> Columns:
        """Return the orders that were closed in the period and those under way: see `OrderBook`.

        Args:
            last_day: of the period: what is dated later is not known yet.
            own: the orders' arrays.
        """
        at = own["number"].ravel().nonzero()[0]
        return self._book.records(last_day, _found(at, own))

    def _written(self, wishes: Wishes, turn: Integers, own: Own) -> OrderColumns:
        """Return the orders with their numbers, but for what will come of them."""
        number = own["issued"][wishes.store] + turn + 1
        if number.size and number.max() >= LOTS_OF_A_STORE:
            code = self._frame.feed_stores[wishes.store[number.argmax()]].code
            raise ContractBroken(f"feed store {code}: more than {LOTS_OF_A_STORE - 1} orders")
        np.add.at(own["issued"], wishes.store, 1)
        reason = np.full(number.size, wishes.reason)
        return {**wishes._asdict(), "number": number, "reason": reason}

    def _free(self, store: Integers, turn: Integers, own: Own) -> Integers:
        """Return where an order of each of these stores can stand: the first slots that are free.

        Raises:
            ContractBroken: a store has too few.
        """
        is_after = (own["number"][store] == 0).cumsum(axis=1) > turn[:, np.newaxis]
        if full := store[~is_after[:, -1]].tolist():
            code = self._frame.feed_stores[full[0]].code
            raise ContractBroken(f"feed store {code}: more than {UNDER_WAY} orders are under way")
        slot: Integers = is_after.argmax(axis=1)
        return store * UNDER_WAY + slot

    def _chances(self, orders: OrderColumns) -> Floats:
        """Return the chances of orders, shape (chances, orders)."""
        addresses = np.stack((self._store_ids[orders["store"]], orders["number"]), axis=1)
        streams = self._dice.streams.along(Decision.FEED_ORDER, addresses)
        chances = np.empty((len(addresses), _CHANCES))
        for drawn, stream in zip(chances, streams, strict=True):
            stream.random(out=drawn)
        return chances.T


def _found(at: Integers, own: Own) -> OrderColumns:
    """Return the orders in these slots, counted through all stores."""
    columns = tables.whole(ORDER, own).take(at, axis=1)
    return {"store": at // UNDER_WAY, **dict(zip(ORDER, columns, strict=True))}


def _turns(stores: Integers) -> Integers:
    """Return how many of those before each element are of the same store."""
    turns: list[int] = []
    seen: dict[int, int] = {}
    for store in stores.tolist():
        turns.append(seen.get(store, 0))
        seen[store] = turns[-1] + 1
    return np.asarray(turns, dtype=np.int64)
