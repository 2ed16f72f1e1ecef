"""A geography as configured: places, pens, the law, and the weights at which its fish move on."""

from __future__ import annotations

from itertools import combinations
from math import pi
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from farm.domain.measures import Name
from farm.domain.positions import distance_m
from farm.domain.quantity import Strict, unit

#: Latitude and longitude.
Position = Annotated[
    tuple[float, ...],
    unit("°N, °E"),
    Field(min_length=2, max_length=2),
]

StationKind = Literal["hatchery", "nursery", "smolt_facility"]
WaterSource = Literal["flow_through", "ras"]
Exposure = Literal["sheltered", "moderate", "exposed"]


class Bounds(Strict):
    """The box in which all of a geography lies."""

    southwest: Position
    northeast: Position

    def holds(self, position: tuple[float, ...]) -> bool:
        """Return whether a position lies in the box."""
        return all(
            low <= here <= high
            for low, here, high in zip(self.southwest, position, self.northeast, strict=True)
        )


class AreaSpec(Strict):
    """A production area: a circle around its middle."""

    code: Name
    name: Name
    position: Position
    radius_km: Annotated[float, unit("km"), Field(gt=0, le=200)]


class StationSpec(Strict):
    """A place where a freshwater station stands or could stand."""

    name: Name
    area: Name
    kind: StationKind
    water_source: WaterSource
    position: Position


class SiteSpec(Strict):
    """A fjord, loch or sound with a sea site."""

    name: Name
    area: Name
    exposure: Exposure
    position: Position


class BroodstockSpec(Strict):
    """A broodstock of the company's own."""

    code: Name
    name: Name
    strain: Name


class DensityLimit(Strict):
    """The highest density allowed for fish from this weight on."""

    from_weight_g: Annotated[float, unit("g"), Field(ge=0)]
    limit_kg_m3: Annotated[float, unit("kg/m3"), Field(gt=0)]


class PenSize(Strict):
    """The size of a pen: a ring of floating pipe and the depth of its net."""

    circumference_m: Annotated[float, unit("m"), Field(ge=50, le=250)]
    depth_m: Annotated[float, unit("m"), Field(ge=3, le=60)]

    @property
    def diameter_m(self) -> float:
        """The diameter of the ring."""
        return self.circumference_m / pi

    @property
    def volume_m3(self) -> float:
        """Volume of a pen, taken as a cylinder: circumference squared / (4 pi) times depth."""
        return round(self.circumference_m**2 / (4 * pi) * self.depth_m, 1)


class Licence(Strict):
    """What the biomass licence (Scotland: consent) of a site says.

    Licences are written in whole steps for what the site's pens may hold, and none is above the
    ceiling.
    """

    step_t: Annotated[float, unit("t"), Field(gt=0)]
    ceiling_t: Annotated[float, unit("t"), Field(gt=0)]

    def for_pens(self, volume_m3: float, density_kg_m3: float) -> float:
        """Return the licensed biomass of a site in tonnes, by its pens' volume and density."""
        steps = volume_m3 * density_kg_m3 / 1000 // self.step_t
        return min(max(steps, 1) * self.step_t, self.ceiling_t)


