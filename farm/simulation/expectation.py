"""What is expected of a batch, for every day on which it could start: the scheduler's yardstick.

One step per day of life, all start days at once. Growth is the TGC model on the temperatures of an
average year by fish as good as those of the start day, survival the average of each stage, so a
life depends on its first day alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from farm.domain import progress
from farm.domain.growth import next_weight
from farm.domain.scenario import Scenario
from farm.domain.water import expected_temperature
from farm.domain.world import Stage
from farm.errors import ProgrammeImpossible

#: Nobody plans a salmon's life longer than this; growth that slow is a mistake in the parameters.
LONGEST_LIFE_DAYS = 2_200

_STAGES = tuple(Stage)
_SEA = _STAGES.index(Stage.ADULT)


@dataclass(frozen=True, slots=True)
class Expectation:
    """Expected lives in one geography. Every array has a row per start day, counted from `first`.

    Attributes:
        first: The earliest start day.
        enters: Days of life at which each stage begins; eggs on day 0.
        ripe: Day of life on which the harvest weight is reached.
        share: Share of the eggs alive when each stage begins.
        weight_g: Mean weight when each stage begins.
        volume_m3: For each stage the water that one egg's survivors need at their worst, by the
            density limit for their weight, without any margin. On land they wait for half a
            longest move before they leave.
        thins: Days of life on which each stage is thinned, -1 where it is not.
        thin_share: Share of the eggs alive on that day.
        thin_volume_m3: As `volume_m3`, for the days before.
    """

    first: date
    enters: NDArray[np.int64]
    ripe: NDArray[np.int64]
    share: NDArray[np.float64]
    weight_g: NDArray[np.float64]
    volume_m3: NDArray[np.float64]
    thins: NDArray[np.int64]
    thin_share: NDArray[np.float64]
    thin_volume_m3: NDArray[np.float64]

    @classmethod
    def unknown(cls, first: date, days: int, egg_weight_g: float) -> Expectation:
        """Return what is known of lives before their first day."""
        shape = (days, len(_STAGES))
        return cls(
            first=first,
            enters=np.zeros(shape, dtype=np.int64),
            ripe=np.full(days, -1, dtype=np.int64),
            share=np.ones(shape),
            weight_g=np.full(shape, egg_weight_g),
            volume_m3=np.zeros(shape),
            thins=np.full(shape, -1, dtype=np.int64),
            thin_share=np.zeros(shape),
            thin_volume_m3=np.zeros(shape),
        )


def expect(scenario: Scenario, code: str, first: date, days: int) -> Expectation:
    """Return the expected lives of batches that start on each of ``days`` days from ``first``.

    Raises:
        ProgrammeImpossible: the fish never reach the weight they are to be harvested at.
    """
    geography, biology = scenario.geography(code), scenario.biology
    targets = geography.stages
    shortest = scenario.breeding.shortest_stay_days
    # Fish that grow as expected wait this long for the turn of their pen.
    held_on = targets.harvest_stagger_days - targets.harvest_before_days
    harvest_g = biology.harvest.target_weight(code)
    tgc = np.array([biology.growth.tgc(code, stage) for stage in _STAGES])
    better = progress.factor(
        biology.progress.growth,
        progress.years(biology.progress, first.toordinal() + np.arange(days)),
    )
    survival = np.array([biology.expected_daily_survival(stage) for stage in _STAGES])
    leaves_at = np.array(
        [targets.egg_alevin_g, targets.fry_g, targets.parr_g, targets.smolt_g, 0.0, harvest_g]
    )
    thin_at = np.full(len(_STAGES), np.inf)
    for stage_thinned, thinning in scenario.breeding.thinning.items():
        thin_at[_STAGES.index(stage_thinned)] = thinning.weight_g
    wait = np.full(len(_STAGES), scenario.breeding.moves.longest / 2)
    wait[_SEA] = 0.0
    calendar = _Calendar(scenario, code, first, days + LONGEST_LIFE_DAYS)
    limit = _DensityLimits(scenario, code)

    expected = Expectation.unknown(first, days, biology.growth.egg_weight)
    start = np.arange(days)
    stage = np.zeros(days, dtype=np.int64)
    stay = np.zeros(days, dtype=np.int64)
    weight = np.full(days, biology.growth.egg_weight)
    share = np.ones(days)
    ripe, volume = expected.ripe, expected.volume_m3

    for age in range(LONGEST_LIFE_DAYS):
        at_sea = stage == _SEA
        present = (ripe < 0) | (age <= ripe + held_on)
        if not present.any():
            _cancel_late(expected, shortest)
            return expected
        # Eggs take their degree-days as ever.
        pace = tgc[stage] * np.where(stage == 0, 1.0, better)
        temperature = calendar.temperature[stage, start + age]
        crowded = np.flatnonzero((weight >= thin_at[stage]) & (stay >= shortest))
        crowded = crowded[expected.thins[crowded, stage[crowded]] < 0]
        here = (crowded, stage[crowded])
        expected.thins[here], expected.thin_share[here] = age, share[crowded]
        expected.thin_volume_m3[here] = volume[here]
        late = next_weight(weight, pace * wait[stage], temperature)
        need = np.where(present, share * late / 1000.0 / limit.at(stage, late), 0.0)
        volume[start, stage] = np.maximum(volume[start, stage], need)
        weight = next_weight(weight, pace, temperature)
        share = share * survival[stage]
        stay += 1
        goal = np.where(
            stage == _SEA - 1, calendar.sea_transfer_g[start + age + 1], leaves_at[stage]
        )
        done = (weight >= goal) & (stay >= shortest)
        ripe[done & at_sea & (ripe < 0)] = age + 1
        moving = np.flatnonzero(done & ~at_sea)
        stage[moving] += 1
        stay[moving] = 0
        expected.enters[moving, stage[moving]] = age + 1
        expected.share[moving, stage[moving]] = share[moving]
        expected.weight_g[moving, stage[moving]] = weight[moving]
    raise ProgrammeImpossible(
        f"{geography.name}: fish do not reach {harvest_g:.0f} g within {LONGEST_LIFE_DAYS} days; "
        "check growth, temperatures and stage weights"
    )


def _cancel_late(expected: Expectation, shortest: int) -> None:
    """Forget thinnings so late in a stage that the fish are about to move anyway."""
    on_land = expected.thins[:, :-1]
    on_land[expected.enters[:, 1:] - on_land < shortest] = -1


class _Calendar:
    """Temperatures and transfer weights by day, from the first start day on."""

    def __init__(self, scenario: Scenario, code: str, first: date, days: int) -> None:
        dates = np.datetime64(first, "D") + np.arange(days)
        years = dates.astype("datetime64[Y]")
        day_of_year = (dates - years.astype("datetime64[D]")).astype(np.int64) + 1
        self.temperature = np.stack(
            [expected_temperature(scenario.biology, code, stage, day_of_year) for stage in _STAGES]
        )
        year = years.astype(np.int64) + 1970 + (day_of_year - 1) / 366.0
        steps = scenario.geography(code).stages.sea_transfer
        self.sea_transfer_g = np.interp(
            year, [step.year for step in steps], [step.weight_g for step in steps]
        )


class _DensityLimits:
    """Density limits in kg/m3: one for each stage on land, at sea by weight."""

    def __init__(self, scenario: Scenario, code: str) -> None:
        halls = [scenario.facilities.of(stage) for stage in _STAGES[:_SEA]]
        self._on_land = np.array([*(hall.max_density_kg_m3 for hall in halls), np.nan])
        steps = scenario.geography(code).pens.density_limits
        self._from_weight = np.array([step.from_weight_g for step in steps])
        self._at_sea = np.array([step.limit_kg_m3 for step in steps])

    def at(self, stage: NDArray[np.int64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the limit for each fish."""
        step = np.searchsorted(self._from_weight, weight, side="right") - 1
        chosen: NDArray[np.float64] = np.where(
            stage == _SEA, self._at_sea[step], self._on_land[stage]
        )
        return chosen
