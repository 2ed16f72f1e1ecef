"""The batch programme: how many batches, how large, where their eggs come from."""

from __future__ import annotations

from math import inf
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from farm.domain.facilities import FarmSize
from farm.domain.quantity import Strict, unit
from farm.domain.world import Stage


class Thinning(Strict):
    """When and how the fish of a stage are given more room: once they weigh ``weight_g``.

    A split moves a part of them into further tanks. A grading moves all of them into other tanks,
    the ``large_share`` heaviest apart from the rest. Neither happens within `shortest_stay_days`
    of the beginning or the end of the stage, nor a split where the first tanks are enough.
    """

    kind: Literal["split", "grading"]
    weight_g: Annotated[float, unit("g"), Field(gt=0)]
    fish_per_day: Annotated[int, unit("fish/day"), Field(ge=1_000)]
    large_share: Annotated[float, unit("1"), Field(ge=0.1, le=0.9)] | None = None

    @model_validator(mode="after")
    def _only_a_grading_sorts(self) -> Self:
        if (self.kind == "grading") != (self.large_share is not None):
            raise ValueError("large_share belongs to a grading, and a grading needs it")
        return self


class Moves(Strict):
    """How fast fish are moved. What is more than a day's work goes on over consecutive days.

    ``fish_per_day`` by the stage that the fish enter; at sea, boats carry ``wellboat_kg_per_day``.
    No move takes longer than ``longest`` days, however many fish there are.
    """

    fry: Annotated[int, unit("fish/day"), Field(ge=1_000)]
    parr: Annotated[int, unit("fish/day"), Field(ge=1_000)]
    smolt: Annotated[int, unit("fish/day"), Field(ge=1_000)]
    post_smolt: Annotated[int, unit("fish/day"), Field(ge=1_000)]
    wellboat_kg_per_day: Annotated[float, unit("kg/day"), Field(ge=1_000)]
    longest: Annotated[int, unit("day"), Field(ge=1, le=30)]

    def fish_per_day(self, stage: Stage, weight_g: float) -> float:
        """Return how many fish of a weight enter a stage in a day; eggs come in one delivery."""
        if stage is Stage.EGG_ALEVIN:
            return inf
        if stage is Stage.ADULT:
            return self.wellboat_kg_per_day * 1000.0 / weight_g
        rate: int = getattr(self, stage.value)
        return float(rate)


class Breeding(Strict):
    """What holds for every programme."""

    #: Share of all batches whose eggs are bought; the others come from the company's broodstock.
    external_egg_share: Annotated[float, unit("1"), Field(ge=0, le=1)]
    #: A batch may start this much earlier or later than intended.
    start_window_days: Annotated[int, unit("day"), Field(ge=0, le=180)]
    start_step_days: Annotated[int, unit("day"), Field(ge=1, le=60)]
    #: How much an even use of containers and an even harvest count against the intended day.
    levelling: Annotated[float, unit("1"), Field(ge=0, le=100)]
    #: Fish stay at least this long before they are moved again.
    shortest_stay_days: Annotated[int, unit("day"), Field(ge=1, le=60)]
    #: Room for more survivors than expected, where a container is limited by the number of fish.
    count_margin_percent: Annotated[float, unit("percent"), Field(ge=0, le=100)]
    moves: Moves
    #: By stage; no stage is thinned more than once.
    thinning: dict[Stage, Thinning]

    @field_validator("thinning", mode="before")
    @classmethod
    def _stages_are_known(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        known = [stage.value for stage in Stage if stage.is_fed and stage is not Stage.ADULT]
        if unknown := sorted(set(given) - set(known)):
            raise ValueError(f"only {', '.join(known)} can be thinned, not {', '.join(unknown)}")
        return {Stage(name): value for name, value in given.items()}

    @model_validator(mode="after")
    def _moves_are_shorter_than_stays(self) -> Self:
        if self.moves.longest >= self.shortest_stay_days:
            raise ValueError("moves.longest must be less than shortest_stay_days")
        return self


class Programme(Strict):
    """The batches of one geography in one scenario.

    ``target_active_batches``: the mean, once the first batches have been harvested; a batch is
    active from its eggs to the last day booked for its last pen. ``ramp`` multiplies the rate
    of starts in the first years, one factor a year: above 1 a new company fills its empty
    facilities faster than it will go on, and below 1 it waits until the first batches are sold.
    """

    target_active_batches: Annotated[float, unit("batch"), Field(gt=0, le=200)]
    eggs_min: Annotated[int, unit("egg"), Field(ge=1_000, le=20_000_000)]
    eggs_max: Annotated[int, unit("egg"), Field(ge=1_000, le=20_000_000)]
    ramp: Annotated[tuple[float, ...], unit("1"), Field(max_length=10)]

    @model_validator(mode="after")
    def _range(self) -> Self:
        if self.eggs_max < self.eggs_min:
            raise ValueError("eggs_max is below eggs_min")
        if any(not 0 < factor <= 3 for factor in self.ramp):
            raise ValueError("ramp must be above 0 and at most 3")
        return self


class Company(Strict):
    """What the company has in one geography, and what it does with it."""

    geography: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    facilities: FarmSize
    programme: Programme
