"""Medicated feed: bought for one treatment, there when it begins, destroyed when it is over.

Feed with a medicine is a feed type of its own. When a treatment begins, what its fish will eat of
it has come that morning; long courses are delivered in parts, by the rules for all feed. What is
left of it goes a while after the last course.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from farm.domain.biology import Biology
from farm.domain.calendar import Month
from farm.domain.exact import GRAMS
from farm.domain.feed_trade import FeedTrade
from farm.simulation.feed.deliveries import Deliveries
from farm.simulation.feed.forecast import Courses, Forecast
from farm.simulation.feed.kinds import holds_medicine
from farm.simulation.feed.market import Market
from farm.simulation.feed.order_book import MEDICATED
from farm.simulation.feed.orders import Orders, Wishes
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
        self._plain = sum(kind.treatment_type_id is None for kind in frame.feed_types)
        mixed = [holds_medicine(kind, biology) for kind in frame.feed_types]
        self._destroyed = np.asarray(mixed, dtype=np.bool_)

    def begin(self) -> Own:
        """Return that nobody was ever treated."""
        return {name: np.zeros(self._frame.size, dtype=np.int64) for name in ("kind", "until")}

    def prepare(
        self,
        therapy: Therapy,
        today: Today,
        state: State,
        medicine: Integers,
        root_growth: Floats,
        pace: Floats,
    ) -> None:
        """Take in what the treatments that begin today need of medicated feed.

        ``medicine``: id of the treatment type that is given in the feed today, 0 for none.
        """
        given = self._first[therapy.kind].nonzero()[0]
        given = given[self._frame.store_of[therapy.container[given]] >= 0]
        if not given.size:
            return
        own = state.own[self.name]
        fish, kinds = therapy.container[given], therapy.kind[given]
        own["kind"][fish] = self._first[kinds]
        own["until"][fish] = today.ordinal + self._duration[kinds]
        np.minimum(own["until"], today.ordinal, out=own["until"], where=medicine == 0)
        store, kind, lacking = self._lacking(fish, today, state, root_growth, pace)
        if not store.size:
            return
        load = self._terms.load * GRAMS
        supplier = self._market.suppliers_of_stores(today.date.year)[store]
        ordered_on = today.ordinal - self._terms.lead
        month, none = Month.of(date.fromordinal(ordered_on)), np.zeros_like(store)
        self._deliveries.bring(
            Wishes(
                reason=MEDICATED,
                store=store,
                feed_type=kind,
                supplier=supplier,
                ordered_on=none + ordered_on,
                promised_on=none + today.ordinal,
                quantity_g=(np.ceil(lacking / load) * load).astype(np.int64),
                price=self._market.prices(month)[supplier, kind],
                stock_g=none,
                threshold_g=none,
            ),
            state,
        )

    def _lacking(
        self, fish: Integers, today: Today, state: State, root_growth: Floats, pace: Floats
    ) -> tuple[Integers, Integers, Floats]:
        """Return what courses need beyond what is there, in the stores of fish that begin theirs.

        That is for all courses of those stores that run, and of long ones for a part.

        Returns:
            index of the store and of the feed type, and the grams that are lacking.
        """
        own, most, store_of = state.own[self.name], self._terms.most_days, self._frame.store_of
        is_treated = (own["until"] > today.ordinal) & (own["kind"] > 0) & (state.population > 0)
        begins = np.zeros(len(self._frame.feed_stores) + 1, dtype=np.bool_)
        begins[store_of[fish]] = True
        who = (is_treated & begins[store_of]).nonzero()[0]
        left = own["until"][who] - today.ordinal
        # More of a long course can follow.
        more = pace[who] * np.where(left <= most, 1.0 + self._terms.margin, 1.0)
        courses = Courses(own["kind"][who], np.minimum(left, most))
        needs = self._forecast.course_g(state, root_growth, who, more, courses)
        in_stock = self._stores.in_stock(state.own[self._stores.name])
        supply = self._orders.supply(in_stock, state.own[self._orders.name])
        lacking = needs.grams[0] - supply.ravel()[needs.cell]
        lacks = (lacking > 0).nonzero()[0]
        store, kind = np.divmod(needs.cell[lacks], supply.shape[1])
        return store, kind, lacking[lacks]

    def courses(self, today: Today, medicine: Integers, own: Own) -> Courses:
        """Return the courses that go on after today.

        Args:
            today: the day whose evening it is.
            medicine: id of the treatment type given in the feed of each container today, or 0.
            own: the own arrays.
        """
        first_type, days = np.zeros((2, medicine.size), dtype=np.int64)
        who = (medicine > 0).nonzero()[0]
        given = self._first[medicine[who] - 1]
        left = np.where(given == own["kind"][who], own["until"][who] - today.ordinal - 1, 0)
        first_type[who], days[who] = given, np.maximum(left, 0)
        return Courses(first_type, days)

    def destroy(self, today: Today, state: State) -> None:
        """Throw away what nobody of a store has needed for a while."""
        own, held = state.own[self.name], state.own[self._stores.name]
        store, kind = self._stores.holding(self._destroyed, held)
        if not store.size:
            return
        # The first types of medicines that fish of each store have had lately.
        recent = (own["until"] > today.ordinal - self._terms.kept).nonzero()[0]
        is_needed = np.zeros((len(self._frame.feed_stores), len(self._frame.feed_types)), np.bool_)
        is_needed[self._frame.store_of[recent], own["kind"][recent]] = True
        left = ~is_needed[store, kind - kind % self._plain]
        if np.count_nonzero(left):
            where = np.zeros_like(is_needed)
            where[store[left], kind[left]] = True
            self._stores.discard(where, today, held)
