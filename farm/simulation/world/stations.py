"""Stations on land: halls by stage, their trays and tanks, their silos."""

from __future__ import annotations

from farm.domain import world as rows
from farm.domain.facilities import STAGES_OF_STATION
from farm.domain.geography import GeographySpec, StationKind, StationSpec
from farm.domain.scenario import Scenario
from farm.domain.world import Stage
from farm.simulation.world.fitting import Fitting
from farm.simulation.world.found import Found

#: How codes say which kind of station it is (F: facility for smolts) and which stage a hall has.
_LETTER: dict[StationKind, str] = {"hatchery": "H", "nursery": "N", "smolt_facility": "F"}
_WORD = {
    Stage.EGG_ALEVIN: "EGG",
    Stage.FRY: "FRY",
    Stage.PARR: "PARR",
    Stage.SMOLT: "SMOLT",
    Stage.POST_SMOLT: "POST",
}


def build_stations(
    found: Found,
    scenario: Scenario,
    geography_id: int,
    spec: GeographySpec,
    areas: dict[str, int],
) -> None:
    """Add the stations that the company has in a geography, with everything in them."""
    size = scenario.company(spec.code).facilities
    for kind_number, (kind, stages) in enumerate(STAGES_OF_STATION.items(), 1):
        for number, place in enumerate(spec.stations_of(kind)[: size.stations(kind)], 1):
            latitude, longitude = place.position
            station = rows.Station(
                geography_id * 1_000 + kind_number * 100 + number,
                areas[place.area],
                f"{spec.code}-{_LETTER[kind]}{number}",
                place.name,
                kind,
                latitude,
                longitude,
                place.water_source,
            )
            found.station.append(station)
            # A company opens a hatchery, a nursery, a smolt facility, and then the next hatchery.
            turn = (number - 1) * len(STAGES_OF_STATION) + kind_number
            fitting = Fitting(found, scenario, "station", station.id, turn)
            for machine in scenario.facilities.stations[place.water_source].station_equipment:
                fitting.equip("station", station.id, station.code, 1, machine)
            for stage in stages:
                _build_hall(found, scenario, fitting, station, place, stage)


def _build_hall(
    found: Found,
    scenario: Scenario,
    fitting: Fitting,
    station: rows.Station,
    place: StationSpec,
    stage: Stage,
) -> None:
    facilities = scenario.facilities
    kind = facilities.of(stage)
    hall = rows.Hall(
        station.id * 10 + stage.id,
        station.id,
        f"{station.code}-{_WORD[stage]}",
        f"{station.name}, {scenario.catalogue.stages[stage].name.lower()} hall",
        stage.id,
    )
    found.hall.append(hall)
    count = scenario.company(station.code[:2]).facilities.containers_per_station(stage)
    if stage.is_fed:
        held_kg = count * kind.volume_m3 * kind.max_density_kg_m3
        capacity_kg = facilities.feed.silo_kg(stage, held_kg)
        found.feed_store.append(
            rows.FeedStore(hall.id, None, None, f"{hall.code}-silo", "silo", capacity_kg, hall.id)
        )
    sensors = facilities.sensors_of(stage, place.water_source)
    equipment = facilities.equipment_of(stage, place.water_source)
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
            None,
            None,
            None,
            None,
        )
        found.container.append(container)
        for parameter in sensors:
            fitting.measure(kind.place, container.id, container.code, number, parameter)
        for machine in equipment:
            fitting.equip(kind.place, container.id, container.code, number, machine)
