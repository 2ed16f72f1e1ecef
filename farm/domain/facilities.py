"""What a company's freshwater halls and sea sites are built of, the same in every scenario."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from farm.domain.geography import StationKind
from farm.domain.quantity import Strict, unit
from farm.domain.world import ContainerKind, Parameter, Stage

EquipmentKind = Literal["feeder", "oxygenation", "camera", "mortality_collector"]


class ContainerType(Strict):
    """The containers in which one freshwater stage lives.

    ``cleaning_days`` stay empty after each use. ``safety_margin_percent`` is the room planned
    beyond what the fish are expected to need, so that limits hold when they grow faster.
    """

    container: Literal[ContainerKind.TRAY, ContainerKind.TANK]
    volume_m3: Annotated[float, unit("m3"), Field(gt=0)]
    max_density_kg_m3: Annotated[float, unit("kg/m3"), Field(gt=0, le=120)]
    capacity_fish: Annotated[int, unit("fish"), Field(ge=1)]
    cleaning_days: Annotated[int, unit("day"), Field(ge=0, le=90)]
    safety_margin_percent: Annotated[float, unit("percent"), Field(ge=0, le=300)]
    sensors: Annotated[tuple[Parameter, ...], Field(min_length=1)]
    equipment: tuple[EquipmentKind, ...]

    @model_validator(mode="after")
    def _fresh_water_has_no_salinity(self) -> Self:
        if Parameter.SALINITY in self.sensors:
            raise ValueError("fresh water has no salinity sensor")
        return self


class SeaType(Strict):
    """What every pen and site at sea has; sizes and rules are the geography's."""

    safety_margin_percent: Annotated[float, unit("percent"), Field(ge=0, le=300)]
    sensors: Annotated[tuple[Parameter, ...], Field(min_length=1)]
    equipment: tuple[EquipmentKind, ...]
    site_equipment: tuple[EquipmentKind, ...]
    barge_capacity_kg: Annotated[float, unit("kg"), Field(gt=0)]


class Facilities(Strict):
    """Containers by stage, with what is mounted in them."""

    egg_alevin: ContainerType
    fry: ContainerType
    parr: ContainerType
    smolt: ContainerType
    post_smolt: ContainerType
    sea: SeaType
    silo_capacity_kg: Annotated[float, unit("kg"), Field(gt=0)]
    #: Sensors that tanks of a recirculating station have besides those of their stage.
    ras_sensors: tuple[Parameter, ...]
    sensor_models: dict[Parameter, str]
    equipment_models: dict[EquipmentKind, str]

    @model_validator(mode="after")
    def _models_are_named(self) -> Self:
        halls = [self.of(stage) for stage in Stage if stage is not Stage.ADULT]
        parameters = {p for hall in halls for p in hall.sensors} | set(self.sea.sensors)
        if missing := (parameters | set(self.ras_sensors)) - set(self.sensor_models):
            raise ValueError(f"sensor_models lacks {', '.join(sorted(missing))}")
        kinds = {kind for hall in halls for kind in hall.equipment}
        used = kinds | set(self.sea.equipment) | set(self.sea.site_equipment)
        if unnamed := used - set(self.equipment_models):
            raise ValueError(f"equipment_models lacks {', '.join(sorted(unnamed))}")
        if self.egg_alevin.container is not ContainerKind.TRAY:
            raise ValueError("egg_alevin.container must be tray")
        return self

    def of(self, stage: Stage) -> ContainerType:
        """Return the containers of a freshwater stage; adults live in the geography's pens."""
        if stage is Stage.ADULT:
            raise KeyError(stage)
        found: ContainerType = getattr(self, stage.value)
        return found


#: Which kind of station houses a freshwater stage, and which stages a kind has, in hall order.
STAGES_OF_STATION: dict[StationKind, tuple[Stage, ...]] = {
    "hatchery": (Stage.EGG_ALEVIN,),
    "nursery": (Stage.FRY, Stage.PARR),
    "smolt_facility": (Stage.SMOLT, Stage.POST_SMOLT),
}

#: The field of `FarmSize` that counts the stations of a kind.
STATION_FIELDS: dict[StationKind, str] = {
    "hatchery": "hatcheries",
    "nursery": "nurseries",
    "smolt_facility": "smolt_facilities",
}


class FarmSize(Strict):
    """How much of a geography one scenario's company has."""

    hatcheries: Annotated[int, unit("station"), Field(ge=1, le=9)]
    trays_per_hatchery: Annotated[int, unit("tray"), Field(ge=1, le=999)]
    nurseries: Annotated[int, unit("station"), Field(ge=1, le=9)]
    fry_tanks_per_nursery: Annotated[int, unit("tank"), Field(ge=1, le=999)]
    parr_tanks_per_nursery: Annotated[int, unit("tank"), Field(ge=1, le=999)]
    smolt_facilities: Annotated[int, unit("station"), Field(ge=1, le=9)]
    smolt_tanks_per_facility: Annotated[int, unit("tank"), Field(ge=1, le=999)]
    post_smolt_tanks_per_facility: Annotated[int, unit("tank"), Field(ge=1, le=999)]
    sites: Annotated[int, unit("site"), Field(ge=1, le=99)]
    pens_per_site: Annotated[int, unit("pen"), Field(ge=1, le=20)]

    def stations(self, kind: StationKind) -> int:
        """Return the number of stations of a kind."""
        number: int = getattr(self, STATION_FIELDS[kind])
        return number

    def containers_per_station(self, stage: Stage) -> int:
        """Return how many trays or tanks one station has for a freshwater stage."""
        return {
            Stage.EGG_ALEVIN: self.trays_per_hatchery,
            Stage.FRY: self.fry_tanks_per_nursery,
            Stage.PARR: self.parr_tanks_per_nursery,
            Stage.SMOLT: self.smolt_tanks_per_facility,
            Stage.POST_SMOLT: self.post_smolt_tanks_per_facility,
        }[stage]
