"""The lots that stores hold: a table of fixed length, and what parts of a lot cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from farm.domain.exact import CENTS, GRAMS, PRICE_UNIT
from farm.errors import ContractBroken
from farm.simulation.feed import tables
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

#: More than the ordinal of any day.
_DAYS = 2**20

#: The parts of a lot are counted as far as its cost times its grams.
_MOST = np.iinfo(np.int64).max


def lot_ids(store_id: Integers, number: Integers) -> Integers:
    """Return the ids of stores' orders and of their lots, which have numbers from 1.

    They fit into 32 bits for store ids < 42,949.

    Raises:
        ValueError: a store has more of them than ids.
    """
    if np.count_nonzero((number <= 0) | (number >= LOTS_OF_A_STORE)):
        raise ValueError("a feed store has no id for a lot")
    return store_id * LOTS_OF_A_STORE + number


def cost_of(grams: Integers, unit_cost: Integers) -> Integers:
    """Return what grams cost in whole cents, halves rounded up, at 1/10,000 per kilogram."""
    return (2 * grams * unit_cost + _TO_A_CENT) // (2 * _TO_A_CENT)


def cost_of_first(x: Integers, cost: Integers, grams: Integers) -> Integers:
    """Return what the first x grams of lots cost, in whole cents.

    ``cost * x // grams``: the difference of two of them is what the grams between them cost, so the
    parts of a lot cost exactly what the lot did, in whatever pieces it goes.
    """
    return np.asarray(cost * x // grams, dtype=np.int64)


def empty(rows: int) -> Own:
    """Return a table without lots."""
    return {**tables.empty(LOT, rows), "count": np.zeros(1, dtype=np.int64)}


def held(own: Own) -> Lots:
    """Return views of the columns, as far as they are in use."""
    return dict(zip(LOT, tables.whole(LOT, own)[:, : int(own["count"][0])], strict=True))


def column(name: str, own: Own) -> Integers:
    """Return a view of one of the columns, as far as it is in use."""
    used: Integers = own[name][: int(own["count"][0])]
    return used


def enter(lots: Lots, own: Own) -> None:
    """Add lots behind the others.

    Raises:
        ContractBroken: the table is full, or a lot so dear that its parts cannot be counted.
    """
    count = int(own["count"][0])
    total = count + lots["left"].size
    if total > own["left"].size:
        number = int(lots["number"][own["left"].size - count])
        raise ContractBroken(f"feed lot {number}: the stores hold {own['left'].size} lots already")
    known = (lots[name].tolist() for name in ("number", "grams", "cost"))
    for number, grams, cost in zip(*known, strict=True):
        if cost * grams > _MOST:
            raise ContractBroken(f"feed lot {number}: {grams} g for {cost} cents are too many")
    tables.whole(LOT, own)[:, count:total] = [lots[name] for name in LOT]
    own["count"][0] = total


def keep(rows: Integers, own: Own) -> None:
    """Keep these rows alone, in this order."""
    whole, before = tables.whole(LOT, own), int(own["count"][0])
    whole[:, : rows.size] = whole.take(rows, axis=1)
    whole[:, rows.size : before] = 0
    own["count"][0] = rows.size


def taken(rows: Integers, own: Own) -> Integers:
    """Return copies of some of the lots that are held: their columns, in the order of LOT."""
    return tables.whole(LOT, own).take(rows, axis=1)


def in_order(cell: Integers, lots: Lots) -> Integers:
    """Return the rows of lots in order of cell, the day of their delivery and their number.

    ``cell``: a number for store and feed type of each of them.
    """
    # In one number: sorting is fastest where most of it is in order already.
    key = (cell * _DAYS + lots["delivered_on"]) * LOTS_OF_A_STORE + lots["number"]
    return key.argsort(kind="stable")
