"""How large silos and barges are: days of feed for the fish that their place may hold."""

from __future__ import annotations

from math import ceil
from typing import Annotated

from pydantic import Field

from farm.domain.quantity import Strict, unit
from farm.domain.world import Stage

#: What fish eat in a day when they fill their containers to the limit.
FeedRate = Annotated[float, unit("percent/day"), Field(gt=0, le=10)]


class DailyFeed(Strict):
    """The daily feed of fish that fill their containers to the limit, by where they are."""

    fry: FeedRate
    parr: FeedRate
    smolt: FeedRate
    post_smolt: FeedRate
    sea: FeedRate

    def of(self, stage: Stage) -> float:
        """Return the percentage of the biomass that is fed in a day, 0 for eggs and alevins."""
        if not stage.is_fed:
            return 0.0
        rate: float = self.sea if stage is Stage.ADULT else getattr(self, stage.value)
        return rate


class FeedRoom(Strict):
    """How large silos and barges are: days of feed for what their place may hold, in steps."""

    daily_feed: DailyFeed
    days: Annotated[float, unit("day"), Field(gt=0, le=60)]
    silo_step_kg: Annotated[float, unit("kg"), Field(gt=0)]
    barge_step_kg: Annotated[float, unit("kg"), Field(gt=0)]

    def silo_kg(self, stage: Stage, held_kg: float) -> float:
        """Return the capacity of the silo of a hall that may hold so much fish."""
        return self._steps(stage, held_kg, self.silo_step_kg)

    def barge_kg(self, held_kg: float) -> float:
        """Return the capacity of the barge of a site that may hold so much fish."""
        return self._steps(Stage.ADULT, held_kg, self.barge_step_kg)

    def _steps(self, stage: Stage, held_kg: float, step_kg: float) -> float:
        wanted = held_kg * self.daily_feed.of(stage) / 100 * self.days
        return max(ceil(wanted / step_kg), 1) * step_kg
