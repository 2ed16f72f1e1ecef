"""The market for feed: what each supplier asks in a month, and who serves which store.

A price is a pure function of the scenario and the month, so it is the same whoever asks, and when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from farm.domain import exact
from farm.domain import feed_trade as formulas
from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.feed_trade import FeedTrade
from farm.simulation.columns import Columns, in_order
from farm.simulation.dice import Dice
from farm.simulation.feed.kinds import holds_medicine
from farm.simulation.feed_records import PRICE_COLUMNS
from farm.simulation.frame import Bools, Floats, Frame, Integers
from farm.simulation.market_noise import MarketNoise
from farm.simulation.streams import Decision


class Market:
    """The suppliers of one geography, in the order of `Frame.feed_suppliers`."""

    def __init__(self, trade: FeedTrade, biology: Biology, frame: Frame, dice: Dice) -> None:
        self._frame, self._dice, self._prices = frame, dice, trade.prices
        code = frame.geography.code
        terms = [trade.suppliers.get(supplier.code) for supplier in frame.feed_suppliers]
        self._level = np.asarray([t.level if t else 1.0 for t in terms])
        self._share = np.asarray([t.share.get(code, 0.0) if t else 0.0 for t in terms])
        self._of_type = self._relative_prices(biology)
        self._sold = self._sold_here(biology)
        self._of_market, self._of_supplier = (
            MarketNoise(dice, decision, trade.prices.persistence, trade.prices.memory)
            for decision in (Decision.FEED_MARKET, Decision.FEED_SUPPLIER)
        )
        self._known: dict[int, Integers] = {}
        self._contracts: dict[int, Integers] = {}

    def prices(self, month: Month) -> Integers:
        """Return prices per kg in a month, in `exact.PRICE_UNIT`-ths, shape (suppliers, types)."""
        if month.index not in self._known:
            trend = float(formulas.trend(self._prices, self._frame.geography.code, month.middle))
            trend *= formulas.season(self._prices, month.month)
            trend *= self._of_market.factor(month, self._prices.market_sd, 0)
            sd = self._prices.supplier_sd
            suppliers = [
                trend * level * self._of_supplier.factor(month, sd, supplier.id)
                for supplier, level in zip(self._frame.feed_suppliers, self._level, strict=True)
            ]
            asked = np.outer(np.asarray(suppliers), self._of_type)
            self._known[month.index] = np.rint(asked * exact.PRICE_UNIT).astype(np.int64)
        return self._known[month.index]

    def price(self, day: int, supplier: int, kind: int) -> int:
        """Return what a kilogram costs on a day, by the indices of supplier and feed type."""
        return int(self.prices(Month.of(date.fromordinal(day)))[supplier, kind])

    def suppliers_of_stores(self, year: int) -> Integers:
        """Return who has the contract of each store for a year: they are drawn by their shares."""
        if year not in self._contracts:
            bounds = np.cumsum(self._share)
            chances = [
                self._dice.streams.at(Decision.FEED_CONTRACT, store.id, year).random()
                for store in self._frame.feed_stores
            ]
            chosen = np.searchsorted(bounds, np.asarray(chances) * bounds[-1], side="right")
            self._contracts[year] = np.minimum(chosen, np.flatnonzero(self._share)[-1])
        return self._contracts[year]

    def records(self, months: Sequence[Month]) -> Columns:
        """Return the columns of PRICE_COLUMNS: what those ask who serve here, for what they sell.

        Rows are in order of supplier, feed type and month.
        """
        offered = np.outer(self._share > 0, self._sold)
        month, supplier, kind = np.broadcast_to(offered, (len(months), *offered.shape)).nonzero()
        firsts = np.asarray([each.first for each in months], dtype="datetime64[D]")
        suppliers = np.asarray([each.id for each in self._frame.feed_suppliers], dtype=np.int64)
        types = np.asarray([each.id for each in self._frame.feed_types], dtype=np.int64)
        asked = [self.prices(each)[offered] for each in months]
        given: Columns = {
            "geography_id": np.full(month.size, self._frame.geography.id),
            "feed_supplier_id": suppliers[supplier],
            "feed_type_id": types[kind],
            "month": firsts[month],
            "price_per_kg": np.concatenate(asked),
        }
        return in_order(PRICE_COLUMNS, given, "feed_supplier_id", "feed_type_id", "month")

    def _relative_prices(self, biology: Biology) -> Floats:
        """Return the price of each feed type over that of all feed; the medicine is not in it."""
        types = self._frame.feed_types
        ratio = formulas.of_pellet(self._prices, [kind.pellet_mm for kind in types])
        mixed = [holds_medicine(kind, biology) for kind in types]
        return np.asarray(ratio * np.where(mixed, 1.0 + self._prices.mixing, 1.0))

    def _sold_here(self, biology: Biology) -> Bools:
        """Return which types can be bought: plain ones, and those for treatments allowed here."""
        code = self._frame.geography.code
        return np.asarray(
            [
                kind.treatment_type_id is None
                or code in biology.treatments[kind.treatment_type_id - 1].allowed
                for kind in self._frame.feed_types
            ],
            dtype=np.bool_,
        )
