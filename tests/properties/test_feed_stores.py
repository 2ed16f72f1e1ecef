"""A store gives the oldest feed first and loses no gram and no cent, whatever is delivered."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from farm.domain.exact import GRAMS, cents
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Bools, Frame, Integers
from farm.simulation.process import Today
from farm.simulation.state import Own, State
from tests.reference import feed_rows
from tests.reference.deliveries import lots
from tests.reference.plain_stores import PlainStores
from tests.reference.small_farm import Sketch, small_plan

FIRST = date(2015, 1, 1)
MONTHS = 3
CAPACITIES = (2_000_000, 300_000)
KINDS = 3


def two_stores() -> Frame:
    """The fry and parr halls of a small farm, three tanks each, and the silos they are fed from."""
    frame = Frame.of(small_plan(Sketch(containers=(1, 3, 3, 1, 1, 1))).world, "FO")
    stores = tuple(
        replace(store, capacity_kg=capacity / GRAMS)
        for store, capacity in zip(frame.feed_stores, CAPACITIES, strict=False)
    )
    return replace(frame, feed_stores=stores, feed_types=frame.feed_types[:KINDS])


FRAME = two_stores()
TANKS = np.flatnonzero((FRAME.store_of >= 0) & ~FRAME.at_sea).tolist()


@dataclass(frozen=True)
class Market:
    """What may happen: how hungry fish are, how often feed comes and how long it keeps.

    One gram of a price that is no round number costs nothing or a cent: all parts must add up.
    """

    seed: int
    hunger: int
    each: float
    lot: int
    keeps: int
    price: int


markets = st.builds(
    Market,
    seed=st.integers(0, 2**32),
    hunger=st.sampled_from([3, 1_000, 60_000]),
    each=st.floats(0.02, 0.6),
    lot=st.sampled_from([1, 10, 5_000, 400_000, 10**9]),
    keeps=st.integers(1, 40),
    price=st.integers(1, 2_000_000),
)


@settings(max_examples=25, deadline=None)
@given(market=markets, cut=st.booleans())
def test_fast_stores_agree_with_plain_ones(market, cut):
    # Given stores, and a run of late deliveries, hungry days and feed that is too old
    chance = random.Random(market.seed)
    assignment = np.arange(FRAME.size) + 7001
    state = State.empty(FRAME)
    state.assignment = assignment
    plain = PlainStores(list(CAPACITIES))
    stores = Stores(FRAME)
    own, numbers, told = stores.begin(), [0, 0], []
    day = FIRST
    while (day.year, day.month) <= (FIRST.year, MONTHS):
        today = Today.of(day)
        if day.day == 1:
            if cut and day > FIRST:
                # When a session ends, and the next one knows its snapshot alone
                told.append((stores, own))
                own = {k: np.asarray(json.loads(json.dumps(v.tolist()))) for k, v in own.items()}
                stores = Stores(FRAME)
            stores.open_month(today, own)
        stores.expire(today, own)
        plain.expire(today.ordinal)
        for store in (0, 1):
            if chance.random() < market.each:
                numbers[store] += 1 + (chance.random() < 0.2)  # an order that nobody delivered
                kind, keeps = chance.randrange(KINDS), 1 + chance.randrange(market.keeps)
                brought = 1 + chance.randrange(market.lot)
                # Late ones: what was delivered before is older, whatever its number is.
                number = numbers[store] if chance.random() < 0.8 else 40_000 - numbers[store]
                price, expires = 1 + chance.randrange(market.price), today.ordinal + keeps
                arrived = (store, kind, number, brought, price, today.ordinal, expires)
                delivery = (store, kind, number, today.ordinal, expires, price, brought)
                (unloaded,) = stores.put(lots(delivery), own)
                assert unloaded == plain.put(*arrived)
        if chance.random() < 0.05:
            store, kind = chance.randrange(2), chance.randrange(KINDS)
            stores.discard(only(store, kind), today, own)
            plain.discard(store, kind, today.ordinal)
        kinds = np.asarray([chance.randrange(KINDS) for _ in range(FRAME.size)])
        wanted = np.zeros(FRAME.size, dtype=np.int64)
        wanted[TANKS] = [chance.randrange(market.hunger) for _ in TANKS]
        wanted *= FRAME.store_of >= 0
        issue = stores.issue(today, state, kinds, wanted, own)
        wishes = list(zip(FRAME.store_of.tolist(), kinds.tolist(), wanted.tolist(), strict=True))
        fed = plain.feed(today.ordinal, wishes)
        # Then everybody gets the same of the same at the same cost, and the same is left
        assert list(zip(issue.feed_g.tolist(), issue.cost_cents.tolist(), strict=True)) == fed
        eats = np.where(issue.feed_g > 0, [FRAME.feed_types[k].id for k in kinds], 0)
        assert issue.feed_type_id.tolist() == eats.tolist()
        assert_same_stock(stores, plain, own)
        day += timedelta(days=1)
        if day.day == 1:
            stores.close_month(own)
            plain.end_month((day - timedelta(days=1)).replace(day=1))
    told.append((stores, own))
    assert_same_books(told, plain, assignment)


def only(store: int, kind: int) -> Bools:
    """Return a feed of a store among those of all stores."""
    where = np.zeros((len(FRAME.feed_stores), KINDS), dtype=np.bool_)
    where[store, kind] = True
    return where


def assert_same_stock(stores: Stores, plain: PlainStores, own: Own) -> None:
    stock = stores.in_stock(own)
    for store, capacity in enumerate(CAPACITIES):
        for kind in range(KINDS):
            held = [lot.left for lot in plain.lots if (lot.store, lot.kind) == (store, kind)]
            assert stock[store, kind] == sum(held) >= 0
        assert 0 <= stores.room(own)[store] == capacity - stock[store].sum()


def assert_same_books(
    told: list[tuple[Stores, Own]], plain: PlainStores, assignment: Integers
) -> None:
    """The books of all sessions together are those that the journal of the plain stores gives."""
    ids = [store.id * 50_000 for store in FRAME.feed_stores]
    kind_ids = [kind.id for kind in FRAME.feed_types]

    # Every draw, in the order of its key
    draws = [
        tuple(int(value) for value in (day.toordinal(), *row))
        for stores, _ in told
        for day, *row in zip(*(c.tolist() for c in stores.draws().values()), strict=True)
    ]
    assert draws == sorted(draws, key=lambda draw: draw[:3])
    assert draws == sorted(
        (day, ids[store] + number, int(assignment[who]), grams, cost)
        for day, store, number, who, grams, cost in plain.draws
    )

    # Every lot as it stands at last: eaten + discarded + left, to the gram and to the cent
    known = {lot.id: lot for stores, own in told for lot in feed_rows.lots(stores.lots(own))}
    assert len(known) == len(plain.lots)
    for lot in plain.lots:
        record = known[ids[lot.store] + lot.number]
        eaten = [draw[3:] for draw in draws if draw[1] == record.id]
        assert record.feed_type_id == kind_ids[lot.kind]
        assert milli(record.quantity_kg) == lot.grams
        assert milli(record.remaining_kg) == lot.left
        assert milli(record.discarded_kg) == lot.discarded
        assert (record.discarded_on and record.discarded_on.toordinal()) == lot.discarded_on
        assert sum(grams for grams, _ in eaten) + lot.left + lot.discarded == lot.grams
        assert cents(record.cost) == lot.cost
        worth = lot.cost - sum(cost for _, cost in eaten)
        assert worth == lot.worth if not lot.discarded else worth >= 0
        assert worth == 0 or lot.left or lot.discarded

    # Every shortage, and every month
    assert sorted(
        (s.date.toordinal(), s.feed_store_id, s.feed_type_id, milli(s.wanted_kg), milli(s.fed_kg))
        for stores, _ in told
        for s in feed_rows.shortages(stores.shortages())
    ) == sorted(
        (day, ids[store] // 50_000, kind_ids[kind], wanted, there)
        for day, store, kind, wanted, there in plain.shortages
    )
    balances = [balance for stores, _ in told for balance in feed_rows.balances(stores.balances())]
    keys = {(b.month, b.feed_store_id, b.feed_type_id) for b in balances}
    assert len(keys) == len(balances)
    moved = {
        (date.fromordinal(day).replace(day=1), ids[store] // 50_000, kind_ids[kind])
        for day, store, kind, _, grams in plain.journal
        if grams
    }
    assert moved <= keys
    for balance in balances:
        month = balance.month
        store = [store.id for store in FRAME.feed_stores].index(balance.feed_store_id)
        kind = kind_ids.index(balance.feed_type_id)
        before = (month - timedelta(days=1)).replace(day=1)
        assert milli(balance.opening_kg) == plain.closings.get((before, store, kind), (0, 0))[0]
        for what in ("delivered", "consumed", "discarded"):
            grams = milli(getattr(balance, f"{what}_kg"))
            assert grams == plain.moved(month, store, kind, what)
        closing = plain.closings.get((month, store, kind), (0, 0))
        assert (milli(balance.closing_kg), cents(balance.closing_value)) == closing


def milli(kilograms: str) -> int:
    """Return a decimal of three digits in thousandths."""
    return int(kilograms.replace(".", ""))
