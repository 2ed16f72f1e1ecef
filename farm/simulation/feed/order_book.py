"""The book of purchase orders: what came of those that are closed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from farm.simulation.columns import Columns, dates, in_order, joined
from farm.simulation.feed.lots import lot_ids
from farm.simulation.feed_records import ORDER_COLUMNS
from farm.simulation.frame import Frame, Integers

#: Why feed is ordered, in the order of the whole numbers that stand for it.
OPENING, REORDER, MEDICATED = range(3)
_REASONS = np.asarray(("opening", "reorder", "medicated"))

#: How far orders are: from here on they have come.
_STATUSES, _DELIVERED = np.asarray(("ordered", "confirmed", "delivered")), 2

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


class OrderBook:
    """Writes down the orders of a period as they are closed."""

    def __init__(self, frame: Frame) -> None:
        self._store_ids, self._type_ids, self._supplier_ids = (
            np.asarray([each.id for each in some], dtype=np.int64)
            for some in (frame.feed_stores, frame.feed_types, frame.feed_suppliers)
        )
        self._closed: list[OrderColumns] = []

    def close(self, orders: OrderColumns, day: Integers, unloaded_g: Integers) -> None:
        """Write down on which day orders came, and what was unloaded of them."""
        self._closed.append({**orders, "delivered_on": day, "delivered_g": unloaded_g})

    def records(self, last_day: int, under_way: OrderColumns) -> Columns:
        """Return the columns of ORDER_COLUMNS for orders that were closed, and those under way.

        Args:
            last_day: of the period: what is dated later is not known yet.
            under_way: orders that have not come yet.
        """
        never = np.zeros_like(under_way["store"])
        orders = joined([*self._closed, {**under_way, "delivered_on": never, "delivered_g": never}])
        has_come = orders["delivered_on"] > 0
        is_confirmed = orders["confirmed_on"] <= last_day
        store_id = self._store_ids[orders["store"]]
        given: Columns = {
            "id": lot_ids(store_id, orders["number"]),
            "feed_supplier_id": self._supplier_ids[orders["supplier"]],
            "feed_type_id": self._type_ids[orders["feed_type"]],
            "feed_store_id": store_id,
            "reason": _REASONS[orders["reason"]],
            "status": _STATUSES[np.where(has_come, _DELIVERED, is_confirmed)],
            "ordered_on": dates(orders["ordered_on"]),
            "confirmed_on": dates(np.where(is_confirmed, orders["confirmed_on"], 0)),
            "promised_on": dates(orders["promised_on"]),
            "delivered_on": dates(orders["delivered_on"]),
            "quantity_g": orders["quantity_g"],
            "delivered_g": np.ma.masked_array(orders["delivered_g"], ~has_come),
            "price_per_kg": orders["price"],
            "stock_g": orders["stock_g"],
            "threshold_g": orders["threshold_g"],
        }
        return in_order(ORDER_COLUMNS, given, "id")
