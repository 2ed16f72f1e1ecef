"""A price of feed hangs on the month alone; both geographies buy in the same world market."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from farm.domain.calendar import Month
from farm.domain.feed_trade import trend
from farm.simulation.dice import Dice
from farm.simulation.feed.market import Market
from farm.simulation.frame import Frame
from farm.simulation.streams import Streams
from tests.reference import feed_rows
from tests.reference.small_farm import Sketch, biology, economy, small_plan

MONTHS = [Month(2015 + n // 12, n % 12 + 1) for n in range(120)]


@cache
def frame_of(code: str) -> Frame:
    plan = small_plan(Sketch(), Sketch(geography="SC"))
    return Frame.of(plan.world, code)


def market(code: str = "FO", seed: int = 1) -> Market:
    frame = frame_of(code)
    return Market(economy().feed, biology(), frame, Dice(Streams(seed), frame))


def test_a_price_is_the_same_whoever_asks_and_in_whatever_order():
    forwards, backwards = market(), market()
    asked = {month: forwards.prices(month) for month in MONTHS}

    for month in reversed(MONTHS):
        assert (backwards.prices(month) == asked[month]).all()
    assert (market(seed=2).prices(MONTHS[0]) != asked[MONTHS[0]]).any()


def test_the_noise_of_a_supplier_is_that_of_the_market_and_its_own_wherever_it_sells():
    # Given a supplier that serves both geographies
    codes = [supplier.code for supplier in frame_of("FO").feed_suppliers]
    both = codes.index("skagerrak")

    # Then what it asks in one and the other differs by the trend alone
    for month in MONTHS[::7]:
        year = month.year + (month.month - 0.5) / 12
        faroe, scotland = (market(code).prices(month)[both, 0] for code in ("FO", "SC"))
        prices = economy().feed.prices
        ratio = trend(prices, "FO", year) / trend(prices, "SC", year)
        assert faroe / scotland == pytest.approx(float(ratio), rel=1e-3)


def test_suppliers_move_together_more_than_apart():
    prices = np.asarray([market().prices(month)[:, 0] for month in MONTHS], dtype=np.float64)
    year = np.asarray([month.year + (month.month - 0.5) / 12 for month in MONTHS])
    left = np.log(prices / trend(economy().feed.prices, "FO", year)[:, np.newaxis])

    assert np.corrcoef(left[:, 0], left[:, 2])[0, 1] > 0.6
    assert 0.0 < np.std(left[:, 0] - left[:, 2]) < 0.03


def test_those_who_serve_a_geography_publish_a_price_for_all_that_can_be_bought_there():
    frame, month = frame_of("FO"), Month(2020, 5)
    published = feed_rows.prices(market().records([month]))
    suppliers = {record.feed_supplier_id for record in published}
    names = {s.code for s in frame.feed_suppliers if s.id in suppliers}
    assert names == {"nordfodur", "skagerrak"}

    kinds = {kind.id: kind for kind in frame.feed_types}
    treatments = {kinds[record.feed_type_id].treatment_type_id for record in published}
    for treatment in sorted(number for number in treatments if number is not None):
        assert "FO" in biology().treatments[treatment - 1].allowed
    plain = {kind.id for kind in frame.feed_types if kind.treatment_type_id is None}
    for supplier in suppliers:
        own = {r.feed_type_id for r in published if r.feed_supplier_id == supplier}
        assert plain <= own
    assert all(float(record.price_per_kg) > 0 for record in published)
    assert {record.month for record in published} == {date(2020, 5, 1)}


def test_feed_with_a_medicine_costs_the_mixing_more_than_the_same_pellets_without():
    frame, asked = frame_of("FO"), market().prices(Month(2018, 3))[0]
    plain = {k.pellet_mm: i for i, k in enumerate(frame.feed_types) if not k.treatment_type_id}
    for index, kind in enumerate(frame.feed_types):
        if kind.treatment_type_id is None:
            continue
        is_medicine = biology().treatments[kind.treatment_type_id - 1].is_medicine
        extra = economy().feed.prices.mixing if is_medicine else 0.0
        assert asked[index] == pytest.approx(asked[plain[kind.pellet_mm]] * (1 + extra), rel=1e-3)


def test_a_store_has_one_supplier_for_a_year_of_those_who_serve_its_geography():
    suppliers, found = frame_of("SC").feed_suppliers, []
    for seed in range(40):
        for year in (2015, 2016, 2017):
            found += market("SC", seed).suppliers_of_stores(year).tolist()
    codes = [suppliers[index].code for index in found]

    shares = {name: terms.share.get("SC", 0.0) for name, terms in economy().feed.suppliers.items()}
    for name, share in shares.items():
        assert codes.count(name) / len(codes) == pytest.approx(share, abs=0.06)
