"""The ledger: what each batch has cost so far, carried from month to month in whole cents.

A month is closed in one go. What a batch was worth on the evening before, and what was spent on it
in the month, is shared out over all its fish: those that died, those that were harvested, and those
that live on and carry their part into the next month. Shares are of whole cents, and add up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farm.simulation.frame import Floats, Integers
from farm.simulation.state import Own

#: What is spent on living fish, by its name in `batch_month` without ``_cost``.
KINDS = ("egg", "feed", "treatment", "vaccination", "operating")

#: What is summed over a batch's life: whole numbers and real ones.
COUNTS = (*KINDS, "mortality", "harvest", "revenue", "feed_g", "harvested")
WEIGHTS = ("harvested_kg", "gutted_kg", "dead_kg", "growth_kg")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a month adds to each batch: one element per batch, by name.

    ``there``: the fish of the evening before, and eggs that came.
    """

    counts: dict[str, Integers]
    weights: dict[str, Floats]
    there: Integers
    deaths: Integers


class Ledger:
    """The accounts of all batches of a geography, in arrays that the state carries."""

    def __init__(self, own: Own) -> None:
        self._own = own

    @staticmethod
    def begin(batches: int) -> Own:
        """Return the arrays before the first day: nothing spent."""
        counts = {name: np.zeros(batches, dtype=np.int64) for name in (*COUNTS, "book_value")}
        return counts | {name: np.zeros(batches, dtype=np.float64) for name in WEIGHTS}

    def close_month(self, entry: Entry) -> tuple[Integers, Integers]:
        """Enter a month; return what had been spent on the dead, and on those who live on.

        Cents times fish stay below 2**63 for batches of less than a hundred million fish that cost
        less than a billion.
        """
        own = self._own
        value = own["book_value"] + np.sum([entry.counts[kind] for kind in KINDS], axis=0)
        there = np.maximum(entry.there, 1)
        dead = value * entry.deaths // there
        gone = value * (entry.deaths + entry.counts["harvested"]) // there
        own["book_value"] = value - gone
        for name, added in (entry.counts | entry.weights).items():
            own[name] = own[name] + added
        own["mortality"] = own["mortality"] + dead
        return dead, own["book_value"]
