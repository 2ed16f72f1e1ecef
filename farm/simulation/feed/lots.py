"""The lots that stores hold: a flat table of fixed length, and what parts of a lot cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from farm.domain.exact import CENTS, GRAMS, PRICE_UNIT
from farm.errors import ContractBroken
from farm.simulation.frame import Integers
from farm.simulation.state import Own

#: One array per column of LOT, all of one length.
Lots = dict[str, NDArray[np.int64]]

#: What is known of a lot: store and feed type by index in the frame, running number in the store,
#: days as ordinals, cost in 1/10,000 per kilogram and in cents, grams delivered and left of it.
LOT = (
    "store",
    "feed_type",
    "number",
    "delivered_on",
    "expires_on",
    "unit_cost",
    "cost",
    "grams",
    "left",
)

#: Ids of a store's orders and lots follow its own; each order has one number, its lot the same.
LOTS_OF_A_STORE = 50_000

#: What a price in `PRICE_UNIT`-th parts per kilogram, times grams, holds of a cent.
_TO_A_CENT = PRICE_UNIT * GRAMS // CENTS


def lot_id(store_id: int, number: int) -> int:
    """Return the id of a store's order and of its lot; it fits into 32 bits for store ids < 42,949.

    Raises:
        ValueError: the store has more of them than ids.
    """
    if not 0 < number < LOTS_OF_A_STORE:
        raise ValueError(f"feed store {store_id}: no id for lot {number}")
    return store_id * LOTS_OF_A_STORE + number


def cost_of(grams: int, unit_cost: int) -> int:
    """Return what grams cost in whole cents, halves rounded up, at 1/10,000 per kilogram."""
    return (2 * grams * unit_cost + _TO_A_CENT) // (2 * _TO_A_CENT)


def cost_of_first(x: Integers, lots: Lots) -> Integers:
    """Return what the first x grams of each lot cost, in whole cents.

    ``cost * x // grams``: the difference of two of them is what the grams between them cost, so the
    parts of a lot cost exactly what the lot did, in whatever pieces it goes.
    """
    return np.asarray(lots["cost"] * x // lots["grams"], dtype=np.int64)


def empty(rows: int) -> Own:
    """Return a table without lots."""
    columns = {name: np.zeros(rows, dtype=np.int64) for name in LOT}
    return {**columns, "count": np.zeros(1, dtype=np.int64)}


def held(own: Own) -> Lots:
    """Return views of the rows in use."""
    count = int(own["count"][0])
    return {name: own[name][:count] for name in LOT}


def enter(lot: dict[str, int], own: Own) -> None:
    """Add a lot behind the others.

    Raises:
        ContractBroken: the table is full, or the lot so dear that its parts cannot be counted.
    """
    row = int(own["count"][0])
    if row == own["left"].size:
        raise ContractBroken(f"feed lot {lot['number']}: the stores hold {row} lots already")
    if lot["cost"] * lot["grams"] > np.iinfo(np.int64).max:
        raise ContractBroken(
            f"feed lot {lot['number']}: {lot['grams']} g for {lot['cost']} cents are too many"
        )
    for name in LOT:
        own[name][row] = lot[name]
    own["count"][0] = row + 1


def keep(rows: Integers, own: Own) -> None:
    """Keep these rows alone, in this order."""
    count = int(own["count"][0])
    for name in LOT:
        column = own[name]
        column[: rows.size] = column[rows]
        column[rows.size : count] = 0
    own["count"][0] = rows.size


def put_in_order(own: Own) -> None:
    """Put the rows in order of store, feed type, day of delivery and number."""
    lots = held(own)
    rank = np.lexsort((lots["number"], lots["delivered_on"], lots["feed_type"], lots["store"]))
    if (rank[1:] < rank[:-1]).any():
        keep(rank, own)