class PenSpec(PenSize):
    """The pens of a geography and the rules for using them.

    The size is the least that the programme can count on; pens at sites of some exposures may be
    wider or deeper, never of less volume.
    """

    by_exposure: dict[Exposure, PenSize]
    licence: Licence
    capacity_fish: Annotated[int, unit("fish"), Field(ge=1)]
    fallow_days: Annotated[int, unit("day"), Field(ge=28, le=365)]
    density_limits: Annotated[tuple[DensityLimit, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _limits_rise(self) -> Self:
        weights = [step.from_weight_g for step in self.density_limits]
        if weights[0] != 0 or weights != sorted(set(weights)):
            raise ValueError("density_limits must start at 0 g and rise in weight")
        return self

    @model_validator(mode="after")
    def _no_pen_is_smaller(self) -> Self:
        for exposure, size in self.by_exposure.items():
            if size.volume_m3 < self.volume_m3:
                raise ValueError(
                    f"by_exposure.{exposure}: {size.volume_m3:,.0f} m3 is less than the"
                    f" {self.volume_m3:,.0f} m3 of the geography's pens"
                )
        return self

    def size(self, exposure: Exposure) -> PenSize:
        """Return the size of pens at sites of an exposure."""
        return self.by_exposure.get(exposure, self)

    @property
    def max_density_kg_m3(self) -> float:
        """The limit for the heaviest fish."""
        return self.density_limits[-1].limit_kg_m3


class TransferWeight(Strict):
    """The sea transfer weight aimed at from January of a year on; straight lines in between."""

    year: Annotated[int, unit("year"), Field(ge=1970, le=2100)]
    weight_g: Annotated[float, unit("g"), Field(gt=0)]


class StageTargets(Strict):
    """Weights at which fish leave the stages, and the length of a harvest.

    The pens of a batch are emptied one after another, from ``harvest_before_days`` before the day
    on which the harvest weight (see `farm.domain.biology`) is expected to ``harvest_after_days``
    behind it.
    """

    egg_alevin_g: Annotated[float, unit("g"), Field(gt=0)]
    fry_g: Annotated[float, unit("g"), Field(gt=0)]
    parr_g: Annotated[float, unit("g"), Field(gt=0)]
    smolt_g: Annotated[float, unit("g"), Field(gt=0)]
    sea_transfer: Annotated[tuple[TransferWeight, ...], Field(min_length=1)]
    harvest_before_days: Annotated[int, unit("day"), Field(ge=0, le=120)]
    harvest_after_days: Annotated[int, unit("day"), Field(ge=1, le=180)]

    @model_validator(mode="after")
    def _weights_rise(self) -> Self:
        lightest_at_sea = min(step.weight_g for step in self.sea_transfer)
        weights = [self.egg_alevin_g, self.fry_g, self.parr_g, self.smolt_g, lightest_at_sea]
        if weights != sorted(set(weights)):
            raise ValueError("weights must rise from egg_alevin_g to fry_g … to sea_transfer")
        years = [step.year for step in self.sea_transfer]
        if years != sorted(set(years)):
            raise ValueError("sea_transfer must rise in years")
        return self

    @property
    def harvest_stagger_days(self) -> int:
        """Days between the turns of the first and the last pen of a batch: three of four days."""
        return 3 * (self.harvest_before_days + self.harvest_after_days) // 4


class LiceLimitSpec(Strict):
    """Adult female lice per fish that the rules name, from a day on and in a season."""

    kind: Literal["treat", "report", "enforce"]
    since: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    until: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    first_month: Annotated[int, unit("month"), Field(ge=1, le=12)]
    last_month: Annotated[int, unit("month"), Field(ge=1, le=12)]
    adult_female: Annotated[float, unit("lice/fish"), Field(gt=0, le=20)]


class GeographySpec(Strict):
    """Everything that is true of a geography in every scenario."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    name: Name
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    timezone: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z_]+/[A-Z][A-Za-z_]+$")]
    bounds: Bounds
    #: No two sea sites lie closer to each other.
    sites_apart_km: Annotated[float, unit("km"), Field(gt=0, le=20)]
    areas: Annotated[tuple[AreaSpec, ...], Field(min_length=1)]
    stations: Annotated[tuple[StationSpec, ...], Field(min_length=3)]
    sites: Annotated[tuple[SiteSpec, ...], Field(min_length=1)]
    broodstocks: Annotated[tuple[BroodstockSpec, ...], Field(min_length=1)]
    pens: PenSpec
    stages: StageTargets
    #: How many batches start in each calendar month, relative to each other.
    start_weights: Annotated[tuple[float, ...], unit("1"), Field(min_length=12, max_length=12)]
    lice_limits: Annotated[tuple[LiceLimitSpec, ...], Field(min_length=1)]

    @field_validator("start_weights")
    @classmethod
    def _some_month_starts(cls, weights: tuple[float, ...]) -> tuple[float, ...]:
        if min(weights) < 0 or sum(weights) <= 0:
            raise ValueError("weights must not be negative, and one month must start batches")
        return weights

    @model_validator(mode="after")
    def _areas_exist(self) -> Self:
        known = {area.code for area in self.areas}
        places = [(station.name, station.area) for station in self.stations]
        places += [(site.name, site.area) for site in self.sites]
        for name, area in places:
            if area not in known:
                raise ValueError(f'"{name}" lies in unknown area "{area}"')
        return self

    @model_validator(mode="after")
    def _places_lie_where_they_should(self) -> Self:
        areas = {area.code: area for area in self.areas}
        places: tuple[StationSpec | SiteSpec, ...] = (*self.stations, *self.sites)
        for place in places:
            area = areas[place.area]
            if not self.bounds.holds(place.position):
                raise ValueError(f'"{place.name}" lies outside of {self.name}')
            if distance_m(place.position, area.position) > area.radius_km * 1000:
                raise ValueError(f'"{place.name}" lies outside of area "{area.code}"')
        for one, other in combinations(self.sites, 2):
            if distance_m(one.position, other.position) < self.sites_apart_km * 1000:
                raise ValueError(f'"{one.name}" and "{other.name}" lie too close to each other')
        return self

    def stations_of(self, kind: StationKind) -> tuple[StationSpec, ...]:
        """Return the stations of one kind, in the order of the file."""
        return tuple(station for station in self.stations if station.kind == kind)
