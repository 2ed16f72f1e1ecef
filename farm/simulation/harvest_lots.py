"""What a harvest is sold as, and for: lots by weight class and quality, at the month's prices."""

from __future__ import annotations

import math

from farm.domain import exact, harvest
from farm.domain.calendar import Month
from farm.domain.harvest import Condition, HarvestParameters
from farm.simulation.dice import Dice
from farm.simulation.history import HarvestLotRecord, HarvestRecord
from farm.simulation.process import Signs
from farm.simulation.salmon_market import SalmonMarket
from farm.simulation.streams import Decision

#: The luck of a pen is drawn from three streams of the decision: with quality, with the gutted
#: yield, and, day by day, where fish are cut into lots.
QUALITY, YIELD, CUT = 0, 1, 2


class Sorting:
    """The slaughterhouse: sorts each day's catch of a pen."""

    def __init__(self, parameters: HarvestParameters, market: SalmonMarket, dice: Dice) -> None:
        self._parameters = parameters
        self._market = market
        self._dice = dice
        # How a pen is in luck with yield and quality: follows from the assignment's id alone.
        self._luck: dict[int, tuple[float, float]] = {}

    def lots(self, event: HarvestRecord, cv: float, found: Condition) -> list[HarvestLotRecord]:
        """Return the lots of a harvest event, which add up to its fish and to its biomass.

        Quality and yield are those of the pen on all its days, as far as its fish do not change.
        """
        grades, pen = self._parameters.grades, event.assignment_id
        if pen not in self._luck:
            score, address = self._dice.score, (Decision.HARVEST_LOTS, pen)
            self._luck[pen] = score(*address, YIELD), score(*address, QUALITY)
        yielding, luck = self._luck[pen]
        gutted = harvest.gutted_share(
            self._parameters.gutting, event.mean_weight_g, found.side_effects, yielding
        )
        sizes = harvest.size_classes(grades, event.mean_weight_g, cv, gutted)
        kinds = [
            (size, quality, size.share * share)
            for size in sizes
            for quality, share in harvest.qualities(
                grades, found, size.mean_weight_g / event.mean_weight_g, luck
            ).items()
        ]
        stream = self._dice.streams.at(Decision.HARVEST_LOTS, pen, CUT, event.date.toordinal())
        counts = harvest.whole_fish(event.count, [share for *_, share in kinds], stream.random())
        sold = [
            (size, quality, count)
            for (size, quality, _), count in zip(kinds, counts, strict=True)
            if count
        ]
        live = _weighed(event.biomass_kg, [(n, size.mean_weight_g) for size, _, n in sold])
        prices = self._market.prices(Month.of(event.date))
        return [
            HarvestLotRecord(
                assignment_id=pen,
                date=event.date,
                weight_class=size.name,
                quality=quality.value,
                count=count,
                mean_weight_g=1000.0 * live_kg / count,
                live_kg=live_kg,
                gutted_kg=live_kg * gutted,
                revenue=exact.money(
                    self._market.revenue_cents(prices[size.name], quality, live_kg * gutted)
                ),
            )
            for (size, quality, count), live_kg in zip(sold, live, strict=True)
        ]


def condition(signs: Signs, container: int) -> Condition:
    """Return what slaughter finds of a container's fish, by what is seen of them."""
    sick = float(signs.sick[:, container].sum()) if signs.sick.size else 0.0
    return Condition(
        wounded=float(signs.wounded[container]),
        scarred=float(signs.scarred[container]),
        sick=min(sick, 1.0),
        side_effects=float(signs.side_effects[container]),
    )


def _weighed(biomass_kg: float, lots: list[tuple[int, float]]) -> list[float]:
    """Return the live kilograms of lots, given counts and usual weights: all of the biomass.

    Whole fish never weigh quite what their shares would; the heaviest lot takes what rounding of
    the sum leaves.
    """
    usual = [count * weight_g for count, weight_g in lots]
    scale = biomass_kg / math.fsum(usual)
    live = [each * scale for each in usual]
    heaviest = live.index(max(live))
    live[heaviest] = biomass_kg - math.fsum(live[:heaviest] + live[heaviest + 1 :])
    return live
