"""The salmon market: what a kilogram of salmon brings in a month, wherever and whenever asked.

Both geographies sell into one market: the same months are good in both. A month's noise follows
from the scores of the months before it, each at its own address, so nothing is carried along.
"""

from __future__ import annotations

from farm.domain import exact
from farm.domain.calendar import Month, Period
from farm.domain.costs import Costs, salmon_price, whole_cents
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
        self._levels: dict[Month, float] = {}

    def price(self, month: Month, weight_class: str) -> float:
        """Return what a kilogram of gutted, superior fish brings, as it is quoted."""
        return round(self._level(month) * self._factors[weight_class], PRICE_DIGITS)

    def revenue_cents(
        self, month: Month, weight_class: str, quality: Quality, gutted_kg: float
    ) -> int:
        """Return what so much gutted fish of a class and quality brings, in whole cents."""
        price = self.price(month, weight_class) * self._costs.salmon.quality(quality)
        return whole_cents(price * gutted_kg)

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
        if month not in self._levels:
            strayed = self._noise.factor(month, self._costs.salmon.log_sd)
            self._levels[month] = salmon_price(self._costs, self._geography.code, month, strayed)
        return self._levels[month]
