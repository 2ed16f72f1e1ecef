"""What the checks must know of a scenario's markets and feed trade, as values for their places."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from farm.domain import feed_trade
from farm.domain.calendar import Month, Period
from farm.domain.costs import salmon_price
from farm.domain.scenario import Scenario
from farm.simulation import catalogues
from farm.simulation.feed.kinds import holds_medicine
from farm.simulation.feed.lots import LOTS_OF_A_STORE

_Rows = Iterator[Mapping[str, Any]]


def trade_facts(scenario: Scenario) -> Mapping[str, Any]:
    """Return values for the queries' places.

    ``feed_trade``, ``gutting`` and ``grades`` are parts of the scenario as JSON. Lists of objects
    as JSON are

    * ``feed_sellers``: who sells feed in a geography, and at which level;
    * ``feeds_sold``: the feeds that are sold there, and their price over that of all feed;
    * ``feed_market``, ``salmon_market``: prices of months without noise;
    * ``weight_classes``: of gutted fish, and their price over that of factor 1.

    The others are numbers: how far prices stray, as standard deviations of logarithms, and the
    share of it that stays from month to month.
    """
    feed, costs = scenario.economy.feed, scenario.economy.costs
    return {
        "feed_trade": feed.model_dump_json(),
        "gutting": scenario.biology.harvest.gutting.model_dump_json(),
        "feed_sellers": _json(
            {"geography": geography, "supplier": code, "level": supplier.level}
            for code, supplier in feed.suppliers.items()
            for geography, share in supplier.share.items()
            if share > 0
        ),
        "feeds_sold": _json(_feeds_sold(scenario)),
        "feed_market": _json(_feed_market(scenario)),
        "feed_market_sd": feed.prices.market_sd,
        "feed_supplier_sd": feed.prices.supplier_sd,
        "feed_persistence": feed.prices.persistence,
        "lots_of_a_store": LOTS_OF_A_STORE,
        "salmon_market": _json(_salmon_market(scenario)),
        "salmon_sd": costs.salmon.log_sd,
        "salmon_persistence": costs.salmon.persistence,
        "weight_classes": _json(_weight_classes(scenario)),
        "grades": scenario.biology.harvest.grades.model_dump_json(),
    }


def _feeds_sold(scenario: Scenario) -> _Rows:
    """Yield plain feeds, and those for treatments that a geography allows."""
    biology, prices = scenario.biology, scenario.economy.feed.prices
    for feed in catalogues.feed_types(scenario.catalogue, biology):
        treatment = feed.treatment_type_id
        ratio = float(feed_trade.of_pellet(prices, feed.pellet_mm))
        if holds_medicine(feed, biology):
            ratio *= 1.0 + prices.mixing
        for geography in scenario.geography_codes:
            if treatment is None or geography in biology.treatments[treatment - 1].allowed:
                yield {"geography": geography, "feed": feed.code, "ratio": ratio}


def _feed_market(scenario: Scenario) -> _Rows:
    """Yield the trend with its season, from a year before the first month on."""
    prices, horizon = scenario.economy.feed.prices, scenario.horizon
    earlier = Month(horizon.first.year - 1, horizon.first.month)
    for geography in scenario.geography_codes:
        for month in Period(earlier, horizon.last).months():
            trend = float(feed_trade.trend(prices, geography, month.middle))
            price = trend * feed_trade.season(prices, month.month)
            yield {"geography": geography, "month": month.first, "price": price}


def _salmon_market(scenario: Scenario) -> _Rows:
    for geography in scenario.geography_codes:
        for month in scenario.horizon.months():
            price = salmon_price(scenario.economy.costs, geography, month, 1.0)
            yield {"geography": geography, "month": month.first, "price": price}


def _weight_classes(scenario: Scenario) -> _Rows:
    """Yield the classes from the smallest; the last one has no upper end."""
    grades, factors = scenario.biology.harvest.grades, scenario.economy.costs.salmon.classes
    ends = pairwise((0.0, *grades.classes, None))
    for name, factor, (low, high) in zip(grades.names, factors, ends, strict=True):
        yield {"name": name, "factor": factor, "from_kg": low, "to_kg": high}


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(rows), default=str, allow_nan=False)
