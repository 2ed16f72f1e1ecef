"""Which day a batch should start on: near the intended one, when others need least.

Around each intended start there is a window. Within it, a day is the better the less the batch's
stays fall together with those of others in each kind of hall, and its harvest with other harvests:
so halls are used evenly, and the gaps between harvests are small. What later batches will need is
known from their intended starts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from farm.domain.scenario import Scenario
from farm.domain.world import Stage
from farm.simulation.expectation import Expectation
from farm.simulation.needs import Yardstick
from farm.simulation.starts import Start

_ON_LAND = len(Stage) - 1


class Levelling:
    """The load that all batches of a geography together put on its halls and its harvest.

    One row for each freshwater stage, in containers over all that there are, and one for the
    harvest, in batches over the number that are harvested at a time on average.
    """

    def __init__(
        self,
        scenario: Scenario,
        code: str,
        expectation: Expectation,
        yardstick: Yardstick,
        containers: Mapping[Stage, int],
        days: int,
    ) -> None:
        targets = scenario.geography(code).stages
        breeding = scenario.breeding
        self._yardstick = yardstick
        self._weight = breeding.levelling
        self._window = breeding.start_window_days
        steps = range(breeding.start_step_days, self._window + 1, breeding.start_step_days)
        self._shifts = np.array([0, *(sign * step for step in steps for sign in (1, -1))])
        enters, ripe = expectation.enters, expectation.ripe
        harvest = targets.harvest_before_days + targets.harvest_after_days
        life = float(ripe[0]) + targets.harvest_after_days
        active = scenario.company(code).programme.target_active_batches
        at_a_time = active / life * harvest
        self._scale = np.array(
            [*(1.0 / containers[stage] for stage in tuple(Stage)[:_ON_LAND]), 1.0 / at_a_time]
        )
        self._begins = np.column_stack([enters[:, :_ON_LAND], ripe - targets.harvest_before_days])
        self._ends = np.column_stack([enters[:, 1:], ripe + targets.harvest_after_days])
        self._load = np.zeros((_ON_LAND + 1, days))

    def intend(self, starts: Sequence[Start]) -> None:
        """Load what all batches need if they start as intended."""
        for start in starts:
            self._add(start, start.day, 1.0)

    def days_to_try(self, start: Start) -> list[int]:
        """Return the days of the window, best first; the batch's own load is taken off."""
        self._add(start, start.day, -1.0)
        days = start.day + self._shifts
        days = days[(days >= 0) & (days < len(self._begins))]
        cost = np.abs(days - start.day) / max(self._window, 1)
        if self._weight > 0:
            cost = cost + self._weight * self._met(days)
        return [int(day) for day in days[np.argsort(cost, kind="stable")]]

    def decide(self, start: Start, day: int) -> None:
        """Load what a batch needs that starts on ``day``."""
        self._add(start, day, 1.0)

    def _met(self, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the load that a batch meets on average, summed over the rows, for each day."""
        first = int(days.min())
        begins, ends = self._begins[days], self._ends[days]
        last = int((days[:, None] + ends).max())
        sums = np.zeros((len(self._load), last - first + 1))
        np.cumsum(self._load[:, first:last], axis=1, out=sums[:, 1:])
        rows = np.arange(len(self._load))
        low, high = days[:, None] + begins - first, days[:, None] + ends - first
        met: NDArray[np.float64] = (sums[rows, high] - sums[rows, low]) / (high - low)
        return np.asarray((met * self._scale).sum(axis=1), dtype=np.float64)

    def _add(self, start: Start, day: int, sign: float) -> None:
        needed = dict.fromkeys(tuple(Stage)[:_ON_LAND], 0)
        for need in self._yardstick.needs(start, day).moves[:-1]:
            # A split adds to what is there, a grading takes its place.
            before = needed[need.stage] if need.leaves < 1.0 else 0
            needed[need.stage] = before + need.containers
        amounts = [*needed.values(), 1]
        for row, amount in enumerate(amounts):
            begin, end = day + self._begins[day, row], day + self._ends[day, row]
            self._load[row, begin:end] += sign * amount
