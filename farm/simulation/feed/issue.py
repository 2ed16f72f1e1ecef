"""What the stores gave out on a day, and how it is shared out: whole grams, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

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
        return cls(*(np.zeros(containers, dtype=np.int64) for _ in range(3)))


@dataclass(frozen=True, slots=True)
class Shares:
    """How much everybody gets of what they want.

    ``keys``: each store and feed that is wanted, rising; ``wanted`` and ``fed`` grams of it.
    ``given``: grams for each of those who want some; ``used``: grams of each lot. Both add up to
    ``fed``, key by key.
    """

    keys: Integers
    wanted: Integers
    fed: Integers
    given: Integers
    used: Integers


def shares(key: Integers, wanted: Integers, lot_key: Integers, left: Integers) -> Shares:
    """Share out what is left of lots among those who want it.

    Everybody gets what they want, or, where there is too little, the same share in whole grams:
    of a total ``fed``, those first in line get ``wanted_so_far * fed // wanted`` together. Lots are
    used one after the other.

    Args:
        key: store and feed that each container eats of, rising.
        wanted: grams that each container wants, above zero.
        lot_key: store and feed of each lot, rising; the lots of a key in the order of their use.
        left: grams left of each lot.
    """
    first = np.flatnonzero(np.diff(key, prepend=-1))
    keys, total = key[first], np.add.reduceat(wanted, first)
    before = np.concatenate((np.zeros(1, dtype=np.int64), left.cumsum()))
    start = before[np.searchsorted(lot_key, keys, side="left")]
    fed = np.minimum(total, before[np.searchsorted(lot_key, keys, side="right")] - start)
    given = wanted.copy()
    for group in np.flatnonzero(fed < total).tolist():
        mine = slice(first[group], first[group + 1] if group + 1 < first.size else None)
        given[mine] = _parts(wanted[mine].tolist(), int(fed[group]))
    at = np.minimum(np.searchsorted(keys, lot_key), keys.size - 1)
    due = np.where(keys[at] == lot_key, start[at] + fed[at] - before[:-1], 0)
    return Shares(keys, total, fed, given, np.clip(due, 0, left))


def _parts(wanted: list[int], fed: int) -> list[int]:
    total = sum(wanted)
    upto = [so_far * fed // total for so_far in accumulate(wanted)]
    return [end - start for start, end in zip([0, *upto], upto, strict=False)]


def drawn(given: Integers, used: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """Return who draws how much of which lot: who eats first takes the oldest.

    Args:
        given: what each container gets.
        used: what each lot gives; both in the same order of keys, and of the same sum in each.

    Returns:
        index of the container and of the lot of each draw, its grams, and the grams that others
        have drawn of that lot before; in order of container and lot.
    """
    # Laid end to end, what is eaten and what is used are tapes of one length; every end on either
    # tape ends a draw.
    eaten, gone = given.cumsum(), used.cumsum()
    ends = np.sort(np.concatenate((eaten, gone)), kind="stable")
    quantity = np.diff(ends, prepend=0)
    ends, quantity = ends[quantity > 0], quantity[quantity > 0]
    who, lot = np.searchsorted(eaten, ends), np.searchsorted(gone, ends)
    return who, lot, quantity, ends - quantity - (gone - used)[lot]
