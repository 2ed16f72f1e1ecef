"""The book of the stores: what went in and out of them in a month, and what lots came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from farm.errors import ImbalanceError
from farm.simulation.cells import cells
from farm.simulation.columns import Columns, dates, in_order, joined, no_rows
from farm.simulation.feed.issue import Shares
from farm.simulation.feed.lots import LOT, Lots, lot_ids
from farm.simulation.feed_records import BALANCE_COLUMNS, LOT_COLUMNS, SHORTAGE_COLUMNS
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import Today


@dataclass(frozen=True, slots=True)
class _Month:
    """Grams in store on the morning of its first day, and what has come and gone since.

    All of shape (stores, types).
    """

    first: date
    opening: Integers
    delivered: Integers
    consumed: Integers
    discarded: Integers


class StockBook:
    """Writes down the lots, shortages and months of a period.

    A period is made of whole months, so nothing of a month goes on in the next period.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._shape = (len(frame.feed_stores), len(frame.feed_types))
        self._store_ids, self._type_ids = (
            np.asarray([each.id for each in some], dtype=np.int64)
            for some in (frame.feed_stores, frame.feed_types)
        )
        # Lots that ended, and the day on which what was left was thrown away, 0 for never.
        self._gone: list[tuple[Integers, int]] = []
        self._shortages = [no_rows(SHORTAGE_COLUMNS)]
        self._balances = [no_rows(BALANCE_COLUMNS)]
        self._month = self._begun(date.min, self._nothing())

    def open_month(self, today: Today, opening: Integers) -> None:
        """Begin a month with what is in store, before anything is delivered."""
        self._month = self._begun(today.date.replace(day=1), opening)

    def deliver(self, lots: Lots) -> None:
        """Write down lots that were put into stores."""
        self._add(lots, lots["grams"], self._month.delivered)

    def feed(self, today: Today, given: Shares) -> None:
        """Write down what was fed today, and where it was less than was wanted."""
        self._month.consumed.reshape(-1)[given.keys] += given.fed
        short = (given.fed < given.wanted).nonzero()[0]
        if short.size:
            store, kind = np.divmod(given.keys[short], self._shape[1])
            self._shortages.append(
                {
                    "feed_store_id": self._store_ids[store],
                    "feed_type_id": self._type_ids[kind],
                    "date": dates(np.full(short.size, today.ordinal)),
                    "wanted_g": given.wanted[short],
                    "fed_g": given.fed[short],
                }
            )

    def finish(self, lots: Integers) -> None:
        """Write down lots that are used up, by their columns."""
        self._gone.append((lots, 0))

    def discard(self, today: Today, lots: Integers) -> None:
        """Write down lots whose rest is thrown away today, by their columns."""
        columns = dict(zip(LOT, lots, strict=True))
        self._add(columns, columns["left"], self._month.discarded)
        self._gone.append((lots, today.ordinal))

    def close_month(self, closing: Integers, value_cents: Integers) -> None:
        """End a month with what is in store, and what it cost.

        Raises:
            ImbalanceError: feed appeared or vanished.
        """
        month = self._month
        moved = (month.opening, month.delivered, month.consumed, month.discarded)
        missing = month.opening + month.delivered - month.consumed - month.discarded - closing
        for store, kind in cells(missing != 0):
            code = f"{self._frame.feed_stores[store].code} {self._frame.feed_types[kind].code}"
            raise ImbalanceError(str(month.first), code, "grams", float(missing[store, kind]))
        where = np.logical_or.reduce(moved).nonzero()
        store, kind = where
        self._balances.append(
            {
                "feed_store_id": self._store_ids[store],
                "feed_type_id": self._type_ids[kind],
                "month": dates(np.full(store.size, month.first.toordinal())),
                "opening_g": month.opening[where],
                "delivered_g": month.delivered[where],
                "consumed_g": month.consumed[where],
                "discarded_g": month.discarded[where],
                "closing_g": closing[where],
                "closing_cents": value_cents[where],
            }
        )

    def lots(self, held: Lots) -> Columns:
        """Return the columns of LOT_COLUMNS for lots that ended in the period or are still held."""
        ended = [*self._gone, (np.stack([held[name] for name in LOT]), 0)]
        lots = dict(zip(LOT, np.concatenate([part for part, _ in ended], axis=1), strict=True))
        thrown_on = np.repeat([day for _, day in ended], [part.shape[1] for part, _ in ended])
        store_id = self._store_ids[lots["store"]]
        id_ = lot_ids(store_id, lots["number"])
        is_thrown = thrown_on > 0
        given: Columns = {
            "id": id_,
            "purchase_order_id": id_,
            "feed_store_id": store_id,
            "feed_type_id": self._type_ids[lots["feed_type"]],
            "delivered_on": dates(lots["delivered_on"]),
            "expires_on": dates(lots["expires_on"]),
            "quantity_g": lots["grams"],
            "unit_cost": lots["unit_cost"],
            "cost_cents": lots["cost"],
            "remaining_g": np.where(is_thrown, 0, lots["left"]),
            "discarded_g": np.where(is_thrown, lots["left"], 0),
            "discarded_on": dates(thrown_on),
        }
        return in_order(LOT_COLUMNS, given, "id")

    def shortages(self) -> Columns:
        """Return the columns of SHORTAGE_COLUMNS for the period."""
        key = ("feed_store_id", "feed_type_id", "date")
        return in_order(SHORTAGE_COLUMNS, joined(self._shortages), *key)

    def balances(self) -> Columns:
        """Return the columns of BALANCE_COLUMNS for the months that are over."""
        key = ("feed_store_id", "feed_type_id", "month")
        return in_order(BALANCE_COLUMNS, joined(self._balances), *key)

    def _add(self, lots: Lots, grams: Integers, sums: Integers) -> None:
        """Add grams of lots to what stands for their stores and feeds."""
        np.add.at(sums.reshape(-1), lots["store"] * self._shape[1] + lots["feed_type"], grams)

    def _nothing(self) -> Integers:
        return np.zeros(self._shape, dtype=np.int64)

    def _begun(self, first: date, opening: Integers) -> _Month:
        return _Month(first, opening, self._nothing(), self._nothing(), self._nothing())
