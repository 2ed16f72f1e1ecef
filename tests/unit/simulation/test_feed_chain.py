"""What a farm's feed records promise together: no gram and no cent appears or vanishes."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.domain.economy import Economy
from farm.domain.exact import cents
from farm.domain.world import Stage
from farm.simulation.engine import simulate
from farm.simulation.history import DRAW_COLUMNS
from tests.reference import feed_rows
from tests.reference.small_farm import Nature, Sketch, biology, economy, small_plan

PERIOD = Period(Month(2015, 1), Month(2016, 6))


def careless(given: Economy) -> Economy:
    """The same world, whose people buy late, and whose feed keeps for weeks only."""
    hasty = {"reserve": 1, "cover": 30}
    feed = given.feed.model_copy(
        update={
            "shelf_life": 30,
            "silo": given.feed.silo.model_copy(update=hasty),
            "barge": given.feed.barge.model_copy(update=hasty),
        }
    )
    return given.model_copy(update={"feed": feed})


BRIEF = (30, 32, 34, 36, 38, 300)


@pytest.fixture(scope="module")
def plan():
    """Two batches of sixteen months."""
    return small_plan(
        Sketch(days=BRIEF, containers=(2, 3, 2, 4, 3, 4)),
        Sketch(start=date(2015, 4, 3), days=BRIEF, containers=(3, 2, 3, 3, 2, 3), site=2),
    )


@pytest.fixture(scope="module")
def history(plan):
    """Their lives in a company that is often short of feed, and wastes some."""
    return simulate(Nature(3, biology(), careless(economy())), plan, "FO", PERIOD, None)


def grams(kilograms: str) -> int:
    assert kilograms[-4] == "."
    return int(kilograms.replace(".", ""))


def draws(history) -> list[tuple[date, int, int, int, int]]:
    """Date, lot, assignment, grams and cents of each draw."""
    return list(zip(*(column.tolist() for column in history.feed_draws.values()), strict=True))


def test_the_careless_are_short_of_feed_and_waste_some(history):
    assert history.feed.shortages["date"].size >= 3
    assert any(lot.discarded_on for lot in feed_rows.lots(history.feed.lots))


def test_draws_are_of_the_agreed_columns_in_order_of_their_key(history):
    assert {n: str(c.dtype) for n, c in history.feed_draws.items()} == DRAW_COLUMNS
    keys = [draw[:3] for draw in draws(history)]
    assert keys == sorted(set(keys))


def test_what_fish_ate_and_what_it_cost_is_what_was_drawn_for_them(history):
    drawn: dict[tuple[int, date], list[int]] = defaultdict(lambda: [0, 0])
    for day, _, assignment, weight, cost in draws(history):
        drawn[assignment, day][0] += weight
        drawn[assignment, day][1] += cost
    columns = ("assignment_id", "date", "feed_g", "feed_cents")
    rows = zip(*(history.daily[name].tolist() for name in columns), strict=True)
    assert {(a, day): [g, c] for a, day, g, c in rows if g} == drawn


def test_a_feed_type_is_that_of_the_lots_that_were_drawn(history):
    kind_of = {lot.id: lot.feed_type_id for lot in feed_rows.lots(history.feed.lots)}
    eaten = {(day, a): kind_of[lot] for day, lot, a, _, _ in draws(history)}
    daily = history.daily
    rows = zip(daily["date"].tolist(), daily["assignment_id"].tolist(), strict=True)
    kinds = dict(zip(rows, daily["feed_type_id"].tolist(), strict=True))
    assert {key: kind for key, kind in kinds.items() if kind} == eaten
    assert not daily["feed_type_id"][daily["feed_g"] == 0].any()


def test_every_lot_is_eaten_thrown_away_or_left_to_the_gram_and_the_cent(history):
    eaten: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for _, used, _, weight, cost in draws(history):
        eaten[used][0] += weight
        eaten[used][1] += cost
    for lot in feed_rows.lots(history.feed.lots):
        weight, cost = eaten[lot.id]
        left, thrown = grams(lot.remaining_kg), grams(lot.discarded_kg)
        assert weight + left + thrown == grams(lot.quantity_kg)
        assert cost == cents(lot.cost) if left + thrown == 0 else cost <= cents(lot.cost)
        assert not (left and thrown)


def test_a_lot_is_what_was_delivered_of_its_order_at_the_price_of_the_order(history):
    orders = {order.id: order for order in feed_rows.orders(history.feed.orders)}
    delivered = {
        o.id
        for o in feed_rows.orders(history.feed.orders)
        if o.delivered_kg and grams(o.delivered_kg)
    }
    assert {lot.purchase_order_id for lot in feed_rows.lots(history.feed.lots)} == delivered
    for lot in feed_rows.lots(history.feed.lots):
        order = orders[lot.purchase_order_id]
        assert (lot.delivered_on, lot.quantity_kg) == (order.delivered_on, order.delivered_kg)
        assert lot.unit_cost == order.price_per_kg
        assert (lot.feed_store_id, lot.feed_type_id) == (order.feed_store_id, order.feed_type_id)


def test_the_oldest_lot_of_a_feed_is_used_up_before_the_next_one_is_opened(history):
    span: dict[int, list[date]] = {}
    for day, used, *_ in draws(history):
        span.setdefault(used, [day, day])[1] = day
    queues = defaultdict(list)
    for lot in feed_rows.lots(history.feed.lots):
        queues[lot.feed_store_id, lot.feed_type_id].append((lot.delivered_on, lot.id, lot))
    for queue in queues.values():
        opened = [span[id_] for _, id_, _ in sorted(queue, key=lambda x: x[:2]) if id_ in span]
        assert all(a[1] <= b[0] for a, b in pairwise(opened))
    for lot in feed_rows.lots(history.feed.lots):
        assert lot.id not in span or lot.delivered_on <= span[lot.id][0]
        assert lot.id not in span or span[lot.id][1] < lot.expires_on


def test_where_there_was_no_feed_fish_ate_nothing_and_did_not_grow(plan, history):
    # The ids of the small farm's stores are those of their halls and sites
    place = {c.id: c.hall_id or c.site_id for c in plan.world.container}
    where = {a.id: place[a.container_id] for a in history.assignments}
    empty = {
        (s.feed_store_id, s.date)
        for s in feed_rows.shortages(history.feed.shortages)
        if not grams(s.fed_kg)
    }
    daily = history.daily
    at = [where[a] for a in daily["assignment_id"].tolist()]
    short = np.asarray([key in empty for key in zip(at, daily["date"].tolist(), strict=True)])
    fed = daily["lifecycle_stage_id"] > Stage.EGG_ALEVIN.id
    unfed = short & fed & ~daily["is_fasting"] & (daily["feed_g"] == 0)
    assert unfed.any()
    gain = np.diff(daily["mean_weight_g"], prepend=0.0)
    same = np.diff(daily["assignment_id"], prepend=0) == 0
    assert (np.abs(gain[unfed & same]) <= 1e-4).all()
    assert not daily["feed_cents"][unfed].any()


def test_months_follow_from_each_other_and_from_the_draws(history):
    kind_of = {
        lot.id: (lot.feed_store_id, lot.feed_type_id) for lot in feed_rows.lots(history.feed.lots)
    }
    consumed: dict[tuple[int, int, date], int] = defaultdict(int)
    delivered: dict[tuple[int, int, date], int] = defaultdict(int)
    for day, used, _, weight, _ in draws(history):
        consumed[(*kind_of[used], day.replace(day=1))] += weight
    for lot in feed_rows.lots(history.feed.lots):
        if lot.delivered_on >= PERIOD.first_day:
            delivered[(*kind_of[lot.id], lot.delivered_on.replace(day=1))] += grams(lot.quantity_kg)
    known = {
        (b.feed_store_id, b.feed_type_id, b.month): b
        for b in feed_rows.balances(history.feed.balances)
    }
    assert len(known) == history.feed.balances["month"].size
    assert consumed.keys() | delivered.keys() <= known.keys()
    for key, balance in known.items():
        store, kind, month = key
        assert grams(balance.consumed_kg) == consumed.get(key, 0)
        assert grams(balance.delivered_kg) == delivered.get(key, 0)
        before = known.get((store, kind, (month - timedelta(days=1)).replace(day=1)))
        if month > PERIOD.first_day:
            assert balance.opening_kg == (before.closing_kg if before else "0.000")
        assert grams(balance.opening_kg) + grams(balance.delivered_kg) == (
            grams(balance.consumed_kg) + grams(balance.discarded_kg) + grams(balance.closing_kg)
        )


def test_the_last_month_ends_with_what_is_in_store_and_what_it_cost(history):
    spent: dict[int, int] = defaultdict(int)
    for _, used, _, _, cost in draws(history):
        spent[used] += cost
    left: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for lot in feed_rows.lots(history.feed.lots):
        if grams(lot.remaining_kg):
            left[lot.feed_store_id, lot.feed_type_id][0] += grams(lot.remaining_kg)
            left[lot.feed_store_id, lot.feed_type_id][1] += cents(lot.cost) - spent[lot.id]
    last = [b for b in feed_rows.balances(history.feed.balances) if b.month == PERIOD.last.first]
    assert {
        (b.feed_store_id, b.feed_type_id): [grams(b.closing_kg), cents(b.closing_value)]
        for b in last
        if grams(b.closing_kg)
    } == left


def test_feed_in_store_before_the_first_day_was_bought_before_it(history):
    opening = [
        lot for lot in feed_rows.lots(history.feed.lots) if lot.delivered_on < PERIOD.first_day
    ]
    assert opening
    for lot in opening:
        key = (lot.feed_store_id, lot.feed_type_id, PERIOD.first_day)
        (first,) = [
            b
            for b in feed_rows.balances(history.feed.balances)
            if (b.feed_store_id, b.feed_type_id, b.month) == key
        ]
        assert grams(first.opening_kg) >= grams(lot.quantity_kg)


def test_nothing_is_dated_after_the_period(history):
    for lot in feed_rows.lots(history.feed.lots):
        assert lot.delivered_on <= PERIOD.last_day
        assert lot.discarded_on is None or lot.discarded_on <= PERIOD.last_day
    assert max(b.month for b in feed_rows.balances(history.feed.balances)) == PERIOD.last.first
