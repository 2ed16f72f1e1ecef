"""Promises of the salmon market."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.domain.costs import salmon_price
from farm.simulation.dice import Dice
from farm.simulation.frame import Frame
from farm.simulation.salmon_market import SalmonMarket
from farm.simulation.streams import Streams
from tests.reference.small_farm import Sketch, biology, economy, small_plan

DECADE = Period(Month(2015, 1), Month(2024, 12))
NAMES = biology().harvest.grades.names


def market(code: str = "FO", seed: int = 1) -> SalmonMarket:
    world = small_plan(Sketch(), Sketch(geography="SC")).world
    return SalmonMarket(economy().costs, NAMES, Dice(Streams(seed), Frame.of(world, code)))


def prices(code: str = "FO", seed: int = 1, name: str = "4-5") -> np.ndarray:
    return np.asarray([market(code, seed).price(month, name) for month in DECADE.months()])


def test_a_price_is_the_same_whoever_asks_and_in_whatever_order():
    months = list(DECADE.months())
    backwards = market()
    assert [backwards.price(m, "4-5") for m in reversed(months)][::-1] == prices().tolist()
    assert not np.array_equal(prices(seed=2), prices())


def noise(code: str, seed: int) -> np.ndarray:
    """What is left of the logarithm of prices without trend and season."""
    quiet = [salmon_price(economy().costs, code, month, 1.0) for month in DECADE.months()]
    return np.asarray(np.log(prices(code, seed) / np.asarray(quiet)))


def test_both_geographies_sell_into_one_market_whose_moods_last_for_months():
    assert np.abs(noise("FO", 1) - noise("SC", 1)).max() < 1e-3
    moods = np.concatenate([noise("FO", seed) for seed in range(1, 9)])
    salmon = economy().costs.salmon
    assert moods.std() == pytest.approx(salmon.log_sd, rel=0.2)
    assert np.corrcoef(moods[1:], moods[:-1])[0, 1] == pytest.approx(salmon.persistence, abs=0.15)


def test_every_month_and_class_has_one_price_as_it_is_quoted():
    records = market().records(DECADE)
    keys = [(r.month, r.weight_class) for r in records]
    assert keys == sorted(set(keys))
    assert len(keys) == 120 * len(NAMES)
    assert all(Decimal(r.price_per_kg).as_tuple().exponent == -4 for r in records)
