"""Instruments and machines as configured: where they are mounted, how long they last, which model.

The model depends on the year in which a piece was bought: an old site reads its oxygen off other
probes than a new one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from farm.domain.calendar import YEAR
from farm.domain.measures import Name
from farm.domain.quantity import Strict, unit

#: What something is mounted in or on.
MountPlace = Literal["tray", "tank", "pen", "site", "station"]

EquipmentKind = Literal[
    "feeder",
    "oxygenation",
    "camera",
    "mortality_collector",
    "aerator",
    "lice_skirt",
    "net_cleaner",
    "generator",
    "water_treatment",
]


class Model(Strict):
    """A model and the year from which it is what one buys."""

    from_year: Annotated[int, unit("year"), Field(ge=1960, le=2100)]
    name: Name


Models = Annotated[tuple[Model, ...], Field(min_length=1)]


class Mount(Strict):
    """Where an instrument hangs; the depth is None in air."""

    position: Name
    depth_m: Annotated[Annotated[float, Field(ge=0, le=60)] | None, unit("m")] = None


class Instrument(Strict):
    """What measures one parameter, and where it is mounted."""

    life_years: Annotated[float, unit("year"), Field(ge=0.5, le=40)]
    models: Models
    mounts: dict[MountPlace, Mount]

    @model_validator(mode="after")
    def _models_follow(self) -> Self:
        _check_order(self.models)
        return self

    def model(self, installed_on: date) -> str:
        """Return the model bought on a day."""
        return _bought(self.models, installed_on)


class Machine(Strict):
    """One kind of equipment: its models by place, its life and its maintenance."""

    life_years: Annotated[float, unit("year"), Field(ge=0.5, le=40)]
    service_interval_days: Annotated[int, unit("day"), Field(ge=7, le=1095)]
    models: dict[MountPlace, Models]

    @model_validator(mode="after")
    def _models_follow(self) -> Self:
        for models in self.models.values():
            _check_order(models)
        return self

    def model(self, place: MountPlace, installed_on: date) -> str:
        """Return the model bought for a place on a day; raises KeyError where none is made."""
        return _bought(self.models[place], installed_on)


class FittingOut(Strict):
    """When places were opened and fitted out, counted back from the first day of the scenario.

    The first station and the first site of a geography are the oldest; each further one was opened
    so many days after the one before it. None is newer than ``newest_days``.
    """

    oldest_station_days: Annotated[int, unit("day"), Field(ge=200, le=20_000)]
    stations_apart_days: Annotated[int, unit("day"), Field(ge=0, le=2_000)]
    oldest_site_days: Annotated[int, unit("day"), Field(ge=200, le=20_000)]
    sites_apart_days: Annotated[int, unit("day"), Field(ge=0, le=2_000)]
    newest_days: Annotated[int, unit("day"), Field(ge=150, le=2_000)]
    #: The containers of a new place are fitted out over so many days.
    commissioning_days: Annotated[int, unit("day"), Field(ge=1, le=120)]

    def opened_on(self, first_day: date, place: Literal["station", "site"], number: int) -> date:
        """Return the day on which the place with this number, from 1, was opened."""
        oldest, apart = (
            (self.oldest_station_days, self.stations_apart_days)
            if place == "station"
            else (self.oldest_site_days, self.sites_apart_days)
        )
        return first_day - timedelta(days=max(oldest - apart * (number - 1), self.newest_days))


def installed_on(first_bought: date, life_years: float, today: date) -> date:
    """Return the day on which what serves ``today`` was installed.

    It was bought first on ``first_bought``, not after today, and replaced whenever its life ended.
    """
    life = max(round(life_years * YEAR), 1)
    return first_bought + timedelta(days=(today - first_bought).days // life * life)


def _bought(models: tuple[Model, ...], installed_on: date) -> str:
    found = [model.name for model in models if model.from_year <= installed_on.year]
    return found[-1] if found else models[0].name


def _check_order(models: tuple[Model, ...]) -> None:
    years = [model.from_year for model in models]
    if years != sorted(set(years)):
        raise ValueError("models must rise in from_year")
