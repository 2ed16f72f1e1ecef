"""Deliveries as those who unload them get them."""

from __future__ import annotations

import numpy as np

from farm.simulation.feed.lots import Lots

#: What is known of a delivery.
BROUGHT = (
    "store",
    "feed_type",
    "number",
    "delivered_on",
    "expires_on",
    "unit_cost",
    "grams",
)


def lots(*deliveries: tuple[int, ...]) -> Lots:
    """Return the columns of deliveries; each has the values of BROUGHT."""
    columns = np.asarray(deliveries, dtype=np.int64).T
    return dict(zip(BROUGHT, columns, strict=True))
