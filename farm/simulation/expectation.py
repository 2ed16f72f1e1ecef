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
from farm.domain.growth import grown
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
    targets = scenario.geography(code).stages
    # Fish that grow as expected wait this long for the turn of their pen.
    held_on = targets.harvest_stagger_days - targets.harvest_before_days
    lives = _Lives(scenario, code, first, days)
    ripe = lives.expected.ripe
    for age in range(LONGEST_LIFE_DAYS):
        present = (ripe < 0) | (age <= ripe + held_on)
        if not present.any():
            return lives.closed()
        lives.thin(age)
        lives.grow(age, present)
        lives.move_on(age + 1)
    harvest_g = scenario.biology.harvest.target_weight(code)
    raise ProgrammeImpossible(
        f"{scenario.geography(code).name}: fish do not reach {harvest_g:.0f} g within "
        f"{LONGEST_LIFE_DAYS} days; check growth, temperatures and stage weights"
    )


class _Lives:
    """All lives on one day of each: they have the same age, and begin on consecutive days."""

    def __init__(self, scenario: Scenario, code: str, first: date, days: int) -> None:
        biology, targets = scenario.biology, scenario.geography(code).stages
        self._shortest = scenario.breeding.shortest_stay_days
        self._tgc = np.array([biology.growth.tgc(code, stage) for stage in _STAGES])
        self._better = progress.factor(
            biology.progress.growth,
            progress.years(biology.progress, first.toordinal() + np.arange(days)),
        )
        self._survival = np.array([biology.expected_daily_survival(stage) for stage in _STAGES])
        harvest_g = biology.harvest.target_weight(code)
        self._leaves_at = np.array(
            [targets.egg_alevin_g, targets.fry_g, targets.parr_g, targets.smolt_g, 0.0, harvest_g]
        )
        self._thin_at = np.full(len(_STAGES), np.inf)
        for stage_thinned, thinning in scenario.breeding.thinning.items():
            self._thin_at[_STAGES.index(stage_thinned)] = thinning.weight_g
        self._wait = np.full(len(_STAGES), scenario.breeding.moves.longest / 2)
        self._wait[_SEA] = 0.0
        self._calendar = _Calendar(scenario, code, first, days + LONGEST_LIFE_DAYS)
        self._limits = _DensityLimits(scenario, code)

        self.expected = Expectation.unknown(first, days, biology.growth.egg_weight)
        self._start = np.arange(days)
        self._stage = np.zeros(days, dtype=np.int64)
        self._stay = np.zeros(days, dtype=np.int64)
        self._weight = np.full(days, biology.growth.egg_weight)
        self._share = np.ones(days)
        # The volume that each needs at its worst in the stage that it is in, and what that stage
        # asks of it; eggs take their degree-days as ever.
        self._volume = np.zeros(days)
        self._pace = np.full(days, self._tgc[0])
        self._thinned_at = np.full(days, self._thin_at[0])

    def thin(self, age: int) -> None:
        """Thin those that are heavy enough, once in a stage."""
        crowded = np.flatnonzero(
            (self._weight >= self._thinned_at) & (self._stay >= self._shortest)
        )
        if crowded.size:
            here, expected = (crowded, self._stage[crowded]), self.expected
            expected.thins[here], expected.thin_share[here] = age, self._share[crowded]
            expected.thin_volume_m3[here] = self._volume[crowded]
            self._thinned_at[crowded] = np.inf

    def grow(self, age: int, present: NDArray[np.bool_]) -> None:
        """Let all grow for a day; those that are present need room."""
        stage, root = self._stage, np.cbrt(self._weight)
        temperature = self._calendar.temperature(stage, age)
        late = grown(root, self._pace * self._wait.take(stage), temperature)
        need = self._share * late / 1000.0 / self._limits.at(stage, late)
        np.maximum(self._volume, need, out=self._volume, where=present)
        self._weight = grown(root, self._pace, temperature)
        self._share *= self._survival.take(stage)
        self._stay += 1

    def move_on(self, age: int) -> None:
        """Bring those that are heavy enough into their next stage, or call them ripe."""
        stage, expected = self._stage, self.expected
        transfer_g = self._calendar.sea_transfer_g[age : age + stage.size]
        goal = np.where(stage == _SEA - 1, transfer_g, self._leaves_at.take(stage))
        done = np.flatnonzero((self._weight >= goal) & (self._stay >= self._shortest))
        at_sea = stage[done] == _SEA
        ripe = done[at_sea]
        expected.ripe[ripe[expected.ripe[ripe] < 0]] = age
        moving = done[~at_sea]
        if moving.size:
            expected.volume_m3[moving, stage[moving]] = self._volume[moving]
            stage[moving] += 1
            self._stay[moving], self._volume[moving] = 0, 0.0
            self._pace[moving] = self._tgc[stage[moving]] * self._better[moving]
            self._thinned_at[moving] = self._thin_at[stage[moving]]
            expected.enters[moving, stage[moving]] = age
            expected.share[moving, stage[moving]] = self._share[moving]
            expected.weight_g[moving, stage[moving]] = self._weight[moving]

    def closed(self) -> Expectation:
        """Return what is expected, when all are at the end of their lives.

        Thinnings so late in a stage that the fish are about to move anyway are forgotten.
        """
        expected = self.expected
        expected.volume_m3[self._start, self._stage] = self._volume
        on_land = expected.thins[:, :-1]
        on_land[expected.enters[:, 1:] - on_land < self._shortest] = -1
        return expected


class _Calendar:
    """Temperatures and transfer weights by day, from the first start day on."""

    def __init__(self, scenario: Scenario, code: str, first: date, days: int) -> None:
        dates = np.datetime64(first, "D") + np.arange(days)
        years = dates.astype("datetime64[Y]")
        day_of_year = (dates - years.astype("datetime64[D]")).astype(np.int64) + 1
        self._temperature = np.concatenate(
            [expected_temperature(scenario.biology, code, stage, day_of_year) for stage in _STAGES]
        )
        self._days = np.arange(days)
        year = years.astype(np.int64) + 1970 + (day_of_year - 1) / 366.0
        steps = scenario.geography(code).stages.sea_transfer
        self.sea_transfer_g = np.interp(
            year, [step.year for step in steps], [step.weight_g for step in steps]
        )

    def temperature(self, stage: NDArray[np.int64], age: int) -> NDArray[np.float64]:
        """Return the temperature for fish of an age that began on consecutive days, by stage."""
        day = stage * self._days.size + self._days[age : age + stage.size]
        return self._temperature.take(day)


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
        limit: NDArray[np.float64] = self._on_land.take(stage)
        at_sea = np.flatnonzero(stage == _SEA)
        step = np.searchsorted(self._from_weight, weight.take(at_sea), side="right") - 1
        limit[at_sea] = self._at_sea.take(step)
        return limit
