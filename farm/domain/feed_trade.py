"""How feed is bought and kept, as configured in ``config/parameters/feed.toml``."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from farm.domain.quantity import Strict, unit

Days = Annotated[int, unit("day"), Field(ge=0, le=120)]
Share = Annotated[float, unit("1"), Field(ge=0, le=1)]
Ratio = Annotated[float, unit("1"), Field(gt=0, le=20)]
LogSd = Annotated[float, unit("ln"), Field(ge=0, le=1)]
Kilograms = Annotated[float, unit("kg"), Field(gt=0)]

Numbers = Any

#: Months of the year.
_MONTHS = 12


class FeedPrices(Strict):
    """What feed costs: see `trend`, `season`, `noise` and `of_pellet`."""

    #: Knots of the trend, as decimal years: the price of salmon feed in Norwegian kroner, and what
    #: a unit of each geography's currency costs in them.
    years: Annotated[tuple[float, ...], unit("year"), Field(min_length=2)]
    norway: Annotated[tuple[float, ...], unit("NOK/kg"), Field(min_length=2)]
    exchange: dict[str, Annotated[tuple[float, ...], unit("NOK"), Field(min_length=2)]]
    #: How much dearer than on average feed is at the height of the season, and when that is.
    season: Share
    season_peak: Annotated[float, unit("month"), Field(ge=1, lt=13)]
    #: Noise of the world market and of each supplier: how far it moves prices, the share of it that
    #: stays from month to month, and the months for which it is remembered.
    market_sd: LogSd
    supplier_sd: LogSd
    persistence: Annotated[float, unit("1"), Field(ge=0, lt=1)]
    memory: Annotated[int, unit("month"), Field(ge=1, le=60)]
    #: Price of a pellet size over that of all feed, linear between the knots.
    pellet_mm: Annotated[tuple[float, ...], unit("mm"), Field(min_length=2)]
    pellet_ratio: Annotated[tuple[float, ...], unit("1"), Field(min_length=2)]
    #: What mixing a medicine into feed adds to its price, without the medicine.
    mixing: Share

    @model_validator(mode="after")
    def _knots_fit(self) -> Self:
        for name, knots in (("years", self.years), ("pellet_mm", self.pellet_mm)):
            if any(a >= b for a, b in pairwise(knots)):
                raise ValueError(f"{name} must rise")
        for name, values, knots in (
            ("norway", self.norway, self.years),
            *((f"exchange.{code}", rates, self.years) for code, rates in self.exchange.items()),
            ("pellet_ratio", self.pellet_ratio, self.pellet_mm),
        ):
            if len(values) != len(knots) or min(values) <= 0:
                raise ValueError(f"{name} must have one positive value for each knot")
        return self


class Supplier(Strict):
    """What a supplier is like beside lead time and reliability, which the catalogue has."""

    #: Its price over that of the market.
    level: Ratio
    #: The share of the stores of each geography that it serves; it serves no others.
    share: dict[str, Share]


class Buying(Strict):
    """How people buy for one kind of store."""

    #: People order when the stock projected to the day of delivery is below the demand of so many
    #: days from then on, and those until somebody orders again; and fill it up to what is eaten in
    #: ``cover`` days from then on.
    reserve: Days
    cover: Days
    #: Orders are of whole loads of this size, and of no less than `least`.
    load: Kilograms
    least: Kilograms


class Deliveries(Strict):
    """What comes of an order. How often it is late is the supplier's reliability."""

    #: Days after which an order is confirmed: any of these.
    confirmed: Annotated[tuple[int, ...], unit("day"), Field(min_length=1)]
    #: Mean of the days by which a late delivery is late, at least one; no more than `latest`.
    late_days: Annotated[float, unit("day"), Field(ge=1, le=30)]
    latest: Days
    #: Share of the deliveries that are short, and the least part of the order that they bring.
    short: Share
    short_least: Share


class Forecasting(Strict):
    """How people reckon what will be eaten: by a table, corrected by what was eaten lately."""

    #: How much of a day's feed over that of the table goes into what is remembered of it, and how
    #: much of what is remembered is believed.
    news: Share
    trust: Share
    #: Days by which they expect a harvest later than everything says.
    put_off: Days


