"""Many groups as a few: the largest by themselves, what is left together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from farm.reports.site.chart import PALETTE, REST
from farm.reports.site.data import Row


def totals(rows: Sequence[Row], by: str, value: str) -> dict[str, float]:
    """Return the sum of a column for each value of another, the largest first."""
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[row[by]] += row[value] or 0
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def largest(
    rows: Sequence[Row], by: str, x: str, value: str, most: int = len(PALETTE)
) -> tuple[list[Row], list[str]]:
    """Return a row for every group and ``x``, small groups together as `REST`, and the groups.

    The largest group comes first; ``most`` of them keep their name.
    """
    order = list(totals(rows, by, value))
    kept = order if len(order) <= most else order[: most - 1]
    names = [*kept, *([REST] if len(kept) < len(order) else [])]
    cells: dict[tuple[str, object], float] = defaultdict(float)
    for row in rows:
        cells[row[by] if row[by] in kept else REST, row[x]] += row[value] or 0
    places = sorted({row[x] for row in rows})
    return [{by: name, x: at, value: cells[name, at]} for name in names for at in places], names
