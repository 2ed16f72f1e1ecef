"""Clearing: nothing of an old generation's feed is in the way of the next one's."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from farm.simulation.feed.clearing import Clearing
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Frame
from farm.simulation.process import Today
from farm.simulation.state import Own, State
from tests.reference.deliveries import lots
from tests.reference.small_farm import Sketch, economy, small_plan

DAY = date(2016, 6, 1)
FRAME = Frame.of(small_plan(Sketch(containers=(1, 1, 1, 1, 1, 1))).world, "FO")
TRADE = economy().feed


def deliver(store: int, stores: Stores, held: Own) -> None:
    on = DAY.toordinal()
    stores.put(lots((store, 0, 1, on, on + 300, 10_000, 5_000)), held)


def test_a_barge_is_emptied_some_days_after_its_last_fish_and_a_silo_is_not():
    stores, state = Stores(FRAME), State.empty(FRAME)
    clearing = Clearing(TRADE, FRAME, stores)
    held = state.own[stores.name] = stores.begin()
    state.own[clearing.name] = clearing.begin()
    stores.open_month(Today.of(DAY), held)
    pen, tank = int(FRAME.pens[0]), int(np.flatnonzero(FRAME.store_of * ~FRAME.at_sea > 0)[0])
    barge, silo = int(FRAME.store_of[pen]), int(FRAME.store_of[tank])
    for store in (barge, silo):
        deliver(store, stores, held)
    state.population[[pen, tank]] = 100

    left = []
    for offset in range(TRADE.cleared + 3):
        if offset == 1:
            state.population[:] = 0
        clearing.work(Today.of(DAY + timedelta(days=offset)), state)
        left.append(stores.in_stock(held)[[barge, silo], 0].tolist())

    assert left[: TRADE.cleared] == [[5_000, 5_000]] * TRADE.cleared
    assert left[TRADE.cleared :] == [[0, 5_000]] * 3


def test_a_store_that_never_had_fish_keeps_its_opening_stock():
    stores, state = Stores(FRAME), State.empty(FRAME)
    clearing = Clearing(TRADE, FRAME, stores)
    held = state.own[stores.name] = stores.begin()
    state.own[clearing.name] = clearing.begin()
    store = int(FRAME.store_of[FRAME.pens[0]])
    deliver(store, stores, held)
    for offset in range(60):
        clearing.work(Today.of(DAY + timedelta(days=offset)), state)
    assert stores.in_stock(held)[store, 0] == 5_000
