"""What the stores gave out on a day."""

from __future__ import annotations

from dataclasses import dataclass

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
