"""What a batch needs of the facilities: for each move of its life, when, and how many containers.

A move is longer than a day where there are more fish than a day's work; it then lies around the day
on which they are expected to have the weight for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, pi, sqrt
from statistics import NormalDist

from farm.domain.plan import TransferKind
from farm.domain.programme import Thinning
from farm.domain.scenario import Scenario
from farm.domain.world import Stage
from farm.simulation.expectation import Expectation
from farm.simulation.starts import Start

_STAGES = tuple(Stage)
_SEA = _STAGES.index(Stage.ADULT)


@dataclass(frozen=True, slots=True)
class Portion:
    """Fish of one size, as a share of all that move, and the number of containers they need."""

    share: float
    containers: int
    relative_weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Need:
    """The containers that a move opens. ``kind`` is None for the eggs, which come from outside.

    ``first`` is the first of its ``days``. ``leaves``: the share of the fish that moves; a split
    leaves the rest where they are. Larger fish come first among the portions.
    """

    stage: Stage
    kind: TransferKind | None
    first: int
    days: int
    leaves: float
    portions: tuple[Portion, ...]

    @property
    def containers(self) -> int:
        """All containers that it opens."""
        return sum(portion.containers for portion in self.portions)


@dataclass(frozen=True, slots=True)
class Needs:
    """A life as it is expected: its moves in order, and the days between which it is harvested."""

    moves: tuple[Need, ...]
    harvest_from: int
    harvest_to: int


class Yardstick:
    """Says what batches of one geography need."""

    def __init__(self, scenario: Scenario, code: str, expectation: Expectation) -> None:
        self._facilities = scenario.facilities
        self._breeding = scenario.breeding
        self._geography = scenario.geography(code)
        self._expectation = expectation
        self._cv = {
            stage: scenario.biology.size.level.of(stage) for stage in scenario.breeding.thinning
        }
        self._known: dict[tuple[int, int], Needs] = {}

    def needs(self, start: Start, day: int) -> Needs:
        """Return what a batch needs that starts on ``day``. It is kept: many ask for the same."""
        asked = start.eggs, day
        if asked not in self._known:
            self._known[asked] = self._needs(start, day)
        return self._known[asked]

    def _needs(self, start: Start, day: int) -> Needs:
        expected, targets = self._expectation, self._geography.stages
        moves: list[Need] = []
        for number, stage in enumerate(_STAGES):
            age, thinned = int(expected.enters[day, number]), int(expected.thins[day, number])
            fish = start.eggs * float(expected.share[day, number])
            late = self._containers(
                stage, fish, start.eggs * float(expected.volume_m3[day, number])
            )
            early = late
            if thinned >= 0:
                volume = start.eggs * float(expected.thin_volume_m3[day, number])
                early = self._containers(stage, fish, volume)
            kind = TransferKind.SEA if stage is Stage.ADULT else TransferKind.STAGE
            first, days = self._days(
                day + age,
                fish,
                self._breeding.moves.fish_per_day(stage, float(expected.weight_g[day, number])),
            )
            moves.append(
                Need(
                    stage,
                    kind if number else None,
                    first,
                    days,
                    1.0,
                    (Portion(1.0, ceil(early)),),
                )
            )
            if thinned >= 0:
                fish = start.eggs * float(expected.thin_share[day, number])
                moves += self._thinning(stage, day + thinned, fish, ceil(early), late)
        at_sea = moves[-1]
        ripe = day + int(expected.ripe[day])
        harvest = max(ripe - targets.harvest_before_days, at_sea.first + at_sea.days)
        return Needs(tuple(moves), harvest, ripe + targets.harvest_after_days)

    def _containers(self, stage: Stage, fish: float, volume_m3: float) -> float:
        """Return how many containers hold so many fish, which need so much water."""
        of_count = 1 + self._breeding.count_margin_percent / 100
        if stage is Stage.ADULT:
            pen, margin = self._geography.pens, self._facilities.sea.safety_margin_percent
            capacity, volume = pen.capacity_fish, pen.volume_m3
        else:
            hall = self._facilities.of(stage)
            margin = hall.safety_margin_percent
            capacity, volume = hall.capacity_fish, hall.volume_m3
        if stage is Stage.EGG_ALEVIN:
            of_count = 1 + margin / 100
        return max(fish * of_count / capacity, volume_m3 * (1 + margin / 100) / volume)

    def _days(self, around: int, fish: float, fish_per_day: float) -> tuple[int, int]:
        """Return the first day and the number of days of a move."""
        days = min(max(ceil(fish / fish_per_day), 1), self._breeding.moves.longest)
        return around - (days - 1) // 2, days

    def _thinning(self, stage: Stage, day: int, fish: float, early: int, late: float) -> list[Need]:
        thinning = self._breeding.thinning[stage]
        if thinning.kind == "grading":
            portions = _graded(thinning, self._cv[stage], late)
            first, days = self._days(day, fish, thinning.fish_per_day)
            return [Need(stage, TransferKind.GRADING, first, days, 1.0, portions)]
        more = ceil(late) - early
        if more <= 0:
            return []
        leaves = more / ceil(late)
        first, days = self._days(day, fish * leaves, thinning.fish_per_day)
        return [Need(stage, TransferKind.SPLIT, first, days, leaves, (Portion(1.0, more),))]


def _graded(thinning: Thinning, cv: float, containers: float) -> tuple[Portion, ...]:
    """Return the large and the small fish of a normal distribution cut at a quantile.

    With the share p above the cut z, their means are 1 + cv * phi(z) / p and
    1 - cv * phi(z) / (1 - p) of the mean of all.
    """
    p = thinning.large_share or 0.0
    z = NormalDist().inv_cdf(1.0 - p)
    beyond = cv * exp(-z * z / 2) / sqrt(2 * pi)
    portions = []
    for share, weight in ((p, 1.0 + beyond / p), (1.0 - p, 1.0 - beyond / (1.0 - p))):
        # The large have the greater biomass today; the small catch up a little until they leave.
        room = share * max(weight, 0.5 * (1.0 + weight))
        portions.append(Portion(share, ceil(containers * room), weight))
    return tuple(portions)
