"""The book of purchase orders: what came of those that are closed."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from farm.domain.calendar import day_of
from farm.domain.exact import kilograms, quoted
from farm.simulation.feed.lots import lot_id
from farm.simulation.feed_records import PurchaseOrderRecord
from farm.simulation.frame import Frame, Integers

#: Why feed is ordered, in the order of the whole numbers that stand for it.
OPENING, REORDER, MEDICATED = range(3)
REASONS = ("opening", "reorder", "medicated")

#: What is known of an order. ``number`` is the running number in the store, from 1; feed type and
#: supplier are indices; days are ordinals; quantities are in grams; ``price`` is in
#: `exact.PRICE_UNIT`-ths. ``coming_g`` on the day ``due_on`` is what nobody knows when it is
#: ordered.
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

#: One array for each name of ORDER and for ``store``, an index; an element for each order.
OrderColumns = dict[str, NDArray[np.int64]]

#: What the book says of an order.
_COLUMNS = (
    "store",
    *(name for name in ORDER if name not in {"due_on", "coming_g"}),
    "delivered_on",
    "delivered_g",
)


class OrderBook:
    """Writes down the orders of a period as they are closed."""

    def __init__(self, frame: Frame) -> None:
        self._store_ids = [store.id for store in frame.feed_stores]
        self._type_ids = [kind.id for kind in frame.feed_types]
        self._supplier_ids = [supplier.id for supplier in frame.feed_suppliers]
        self._closed: list[OrderColumns] = []

    def close(self, orders: OrderColumns, day: Integers, unloaded_g: Integers) -> None:
        """Write down on which day orders came, and what was unloaded of them."""
        self._closed.append({**orders, "delivered_on": day, "delivered_g": unloaded_g})

    def records(self, last_day: int, under_way: OrderColumns) -> tuple[PurchaseOrderRecord, ...]:
        """Return the orders that were closed, and those under way, by id.

        Args:
            last_day: of the period: what is dated later is not known yet.
            under_way: orders that have not come yet.
        """
        never = np.zeros_like(under_way["store"])
        parts = [*self._closed, {**under_way, "delivered_on": never, "delivered_g": never}]
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[-1]}
        rows = zip(*(columns[name].tolist() for name in _COLUMNS), strict=True)
        found = [self._record(*row, last_day=last_day) for row in rows]
        return tuple(sorted(found, key=lambda order: order.id))

    def _record(
        self,
        store: int,
        number: int,
        feed_type: int,
        supplier: int,
        reason: int,
        ordered_on: int,
        confirmed_on: int,
        promised_on: int,
        quantity_g: int,
        price: int,
        stock_g: int,
        threshold_g: int,
        delivered_on: int,
        delivered_g: int,
        *,
        last_day: int,
    ) -> PurchaseOrderRecord:
        store_id = self._store_ids[store]
        is_confirmed = confirmed_on <= last_day
        status = "delivered" if delivered_on else "confirmed" if is_confirmed else "ordered"
        return PurchaseOrderRecord(
            id=lot_id(store_id, number),
            feed_supplier_id=self._supplier_ids[supplier],
            feed_type_id=self._type_ids[feed_type],
            feed_store_id=store_id,
            reason=REASONS[reason],
            status=status,
            ordered_on=date.fromordinal(ordered_on),
            confirmed_on=date.fromordinal(confirmed_on) if is_confirmed else None,
            promised_on=date.fromordinal(promised_on),
            delivered_on=day_of(delivered_on),
            quantity_kg=kilograms(quantity_g),
            delivered_kg=kilograms(delivered_g) if delivered_on else None,
            price_per_kg=quoted(price),
            stock_kg=kilograms(stock_g),
            threshold_kg=kilograms(threshold_g),
        )
