"""Builds the world of a scenario: every place, container, sensor and catalogue row.

Ids are arithmetic. A geography's id is its position from 1; stations and sites are numbered within
it, stations from 1, sites from 501; halls add the stage; containers add the stage and a number:

    station, site   geography * 1_000 + number
    hall            station * 10 + stage
    container       (station or site) * 10_000 + stage * 1_000 + number
    sensor          container * 10 + parameter
    equipment       (container or site) * 10 + kind
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from farm.domain import world as rows
from farm.domain.facilities import STAGES_OF_STATION, ContainerType, EquipmentKind
from farm.domain.geography import GeographySpec, StationKind, StationSpec
from farm.domain.scenario import Scenario
from farm.domain.world import ContainerKind, Parameter, Stage, World
from farm.simulation import catalogues

#: Numbers of sites start above those of stations.
_FIRST_SITE = 501

#: The last digit of a piece of equipment's id.
_EQUIPMENT_NUMBER: dict[EquipmentKind, int] = {
    "feeder": 1,
    "oxygenation": 2,
    "camera": 3,
    "mortality_collector": 4,
}

#: Sensors are older than the fish: installed a year before the horizon, calibrated within the last
#: month, container by container.
_INSTALLED_BEFORE = timedelta(days=365)
_CALIBRATION_ROUND_DAYS = 28


@dataclass(slots=True)
class _Rows:
    area: list[rows.Area]
    station: list[rows.Station]
    hall: list[rows.Hall]
    site: list[rows.Site]
    container: list[rows.Container]
    sensor: list[rows.Sensor]
    equipment: list[rows.Equipment]
    feed_store: list[rows.FeedStore]
    broodstock: list[rows.Broodstock]


def build_world(scenario: Scenario) -> World:
    """Return everything that exists before the first egg arrives."""
    found = _Rows([], [], [], [], [], [], [], [], [])
    geographies = []
    strains = {s.code: i for i, s in enumerate(scenario.catalogue.strains, 1)}
    for geography_id, spec in enumerate(scenario.geographies, 1):
        geographies.append(
            rows.Geography(geography_id, spec.code, spec.name, spec.currency, spec.timezone)
        )
        areas = {}
        for number, area in enumerate(spec.areas, 1):
            areas[area.code] = geography_id * 100 + number
            found.area.append(
                rows.Area(areas[area.code], geography_id, area.code, area.name, *area.position)
            )
        _build_stations(found, scenario, geography_id, spec, areas)
        _build_sites(found, scenario, geography_id, spec, areas)
        for number, stock in enumerate(spec.broodstocks, 1):
            found.broodstock.append(
                rows.Broodstock(
                    geography_id * 100 + number,
                    geography_id,
                    strains[stock.strain],
                    stock.code,
                    stock.name,
                )
            )
    catalogue = scenario.catalogue
    return World(
        geography=tuple(geographies),
        area=tuple(found.area),
        station=tuple(found.station),
        hall=tuple(found.hall),
        site=tuple(found.site),
        environmental_parameter=catalogues.environmental_parameters(catalogue.parameters),
        lifecycle_stage=catalogues.lifecycle_stages(catalogue, scenario.facilities),
        container=tuple(found.container),
        sensor=tuple(found.sensor),
        equipment=tuple(found.equipment),
        feed_store=tuple(found.feed_store),
        strain=catalogues.strains(catalogue),
        egg_supplier=catalogues.egg_suppliers(catalogue),
        broodstock=tuple(found.broodstock),
        feed_type=catalogues.feed_types(catalogue),
        feed_supplier=catalogues.feed_suppliers(catalogue),
        mortality_cause=catalogues.mortality_causes(),
        quality_flag=catalogues.quality_flags(),
    )


def _build_stations(
    found: _Rows,
    scenario: Scenario,
    geography_id: int,
    spec: GeographySpec,
    areas: dict[str, int],
) -> None:
    size = scenario.company(spec.code).facilities
    number = 0
    for kind, stages in STAGES_OF_STATION.items():
        for within_kind, place in enumerate(spec.stations_of(kind)[: size.stations(kind)], 1):
            number += 1
            station = _station(geography_id, number, within_kind, spec.code, kind, place, areas)
            found.station.append(station)
            found.feed_store.append(
                rows.FeedStore(
                    station.id,
                    station.id,
                    None,
                    f"{station.code}-silo",
                    "silo",
                    scenario.facilities.silo_capacity_kg,
                )
            )
            for stage in stages:
                hall = rows.Hall(
                    station.id * 10 + stage.id,
                    station.id,
                    f"{station.code}-{stage.value}",
                    f"{station.name}, {stage.value.replace('_', ' ')} hall",
                    stage.id,
                )
                found.hall.append(hall)
                count = size.containers_per_station(stage)
                _fill_hall(found, scenario, station, hall, stage, count)


def _station(
    geography_id: int,
    number: int,
    within_kind: int,
    geography_code: str,
    kind: StationKind,
    place: StationSpec,
    areas: dict[str, int],
) -> rows.Station:
    latitude, longitude = place.position
    letter = {"hatchery": "H", "nursery": "N", "smolt_facility": "F"}[kind]
    return rows.Station(
        geography_id * 1_000 + number,
        areas[place.area],
        f"{geography_code}-{letter}{within_kind}",
        place.name,
        kind,
        latitude,
        longitude,
        place.water_source,
    )


def _fill_hall(
    found: _Rows,
    scenario: Scenario,
    station: rows.Station,
    hall: rows.Hall,
    stage: Stage,
    count: int,
) -> None:
    kind: ContainerType = scenario.facilities.of(stage)
    sensors = list(kind.sensors)
    if station.water_source == "ras" and kind.container is ContainerKind.TANK:
        sensors += [p for p in scenario.facilities.ras_sensors if p not in sensors]
    for number in range(1, count + 1):
        container = rows.Container(
            station.id * 10_000 + stage.id * 1_000 + number,
            hall.id,
            None,
            f"{hall.code}-{number:02d}",
            kind.container.value,
            kind.volume_m3,
            kind.max_density_kg_m3,
            kind.capacity_fish,
        )
        found.container.append(container)
        _mount(found, scenario, container, sensors, kind.equipment)


def _build_sites(
    found: _Rows,
    scenario: Scenario,
    geography_id: int,
    spec: GeographySpec,
    areas: dict[str, int],
) -> None:
    size, sea, pens = scenario.company(spec.code).facilities, scenario.facilities.sea, spec.pens
    licence_t = size.pens_per_site * pens.volume_m3 * pens.max_density_kg_m3 / 1000
    for number, place in enumerate(spec.sites[: size.sites], 1):
        latitude, longitude = place.position
        site = rows.Site(
            geography_id * 1_000 + _FIRST_SITE + number - 1,
            areas[place.area],
            f"{spec.code}-A{number:02d}",
            place.name,
            latitude,
            longitude,
            float(int(licence_t)),
            place.exposure,
        )
        found.site.append(site)
        found.feed_store.append(
            rows.FeedStore(
                site.id, None, site.id, f"{site.code}-barge", "barge", sea.barge_capacity_kg
            )
        )
        for kind in sea.site_equipment:
            found.equipment.append(_equipment(scenario, None, site.id, kind))
        for pen in range(1, size.pens_per_site + 1):
            container = rows.Container(
                site.id * 10_000 + Stage.ADULT.id * 1_000 + pen,
                None,
                site.id,
                f"{site.code}-P{pen:02d}",
                ContainerKind.PEN.value,
                pens.volume_m3,
                pens.max_density_kg_m3,
                pens.capacity_fish,
            )
            found.container.append(container)
            _mount(found, scenario, container, sea.sensors, sea.equipment)


def _mount(
    found: _Rows,
    scenario: Scenario,
    container: rows.Container,
    sensors: list[Parameter] | tuple[Parameter, ...],
    equipment: tuple[EquipmentKind, ...],
) -> None:
    first_day = scenario.horizon.first_day
    calibrated = first_day - timedelta(days=1 + container.id % _CALIBRATION_ROUND_DAYS)
    for parameter in sorted(sensors, key=lambda p: p.id):
        found.sensor.append(
            rows.Sensor(
                container.id * 10 + parameter.id,
                container.id,
                None,
                parameter.id,
                f"{container.code}-{parameter.value}",
                scenario.facilities.sensor_models[parameter],
                _installed_on(first_day),
                calibrated,
            )
        )
    for kind in equipment:
        found.equipment.append(_equipment(scenario, container.id, None, kind))


def _equipment(
    scenario: Scenario, container_id: int | None, site_id: int | None, kind: EquipmentKind
) -> rows.Equipment:
    place = container_id if site_id is None else site_id
    if place is None:
        raise ValueError("equipment stands in a container or at a site")
    return rows.Equipment(
        place * 10 + _EQUIPMENT_NUMBER[kind],
        container_id,
        site_id,
        kind,
        scenario.facilities.equipment_models[kind],
        _installed_on(scenario.horizon.first_day),
    )


def _installed_on(first_day: date) -> date:
    return first_day - _INSTALLED_BEFORE
