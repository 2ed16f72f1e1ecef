"""How people sample fish: condition, estimates of biomass, gills and fins.

Parts of `farm.domain.observation`; numbers, units and sources are in
config/parameters/observation.toml. None of this changes what happens to the fish.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from farm.domain.measures import MonthOfYear, Share
from farm.domain.quantity import Strict, unit

LogSd = Annotated[float, unit("ln"), Field(ge=0, le=1)]
IntervalDays = Annotated[int, unit("day"), Field(ge=1, le=365)]


class Condition(Strict):
    """What moves the condition factor of a container's fish beside their stage and weight."""

    #: How much rounder fish at sea are at the peak of the year than on the mean, as a share.
    season_amplitude: Annotated[float, unit("1"), Field(ge=0, le=0.3)]
    season_peak: Annotated[float, unit("day of year"), Field(ge=0, le=366)]
    #: What fish lack that are sick, and what all lack on a day without feed: an empty gut.
    sick_loss: Annotated[float, unit("1"), Field(ge=0, le=0.5)]
    fasted_loss: Annotated[float, unit("1"), Field(ge=0, le=0.2)]
    #: Standard deviation between assignments, for as long as they last.
    assignment_log_sd: LogSd
    #: Correlation of condition and weight between the fish of a container.
    weight_correlation: Annotated[float, unit("1"), Field(ge=-1, le=1)]


class Estimates(Strict):
    """How far people are off who estimate how many fish there are and what they weigh.

    Both errors stay with an assignment until its fish leave: they were miscounted when they came,
    and whoever nets them does it in the same way each time.
    """

    #: Of the number at sea, relative.
    count_sd: Annotated[float, unit("1"), Field(ge=0, le=0.2)]
    #: Of the weight at sea; in a few pens the net catches another part of the fish altogether.
    weight_log_sd: LogSd
    unlike_share: Share
    unlike_log_sd: LogSd
    #: Correlation of both errors.
    correlation: Annotated[float, unit("1"), Field(ge=-1, le=1)]
    #: Errors on land, where fish can be seen and reached, as a share of those at sea.
    on_land: Share
    #: How far a new sample moves what people believe of the weight; the rest is what earlier
    #: samples and growth since then let them expect.
    newest_share: Annotated[float, unit("1"), Field(gt=0, le=1)]


class HealthSamples(Strict):
    """Fish of a container looked at one by one: gills, skin, fins, and what vaccination left."""

    fish: Annotated[int, unit("fish"), Field(ge=1, le=1000)]
    #: At sea out of season and in it, and for smolts and post-smolts on land.
    interval: IntervalDays
    season_interval: IntervalDays
    season_from: MonthOfYear
    season_to: MonthOfYear
    land_interval: IntervalDays
    #: How alike the gills of a container's fish are: the chance of each step of the score is beta
    #: distributed between fish, with this sum of its parameters.
    gill_alikeness: Annotated[float, unit("1"), Field(ge=1, le=1000)]
    #: Gills with this score or more count as affected.
    affected_from: Annotated[int, unit("score"), Field(ge=1, le=5)]
    #: Mean fin damage on land and at sea, between assignments, and by how much it grows with
    #: density.
    fins_land: Annotated[float, unit("score"), Field(ge=0, le=3)]
    fins_sea: Annotated[float, unit("score"), Field(ge=0, le=3)]
    fins_log_sd: LogSd
    fins_per_density: Annotated[float, unit("score per kg/m3"), Field(ge=0, le=0.1)]

    @model_validator(mode="after")
    def _months_in_order(self) -> Self:
        if self.season_to < self.season_from:
            raise ValueError("season_to is before season_from")
        return self
