"""Records of feed, from purchase to month: rows of the tables of the same names, in columns.

Quantities are in whole grams, money in whole cents of the geography's currency, prices and unit
costs in `exact.PRICE_UNIT`-ths of it per kilogram. Where there is no date it is NaT, where there is
no quantity it is masked. Living records (orders and lots) are given as they stand at the end of the
period, and again by a later one as long as they may change. Nothing is dated after the period's
last day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from farm.simulation.columns import Columns, no_rows

_DATE = "datetime64[D]"

#: Columns of `feed_price`: what a supplier asks in a month, by its first day.
PRICE_COLUMNS: dict[str, str] = {
    "geography_id": "int32",
    "feed_supplier_id": "int32",
    "feed_type_id": "int32",
    "month": _DATE,
    "price_per_kg": "int64",
}

#: Columns of `purchase_order`. Reason: opening (what was in store before the first day), reorder
#: (``stock_g``, projected to the day of delivery, fell below ``threshold_g``), medicated (for a
#: treatment; both are 0). Status: ordered, confirmed, delivered. ``delivered_on`` may lie after
#: ``promised_on``, and ``delivered_g`` below ``quantity_g``. ``price_per_kg`` is that of
#: `feed_price` in the month of the order.
ORDER_COLUMNS: dict[str, str] = {
    "id": "int32",
    "feed_supplier_id": "int32",
    "feed_type_id": "int32",
    "feed_store_id": "int32",
    "reason": "str",
    "status": "str",
    "ordered_on": _DATE,
    "confirmed_on": _DATE,
    "promised_on": _DATE,
    "delivered_on": _DATE,
    "quantity_g": "int64",
    "delivered_g": "int64",
    "price_per_kg": "int64",
    "stock_g": "int64",
    "threshold_g": "int64",
}

#: Columns of `feed_lot`: what one delivery put into a store. Its id is that of the order. What it
#: cost is ``quantity_g`` times ``unit_cost``, rounded to the cent. The draws of a lot,
#: ``discarded_g`` and ``remaining_g`` add up to ``quantity_g``.
LOT_COLUMNS: dict[str, str] = {
    "id": "int32",
    "purchase_order_id": "int32",
    "feed_store_id": "int32",
    "feed_type_id": "int32",
    "delivered_on": _DATE,
    "expires_on": _DATE,
    "quantity_g": "int64",
    "unit_cost": "int64",
    "cost_cents": "int64",
    "remaining_g": "int64",
    "discarded_g": "int64",
    "discarded_on": _DATE,
}

#: Columns of `feed_shortage`: days on which fish wanted more of a feed than was in store.
SHORTAGE_COLUMNS: dict[str, str] = {
    "feed_store_id": "int32",
    "feed_type_id": "int32",
    "date": _DATE,
    "wanted_g": "int64",
    "fed_g": "int64",
}

#: Columns of `stock_balance`: a feed in a store over a month in which there was any.
BALANCE_COLUMNS: dict[str, str] = {
    "feed_store_id": "int32",
    "feed_type_id": "int32",
    "month": _DATE,
    "opening_g": "int64",
    "delivered_g": "int64",
    "consumed_g": "int64",
    "discarded_g": "int64",
    "closing_g": "int64",
    "closing_cents": "int64",
}


@dataclass(frozen=True, slots=True)
class FeedRecords:
    """All of them, each kind in order of its primary key."""

    prices: Columns = field(default_factory=partial(no_rows, PRICE_COLUMNS))
    orders: Columns = field(default_factory=partial(no_rows, ORDER_COLUMNS))
    lots: Columns = field(default_factory=partial(no_rows, LOT_COLUMNS))
    shortages: Columns = field(default_factory=partial(no_rows, SHORTAGE_COLUMNS))
    balances: Columns = field(default_factory=partial(no_rows, BALANCE_COLUMNS))
