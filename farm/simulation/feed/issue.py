"""What the stores gave out on a day, and how it is shared out: whole grams, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from farm.simulation.frame import Integers


@dataclass(frozen=True, slots=True)
class Issue:
    """Feed given out today, one element per container.

    ``feed_g``: whole grams, never more than was wanted nor than was in store. ``feed_type_id``: of
    that feed, 0 without any. ``cost_cents``: what the lots that it came from cost, in whole cents.
    """

    feed_g: Integers
    feed_type_id: Integers
    cost_cents: Integers

    @classmethod
    def none(cls, containers: int) -> Issue:
        """Return that of a day on which nobody is fed."""
        return cls(*np.zeros((3, containers), dtype=np.int64))


class Shares(NamedTuple):
    """How much everybody gets of what they want.

    ``keys``: each store and feed that is wanted, rising; ``wanted`` and ``fed`` grams of it.
    For each of those who want some: ``given`` grams, up to the gram ``upto``, counted from the
    first one of all lots.
    """

    keys: Integers
    wanted: Integers
    fed: Integers
    given: Integers
    upto: Integers


def shares(key: Integers, wanted: Integers, lot_key: Integers, ends: Integers) -> Shares:
    """Share out what is left of lots among those who want it.

    Everybody gets what they want, or, where there is too little, the same share in whole grams:
    of a total ``fed``, those first in line get ``wanted_so_far * fed // wanted`` together. Lots are
    used one after the other.

    Args:
        key: store and feed that each container eats of, rising.
        wanted: grams that each container wants, above zero.
        lot_key: store and feed of each lot, rising; the lots of a key in the order of their use.
        ends: grams left of each lot and those before it.
    """
    is_first = np.ones(key.size, dtype=np.bool_)
    np.not_equal(key[1:], key[:-1], out=is_first[1:])
    first = is_first.nonzero()[0]
    keys, total = key[first], np.add.reduceat(wanted, first)
    before = np.zeros(ends.size + 1, dtype=np.int64)
    before[1:] = ends
    start = before[lot_key.searchsorted(keys, side="left")]
    fed = np.minimum(total, before[lot_key.searchsorted(keys, side="right")] - start)
    given = wanted.copy()
    for group in (fed < total).nonzero()[0].tolist():
        mine = slice(first[group], first[group + 1] if group + 1 < first.size else None)
        given[mine] = _parts(wanted[mine].tolist(), int(fed[group]))
    # What those of the keys before have got does not come from the lots of a key.
    elsewhere = start - fed.cumsum() + fed
    upto = given.cumsum() + elsewhere[is_first.cumsum() - 1]
    return Shares(keys, total, fed, given, upto)


def _parts(wanted: list[int], fed: int) -> list[int]:
    total = sum(wanted)
    upto = [so_far * fed // total for so_far in accumulate(wanted)]
    return [end - start for start, end in zip([0, *upto], upto, strict=False)]


class Drawn(NamedTuple):
    """Who draws how much of which lot, in order of those who eat and of lots, by their indices.

    ``ahead``: grams that others have drawn of the lot before.
    """

    who: Integers
    lot: Integers
    grams: Integers
    ahead: Integers


def drawn(shared: Shares, left: Integers, ends: Integers) -> Drawn:
    """Return who draws how much of which lot: who eats first takes the oldest.

    Args:
        shared: what everybody gets.
        left: grams of each lot.
        ends: grams of each lot and those before it.
    """
    who = shared.given.nonzero()[0]
    upto = shared.upto[who]
    since = upto - shared.given[who]
    lot, last = ends.searchsorted(since, side="right"), ends.searchsorted(upto, side="left")
    # Some take the rest of a lot, and what follows of the next ones.
    lots = last - lot + 1
    if np.count_nonzero(lots > 1):
        rows = np.arange(who.size).repeat(lots)
        lot = lot[rows] + np.arange(rows.size) - (lots.cumsum() - lots)[rows]
        who, upto, since = who[rows], upto[rows], since[rows]
    begins = ends[lot] - left[lot]
    since = np.maximum(since, begins)
    return Drawn(who, lot, np.minimum(upto, ends[lot]) - since, since - begins)
