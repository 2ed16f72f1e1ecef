"""The salmon market: what a kilogram of salmon brings in a month, wherever and whenever asked.

Both geographies sell into one market: the same months are good in both. A month's noise follows
from the scores of the months before it, each at its own address, so nothing is carried along.
"""

from __future__ import annotations

from collections.abc import Mapping

from farm.domain import exact
from farm.domain.calendar import Month, Period
from farm.domain.costs import Costs, salmon_price
from farm.domain.harvest import Quality
from farm.simulation.dice import Dice
from farm.simulation.figure_records import SalmonPriceRecord
from farm.simulation.market_noise import MarketNoise
from farm.simulation.streams import Decision

#: Digits of a price per kilogram, as `exact.price` writes it.
PRICE_DIGITS = 4


class SalmonMarket:
    """The market as one geography sees it."""

    def __init__(self, costs: Costs, weight_classes: tuple[str, ...], dice: Dice) -> None:
        self._costs = costs
        self._factors = dict(zip(weight_classes, costs.salmon.classes, strict=True))
        self._geography = dice.frame.geography
        salmon = costs.salmon
        self._noise = MarketNoise(dice, Decision.SALMON_MARKET, salmon.persistence, salmon.memory)
        self._known: dict[int, dict[str, float]] = {}

    def prices(self, month: Month) -> Mapping[str, float]:
        """Return what a kilogram of gutted, superior fish of each class brings, as it is quoted."""
        if month.index not in self._known:
            level = self._level(month)
            self._known[month.index] = {
                name: round(level * factor, PRICE_DIGITS) for name, factor in self._factors.items()
            }
        return self._known[month.index]

    def price(self, month: Month, weight_class: str) -> float:
        """Return the price of one class in a month."""
        return self.prices(month)[weight_class]

    def factor(self, quality: Quality) -> float:
        """Return what fish of a quality bring over superior ones of their class."""
        return self._costs.salmon.quality(quality)

    def records(self, period: Period) -> tuple[SalmonPriceRecord, ...]:
        """Return the prices of all months and weight classes, in order of these."""
        return tuple(
            SalmonPriceRecord(
                geography_id=self._geography.id,
                month=month.first,
                weight_class=name,
                price_per_kg=exact.price(self.price(month, name)),
            )
            for month in period.months()
            for name in sorted(self._factors)
        )

    def _level(self, month: Month) -> float:
        strayed = self._noise.factor(month, self._costs.salmon.log_sd)
        return salmon_price(self._costs, self._geography.code, month, strayed)