class Medicated(Strict):
    """How medicated feed is bought: for one treatment, to be there when it begins."""

    #: Days between order and delivery.
    lead: Annotated[int, unit("day"), Field(ge=1, le=30)]
    #: A delivery is for this many days of the treatment at most, and for a bit more than they take.
    most_days: Days
    margin: Share
    load: Kilograms
    #: It is thrown away when nobody has eaten of it for so long.
    kept: Days


class OpeningStock(Strict):
    """What is in store before the first day."""

    #: For the stores whose fish eat first: those that get fish to feed within so many days, feed
    #: for so many days, delivered so many days before the first one.
    within: Annotated[int, unit("day"), Field(ge=0, le=365)]
    days: Days
    age: Annotated[int, unit("day"), Field(ge=1, le=100)]


class FeedTrade(Strict):
    """``feed.toml``."""

    #: Days from delivery for which feed may be fed.
    shelf_life: Annotated[int, unit("day"), Field(ge=30, le=1000)]
    #: The share of its capacity up to which a store is filled on purpose.
    filled: Share
    #: How much heavier than the fish that a pellet is made for those may be that use it up.
    used_up: Share
    #: Days after the last fish on which the barge of a site is emptied.
    cleared: Annotated[int, unit("day"), Field(ge=1, le=60)]
    prices: FeedPrices
    suppliers: dict[str, Supplier]
    silo: Buying
    barge: Buying
    forecast: Forecasting
    deliveries: Deliveries
    medicated: Medicated
    opening: OpeningStock

    def buying(self, kind: str) -> Buying:
        """Return how people buy for a kind of store; raises AttributeError for an unknown one."""
        found: Buying = getattr(self, kind)
        return found

    def strangers(
        self, *, geographies: Collection[str], suppliers: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield a key and what is wrong for each name that stands for nothing, or is missing."""
        yield from _unlike("prices.exchange", self.prices.exchange, geographies, "geography")
        yield from _unlike("suppliers", self.suppliers, suppliers, "feed supplier")
        for code, supplier in self.suppliers.items():
            for name in sorted(set(supplier.share) - set(geographies)):
                yield f"suppliers.{code}.share", f'"{name}" is no geography'
        for name in sorted(geographies):
            total = math.fsum(s.share.get(name, 0.0) for s in self.suppliers.values())
            if not math.isclose(total, 1.0, abs_tol=1e-9):
                yield "suppliers", f"the shares in {name} add up to {total:g}, not to 1"


def _unlike(
    key: str, given: Collection[str], known: Collection[str], what: str
) -> Iterator[tuple[str, str]]:
    for name in sorted(set(given) - set(known)):
        yield key, f'"{name}" is no {what}'
    for name in sorted(set(known) - set(given)):
        yield key, f'the {what} "{name}" is missing'


def trend(prices: FeedPrices, geography_code: str, year: Numbers) -> NDArray[np.float64]:
    """Return the price of feed per kg in the geography's currency, at decimal years.

    What it costs in Norway over the rate of exchange, each linear between its knots and constant
    beyond them.
    """
    kroner = np.interp(year, prices.years, prices.norway)
    return np.asarray(kroner / np.interp(year, prices.years, prices.exchange[geography_code]))


def season(prices: FeedPrices, month: int) -> float:
    """Return what the season makes of the price in a month of the year, from 1: mean 1.

    1 + season * cos(2 pi (month - peak) / 12)
    """
    return 1.0 + prices.season * math.cos(2.0 * math.pi * (month - prices.season_peak) / _MONTHS)


def of_pellet(prices: FeedPrices, pellet_mm: Numbers) -> NDArray[np.float64]:
    """Return the price of pellets of a size over that of all feed."""
    return np.asarray(np.interp(pellet_mm, prices.pellet_mm, prices.pellet_ratio))


def days_late(deliveries: Deliveries, chance: float) -> int:
    """Return by how many days a late delivery is late, for a chance in [0, 1).

    Geometric from one day on: one more day is always as likely.
    """
    more = 1.0 - 1.0 / deliveries.late_days
    steps = math.floor(math.log1p(-chance) / math.log(more)) if more > 0 else 0
    return min(1 + steps, max(deliveries.latest, 1))
