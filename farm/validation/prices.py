"""What the checks must know of a scenario's feed trade and tariffs, as values for their places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from farm.domain.harvest import Quality
from farm.domain.scenario import Scenario


def price_facts(scenario: Scenario) -> Mapping[str, Any]:
    """Return values for the queries' places.

    ``month``, ``inflation``: each month of the horizon and what things cost in it over the base
    year; ``kroner_…``: what a unit of a geography's currency costs in Norwegian kroner, by month;
    ``quality_…``: what fish of a quality bring over superior ones. ``costs`` is ``costs.toml`` as
    JSON.
    """
    feed, costs = scenario.economy.feed, scenario.economy.costs
    months = list(scenario.horizon.months())
    rates = [
        (code, month.first, float(np.interp(month.middle, feed.prices.years, knots)))
        for code, knots in feed.prices.exchange.items()
        for month in months
    ]
    return {
        "used_up": feed.used_up,
        "confirmed_within": max(feed.deliveries.confirmed),
        "late_at_most": max(feed.deliveries.latest, 1),
        "short_share": feed.deliveries.short,
        "costs": costs.model_dump_json(),
        "months": [month.first for month in months],
        "inflation": [costs.inflated(month) for month in months],
        "kroner_geography": [code for code, _, _ in rates],
        "kroner_month": [month for _, month, _ in rates],
        "kroner_rate": [rate for _, _, rate in rates],
        "quality": [quality.value for quality in Quality],
        "quality_factor": [costs.salmon.quality(quality) for quality in Quality],
    }
