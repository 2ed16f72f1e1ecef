"""Deliveries: what was ordered comes, and goes into the stores as far as there is room."""

from __future__ import annotations

import numpy as np

from farm.domain.events import SiteEventKind
from farm.domain.feed_trade import FeedTrade
from farm.simulation.feed.order_book import OrderColumns
from farm.simulation.feed.orders import Orders, Wishes
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Frame, Integers
from farm.simulation.process import EventsDay, Today
from farm.simulation.state import State


class Deliveries:
    """The lorries and boats that bring feed to the stores of one geography."""

    def __init__(self, trade: FeedTrade, frame: Frame, orders: Orders, stores: Stores) -> None:
        self._shelf_life, self._orders, self._stores = trade.shelf_life, orders, stores
        index = {site.id: number for number, site in enumerate(frame.sites)}
        of_stores = [index.get(store.site_id or 0, -1) for store in frame.feed_stores]
        # The stores at sea, and the site of each.
        self._at_sea = (np.asarray(of_stores, dtype=np.int64) >= 0).nonzero()[0]
        self._sites = np.asarray([at for at in of_stores if at >= 0], dtype=np.int64)
        self._all_reached = np.ones(len(of_stores), dtype=np.bool_)

    def receive(self, today: Today, state: State, events: EventsDay) -> None:
        """Unload what is due. No boat calls at a site in a storm: it comes when that is over."""
        reached = self._all_reached.copy()
        reached[self._at_sea] = ~events.active[SiteEventKind.STORM.row][self._sites]
        orders = self._orders.arriving(today.ordinal, reached, state.own[self._orders.name])
        if orders["store"].size:
            self._unload(orders, np.full(orders["store"].size, today.ordinal), state)

    def bring(self, wishes: Wishes, state: State) -> None:
        """Take in what was ordered in time to be there on the day it was promised for."""
        orders = self._orders.fulfil(wishes, state.own[self._orders.name])
        self._unload(orders, wishes.promised_on, state)

    def _unload(self, orders: OrderColumns, day: Integers, state: State) -> None:
        """Put into the stores what comes of orders, one after the other, and close the orders."""
        brought = {
            "store": orders["store"],
            "feed_type": orders["feed_type"],
            "number": orders["number"],
            "delivered_on": day,
            "expires_on": day + self._shelf_life,
            "unit_cost": orders["price"],
            "grams": orders["coming_g"],
        }
        unloaded = self._stores.put(brought, state.own[self._stores.name])
        self._orders.close(orders, day, unloaded)
