"""Medicated feed: bought for one treatment, there when it begins, destroyed when it is over.

Feed with a medicine is a feed type of its own. When a treatment begins, what its fish will eat of
it has come that morning; long courses are delivered in parts, by the rules for all feed. What is
left of it goes a while after the last course.
"""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.exact import GRAMS
from farm.domain.feed_trade import FeedTrade
from farm.simulation.cells import cells
from farm.simulation.feed.deliveries import Deliveries
from farm.simulation.feed.forecast import Courses, Forecast
from farm.simulation.feed.kinds import holds_medicine
from farm.simulation.feed.market import Market
from farm.simulation.feed.orders import MEDICATED, Orders, Wish
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Floats, Frame, Integers
from farm.simulation.process import Therapy, Today
from farm.simulation.state import Own, State


class Medicated:
    """Those who buy medicated feed for one geography.

    ``own``, per container: ``kind``, the first feed type, by index, of the latest treatment in
    feed, 0 for none; ``until``, the first day after it, if it is not interrupted.
    """

    name = "medicated_feed"

    def __init__(
        self,
        trade: FeedTrade,
        biology: Biology,
        frame: Frame,
        market: Market,
        forecast: Forecast,
        orders: Orders,
        deliveries: Deliveries,
        stores: Stores,
    ) -> None:
        self._terms, self._frame, self._market = trade.medicated, frame, market
        self._forecast, self._stores = forecast, stores
        self._orders, self._deliveries = orders, deliveries
        self._duration = np.asarray([t.duration for t in biology.treatments], dtype=np.int64)
        # Index of the first feed type with each treatment type's medicine, 0 for none.
        self._first = np.zeros(len(biology.treatments), dtype=np.int64)
        for index, kind in reversed(list(enumerate(frame.feed_types))):
            if kind.treatment_type_id is not None:
                self._first[kind.treatment_type_id - 1] = index
        # What is no medicine may be kept for the next course, until it is too old.
        self._kept = [
            kind.treatment_type_id is not None and not holds_medicine(kind, biology)
            for kind in frame.feed_types
        ]
        self._plain = sum(kind.treatment_type_id is None for kind in frame.feed_types)

    def begin(self) -> Own:
        """Return that nobody was ever treated."""
        return {name: np.zeros(self._frame.size, dtype=np.int64) for name in ("kind", "until")}

    def prepare(
        self,
        therapy: Therapy | None,
        today: Today,
        state: State,
        medicine: Integers,
        root_growth: Floats,
        pace: Floats,
    ) -> None:
        """Take in what the treatments that begin today need of medicated feed.

        ``medicine``: id of the treatment type that is given in the feed today, 0 for none.
        """
        if therapy is None:
            return
        given = np.flatnonzero(self._first[therapy.kind] > 0)
        given = given[self._frame.store_of[therapy.container[given]] >= 0]
        if not given.size:
            return
        own = state.own[self.name]
        fish, kinds = therapy.container[given], therapy.kind[given]
        own["kind"][fish] = self._first[kinds]
        own["until"][fish] = today.ordinal + self._duration[kinds]
        broken_off = medicine == 0
        own["until"][broken_off] = np.minimum(own["until"][broken_off], today.ordinal)
        needed = self._lacking(fish, today, state, root_growth, pace)
        ordered_on = today.ordinal - self._terms.lead
        load = self._terms.load * GRAMS
        for store, kind in cells(needed > 0):
            supplier = self._market.supplier_of(store, today.date.year)
            loads = np.ceil(needed[store, kind] / load)
            self._deliveries.bring(
                Wish(
                    store=store,
                    feed_type=kind,
                    supplier=supplier,
                    reason=MEDICATED,
                    ordered_on=ordered_on,
                    promised_on=today.ordinal,
                    quantity_g=int(loads * load),
                    price=self._market.price(ordered_on, supplier, kind),
                ),
                state,
            )

    def _lacking(
        self, fish: Integers, today: Today, state: State, root_growth: Floats, pace: Floats
    ) -> Floats:
        """Return the grams that courses need beyond what is there, where fish begin theirs today.

        Of shape (stores, types); for all courses that run, and of long ones for a part.
        """
        own, most = state.own[self.name], self._terms.most_days
        left = own["until"] - today.ordinal
        running = (left > 0) & (state.population > 0) & (self._frame.store_of >= 0)
        # More of a long course can follow.
        more = pace * np.where(left <= most, 1.0 + self._terms.margin, 1.0)
        days = np.where(running, np.minimum(left, most), 0)
        kind = np.where(running, own["kind"], 0)
        needed = self._forecast.course_g(state, root_growth, more, Courses(kind, days))
        supply = self._stores.in_stock(state.own[self._stores.name])
        supply = supply + self._orders.coming(supply.shape[1], state.own[self._orders.name])
        begins = np.zeros(supply.shape[0], dtype=np.bool_)
        begins[self._frame.store_of[fish]] = True
        return np.where(begins[:, np.newaxis], np.maximum(needed - supply, 0.0), 0.0)

    def courses(self, today: Today, medicine: Integers, own: Own) -> Courses:
        """Return the courses that go on after today.

        Args:
            today: the day whose evening it is.
            medicine: id of the treatment type given in the feed of each container today, or 0.
            own: the own arrays.
        """
        given = np.where(medicine > 0, self._first[np.maximum(medicine - 1, 0)], 0)
        days = np.where(given == own["kind"], own["until"] - today.ordinal - 1, 0)
        return Courses(given, np.where(given > 0, np.maximum(days, 0), 0))

    def destroy(self, today: Today, in_stock: Integers, state: State) -> None:
        """Throw away what nobody of a store has needed for a while."""
        own = state.own[self.name]
        sizes = self._plain
        for store, kind in cells(in_stock[:, sizes:] > 0):
            if self._kept[sizes + kind]:
                continue
            first = sizes + kind - kind % sizes
            fed = (self._frame.store_of == store) & (own["kind"] == first)
            last = int(own["until"][fed].max(initial=0))
            if today.ordinal >= last + self._terms.kept:
                self._stores.discard(store, sizes + kind, today, state.own[self._stores.name])
