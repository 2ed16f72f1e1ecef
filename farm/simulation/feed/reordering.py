"""Reordering: people look ahead, and order where stock will run low.

On the evenings of working days they reckon, for every store and feed, what will be left when an
order of today is delivered. Where that is less than the reserve they order: as much as is eaten in
the days that an order covers, in whole loads, as far as there will be room; the most urgent first.
"""

from __future__ import annotations

import numpy as np

from farm.domain.calendar import Month
from farm.domain.exact import GRAMS
from farm.domain.feed_trade import FeedTrade
from farm.simulation.cells import rows_and_columns
from farm.simulation.feed.forecast import Courses, Forecast
from farm.simulation.feed.market import Market
from farm.simulation.feed.orders import REORDER, Orders, Wish
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import Own, State

#: Days of the week, from Monday as 0: the first day off, and the one that nothing is promised for.
_WEEK, _SATURDAY, _SUNDAY = 7, 5, 6

#: What people believe of a day's feed over that of the table.
_CREDIBLE = (0.3, 1.7)


class Reordering:
    """Those who buy the feed of one geography.

    ``own``, per container: ``assignment`` whose fish are known, ``pace``, what they lately ate over
    what the table says, and ``root_growth``, what the cubic root of their weight gains in a day.
    """

    name = "feed_reordering"

    def __init__(
        self,
        trade: FeedTrade,
        frame: Frame,
        market: Market,
        forecast: Forecast,
        orders: Orders,
        stores: Stores,
    ) -> None:
        self._frame, self._market, self._forecast = frame, market, forecast
        self._orders, self._stores, self._terms = orders, stores, trade.forecast
        ways = [trade.buying(store.kind) for store in frame.feed_stores]
        self._reserve = np.asarray([way.reserve for way in ways], dtype=np.int64)
        self._cover = np.asarray([way.cover for way in ways], dtype=np.int64)
        # Feed with a medicine is mixed to order.
        mixed = np.asarray([kind.treatment_type_id is not None for kind in frame.feed_types])
        self._load, self._least = (
            (
                np.asarray([np.where(mixed, trade.medicated.load, each) for each in loads])
                * float(GRAMS)
            ).reshape(len(ways), mixed.size)
            for loads in ([way.load for way in ways], [way.least for way in ways])
        )
        capacity = [store.capacity_kg * GRAMS * trade.filled for store in frame.feed_stores]
        self._fill_to = np.asarray(capacity, dtype=np.int64)
        self._lead = np.asarray([s.lead_time_days for s in frame.feed_suppliers], dtype=np.int64)

    def begin(self) -> Own:
        """Return that people know nothing of any fish."""
        size = self._frame.size
        return {
            "assignment": np.zeros(size, dtype=np.int64),
            "pace": np.ones(size),
            "root_growth": np.zeros(size),
        }

    def pace(self, own: Own) -> Floats:
        """Return what people reckon that fish eat over what the table says, per container."""
        return np.asarray(1.0 + self._terms.trust * (own["pace"] - 1.0))

    def look_back(
        self, today: Today, state: State, temperature_c: Floats, wanted_g: Integers, own: Own
    ) -> None:
        """Take note this evening of how much the fish would have eaten."""
        own["root_growth"] = self._forecast.root_growth(today, state, temperature_c)
        table = self._forecast.table_g(state, own["root_growth"])
        new = own["assignment"] != state.assignment
        own["assignment"] = state.assignment.copy()
        own["pace"][new] = 1.0
        fed = (wanted_g > 0) & (table > 0)
        eaten = np.clip(wanted_g[fed] / table[fed], *_CREDIBLE)
        own["pace"][fed] += self._terms.news * (eaten - own["pace"][fed])

    def look_ahead(
        self, today: Today, state: State, temperature_c: Floats, courses: Courses
    ) -> None:
        """Order this evening what will be needed."""
        weekday = today.date.weekday()
        if weekday >= _SATURDAY or not self._frame.feed_stores:
            return
        suppliers = self._market.suppliers_of_stores(today.date.year)
        lead = self._lead[suppliers]
        lead += (weekday + lead) % _WEEK == _SUNDAY
        until_next = _WEEK - weekday if weekday == _SATURDAY - 1 else 1
        before = lead - 1
        spans = np.stack((before, before + self._reserve + until_next - 1, before + self._cover))
        own = state.own[self.name]
        pace = self.pace(own)
        eaten = self._forecast.eaten_g(today, state, temperature_c, pace, courses, spans)
        orders = state.own[self._orders.name]
        supply = self._stores.in_stock(state.own[self._stores.name])
        supply = supply + self._orders.coming(supply.shape[1], orders)
        needed = np.rint(eaten).astype(np.int64)
        # Below nothing: fish that have nothing to eat do not outgrow the feed that they lack.
        left = supply - needed[0]
        threshold = needed[1] - needed[0]
        wanted = np.maximum(needed[2] - supply, 0)
        room = self._fill_to - np.maximum(left, 0).sum(axis=1)
        stores, kinds = rows_and_columns((left < threshold) & (wanted > 0))
        urgency = left[stores, kinds] / np.maximum(threshold[stores, kinds], 1)
        order = np.argsort(urgency, kind="stable")
        prices = self._market.prices(Month.of(today.date))
        for store, kind in zip(stores[order].tolist(), kinds[order].tolist(), strict=True):
            load = int(self._load[store, kind])
            grams = max(int(wanted[store, kind]), int(self._least[store, kind]))
            loads = min(-(-grams // load), int(room[store]) // load)
            if loads <= 0:
                continue
            room[store] -= loads * load
            supplier = int(suppliers[store])
            self._orders.place(
                Wish(
                    store=store,
                    feed_type=kind,
                    supplier=supplier,
                    reason=REORDER,
                    ordered_on=today.ordinal,
                    promised_on=today.ordinal + int(lead[store]),
                    quantity_g=loads * load,
                    price=int(prices[supplier, kind]),
                    stock_g=int(left[store, kind]),
                    threshold_g=int(threshold[store, kind]),
                ),
                orders,
            )
