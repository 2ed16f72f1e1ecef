"""What a harvest is sold as, and for: lots by weight class and quality, at the month's prices.

Nothing on the farm follows from it, so all catches of a period are sorted in one go.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from farm.domain import harvest
from farm.domain.calendar import EPOCH, Month
from farm.domain.costs import whole_cents
from farm.domain.harvest import Condition, HarvestParameters, Quality
from farm.simulation.dice import Dice
from farm.simulation.frame import Floats, Integers
from farm.simulation.history import HARVEST_LOT_COLUMNS, Columns, HarvestRecord
from farm.simulation.process import Signs
from farm.simulation.salmon_market import SalmonMarket
from farm.simulation.streams import Decision

#: The luck of a pen is drawn from three streams of the decision: with quality, with the gutted
#: yield, and, day by day, where fish are cut into lots.
QUALITY, YIELD, CUT = 0, 1, 2

_QUALITIES = tuple(Quality)


class Catch(NamedTuple):
    """What is taken out of a pen on a day, and how slaughter finds it: see `Condition`."""

    event: HarvestRecord
    weight_cv: float
    wounded: float
    scarred: float
    sick: float
    side_effects: float

    @classmethod
    def of(cls, event: HarvestRecord, weight_cv: float, signs: Signs, container: int) -> Catch:
        """Return the catch of an event, by what is seen of the container's fish."""
        sick = float(np.add.reduce(signs.sick[:, container]))
        return cls(
            event,
            weight_cv,
            wounded=signs.wounded.item(container),
            scarred=signs.scarred.item(container),
            sick=min(sick, 1.0),
            side_effects=signs.side_effects.item(container),
        )


class Sorting:
    """The slaughterhouse: sorts each day's catch of a pen."""

    def __init__(self, parameters: HarvestParameters, market: SalmonMarket, dice: Dice) -> None:
        self._parameters = parameters
        self._market = market
        self._dice = dice
        names, qualities = np.asarray(parameters.grades.names), np.asarray(_QUALITIES)
        #: Weight class and quality of each kind that a catch is parted into, in this order.
        self._class = np.repeat(names, len(_QUALITIES))
        self._quality = np.tile(qualities, len(names))

    def lots(self, catches: Sequence[Catch]) -> Columns:
        """Return the lots of catches, those of each in order of weight class and quality.

        They add up to the fish of the event and to its biomass. Quality and yield are those of the
        pen on all its days, as far as its fish do not change.
        """
        events = [catch.event for catch in catches]
        pen = np.asarray([event.assignment_id for event in events], dtype=np.int64)
        fish = np.asarray([event.count for event in events], dtype=np.int64)
        weight_g = np.asarray([event.mean_weight_g for event in events], dtype=np.float64)
        days = np.asarray([event.date.toordinal() for event in events], dtype=np.int64)
        dates = (days - EPOCH).astype("datetime64[D]")
        biomass_kg = np.asarray([event.biomass_kg for event in events], dtype=np.float64)
        # Shape (6, catches); the first row is the events themselves.
        _, cv, *found = np.asarray([(0.0, *catch[1:]) for catch in catches]).reshape(-1, 6).T
        condition = Condition(*found)

        grades = self._parameters.grades
        gutted = harvest.gutted_share(
            self._parameters.gutting, weight_g, condition.side_effects, self._luck(pen, YIELD)
        )
        sizes = harvest.size_classes(grades, weight_g, cv, gutted)
        there = sizes.share > 0.0
        relative = np.where(there, sizes.mean_weight_g / weight_g[:, None], 1.0)
        qualities = harvest.qualities(grades, condition, relative, self._luck(pen, QUALITY))
        shares = (sizes.share[..., None] * qualities).reshape(pen.size, self._class.size)
        counts = harvest.whole_fish(fish, shares, self._cuts(pen, days))
        means_g = np.repeat(sizes.mean_weight_g, len(_QUALITIES), axis=1)
        live_kg = _weighed(biomass_kg, counts * means_g)
        gutted_kg = live_kg * gutted[:, None]
        revenue = whole_cents(self._prices(dates) * gutted_kg)

        order = np.lexsort((self._quality, self._class))
        catch, kind = np.divmod(counts[:, order].ravel().nonzero()[0], order.size)
        kind = order[kind]
        sold = live_kg[catch, kind]
        given: Columns = {
            "assignment_id": pen[catch],
            "date": dates[catch],
            "weight_class": self._class[kind],
            "quality": self._quality[kind],
            "count": counts[catch, kind],
            "mean_weight_g": 1000.0 * sold / counts[catch, kind],
            "live_kg": sold,
            "gutted_kg": gutted_kg[catch, kind],
            "revenue_cents": revenue[catch, kind],
        }
        return {name: given[name].astype(type_) for name, type_ in HARVEST_LOT_COLUMNS.items()}

    def _luck(self, pen: Integers, what: int) -> Floats:
        """Return the luck of the catches' pens: it follows from the assignment's id alone."""
        scores = self._dice.scores(Decision.HARVEST_LOTS, pen, np.full_like(pen, what))
        return np.asarray(scores, dtype=np.float64)

    def _cuts(self, pen: Integers, days: Integers) -> Floats:
        """Return the chance of each catch that says where its fish are cut into lots."""
        addresses = np.column_stack((pen, np.full_like(pen, CUT), days))
        streams = self._dice.streams.along(Decision.HARVEST_LOTS, addresses)
        return np.asarray([stream.random() for stream in streams], dtype=np.float64)

    def _prices(self, dates: NDArray[np.datetime64]) -> Floats:
        """Return what a kilogram of each catch and kind brings."""
        months, of_month = np.unique(dates.astype("datetime64[M]"), return_inverse=True)
        prices = [self._market.prices(Month.of(first)) for first in months.tolist()]
        factors = [self._market.factor(quality) for quality in _QUALITIES]
        worth = [
            [price[name] * factor for name in self._parameters.grades.names for factor in factors]
            for price in prices
        ]
        return np.asarray(worth).reshape(-1, self._class.size)[of_month]


def _weighed(biomass_kg: Floats, usual_g: Floats) -> Floats:
    """Return the live kilograms of lots, given what they usually weigh: all of the biomass.

    Whole fish never weigh quite what their shares would; the heaviest lot takes what rounding of
    the sum leaves.
    """
    live = usual_g * (biomass_kg / _sums(usual_g))[:, None]
    heaviest = np.arange(len(live)), live.argmax(axis=1)
    live[heaviest] = 0.0
    live[heaviest] = biomass_kg - _sums(live)
    return live


def _sums(rows: Floats) -> Floats:
    """Return the sum of each row, rounded once."""
    return np.asarray([math.fsum(row) for row in rows.tolist()], dtype=np.float64)
