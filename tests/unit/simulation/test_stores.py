"""Promises of a feed store: whole grams and cents, the oldest feed first, never below nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from farm.errors import ContractBroken, ImbalanceError
from farm.simulation.feed.issue import Issue
from farm.simulation.feed.lots import LOTS_OF_A_STORE, lot_ids
from farm.simulation.feed.menu import Menu
from farm.simulation.feed.stores import Stores
from farm.simulation.frame import Frame
from farm.simulation.process import Today
from farm.simulation.state import State
from tests.reference import feed_rows
from tests.reference.deliveries import lots
from tests.reference.small_farm import Sketch, biology, economy, small_plan

KG = 1000
DAY = date(2015, 3, 2)
FRAME = Frame.of(small_plan(Sketch(containers=(1, 3, 1, 1, 1, 1))).world, "FO")
FRY, PARR = 0, 1  # stores
FINE, COARSE = 0, 1  # feeds
#: The three tanks of fry, which one silo serves.
TANKS = np.flatnonzero(FRAME.store_of == FRY)


class Silo:
    """The stores of a small farm from one day on; the first one holds a tonne."""

    def __init__(self, capacity_kg: float = 1000.0) -> None:
        first = replace(FRAME.feed_stores[0], capacity_kg=capacity_kg)
        self.stores = Stores(replace(FRAME, feed_stores=(first, *FRAME.feed_stores[1:])))
        self.own = self.stores.begin()
        self.orders = 0
        self.stores.open_month(Today.of(DAY.replace(day=1)), self.own)

    def put(
        self, grams: int, day: int = 2, feed: int = FINE, price: int = 20_000, keeps: int = 50
    ) -> int:
        self.orders += 1
        on = DAY.replace(day=day).toordinal()
        (unloaded,) = self.stores.put(
            lots((FRY, feed, self.orders, on, on + keeps, price, grams)), self.own
        )
        return int(unloaded)

    def feed(self, *grams: int, day: int = 3, feed: int = FINE) -> Issue:
        wanted = np.zeros(FRAME.size, dtype=np.int64)
        wanted[TANKS[: len(grams)]] = grams
        kinds = np.full(FRAME.size, feed)
        state = State.empty(FRAME)
        state.assignment = np.arange(FRAME.size) + 1
        today = Today.of(DAY.replace(day=day))
        return self.stores.issue(today, state, kinds, wanted, self.own)

    def discard(self, feed: int) -> None:
        where = np.zeros((len(FRAME.feed_stores), len(FRAME.feed_types)), dtype=np.bool_)
        where[FRY, feed] = True
        self.stores.discard(where, Today.of(DAY), self.own)

    def stock(self, feed: int = FINE) -> int:
        return int(self.stores.in_stock(self.own)[FRY, feed])

    def drawn(self) -> list[tuple[int, int, int, int]]:
        """Number of the lot, tank, grams and cents of every draw so far."""
        columns = self.stores.draws()
        rows = zip(*(c.tolist() for n, c in columns.items() if n != "date"), strict=True)
        first = FRAME.feed_stores[FRY].id * LOTS_OF_A_STORE
        tanks = (TANKS + 1).tolist()
        return [(lot - first, tanks.index(who), grams, cost) for lot, who, grams, cost in rows]


def given(issue: Issue) -> list[int]:
    grams: list[int] = issue.feed_g[TANKS].tolist()
    return grams


def test_the_oldest_lot_is_eaten_first_however_lots_are_numbered():
    silo = Silo()
    silo.put(500, day=2)  # order 1
    silo.orders = 7
    silo.put(300, day=1)  # order 8, which was there before it
    assert given(silo.feed(200, 200)) == [200, 200, 0]
    assert [draw[:3] for draw in silo.drawn()] == [(1, 1, 100), (8, 0, 200), (8, 1, 100)]


def test_a_used_up_lot_costs_its_draws_exactly_and_every_draw_whole_cents():
    # Given three grams for one cent, and a lot of a price that is no round number
    silo = Silo()
    silo.put(3, price=33_333)
    silo.put(1000, price=12_345, day=3)
    for _ in range(3):
        silo.feed(1)
    silo.feed(333, 334, 333, day=4)
    costs = {number: [d[3] for d in silo.drawn() if d[0] == number] for number in (1, 2)}
    assert costs == {1: [0, 0, 1], 2: [40, 42, 41]}
    assert silo.stores.lots(silo.own)["cost_cents"].tolist() == [1, 123]


def test_where_feed_is_short_all_get_the_same_share_and_nothing_is_left():
    silo = Silo()
    silo.put(100)
    issue = silo.feed(100, 101, 99)
    assert given(issue) == [33, 34, 33]
    assert silo.stock() == 0
    (shortage,) = feed_rows.shortages(silo.stores.shortages())
    assert (shortage.wanted_kg, shortage.fed_kg) == ("0.300", "0.100")
    assert issue.cost_cents.sum() == 20


def test_an_empty_store_feeds_nobody_and_says_so():
    silo = Silo()
    silo.put(100, feed=COARSE)
    issue = silo.feed(10, 20)
    assert given(issue) == [0, 0, 0]
    assert not issue.feed_type_id.any()
    assert not issue.cost_cents.any()
    (shortage,) = feed_rows.shortages(silo.stores.shortages())
    assert (shortage.wanted_kg, shortage.fed_kg) == ("0.030", "0.000")


def test_what_does_not_fit_is_not_unloaded():
    silo = Silo(capacity_kg=1.0)
    assert silo.put(700) == 700
    assert silo.put(700, feed=COARSE) == 300
    assert silo.put(1) == 0
    assert silo.stores.room(silo.own)[FRY] == 0
    assert silo.stores.lots(silo.own)["id"].size == 2


def test_deliveries_of_a_day_are_unloaded_in_their_turn():
    silo, on = Silo(capacity_kg=1.0), DAY.toordinal()
    brought = [(FRY, FINE, 1, 700), (PARR, FINE, 1, 900), (FRY, COARSE, 2, 700), (FRY, FINE, 3, 5)]
    columns = lots(
        *((store, kind, number, on, on + 9, 10, grams) for store, kind, number, grams in brought)
    )
    assert silo.stores.put(columns, silo.own).tolist() == [700, 900, 300, 0]
    assert [silo.stock(FINE), silo.stock(COARSE)] == [700, 300]
    assert silo.stores.lots(silo.own)["id"].size == 3


def test_feed_is_thrown_away_on_the_morning_it_expires_and_its_rest_stays_paid():
    silo = Silo()
    silo.put(1000, day=2, keeps=5)
    silo.feed(400, day=6)
    silo.stores.expire(Today.of(DAY.replace(day=6)), silo.own)
    assert silo.stock() == 600
    silo.stores.expire(Today.of(DAY.replace(day=7)), silo.own)
    assert silo.stock() == 0
    (lot,) = feed_rows.lots(silo.stores.lots(silo.own))
    assert (lot.remaining_kg, lot.discarded_kg, lot.cost) == ("0.000", "0.600", "2.00")
    assert lot.discarded_on == date(2015, 3, 7)


def test_a_feed_can_be_thrown_away_alone():
    silo = Silo()
    silo.put(10)
    silo.put(20, feed=COARSE)
    silo.discard(FINE)
    assert (silo.stock(FINE), silo.stock(COARSE)) == (0, 20)


def test_a_month_balances_and_what_is_left_is_worth_what_it_cost():
    silo = Silo()
    silo.put(1000)
    silo.feed(250)
    silo.put(300, feed=COARSE)
    silo.discard(COARSE)
    silo.stores.close_month(silo.own)
    fine, coarse = feed_rows.balances(silo.stores.balances())
    assert (fine.month, fine.opening_kg, fine.delivered_kg) == (date(2015, 3, 1), "0.000", "1.000")
    assert (fine.consumed_kg, fine.discarded_kg, fine.closing_kg) == ("0.250", "0.000", "0.750")
    assert fine.closing_value == "1.50"
    assert (coarse.discarded_kg, coarse.closing_kg, coarse.closing_value) == (
        "0.300",
        "0.000",
        "0.00",
    )


def test_a_gram_that_vanishes_from_a_store_is_missed():
    silo = Silo()
    silo.put(1000)
    silo.own["left"][0] -= 1
    with pytest.raises(ImbalanceError, match="grams off by 1"):
        silo.stores.close_month(silo.own)


def test_more_lots_than_are_kept_and_lots_beyond_counting_are_refused_in_words():
    silo = Silo()
    for _ in range(silo.own["left"].size):
        silo.put(1)
    with pytest.raises(ContractBroken, match="lots already"):
        silo.put(1)
    with pytest.raises(ContractBroken, match="too many"):
        Silo(capacity_kg=1e9).put(10**12)


def test_ids_of_lots_are_of_their_store_and_never_anothers():
    last, first = lot_ids(np.asarray([23_045, 23_046]), np.asarray([LOTS_OF_A_STORE - 1, 1]))
    assert last < first < 2**31
    for number in (0, LOTS_OF_A_STORE):
        with pytest.raises(ValueError, match="no id"):
            lot_ids(np.asarray([23_045]), np.asarray([number]))


BOUNDS = [kind.min_weight_g for kind in FRAME.feed_types if kind.treatment_type_id is None]
MEDICINE = max(kind.treatment_type_id or 0 for kind in FRAME.feed_types)

#: A pellet, from the smallest, and the treatment in it.
Pellet = tuple[int, int | None]


def fed_with(
    weights: list[float], stock: Mapping[Any, int], treated: tuple[int, ...] = (0, 0, 0)
) -> list[Pellet]:
    """The feed of each tank of one store, where all want 100 g."""
    state = State.empty(FRAME)
    wanted, medicine = np.zeros((2, FRAME.size), dtype=np.int64)
    state.weight_g[TANKS], state.population[TANKS] = weights, 1
    wanted[TANKS], medicine[TANKS] = 100, treated
    pellets = [(BOUNDS.index(k.min_weight_g), k.treatment_type_id) for k in FRAME.feed_types]
    in_stock = np.zeros((len(FRAME.feed_stores), len(pellets)), dtype=np.int64)
    in_stock[FRY] = [stock.get(pellet, 0) for pellet in pellets]
    chosen = Menu(economy().feed, biology(), FRAME).feed_types(state, wanted, medicine, in_stock)
    return [pellets[index] for index in chosen[TANKS].tolist()]


def middle(pellet: int) -> float:
    """A weight well within those of a pellet."""
    return 0.5 * (BOUNDS[pellet] + BOUNDS[pellet + 1])


def test_fish_are_fed_by_their_weight():
    plenty = {(pellet, None): 900 for pellet in range(2, len(BOUNDS))}
    weights = [0.999 * BOUNDS[3], middle(3), BOUNDS[-1] * 3]
    assert fed_with(weights, plenty) == [(2, None), (3, None), (len(BOUNDS) - 1, None)]


def test_treated_fish_get_their_medicine_as_long_as_it_lasts():
    treated, weights = (MEDICINE,) * 3, [middle(2)] * 3
    plain = {(2, None): 900}
    with_medicine, without = (2, MEDICINE), (2, None)
    fed = fed_with(weights, plain | {with_medicine: 250}, treated)
    assert fed == [with_medicine, with_medicine, without]
    # Fish that outgrow the pellets of their course go on with them,
    assert fed_with(weights, plain | {(1, MEDICINE): 100}, treated)[0] == (1, MEDICINE)
    # but larger pellets, and those of others, are not for them.
    others = plain | {(3, MEDICINE): 900}
    assert fed_with(weights, others, (0, MEDICINE, MEDICINE)) == [without] * 3


def test_where_pellets_of_a_size_run_out_there_may_be_others_to_do():
    weights = [middle(2)] * 3
    assert fed_with(weights, {(2, None): 100, (1, None): 100, (3, None): 100}) == [
        (2, None),
        (1, None),
        (3, None),
    ]
    assert fed_with(weights, {(2, None): 100, (0, None): 900, (4, None): 900}) == [(2, None)] * 3


def test_fish_that_have_just_outgrown_a_pellet_use_it_up():
    just, plenty = 1.01 * BOUNDS[3], {(2, None): 900, (3, None): 900}
    assert fed_with([just, middle(3), middle(3)], plenty)[0] == (2, None)
    # unless others of the store still need it.
    assert fed_with([just, middle(2), middle(3)], plenty)[0] == (3, None)


def test_functional_feed_that_is_left_is_fed_to_anybody_whose_own_has_run_out_and_medicine_is_not():
    codes = {spec.code: number for number, spec in enumerate(biology().treatments, 1)}
    functional, medicine = codes["functional_feed"], codes["florfenicol"]
    weights = [middle(6)] * 3
    assert fed_with(weights, {(6, functional): 500}) == [(6, functional)] * 3
    assert fed_with(weights, {(6, medicine): 500}) == [(6, None)] * 3
