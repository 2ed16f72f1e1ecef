"""Lice counts: the lice found on all fish of a count, and on each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from farm.rendering.days import Days
from farm.rendering.groups import numbered
from farm.rendering.layout import Layout
from farm.rendering.table import Table

#: The groups of lice as people tell them apart.
GROUPS = ("adult_female", "mobile", "attached")

#: A fish's share of the lice is never quite nothing: so a sum of shares can be divided by.
_LEAST = 1e-300


def lice_counts(layout: Layout, days: Days, chance: Generator) -> tuple[Table, Table]:
    """Return `lice_count` and `lice_observation`, ordered by assignment, date and fish.

    Both have no columns where no fish was looked at.

    The history says how many fish were looked at and how many lice of each group were found on all
    of them: the lice of the fish add up to that exactly. They are spread as numbers with a negative
    binomial distribution are, given their sum: a fish is as attractive as a gamma distributed
    number says, with the aggregation as its shape, and each louse of any group sits on a fish in
    proportion to that.
    """
    row = days["lice_fish_counted"].nonzero()[0]
    if not row.size:
        return {}, {}
    size = days["lice_fish_counted"].take(row).astype(np.int64)
    day, assignment = days.day.take(row), days["assignment_id"].take(row)
    totals = {group: days[f"lice_{group}_counted"].take(row).astype(np.int64) for group in GROUPS}
    taken: Table = {"counted_on": day, "assignment_id": assignment, "n": size} | {
        group: total / size for group, total in totals.items()
    }
    attraction = chance.standard_gamma(layout.aggregation, size.sum())
    fish: Table = {
        "counted_on": day.repeat(size),
        "assignment_id": assignment.repeat(size),
        "fish_no": numbered(size),
    } | spread_over(totals, size, attraction, chance)
    return taken, fish


def spread_over(
    totals: Mapping[str, NDArray[np.int64]],
    size: NDArray[np.int64],
    attraction: NDArray[np.float64],
    chance: Generator,
) -> dict[str, NDArray[np.int64]]:
    """Return the lice on each fish: of each count its totals, by chance, as attraction has it.

    Args:
        totals: lice of each count, by group.
        size: its fish, at least one.
        attraction: of each fish, in order of the counts.
        chance: one number is drawn for each louse.
    """
    last = size.cumsum() - 1
    running = np.cumsum(np.maximum(attraction, _LEAST))
    before = np.concatenate(([0.0], running.take(last)))[: len(size)]
    whole = running.take(last) - before
    # Each count has the numbers from its place to the next one; a fish its part of them.
    counts, fish = np.arange(len(size)), len(attraction)
    upto = counts.repeat(size) + (running - before.repeat(size)) / whole.repeat(size)
    louse = np.concatenate([counts.repeat(total) for total in totals.values()])
    on = upto.searchsorted(louse + chance.random(len(louse)), side="right")
    np.minimum(on, last.take(louse), out=on)
    group = np.arange(len(totals)).repeat([int(total.sum()) for total in totals.values()])
    found = np.bincount(group * fish + on, minlength=len(totals) * fish)
    return dict(zip(totals, found.reshape(len(totals), fish), strict=True))


def lice_rows(days: Any) -> NDArray[np.int64]:
    """Return how many fish are looked at for lice on each day, from the history's columns."""
    rows: NDArray[np.int64] = days["lice_fish_counted"].astype(np.int64)
    return rows
