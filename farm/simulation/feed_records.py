"""What a period's simulation hands on about feed: rows of the tables of the same names.

Quantities are decimals of kilograms, exact to the gram; money is exact to the cent of the
geography's currency. Living records (orders and lots) are given as they stand at the end of the
period, and again by a later one as long as they may change. Nothing is dated after the period's
last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FeedPriceRecord:
    """A row of `feed_price`: what a supplier asks in a month, by its first day."""

    geography_id: int
    feed_supplier_id: int
    feed_type_id: int
    month: date
    price_per_kg: str


@dataclass(frozen=True, slots=True)
class PurchaseOrderRecord:
    """A row of `purchase_order`.

    Reason: opening (what was in store before the first day), reorder (``stock_kg``, projected to
    the day of delivery, fell below ``threshold_kg``), medicated (for a treatment; both are 0).
    Status: ordered, confirmed, delivered. ``delivered_on`` may lie after ``promised_on``, and
    ``delivered_kg`` below ``quantity_kg``. ``price_per_kg`` is that of `feed_price` in the month
    of the order.
    """

    id: int
    feed_supplier_id: int
    feed_type_id: int
    feed_store_id: int
    reason: str
    status: str
    ordered_on: date
    confirmed_on: date | None
    promised_on: date
    delivered_on: date | None
    quantity_kg: str
    delivered_kg: str | None
    price_per_kg: str
    stock_kg: str
    threshold_kg: str


@dataclass(frozen=True, slots=True)
class FeedLotRecord:
    """A row of `feed_lot`: what one delivery put into a store. Its id is that of the order.

    ``cost`` is ``quantity_kg`` times ``unit_cost``, rounded to the cent. The draws of a lot,
    ``discarded_kg`` and ``remaining_kg`` add up to ``quantity_kg``.
    """

    id: int
    purchase_order_id: int
    feed_store_id: int
    feed_type_id: int
    delivered_on: date
    expires_on: date
    quantity_kg: str
    unit_cost: str
    cost: str
    remaining_kg: str
    discarded_kg: str
    discarded_on: date | None


@dataclass(frozen=True, slots=True)
class FeedShortageRecord:
    """A row of `feed_shortage`: a day on which fish wanted more of a feed than was in store."""

    feed_store_id: int
    feed_type_id: int
    date: date
    wanted_kg: str
    fed_kg: str


@dataclass(frozen=True, slots=True)
class StockBalanceRecord:
    """A row of `stock_balance`: a feed in a store over a month in which there was any."""

    feed_store_id: int
    feed_type_id: int
    month: date
    opening_kg: str
    delivered_kg: str
    consumed_kg: str
    discarded_kg: str
    closing_kg: str
    closing_value: str


@dataclass(frozen=True, slots=True)
class FeedRecords:
    """All of them, each kind in order of its primary key."""

    prices: tuple[FeedPriceRecord, ...] = ()
    orders: tuple[PurchaseOrderRecord, ...] = ()
    lots: tuple[FeedLotRecord, ...] = ()
    shortages: tuple[FeedShortageRecord, ...] = ()
    balances: tuple[StockBalanceRecord, ...] = ()
