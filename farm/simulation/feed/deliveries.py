"""Deliveries: what was ordered comes, and goes into the stores as far as there is room."""

from __future__ import annotations

import numpy as np

from farm.domain.events import SiteEventKind
from farm.domain.feed_trade import FeedTrade
from farm.simulation.feed.orders import Orders, Wish
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Frame
from farm.simulation.process import EventsDay, Today
from farm.simulation.state import State


class Deliveries:
    """The lorries and boats that bring feed to the stores of one geography."""

    def __init__(self, trade: FeedTrade, frame: Frame, orders: Orders, stores: Stores) -> None:
        self._shelf_life, self._orders, self._stores = trade.shelf_life, orders, stores
        index = {site.id: number for number, site in enumerate(frame.sites)}
        sites = [index.get(store.site_id or 0, -1) for store in frame.feed_stores]
        self._site_of_store = np.asarray(sites, dtype=np.int64)

    def receive(self, today: Today, state: State, events: EventsDay) -> None:
        """Unload what is due. No boat calls at a site in a storm: it comes when that is over."""
        due = self._orders.due(today.ordinal, state.own[self._orders.name])
        if not due:
            return
        storm = events.active[SiteEventKind.STORM.row]
        for store, slot in due:
            site = int(self._site_of_store[store])
            if site >= 0 and storm[site]:
                continue
            self._unload(store, slot, today.ordinal, state)

    def bring(self, wish: Wish, state: State) -> None:
        """Take in what was ordered in time to be there on the day it was promised for."""
        slot = self._orders.fulfil(wish, state.own[self._orders.name])
        self._unload(wish.store, slot, wish.promised_on, state)

    def _unload(self, store: int, slot: int, day: int, state: State) -> None:
        """Put into a store what comes of an order, and close the order."""
        orders, stores = state.own[self._orders.name], state.own[self._stores.name]
        kind, number, grams, price = (
            int(orders[name][store, slot]) for name in ("feed_type", "number", "coming_g", "price")
        )
        expires = day + self._shelf_life
        unloaded = self._stores.put(store, kind, number, grams, price, day, expires, stores)
        self._orders.deliver(store, slot, day, unloaded, orders)
