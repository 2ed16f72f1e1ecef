"""Purchase orders: what was ordered, what is under way, what came of it.

An order's chances hang on its id alone: how soon it is confirmed, whether it comes late and short.
Storms hold up the boats to a site as long as they last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from farm.domain import exact
from farm.domain.feed_trade import FeedTrade, days_late
from farm.errors import ContractBroken
from farm.simulation.cells import cells, rows_and_columns
from farm.simulation.dice import Dice
from farm.simulation.feed.lots import LOTS_OF_A_STORE, lot_id
from farm.simulation.feed_records import PurchaseOrderRecord
from farm.simulation.frame import Frame, Integers
from farm.simulation.state import Own
from farm.simulation.streams import Decision

#: Orders of a store that can be under way at once.
UNDER_WAY = 32

#: Chances of an order, and of how many orders of a store they are drawn at once.
_CHANCES, _DRAWN_AHEAD = 5, 16

#: Why feed is ordered, in the order of the whole numbers that stand for it.
OPENING, REORDER, MEDICATED = range(3)
REASONS = ("opening", "reorder", "medicated")

#: The arrays of orders by name, each of shape (stores, UNDER_WAY). ``number`` is the running number
#: in the store, 0 in a free slot; indices of feed type and supplier; days as ordinals; grams;
#: ``coming_g`` on the day ``due_on`` is what nobody knows when it is ordered.
ORDER = (
    "number",
    "feed_type",
    "supplier",
    "reason",
    "ordered_on",
    "confirmed_on",
    "promised_on",
    "due_on",
    "quantity_g",
    "coming_g",
    "price",
    "stock_g",
    "threshold_g",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Feed that people want for a store; feed type, store and supplier by their indices.

    ``price`` is in `exact.PRICE_UNIT`-ths; ``stock_g`` and ``threshold_g`` are why it is wanted.
    """

    store: int
    feed_type: int
    supplier: int
    reason: int
    ordered_on: int
    promised_on: int
    quantity_g: int
    price: int
    stock_g: int = 0
    threshold_g: int = 0


