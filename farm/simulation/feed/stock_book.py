"""The book of the stores: what went in and out of them in a month, and what lots came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from farm.domain.calendar import day_of
from farm.domain.exact import kilograms, money, quoted
from farm.errors import ImbalanceError
from farm.simulation.cells import cells
from farm.simulation.feed.issue import Shares
from farm.simulation.feed.lots import LOT, Lots, lot_id
from farm.simulation.feed_records import FeedLotRecord, FeedShortageRecord, StockBalanceRecord
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import Today

#: Day on which what is left of a lot is thrown away, as an ordinal; 0 for never.
_THROWN = "thrown_on"


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
        self._store_ids = [store.id for store in frame.feed_stores]
        self._type_ids = [kind.id for kind in frame.feed_types]
        self._gone: list[Lots] = []
        self._shortages: list[FeedShortageRecord] = []
        self._balances: list[StockBalanceRecord] = []
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
        for at in np.flatnonzero(given.fed < given.wanted).tolist():
            store, kind = divmod(int(given.keys[at]), self._shape[1])
            self._shortages.append(
                FeedShortageRecord(
                    feed_store_id=self._store_ids[store],
                    feed_type_id=self._type_ids[kind],
                    date=today.date,
                    wanted_kg=kilograms(int(given.wanted[at])),
                    fed_kg=kilograms(int(given.fed[at])),
                )
            )

    def finish(self, lots: Lots) -> None:
        """Write down lots that are used up."""
        self._gone.append(_thrown_away(lots, 0))

    def discard(self, today: Today, lots: Lots) -> None:
        """Write down lots whose rest is thrown away today."""
        self._add(lots, lots["left"], self._month.discarded)
        self._gone.append(_thrown_away(lots, today.ordinal))

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
        where = np.logical_or.reduce(moved)
        quantities = (each[where].tolist() for each in (*moved, closing, value_cents))
        for (store, kind), opening, delivered, consumed, discarded, left, value in zip(
            cells(where), *quantities, strict=True
        ):
            self._balances.append(
                StockBalanceRecord(
                    feed_store_id=self._store_ids[store],
                    feed_type_id=self._type_ids[kind],
                    month=month.first,
                    opening_kg=kilograms(opening),
                    delivered_kg=kilograms(delivered),
                    consumed_kg=kilograms(consumed),
                    discarded_kg=kilograms(discarded),
                    closing_kg=kilograms(left),
                    closing_value=money(value),
                )
            )

    def lots(self, held: Lots) -> tuple[FeedLotRecord, ...]:
        """Return the lots that ended in the period, and those still held, by id."""
        parts = [*self._gone, _thrown_away(held, 0)]
        lots = {name: np.concatenate([part[name] for part in parts]) for name in parts[-1]}
        return tuple(sorted(self._records(lots), key=lambda lot: lot.id))

    def shortages(self) -> tuple[FeedShortageRecord, ...]:
        """Return the shortages of the period, by their key."""
        return tuple(
            sorted(self._shortages, key=lambda s: (s.feed_store_id, s.feed_type_id, s.date))
        )

    def balances(self) -> tuple[StockBalanceRecord, ...]:
        """Return the balances of the months that are over, by their key."""
        return tuple(
            sorted(self._balances, key=lambda b: (b.feed_store_id, b.feed_type_id, b.month))
        )

    def _add(self, lots: Lots, grams: Integers, sums: Integers) -> None:
        """Add grams of lots to what stands for their stores and feeds."""
        np.add.at(sums.reshape(-1), lots["store"] * self._shape[1] + lots["feed_type"], grams)

    def _nothing(self) -> Integers:
        return np.zeros(self._shape, dtype=np.int64)

    def _begun(self, first: date, opening: Integers) -> _Month:
        return _Month(first, opening, self._nothing(), self._nothing(), self._nothing())

    def _records(self, lots: Lots) -> list[FeedLotRecord]:
        found = []
        for row in zip(*(lots[name].tolist() for name in (*LOT, _THROWN)), strict=True):
            store, kind, number, delivered, expires, unit_cost, cost, grams, left, thrown = row
            found.append(
                FeedLotRecord(
                    id=lot_id(self._store_ids[store], number),
                    purchase_order_id=lot_id(self._store_ids[store], number),
                    feed_store_id=self._store_ids[store],
                    feed_type_id=self._type_ids[kind],
                    delivered_on=date.fromordinal(delivered),
                    expires_on=date.fromordinal(expires),
                    quantity_kg=kilograms(grams),
                    unit_cost=quoted(unit_cost),
                    cost=money(cost),
                    remaining_kg=kilograms(0 if thrown else left),
                    discarded_kg=kilograms(left if thrown else 0),
                    discarded_on=day_of(thrown),
                )
            )
        return found


def _thrown_away(lots: Lots, day: int) -> Lots:
    """Return the lots, and that what is left of them is thrown away on a day; 0 for never."""
    return {**lots, _THROWN: np.full_like(lots["left"], day)}
