"""A life in draft: how many containers a batch has from when to when, and who goes where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from farm.domain.plan import TransferKind
from farm.domain.world import Stage
from farm.simulation.needs import Need
from farm.simulation.routing import Leg, Lot, Source, Target, route


@dataclass(slots=True)
class Stay:
    """One container of a batch, without saying which yet.

    Days count from the first day of the horizon, see `farm.domain.plan.Booking`. ``holds``: the
    share of the batch in it, while a life is drafted.
    """

    stage: Stage
    start: int
    earliest_end: int
    end: int
    holds: float = 0.0


@dataclass(frozen=True, slots=True)
class Way:
    """Fish that go from one stay into another, by their numbers in the life: a `Movement`."""

    day: int
    source: int
    target: int
    share: float
    kind: TransferKind
    relative_weight: float


@dataclass(frozen=True, slots=True)
class Draft:
    """All stays of a life in order of their numbers, those of each move together, and the ways."""

    stays: tuple[Stay, ...]
    lots: tuple[tuple[Need, range], ...]
    ways: tuple[Way, ...]


def draft(moves: Sequence[Need]) -> Draft:
    """Return the draft of a life. The ends of the stays of the last stage are left at 0."""
    stays: list[Stay] = []
    ways: list[Way] = []
    lots: list[tuple[Need, range]] = []
    here: list[int] = []
    for need in moves:
        new = range(len(stays), len(stays) + need.containers)
        stays += [Stay(need.stage, 0, 0, 0) for _ in new]
        lots.append((need, new))
        if need.kind is None:
            for number in new:
                stays[number].start, stays[number].holds = need.first, 1.0 / len(new)
        else:
            ways += _move(need, need.kind, new, here, stays)
        here = [*here, *new] if need.kind is TransferKind.SPLIT else list(new)
    return Draft(tuple(stays), tuple(lots), tuple(ways))


def _move(
    need: Need, kind: TransferKind, new: range, here: Sequence[int], stays: Sequence[Stay]
) -> list[Way]:
    sources = tuple(Source(n, stays[n].holds, stays[n].holds * need.leaves) for n in here)
    lots, first = [], new.start
    for portion in need.portions:
        targets = tuple(Target(n) for n in range(first, first + portion.containers))
        lots.append(Lot(portion.share, targets, portion.relative_weight))
        first += portion.containers
    ways = []
    for leg in _routed(sources, tuple(lots), need.days):
        day, source, target = need.first + leg.day, stays[leg.source], stays[leg.target]
        if not target.holds:
            target.start = day
        target.holds += leg.amount
        source.holds -= leg.amount
        if kind is not TransferKind.SPLIT:
            source.earliest_end = source.end = day
        ways.append(Way(day, leg.source, leg.target, leg.share, kind, leg.relative_weight))
    return ways


@lru_cache(maxsize=1_000)
def _routed(sources: tuple[Source, ...], lots: tuple[Lot, ...], days: int) -> tuple[Leg, ...]:
    """Return what `route` does: the batches of a programme are moved in the same few ways."""
    return tuple(route(sources, lots, days))
