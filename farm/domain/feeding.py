"""How much fish eat: growth demand times feed conversion, as far as appetite allows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.domain.biology import FeedingParameters
from farm.domain.share import bounded

Numbers = Any


class Conversion:
    """The biological feed conversion ratio of a geography: kg feed per kg growth.

    Linear in the logarithm of the weight between the knots, constant beyond them.
    """

    def __init__(self, feeding: FeedingParameters, geography_code: str) -> None:
        self._log_weights = np.log(np.asarray(feeding.fcr_weights))
        self._values = np.asarray(feeding.fcr_values)
        self._level = feeding.fcr_by_geography[geography_code]

    def at(self, weight_g: Numbers) -> NDArray[np.float64]:
        """Return the ratio at mean weights."""
        logs = np.log(np.maximum(weight_g, 1e-3))
        return np.asarray(np.interp(logs, self._log_weights, self._values) * self._level)


def specific_feeding_rate(fcr: Numbers, weight_g: Numbers, next_weight_g: Numbers) -> Numbers:
    """Return the daily feed in percent of biomass that lets fish grow to ``next_weight_g``.

        SFR = 100 * FCR * (W1 / W0 - 1)

    which with the TGC model is 100 * FCR * (((W^(1/3) + TGC * T / 1000)^3) / W - 1).
    """
    return 100.0 * fcr * (np.asarray(next_weight_g) / weight_g - 1.0)


def oxygen_factor(feeding: FeedingParameters, saturation_percent: Numbers) -> NDArray[np.float64]:
    """Return what oxygen leaves of appetite: 1 above `oxygen_full`, 0 below `oxygen_none`."""
    span = feeding.oxygen_full - feeding.oxygen_none
    share = (np.asarray(saturation_percent) - feeding.oxygen_none) / span
    return np.asarray(bounded(share))


def crowding_factor(feeding: FeedingParameters, density_of_limit: Numbers) -> NDArray[np.float64]:
    """Return how much of the appetite is fed as a container nears its density limit.

    ``density_of_limit`` is density over the greatest density allowed. No feed for growth at the
    limit: that is how a farmer keeps a full container below it until the fish move.
    """
    span = feeding.crowding_full - feeding.crowding_from
    share = (feeding.crowding_full - np.asarray(density_of_limit)) / span
    return np.asarray(bounded(share))


def ration_g(population: Numbers, gain_g: Numbers, fcr: Numbers) -> NDArray[np.int64]:
    """Return the feed in whole grams for a population that gains ``gain_g`` grams a head."""
    grams = np.asarray(population * np.maximum(gain_g, 0.0) * fcr, dtype=np.float64)
    return np.rint(grams).astype(np.int64)
