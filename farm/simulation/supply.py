"""What a plan promises to whoever buys the fish: when there is something to harvest, and how much.

Counted in pens on the day that each is expected to be emptied, half-way through its window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from farm.domain.calendar import Month
from farm.domain.plan import Plan
from farm.domain.scenario import Scenario
from farm.domain.world import Stage


@dataclass(frozen=True, slots=True)
class Supply:
    """The harvest of one geography: pens by month of the horizon, from the first harvest on.

    ``longest_gap_days`` lies between two harvests; 0 where there are fewer than two.
    """

    pens: Mapping[str, int]
    longest_gap_days: int

    @property
    def empty_months(self) -> tuple[str, ...]:
        """The months without a harvest."""
        return tuple(month for month, pens in self.pens.items() if not pens)


def supply(scenario: Scenario, plan: Plan) -> dict[str, Supply]:
    """Return the harvest of each geography within the horizon, by geography code."""
    codes = dict(enumerate(scenario.geography_codes, 1))
    last_day = scenario.horizon.last_day
    days = {
        code: sorted(
            day
            for batch in plan.batches
            if codes[batch.geography_id] == code
            for booking in batch.bookings
            if booking.stage is Stage.ADULT and (day := booking.expected_end) <= last_day
        )
        for code in codes.values()
    }
    found: dict[str, Supply] = {}
    for code, harvests in days.items():
        pens = {
            str(month): 0
            for month in scenario.horizon.months()
            if harvests and month >= Month.of(harvests[0])
        }
        for day in harvests:
            pens[str(Month.of(day))] += 1
        gaps = [(after - before).days for before, after in pairwise(harvests)]
        found[code] = Supply(pens, max(gaps, default=0))
    return found
