"""How fish are counted and weighed out of a container: whole fish, and not a gram lost."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import NamedTuple

from farm.domain.plan import TransferKind


class Load(NamedTuple):
    """Fish on their way into a booking. ``source`` is 0 for eggs, which come from outside."""

    source: int
    target: int
    fish: int
    weight_g: float
    weight_cv: float
    kind: TransferKind
    sea_since: int
    stage_since: int


def parts(total: int, capacities: list[int]) -> list[int]:
    """Return how many of ``total`` fish each container gets: in proportion, in whole fish."""
    whole = sum(capacities)
    ends = [total * sum(capacities[: i + 1]) // whole for i in range(len(capacities))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def counts_of(present: int, shares: list[float], *, whole: bool) -> list[int]:
    """Return how many of the fish that are present leave by each share; all of them if whole."""
    ends = [min(math.floor(present * share + 0.5), present) for share in accumulate(shares)]
    if whole:
        ends[-1] = present
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def weights_of(weight_g: float, counts: list[int], relative: list[float]) -> list[float]:
    """Return the mean weights of fish that leave together: not a gram more or less than they had.

    Whole fish never fall exactly on the cut that the relative weights are meant for.
    """
    sized = math.fsum(count * size for count, size in zip(counts, relative, strict=True))
    scale = sum(counts) / sized if sized else 1.0
    return [weight_g * size * scale for size in relative]
