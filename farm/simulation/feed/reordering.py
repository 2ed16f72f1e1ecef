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
from farm.simulation.feed.forecast import Courses, Forecast, Outlook
from farm.simulation.feed.market import Market
from farm.simulation.feed.mouths import Needs
from farm.simulation.feed.order_book import REORDER
from farm.simulation.feed.orders import Orders, Wishes
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import Own

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
        # By store and feed type, flat.
        self._load, self._least = (
            (np.where(mixed, trade.medicated.load, np.asarray(loads)[:, np.newaxis]) * GRAMS)
            .astype(np.int64)
            .ravel()
            for loads in ([way.load for way in ways], [way.least for way in ways])
        )
        capacity = [store.capacity_kg * GRAMS * trade.filled for store in frame.feed_stores]
        self._fill_to = np.asarray(capacity, dtype=np.int64)
        # By day of the week and year.
        self._known: dict[tuple[int, int], tuple[Integers, Integers, Integers]] = {}
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

    def look_back(self, outlook: Outlook, wanted_g: Integers, own: Own) -> None:
        """Take note this evening of how much the fish would have eaten."""
        assignment, pace = own["assignment"], own["pace"]
        pace[assignment != outlook.state.assignment] = 1.0
        assignment[:], own["root_growth"][:] = outlook.state.assignment, outlook.root_growth
        fed = ((wanted_g > 0) & (outlook.table_g > 0)).nonzero()[0]
        least, most = _CREDIBLE
        eaten = np.minimum(np.maximum(wanted_g[fed] / outlook.table_g[fed], least), most)
        pace[fed] += self._terms.news * (eaten - pace[fed])

    def is_due(self, today: Today) -> bool:
        """Return whether feed is ordered on a day."""
        return today.date.weekday() < _SATURDAY and bool(self._frame.feed_stores)

    def look_ahead(self, outlook: Outlook, courses: Courses) -> None:
        """Order this evening what will be needed."""
        today, state = outlook.today, outlook.state
        suppliers, lead, spans = self._terms_of(today)
        pace = self.pace(state.own[self.name])
        mouths = self._forecast.mouths(outlook, pace, courses, int(spans.max()))
        in_stock = self._stores.in_stock(state.own[self._stores.name])
        supply = self._orders.supply(in_stock, state.own[self._orders.name])
        needs = self._forecast.eaten_g(mouths, spans)
        wishes = self._wishes(today, needs, suppliers, lead, supply)
        if wishes.store.size:
            self._orders.place(wishes, state.own[self._orders.name])

    def _terms_of(self, today: Today) -> tuple[Integers, Integers, Integers]:
        """Return who supplies each store, in how many days, and the spans of time that matter.

        Those are the days before an order of today comes, those until the reserve is eaten, and
        those that the order is for; of shape (spans, stores).
        """
        weekday, year = today.date.weekday(), today.date.year
        if (weekday, year) not in self._known:
            suppliers = self._market.suppliers_of_stores(year)
            lead = self._lead[suppliers]
            lead += (weekday + lead) % _WEEK == _SUNDAY
            until_next = _WEEK - weekday if weekday == _SATURDAY - 1 else 1
            before = lead - 1
            reserve = before + self._reserve + until_next - 1
            spans = np.stack((before, reserve, before + self._cover))
            self._known[weekday, year] = suppliers, lead, spans
        return self._known[weekday, year]

    def _wishes(
        self, today: Today, needs: Needs, suppliers: Integers, lead: Integers, supply: Integers
    ) -> Wishes:
        """Return what is to be ordered where stock will be too low.

        Args:
            today: the day.
            needs: what is eaten in each of the spans of `_terms_of`.
            suppliers: of each store.
            lead: days until each store gets what is ordered today.
            supply: grams in store and on order, shape (stores, types).
        """
        there = supply.ravel()[needs.cell]
        needed = np.rint(needs.grams).astype(np.int64)
        # Below nothing: fish that have nothing to eat do not outgrow the feed that they lack.
        left = there - needed[0]
        threshold = needed[1] - needed[0]
        wanted = np.maximum(needed[2] - there, 0)
        room = self._fill_to - np.add.reduce(supply, axis=1)
        np.add.at(room, needs.cell // supply.shape[1], there - np.maximum(left, 0))
        low = ((left < threshold) & (wanted > 0)).nonzero()[0]
        urgency = left[low] / np.maximum(threshold[low], 1)
        low = low[urgency.argsort(kind="stable")]
        cell = needs.cell[low]
        store, kind = np.divmod(cell, supply.shape[1])
        load = self._load[cell]
        loads = -(-np.maximum(wanted[low], self._least[cell]) // load)
        quantity = _fitting(store, loads, load, room)
        ordered = quantity.nonzero()[0]
        low, store, kind = low[ordered], store[ordered], kind[ordered]
        supplier = suppliers[store]
        return Wishes(
            reason=REORDER,
            store=store,
            feed_type=kind,
            supplier=supplier,
            ordered_on=np.full(store.size, today.ordinal),
            promised_on=today.ordinal + lead[store],
            quantity_g=quantity[ordered],
            price=self._market.prices(Month.of(today.date))[supplier, kind],
            stock_g=left[low],
            threshold_g=threshold[low],
        )


def _fitting(store: Integers, loads: Integers, load: Integers, room: Integers) -> Integers:
    """Return the grams of the loads for each store that there is room for, one after the other."""
    free, fitting = room.tolist(), []
    for at, wanted, grams in zip(store.tolist(), loads.tolist(), load.tolist(), strict=True):
        fitting.append(max(min(wanted, free[at] // grams), 0) * grams)
        free[at] -= fitting[-1]
    return np.asarray(fitting, dtype=np.int64)
