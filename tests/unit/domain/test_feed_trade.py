"""Prices of feed go through the published ones; deliveries are late as configured."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from farm.domain.feed_trade import FeedTrade, days_late, of_pellet, season, trend
from farm.settings.scenarios import load_scenario

CONFIG = Path(__file__).parents[3] / "config"
TRADE: FeedTrade = load_scenario("smoke", CONFIG).economy.feed
PRICES = TRADE.prices

#: What salmon feed cost in Norway, in kroner, in months of the year, as published.
PUBLISHED = {
    (2015, tuple(range(1, 13))): (11.8, 12.2),
    (2017, tuple(range(1, 13))): (11.8, 12.2),
    (2019, (4, 5, 6)): (11.75, 11.9),
    (2021, (4, 5, 6)): (12.0, 12.3),
    (2022, (4, 5, 6)): (15.1, 15.5),
    (2023, tuple(range(1, 13))): (17.0, 20.0),
    (2024, tuple(range(1, 13))): (17.0, 20.0),
}


def kroner(code: str, year: int, months: tuple[int, ...]) -> float:
    """Return the mean of the trend and the season over some months of a year."""
    prices = []
    for month in months:
        at = year + (month - 0.5) / 12
        rate = float(np.interp(at, PRICES.years, PRICES.exchange[code]))
        prices.append(float(trend(PRICES, code, at)) * season(PRICES, month) * rate)
    return math.fsum(prices) / len(prices)


@pytest.mark.parametrize("code", ["FO", "SC"])
def test_prices_in_kroner_are_the_published_ones(code):
    for (year, months), (low, high) in PUBLISHED.items():
        assert low <= kroner(code, year, months) <= high, (year, months)


def test_feed_was_a_quarter_dearer_in_the_spring_of_2022_than_a_year_before():
    ratio = kroner("FO", 2022, (4, 5, 6)) / kroner("FO", 2021, (4, 5, 6))

    assert ratio == pytest.approx(1.259, abs=0.02)


def test_the_trend_neither_jumps_nor_goes_on_beyond_its_knots():
    years = np.linspace(2013.0, 2027.0, 1401)
    for code in ("FO", "SC"):
        prices = trend(PRICES, code, years)
        assert np.abs(np.diff(prices) / prices[:-1]).max() < 0.01
        assert prices[0] == trend(PRICES, code, 2000.0)
        assert prices[-1] == trend(PRICES, code, 2100.0)


def test_feed_is_dearer_in_the_first_and_the_last_quarter_and_the_year_is_as_dear_as_the_trend():
    months = [season(PRICES, month) for month in range(1, 13)]

    assert math.fsum(months) / 12 == pytest.approx(1.0)
    quarters = [math.fsum(months[first : first + 3]) / 3 for first in (0, 3, 6, 9)]
    assert min(quarters[0], quarters[3]) > 1.0 > max(quarters[1], quarters[2])


def test_the_smaller_the_pellet_the_dearer_the_feed():
    ratios = of_pellet(PRICES, list(PRICES.pellet_mm))

    assert all(small > large for small, large in pairwise(ratios.tolist()))


def test_late_deliveries_are_late_by_the_days_that_are_configured_on_average():
    chances = (np.arange(10_000) + 0.5) / 10_000
    days = [days_late(TRADE.deliveries, float(chance)) for chance in chances]

    assert min(days) == 1
    assert max(days) == TRADE.deliveries.latest
    # Cut off at the latest day.
    assert np.mean(days) == pytest.approx(TRADE.deliveries.late_days, abs=0.05)


def test_names_that_stand_for_nothing_and_shares_that_do_not_add_up_are_told():
    told = list(TRADE.strangers(geographies=["FO", "SC"], suppliers=["nordfodur", "minch"]))
    assert ("suppliers", '"skagerrak" is no feed supplier') in told

    told = list(TRADE.strangers(geographies=["FO"], suppliers=list(TRADE.suppliers)))
    assert ("prices.exchange", '"SC" is no geography') in told
    assert ("suppliers.minch.share", '"SC" is no geography') in told

    everybody = ["FO", "SC", "XX"]
    told = list(TRADE.strangers(geographies=everybody, suppliers=list(TRADE.suppliers)))
    assert ("suppliers", "the shares in XX add up to 0, not to 1") in told

    assert not list(TRADE.strangers(geographies=["FO", "SC"], suppliers=list(TRADE.suppliers)))
