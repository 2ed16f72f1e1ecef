"""The batch programme: how many batches, how large, where their eggs come from."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from farm.domain.facilities import FarmSize
from farm.domain.quantity import Strict, unit


class Breeding(Strict):
    """What holds for every programme."""

    #: Share of all batches whose eggs are bought; the others come from the company's broodstock.
    external_egg_share: Annotated[float, unit("1"), Field(ge=0, le=1)]
    #: A batch may start this much earlier or later than intended where containers are short.
    start_window_days: Annotated[int, unit("day"), Field(ge=0, le=180)]
    start_step_days: Annotated[int, unit("day"), Field(ge=1, le=60)]
    #: Fish stay at least this long in every stage.
    shortest_stay_days: Annotated[int, unit("day"), Field(ge=1, le=60)]


class Programme(Strict):
    """The batches of one geography in one scenario.

    ``first_year_rate`` multiplies the rate of starts in the first year: above 1 a new company
    fills its empty facilities faster, below 1 it begins with care.
    """

    target_active_batches: Annotated[float, unit("batch"), Field(gt=0, le=200)]
    eggs_min: Annotated[int, unit("egg"), Field(ge=1_000, le=20_000_000)]
    eggs_max: Annotated[int, unit("egg"), Field(ge=1_000, le=20_000_000)]
    first_year_rate: Annotated[float, unit("1"), Field(gt=0, le=3)]

    @model_validator(mode="after")
    def _range(self) -> Self:
        if self.eggs_max < self.eggs_min:
            raise ValueError("eggs_max is below eggs_min")
        return self


class Company(Strict):
    """What the company has in one geography, and what it does with it."""

    geography: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    facilities: FarmSize
    programme: Programme
