"""Why a rate over several groups differs between two times: other shares, or other rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """A rate before and after; ``mix`` and ``rates`` add up to what lies between them."""

    before: float
    after: float
    mix: float
    rates: float


def difference(
    before: Mapping[str, tuple[float, float]], after: Mapping[str, tuple[float, float]]
) -> Difference:
    """Return the difference of two rates and its two parts (Kitagawa 1955).

        mix    sum over groups of (share after - share before) * mean rate
        rates  sum over groups of (rate after - rate before) * mean share

    Args:
        before: exposure and events by group; a group without exposure takes the other time's rate.
        after: the same later.
    """
    whole = [sum(exposure for exposure, _ in one.values()) for one in (before, after)]
    mix = rates = 0.0
    for group in sorted({*before, *after}):
        cells = [one.get(group, (0.0, 0.0)) for one in (before, after)]
        known = [events / exposure if exposure else None for exposure, events in cells]
        first = known[0] if known[0] is not None else known[1] or 0.0
        second = known[1] if known[1] is not None else first
        shares = [
            exposure / total if total else 0.0
            for (exposure, _), total in zip(cells, whole, strict=True)
        ]
        mix += (shares[1] - shares[0]) * (first + second) / 2
        rates += (second - first) * (shares[0] + shares[1]) / 2
    overall = [
        sum(events for _, events in one.values()) / total if total else 0.0
        for one, total in zip((before, after), whole, strict=True)
    ]
    return Difference(before=overall[0], after=overall[1], mix=mix, rates=rates)