class Orders:
    """The purchase orders of one geography."""

    name = "feed_orders"

    def __init__(self, trade: FeedTrade, frame: Frame, dice: Dice) -> None:
        self._terms, self._frame, self._dice = trade.deliveries, frame, dice
        self._done: list[PurchaseOrderRecord] = []
        self._chances: dict[tuple[int, int], list[float]] = {}

    def begin(self) -> Own:
        """Return no orders; ``issued``: how many orders each store has had so far."""
        stores = len(self._frame.feed_stores)
        arrays = {name: np.zeros((stores, UNDER_WAY), dtype=np.int64) for name in ORDER}
        return {**arrays, "issued": np.zeros(stores, dtype=np.int64)}

    def place(self, wish: Wish, own: Own) -> None:
        """Order feed; what will come of it is decided now.

        Raises:
            ContractBroken: more orders of a store are under way, or were ever given, than are kept.
        """
        slot, number = self._slot(wish.store, own)
        store = self._frame.feed_stores[wish.store]
        chances = self._chances_of(store.id, number)
        confirmed = self._terms.confirmed[int(chances[0] * len(self._terms.confirmed))]
        late = chances[1] >= self._frame.feed_suppliers[wish.supplier].reliability
        due = wish.promised_on + (days_late(self._terms, chances[2]) if late else 0)
        brought = wish.quantity_g
        if chances[3] < self._terms.short:
            least = self._terms.short_least
            brought = int(wish.quantity_g * (least + (1.0 - least) * chances[4]))
        self._enter(wish, slot, number, own)
        own["confirmed_on"][wish.store, slot] = min(wish.ordered_on + confirmed, due)
        own["due_on"][wish.store, slot] = due
        own["coming_g"][wish.store, slot] = brought

    def _chances_of(self, store_id: int, number: int) -> list[float]:
        """Return the chances of an order; those of the store's next orders are drawn with it."""
        if (store_id, number) not in self._chances:
            addresses = [(store_id, number + ahead) for ahead in range(_DRAWN_AHEAD)]
            streams = self._dice.streams.along(Decision.FEED_ORDER, addresses)
            for address, stream in zip(addresses, streams, strict=True):
                self._chances[address] = stream.random(_CHANCES).tolist()
        return self._chances.pop((store_id, number))

    def fulfil(self, wish: Wish, own: Own) -> int:
        """Order what comes as it was promised, all of it; return its slot."""
        slot, number = self._slot(wish.store, own)
        self._enter(wish, slot, number, own)
        own["confirmed_on"][wish.store, slot] = min(
            wish.ordered_on + self._terms.confirmed[0], wish.promised_on
        )
        own["due_on"][wish.store, slot] = wish.promised_on
        own["coming_g"][wish.store, slot] = wish.quantity_g
        return slot

    def due(self, day: int, own: Own) -> list[tuple[int, int]]:
        """Return store and slot of what comes on a day unless a storm holds it up, oldest first."""
        found = cells((own["number"] > 0) & (own["due_on"] <= day))
        return sorted(
            ((store, slot) for store, slot in found),
            key=lambda at: (at[0], int(own["number"][at[0], at[1]])),
        )

    def coming(self, kinds: int, own: Own) -> Integers:
        """Return what was ordered and has not come yet, in grams, shape (stores, types)."""
        sums = np.zeros((len(self._frame.feed_stores), kinds), dtype=np.int64)
        store, slot = rows_and_columns(own["number"])
        np.add.at(sums, (store, own["feed_type"][store, slot]), own["quantity_g"][store, slot])
        return sums

    def deliver(self, store: int, slot: int, day: int, unloaded_g: int, own: Own) -> None:
        """Write down what was unloaded of an order, and close it."""
        self._done.append(self._record(store, slot, own, day, unloaded_g))
        for name in ORDER:
            own[name][store, slot] = 0

    def records(self, last_day: int, own: Own) -> tuple[PurchaseOrderRecord, ...]:
        """Return the orders that were closed in the period and those under way, by id.

        Args:
            last_day: of the period: what is dated later is not known yet.
            own: the orders' arrays.
        """
        open_ = cells(own["number"] > 0)
        under_way = [self._record(store, slot, own, None, None, last_day) for store, slot in open_]
        return tuple(sorted(self._done + under_way, key=lambda order: order.id))

    def _slot(self, store: int, own: Own) -> tuple[int, int]:
        """Return a free slot of a store, and the number of its next order."""
        free, number = np.flatnonzero(own["number"][store] == 0), int(own["issued"][store]) + 1
        code = self._frame.feed_stores[store].code
        if not free.size:
            raise ContractBroken(f"feed store {code}: more than {UNDER_WAY} orders are under way")
        if number >= LOTS_OF_A_STORE:
            raise ContractBroken(f"feed store {code}: more than {number - 1} orders")
        own["issued"][store] = number
        return int(free[0]), number

    def _enter(self, wish: Wish, slot: int, number: int, own: Own) -> None:
        own["number"][wish.store, slot] = number
        for name in wish.__slots__:
            if name != "store":
                own[name][wish.store, slot] = getattr(wish, name)

    def _record(
        self,
        store: int,
        slot: int,
        own: Own,
        day: int | None,
        unloaded_g: int | None,
        last_day: int | None = None,
    ) -> PurchaseOrderRecord:
        order = {name: own[name].item(store, slot) for name in ORDER}
        place, confirmed = self._frame.feed_stores[store], order["confirmed_on"]
        is_confirmed = last_day is None or confirmed <= last_day
        status = "confirmed" if is_confirmed else "ordered"
        return PurchaseOrderRecord(
            id=lot_id(place.id, order["number"]),
            feed_supplier_id=self._frame.feed_suppliers[order["supplier"]].id,
            feed_type_id=self._frame.feed_types[order["feed_type"]].id,
            feed_store_id=place.id,
            reason=REASONS[order["reason"]],
            status=status if day is None else "delivered",
            ordered_on=date.fromordinal(order["ordered_on"]),
            confirmed_on=date.fromordinal(confirmed) if is_confirmed else None,
            promised_on=date.fromordinal(order["promised_on"]),
            delivered_on=None if day is None else date.fromordinal(day),
            quantity_kg=exact.kilograms(order["quantity_g"]),
            delivered_kg=None if unloaded_g is None else exact.kilograms(unloaded_g),
            price_per_kg=exact.quoted(order["price"]),
            stock_kg=exact.kilograms(order["stock_g"]),
            threshold_kg=exact.kilograms(order["threshold_g"]),
        )
