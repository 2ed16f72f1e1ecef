"""The opening stock: feed that was bought before the first day, for the fish that eat first."""

from __future__ import annotations

import numpy as np

from farm.domain.biology import Biology
from farm.domain.exact import GRAMS
from farm.domain.feed_trade import FeedTrade
from farm.domain.water import expected_temperature
from farm.domain.world import Stage
from farm.simulation.agenda import Agenda
from farm.simulation.cells import rows_and_columns
from farm.simulation.feed.deliveries import Deliveries
from farm.simulation.feed.forecast import Forecast
from farm.simulation.feed.market import Market
from farm.simulation.feed.order_book import OPENING
from farm.simulation.feed.orders import Wishes
from farm.simulation.frame import Floats, Frame
from farm.simulation.process import Today
from farm.simulation.state import State


class OpeningStock:
    """What is in the stores of one geography before its first day."""

    def __init__(
        self,
        trade: FeedTrade,
        biology: Biology,
        frame: Frame,
        agenda: Agenda,
        market: Market,
        forecast: Forecast,
        deliveries: Deliveries,
    ) -> None:
        self._trade, self._biology, self._frame, self._agenda = trade, biology, frame, agenda
        self._market, self._forecast, self._deliveries = market, forecast, deliveries
        self._lead = np.asarray([s.lead_time_days for s in frame.feed_suppliers], dtype=np.int64)

    def provide(self, today: Today, state: State) -> int:
        """Put into the stores, on the morning of the first day, what was bought before it.

        Returns:
            the day on which the first of it was ordered, 0 if nothing was.
        """
        needed = self._needed(today)
        store, kind = rows_and_columns(needed > 0)
        supplier = self._market.suppliers_of_stores(today.date.year)[store]
        delivered = np.full_like(store, today.ordinal - self._trade.opening.age)
        ordered = delivered - self._lead[supplier]
        loads = [self._trade.buying(each.kind).load * GRAMS for each in self._frame.feed_stores]
        load = np.asarray(loads)[store]
        prices = [
            self._market.price(*of)
            for of in zip(ordered.tolist(), supplier.tolist(), kind.tolist(), strict=True)
        ]
        none = np.zeros_like(store)
        self._deliveries.bring(
            Wishes(
                reason=OPENING,
                store=store,
                feed_type=kind,
                supplier=supplier,
                ordered_on=ordered,
                promised_on=delivered,
                quantity_g=(np.ceil(needed[store, kind] / load) * load).astype(np.int64),
                price=np.asarray(prices, dtype=np.int64),
                stock_g=none,
                threshold_g=none,
            ),
            state,
        )
        return int(ordered.min()) if ordered.size else 0

    def _needed(self, today: Today) -> Floats:
        """Return the grams that the first fish of each store will eat, shape (stores, types)."""
        terms = self._trade.opening
        frame = self._frame
        needed = np.zeros((len(frame.feed_stores), len(frame.feed_types)))
        cells = needed.reshape(-1)
        for batch in self._agenda.batches.values():
            eggs = [b for b in batch.bookings if b.stage is Stage.EGG_ALEVIN]
            moves = [m for m in batch.movements if m.from_id in {b.id for b in eggs}]
            if not moves or (moves[0].day - today.date).days > terms.within:
                continue
            days = (moves[0].day - batch.start_date).days
            weight, alive = self._hatched(days)
            shares = [move.share for move in moves]
            for move, share in zip(moves, shares, strict=True):
                at = frame.index_of[self._agenda.bookings[move.to_id].container_id]
                fish = batch.eggs * alive * share / sum(shares)
                needs = self._forecast.first_feed_g(
                    Today.of(move.day), at, batch.id, fish, weight, terms.days
                )
                cells[needs.cell] += needs.grams[0]
        return needed

    def _hatched(self, days: int) -> tuple[float, float]:
        """Return the weight of alevins after so many days, and the share of eggs that live."""
        biology, stage = self._biology, Stage.EGG_ALEVIN
        code = self._frame.geography.code
        water = float(expected_temperature(biology, code, stage, 1))
        tgc = biology.growth.tgc(code, stage)
        root = float(np.cbrt(biology.growth.egg_weight)) + tgc / 1000.0 * water * days
        return root**3, biology.expected_daily_survival(stage) ** days
