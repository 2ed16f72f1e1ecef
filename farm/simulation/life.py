"""A life in draft: how many containers a batch has from when to when, and who goes where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from farm.domain.plan import TransferKind
from farm.domain.world import Stage
from farm.simulation.needs import Need, Portion
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


class Move(NamedTuple):
    """Fish that go from stays into others, which legs name by their numbers in the life.

    The days of its legs count from the first of the move, which is one of the horizon's.
    """

    first: int
    kind: TransferKind
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """All stays of a life in order of their numbers, those of each move together, and the moves."""

    stays: tuple[Stay, ...]
    lots: tuple[tuple[Need, range], ...]
    moves: tuple[Move, ...]


def draft(needs: Sequence[Need]) -> Draft:
    """Return the draft of a life. The ends of the stays of the last stage are left at 0."""
    stays: list[Stay] = []
    moves: list[Move] = []
    lots: list[tuple[Need, range]] = []
    here: tuple[int, ...] = ()
    for need in needs:
        new = range(len(stays), len(stays) + need.containers)
        stays += [Stay(need.stage, 0, 0, 0) for _ in new]
        lots.append((need, new))
        if need.kind is None:
            for number in new:
                stays[number].start, stays[number].holds = need.first, 1.0 / len(new)
        else:
            legs = _move(need, new.start, here, stays, is_split=need.kind is TransferKind.SPLIT)
            moves.append(Move(need.first, need.kind, legs))
        here = (*here, *new) if need.kind is TransferKind.SPLIT else tuple(new)
    return Draft(tuple(stays), tuple(lots), tuple(moves))


def _move(
    need: Need, new: int, here: tuple[int, ...], stays: Sequence[Stay], *, is_split: bool
) -> tuple[Leg, ...]:
    """Move fish from the stays that they are in to new ones, of which the first is given."""
    holds = tuple([stays[number].holds for number in here])
    moved = _moved(here, holds, need.leaves, new, need.portions, need.days)
    for number, share in moved.holds.items():
        stays[number].holds = share
    for number, day in moved.opens.items():
        stays[number].start = need.first + day
    if not is_split:
        for number, day in moved.leaves.items():
            stays[number].earliest_end = stays[number].end = need.first + day
    return moved.legs


class _Moved(NamedTuple):
    """What comes of a move: by stay what it holds, when fish first come in, and when last leave."""

    legs: tuple[Leg, ...]
    holds: Mapping[int, float]
    opens: Mapping[int, int]
    leaves: Mapping[int, int]


@lru_cache(maxsize=1_000)
def _moved(
    here: tuple[int, ...],
    holds: tuple[float, ...],
    leaves: float,
    new: int,
    portions: tuple[Portion, ...],
    days: int,
) -> _Moved:
    """Return what `route` makes of a move: a programme's batches are moved in the same few ways."""
    held = dict(zip(here, holds, strict=True))
    sources = [Source(number, share, share * leaves) for number, share in held.items()]
    lots, first = [], new
    for portion in portions:
        targets = [Target(number) for number in range(first, first + portion.containers)]
        lots.append(Lot(portion.share, targets, portion.relative_weight))
        first += portion.containers
    legs = tuple(route(sources, lots, days))
    opens: dict[int, int] = {}
    for leg in legs:
        opens.setdefault(leg.target, leg.day)
        held[leg.target] = held.get(leg.target, 0.0) + leg.amount
        held[leg.source] -= leg.amount
    return _Moved(legs, held, opens, {leg.source: leg.day for leg in legs})
