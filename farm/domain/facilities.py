"""What a company's freshwater halls and sea sites are built of, the same in every scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from farm.domain.equipment import EquipmentKind, FittingOut, Instrument, Machine, MountPlace
from farm.domain.feed_stores import FeedRoom
from farm.domain.geography import Exposure, StationKind, WaterSource
from farm.domain.quantity import Strict, unit
from farm.domain.world import ContainerKind, Parameter, Stage


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

    @property
    def place(self) -> MountPlace:
        """What instruments and machines are mounted in."""
        return "tray" if self.container is ContainerKind.TRAY else "tank"


class StationType(Strict):
    """What stations with one kind of water have besides what their stages ask for."""

    tank_sensors: tuple[Parameter, ...]
    tank_equipment: tuple[EquipmentKind, ...]
    station_equipment: tuple[EquipmentKind, ...]

    @model_validator(mode="after")
    def _fresh_water_has_no_salinity(self) -> Self:
        if Parameter.SALINITY in self.tank_sensors:
            raise ValueError("fresh water has no salinity sensor")
        return self


class SeaType(Strict):
    """What every pen and site at sea has; sizes and rules are the geography's."""

    safety_margin_percent: Annotated[float, unit("percent"), Field(ge=0, le=300)]
    sensors: Annotated[tuple[Parameter, ...], Field(min_length=1)]
    equipment: tuple[EquipmentKind, ...]
    #: What pens have besides, by the exposure of their site.
    equipment_by_exposure: dict[Exposure, tuple[EquipmentKind, ...]]
    site_sensors: tuple[Parameter, ...]
    site_equipment: tuple[EquipmentKind, ...]
    #: Pens are moored in the cells of a grid, each so many pen diameters wide.
    mooring_cell: Annotated[float, unit("pen diameter"), Field(ge=1.2, le=4)]


class Facilities(Strict):
    """Containers by stage, with what is mounted in them."""

    egg_alevin: ContainerType
    fry: ContainerType
    parr: ContainerType
    smolt: ContainerType
    post_smolt: ContainerType
    sea: SeaType
    stations: dict[WaterSource, StationType]
    feed: FeedRoom
    fitting_out: FittingOut
    instruments: dict[Parameter, Instrument]
    machines: dict[EquipmentKind, Machine]

    @model_validator(mode="after")
    def _everything_is_known(self) -> Self:
        if self.egg_alevin.container is not ContainerKind.TRAY:
            raise ValueError("egg_alevin.container must be tray")
        if missing := {"flow_through", "ras"} - set(self.stations):
            raise ValueError(f"stations lacks {', '.join(sorted(missing))}")
        for parameter, place in self._measured():
            instrument = self.instruments.get(parameter)
            if instrument is None or place not in instrument.mounts:
                raise ValueError(f"instruments.{parameter}.mounts lacks {place}")
        for kind, place in self._equipped():
            machine = self.machines.get(kind)
            if machine is None or place not in machine.models:
                raise ValueError(f"machines.{kind}.models lacks {place}")
        return self

    def of(self, stage: Stage) -> ContainerType:
        """Return the containers of a freshwater stage; adults live in the geography's pens."""
        if stage is Stage.ADULT:
            raise KeyError(stage)
        found: ContainerType = getattr(self, stage.value)
        return found

    def sensors_of(self, stage: Stage, water: WaterSource) -> tuple[Parameter, ...]:
        """Return what is measured in each container of a hall, in the order of the enum."""
        hall = self.of(stage)
        tank = hall.container is ContainerKind.TANK
        return _in_order(hall.sensors, self.stations[water].tank_sensors if tank else ())

    def equipment_of(self, stage: Stage, water: WaterSource) -> tuple[EquipmentKind, ...]:
        """Return what is mounted in each container of a hall."""
        hall = self.of(stage)
        tank = hall.container is ContainerKind.TANK
        return _together(hall.equipment, self.stations[water].tank_equipment if tank else ())

    def pen_equipment(self, exposure: Exposure) -> tuple[EquipmentKind, ...]:
        """Return what is mounted on each pen of a site."""
        return _together(self.sea.equipment, self.sea.equipment_by_exposure.get(exposure, ()))

    def _measured(self) -> Iterator[tuple[Parameter, MountPlace]]:
        for stage in Stage:
            if stage is not Stage.ADULT:
                for water in self.stations:
                    for parameter in self.sensors_of(stage, water):
                        yield parameter, self.of(stage).place
        yield from ((parameter, "pen") for parameter in self.sea.sensors)
        yield from ((parameter, "site") for parameter in self.sea.site_sensors)

    def _equipped(self) -> Iterator[tuple[EquipmentKind, MountPlace]]:
        for water, station in self.stations.items():
            yield from ((kind, "station") for kind in station.station_equipment)
            for stage in Stage:
                if stage is not Stage.ADULT:
                    for kind in self.equipment_of(stage, water):
                        yield kind, self.of(stage).place
        for exposure in self.sea.equipment_by_exposure:
            yield from ((kind, "pen") for kind in self.pen_equipment(exposure))
        yield from ((kind, "pen") for kind in self.sea.equipment)
        yield from ((kind, "site") for kind in self.sea.site_equipment)


def _in_order(*groups: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    wanted = {parameter for group in groups for parameter in group}
    return tuple(parameter for parameter in Parameter if parameter in wanted)


def _together(*groups: tuple[EquipmentKind, ...]) -> tuple[EquipmentKind, ...]:
    return tuple(dict.fromkeys(kind for group in groups for kind in group))


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
