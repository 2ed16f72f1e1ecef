"""What fish cost beside feed, and what they bring: ``config/parameters/costs.toml``.

All money is in the currency of the geography that it is spent or earned in.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from farm.domain.biology import PerStage
from farm.domain.calendar import Month
from farm.domain.harvest import Quality
from farm.domain.quantity import Strict, unit

Factor = Annotated[float, unit("1"), Field(gt=0, le=5)]
ByYear = Annotated[float, Field(gt=0)]

#: How far from 1 the mean of a season's factors may be.
_SEASON_TOLERANCE = 0.005


class Operation(Strict):
    """What it costs a day to keep fish, by stage: see `operating`. Prices of the base year.

    ``volume``: crew, energy, upkeep and depreciation, per cubic metre of the container that the
    fish are in; ``biomass``: oxygen, nets, insurance, by weight of the fish.
    """

    volume: PerStage[Annotated[float, unit("money/m3/day"), Field(ge=0)]]
    biomass: PerStage[Annotated[float, unit("money/t/day"), Field(ge=0)]]


class SalmonMarket(Strict):
    """What a kilogram of gutted salmon brings: see `salmon_price`."""

    #: By geography: of fish of factor 1 in the middle of each year from `Costs.first_year` on.
    level: dict[str, Annotated[tuple[ByYear, ...], unit("money/kg"), Field(min_length=1)]]
    #: January to December; the mean is 1.
    season: Annotated[
        tuple[Annotated[float, Field(gt=0)], ...], unit("1"), Field(min_length=12, max_length=12)
    ]
    #: Of the logarithm, from month to month: how far prices stray, for how long, and how many
    #: months back it is remembered.
    log_sd: Annotated[float, unit("ln"), Field(ge=0, le=1)]
    persistence: Annotated[float, unit("1"), Field(ge=0, lt=1)]
    memory: Annotated[int, unit("month"), Field(ge=1, le=60)]
    #: Of each weight class of the trade, from the smallest.
    classes: Annotated[tuple[Annotated[float, Field(gt=0)], ...], unit("1"), Field(min_length=1)]
    #: Of fish that are not superior.
    ordinary: Factor
    production: Factor

    @model_validator(mode="after")
    def _season_adds_nothing(self) -> Self:
        mean = math.fsum(self.season) / len(self.season)
        if abs(mean - 1.0) > _SEASON_TOLERANCE:
            raise ValueError(f"the mean of season must be 1, not {mean:.3f}")
        return self

    def quality(self, quality: Quality) -> float:
        """Return what fish of a quality bring, over superior ones."""
        if quality is Quality.SUPERIOR:
            return 1.0
        return self.ordinary if quality is Quality.ORDINARY else self.production


class Costs(Strict):
    """``costs.toml``."""

    #: The year of the first of all values that are given by year.
    first_year: Annotated[int, unit("year"), Field(ge=1970, le=2200)]
    #: What everything but feed, medicine and vaccines costs over its price of the base year, in
    #: the middle of each year.
    index: Annotated[tuple[ByYear, ...], unit("1"), Field(min_length=1)]
    #: Price of an eyed egg by geography, in the base year.
    egg: dict[str, Annotated[float, unit("money/egg"), Field(gt=0)]]
    #: By geography.
    operation: dict[str, Operation]
    #: Wellboat, slaughter, packing and freight by geography, per kilogram gutted, in the base year.
    harvest: dict[str, Annotated[float, unit("money/kg"), Field(ge=0)]]
    salmon: SalmonMarket

    def strangers(
        self, *, geographies: Collection[str], weight_classes: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield a key and what is wrong for each name that stands for nothing, or is missing."""
        for key, given in (
            ("egg", set(self.egg)),
            ("operation", set(self.operation)),
            ("harvest", set(self.harvest)),
            ("salmon.level", set(self.salmon.level)),
        ):
            if given != set(geographies):
                yield key, f"must name the geographies {sorted(geographies)}"
        if len(self.salmon.classes) != len(weight_classes):
            yield "salmon.classes", f"needs a factor for each of {len(weight_classes)} classes"

    def inflated(self, month: Month) -> float:
        """Return what things cost in a month over what they cost in the base year."""
        return by_year(self.index, self.first_year, month)


def by_year(values: tuple[float, ...], first_year: int, month: Month) -> float:
    """Return the value in the middle of a month, of a series that has one for each year.

    They are those of the middles of years, joined by straight lines. Before the first and after
    the last, they stand still.
    """
    at = (month.index - first_year * 12) / 12.0 - 0.5 + 1.0 / 24.0
    at = min(max(at, 0.0), len(values) - 1.0)
    before = min(int(at), len(values) - 1)
    after = min(before + 1, len(values) - 1)
    return values[before] + (values[after] - values[before]) * (at - before)


def salmon_price(costs: Costs, geography_code: str, month: Month, noise: float) -> float:
    """Return what a kilogram of gutted, superior salmon of factor 1 brings in a month.

    level of the year * season * noise, the last one being `feed_trade.noise` of the month's scores.
    """
    market = costs.salmon
    level = by_year(market.level[geography_code], costs.first_year, month)
    return level * market.season[month.month - 1] * noise


def whole_cents(amounts: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return amounts of money in whole cents, halves to the even one."""
    return np.rint(amounts * 100.0).astype(np.int64)
