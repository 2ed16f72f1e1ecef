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
    lives = _Lives(scenario, code, first, days, held_on)
    for age in range(LONGEST_LIFE_DAYS):
        present = age <= lives.until
        if not np.count_nonzero(present):
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
    """All lives on one day of each: they have the same age, and begin on consecutive days.

    What the stage of a life says is kept for each life, since few of them change it on a day.
    """

    def __init__(self, scenario: Scenario, code: str, first: date, days: int, held_on: int) -> None:
        biology, targets = scenario.biology, scenario.geography(code).stages
        self._shortest = scenario.breeding.shortest_stay_days
        self._tgc = np.array([biology.growth.tgc(code, stage) for stage in _STAGES])
        self._better = progress.factor(
            biology.progress.growth,
            progress.years(biology.progress, first.toordinal() + np.arange(days)),
        )
        survival = np.array([biology.expected_daily_survival(stage) for stage in _STAGES])
        harvest_g = biology.harvest.target_weight(code)
        # Into the pens they go at the weight of that day, see `_Calendar`.
        leaves_at = np.array(
            [targets.egg_alevin_g, targets.fry_g, targets.parr_g, targets.smolt_g, 0.0, harvest_g]
        )
        thin_at = np.full(len(_STAGES), np.inf)
        for stage_thinned, thinning in scenario.breeding.thinning.items():
            thin_at[_STAGES.index(stage_thinned)] = thinning.weight_g
        self._wait = np.full(len(_STAGES), scenario.breeding.moves.longest / 2)
        self._wait[_SEA] = 0.0
        self._calendar = _Calendar(scenario, code, first, days + LONGEST_LIFE_DAYS)
        self._limits = _DensityLimits(scenario, code)
        #: The rows of `_here`, by stage.
        self._tables = np.array([survival, leaves_at, thin_at, self._limits.first])

        self.expected = Expectation.unknown(first, days, biology.growth.egg_weight)
        #: The age up to which each needs room.
        self.until = np.full(days, LONGEST_LIFE_DAYS)
        self._held_on = held_on
        self._start = np.arange(days)
        self._stage = np.zeros(days, dtype=np.int64)
        self._stay = np.zeros(days, dtype=np.int64)
        self._weight = np.full(days, biology.growth.egg_weight)
        self._share = np.ones(days)
        # The volume that each needs at its worst in the stage that it is in, and what that stage
        # asks of it; eggs take their degree-days as ever.
        self._volume = np.zeros(days)
        self._here = self._tables.take(self._stage, axis=1)
        self._survival, self._leaves_at, self._thinned_at, self._limit = self._here
        self._pace = np.full(days, self._tgc[0])
        self._late_pace = self._pace * self._wait[0]
        self._at_sea = np.flatnonzero(self._stage == _SEA)
        self._is_post_smolt = self._stage == _SEA - 1

    def thin(self, age: int) -> None:
        """Thin those that are heavy enough, once in a stage."""
        crowded = ((self._weight >= self._thinned_at) & (self._stay >= self._shortest)).nonzero()[0]
        if crowded.size:
            here, expected = (crowded, self._stage[crowded]), self.expected
            expected.thins[here], expected.thin_share[here] = age, self._share[crowded]
            expected.thin_volume_m3[here] = self._volume[crowded]
            self._thinned_at[crowded] = np.inf

    def grow(self, age: int, present: NDArray[np.bool_]) -> None:
        """Let all grow for a day; those that are present need room."""
        root, temperature = np.cbrt(self._weight), self._calendar.temperature(self._stage, age)
        late = grown(root, self._late_pace, temperature)
        self._limits.at_sea(late, self._at_sea, self._limit)
        need = self._share * late / 1000.0 / self._limit
        np.maximum(self._volume, need, out=self._volume, where=present)
        self._weight = grown(root, self._pace, temperature)
        self._share *= self._survival
        self._stay += 1

    def move_on(self, age: int) -> None:
        """Bring those that are heavy enough into their next stage, or call them ripe."""
        transfer_g = self._calendar.sea_transfer_g[age : age + self._stage.size]
        goal = np.where(self._is_post_smolt, transfer_g, self._leaves_at)
        done = ((self._weight >= goal) & (self._stay >= self._shortest)).nonzero()[0]
        if not done.size:
            return
        at_sea = self._stage[done] == _SEA
        self.expected.ripe[done[at_sea]] = age
        self.until[done[at_sea]] = age + self._held_on
        self._leaves_at[done[at_sea]] = np.inf
        moving = done[~at_sea]
        if moving.size:
            self._move(moving, age)

    def _move(self, moving: NDArray[np.int64], age: int) -> None:
        expected, stage = self.expected, self._stage[moving] + 1
        expected.volume_m3[moving, stage - 1] = self._volume[moving]
        self._stage[moving] = stage
        self._stay[moving], self._volume[moving] = 0, 0.0
        self._here[:, moving] = self._tables[:, stage]
        self._pace[moving] = self._tgc[stage] * self._better[moving]
        self._late_pace[moving] = self._pace[moving] * self._wait[stage]
        self._at_sea = np.flatnonzero(self._stage == _SEA)
        self._is_post_smolt = self._stage == _SEA - 1
        expected.enters[moving, stage] = age
        expected.share[moving, stage] = self._share[moving]
        expected.weight_g[moving, stage] = self._weight[moving]

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
        steps = scenario.geography(code).pens.density_limits
        self.first = np.array([*(hall.max_density_kg_m3 for hall in halls), steps[0].limit_kg_m3])
        self._from_weight = np.array([step.from_weight_g for step in steps])
        self._at_sea = np.array([step.limit_kg_m3 for step in steps])

    def at_sea(
        self, weight: NDArray[np.float64], fish: NDArray[np.int64], limit: NDArray[np.float64]
    ) -> None:
        """Write the limits for the fish at sea among those of these weights."""
        if len(self._at_sea) == 1:
            return
        step = self._from_weight.searchsorted(weight.take(fish), side="right") - 1
        limit[fish] = self._at_sea.take(step)
