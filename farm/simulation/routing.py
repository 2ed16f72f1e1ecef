"""Who goes where when fish are moved: from several containers into several, over several days.

Fish stand in a line, one container after another, and go into the next containers in that order,
one after another: so a container is emptied before the next one is opened, and fish that are larger
than others stay together. Everything is in shares of the batch; it is the fish there are on the day
that move (see `Movement`).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

#: Ends of two containers this near each other, as a share of the smaller, are taken as one: nobody
#: sends for the last basketful on another day.
_NEAR = 0.05

#: What rounding may leave between two marks that are the same.
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Source:
    """A container to be moved out of: a key, the share of the batch in it, and how much leaves."""

    key: int
    holds: float
    leaves: float


@dataclass(frozen=True, slots=True)
class Target:
    """A container to be filled: a key, and its room over that of the others of its lot."""

    key: int
    room: float = 1.0


@dataclass(frozen=True, slots=True)
class Lot:
    """A share of the fish that leave, by size, and the containers that they go into, in order.

    ``relative_weight``: their mean weight over that of all fish that leave.
    """

    share: float
    targets: Sequence[Target]
    relative_weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Leg:
    """One way of one day: ``share`` of the fish that ``source`` holds on that morning.

    ``amount`` is the share of the batch. Days count from 0, the first of the move.
    """

    day: int
    source: int
    target: int
    amount: float
    share: float
    relative_weight: float


def route(sources: Sequence[Source], lots: Sequence[Lot], days: int) -> list[Leg]:
    """Return who goes where, in order of day, source and lot.

    The line is cut into ``days`` parts of equal size, where possible between two containers of the
    first lot. The shares of the lots must add up to 1.
    """
    filled = [_ends([target.room for target in lot.targets]) for lot in lots]
    cuts = _cuts(filled[0], days)
    emptied = _snapped(_ends([source.leaves for source in sources]), [cuts, *filled])
    amounts: dict[tuple[int, int, int, int], float] = {}
    begin = 0.0
    starts = [0.0, *emptied]
    for end in sorted({*cuts, *emptied, *(mark for ends in filled for mark in ends)}):
        middle = (begin + end) / 2
        at, day = bisect(emptied, middle), bisect(cuts, middle)
        # Snapping moved the ends of a container's part of the line, not what is in it.
        part = (end - begin) * sources[at].leaves / (emptied[at] - starts[at])
        for number, (lot, ends) in enumerate(zip(lots, filled, strict=True)):
            way = (day, at, number, bisect(ends, middle))
            amounts[way] = amounts.get(way, 0.0) + part * lot.share
        begin = end
    return list(_legs(sources, lots, amounts))


def _legs(
    sources: Sequence[Source],
    lots: Sequence[Lot],
    amounts: dict[tuple[int, int, int, int], float],
) -> Iterator[Leg]:
    held = [source.holds for source in sources]
    today, moved = -1, [0.0] * len(sources)
    for way in sorted(amounts):
        day, at, number, target = way
        if day != today:
            held = [before - gone for before, gone in zip(held, moved, strict=True)]
            today, moved = day, [0.0] * len(sources)
        amount, lot = amounts[way], lots[number]
        if amount < _NOTHING:
            continue
        moved[at] += amount
        yield Leg(
            day=day,
            source=sources[at].key,
            target=lot.targets[target].key,
            amount=amount,
            share=min(amount / held[at], 1.0),
            relative_weight=lot.relative_weight,
        )


def _ends(sizes: Sequence[float]) -> list[float]:
    """Return where each of several things laid end to end on a line of length 1 ends."""
    sums = list(accumulate(sizes))
    return [*(end / sums[-1] for end in sums[:-1]), 1.0]


def _cuts(filled: Sequence[float], days: int) -> list[float]:
    """Return where each day's part of the line ends."""
    if days > len(filled):
        return _ends([1.0] * days)
    return [filled[(day * len(filled) + days // 2) // days - 1] for day in range(1, days + 1)]


def _snapped(emptied: Sequence[float], marks: Sequence[Sequence[float]]) -> list[float]:
    """Move the ends of sources onto ends of days or targets that are as good as there."""
    known = sorted({mark for ends in marks for mark in ends})
    sizes = [b - a for ends in (emptied, *marks) for a, b in pairwise((0.0, *ends))]
    near = _NEAR * min(sizes)
    found = []
    for end in emptied:
        nearest = min(known[max(bisect(known, end) - 1, 0) :][:2], key=lambda mark: abs(mark - end))
        found.append(nearest if abs(nearest - end) <= near else end)
    return found
