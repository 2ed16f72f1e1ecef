from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest

from farm.domain.world import ContainerKind, Parameter, Stage
from farm.settings.scenarios import load_scenario
from farm.simulation.world import build_world

CONFIG = Path(__file__).parents[3] / "config"

#: Columns that refer to a table by another name than their own, or to none.
REFERENCES = {
    "geography_id": "geography",
    "area_id": "area",
    "station_id": "station",
    "hall_id": "hall",
    "site_id": "site",
    "container_id": "container",
    "environmental_parameter_id": "environmental_parameter",
    "lifecycle_stage_id": "lifecycle_stage",
    "strain_id": "strain",
}


@pytest.fixture(scope="module", params=["smoke", "demo", "full"])
def scenario(request):
    return load_scenario(request.param, CONFIG)


@pytest.fixture(scope="module")
def world(scenario):
    return build_world(scenario)


def test_ids_and_codes_are_unique_in_every_table(world):
    for table, rows in world.tables().items():
        for column in ("id", "code"):
            values = [row[column] for row in rows if column in row]
            assert len(values) == len(set(values)), f"{table}.{column}"


def test_ids_fit_their_columns(world):
    small = {
        "geography",
        "environmental_parameter",
        "lifecycle_stage",
        "mortality_cause",
        "quality_flag",
        "feed_type",
    }
    for table, rows in world.tables().items():
        limit = 2**15 if table in small else 2**31
        assert all(0 < row["id"] < limit for row in rows), table


def test_references_point_to_rows_that_come_before(world):
    seen: dict[str, set[object]] = {}
    for table, rows in world.tables().items():
        seen[table] = set()
        for row in rows:
            for column, value in row.items():
                if column in REFERENCES and value is not None:
                    assert value in seen[REFERENCES[column]], f"{table}.{column}"
            seen[table].add(row["id"])


def test_a_container_stands_in_a_hall_or_at_a_site(world):
    for container in world.container:
        assert (container.hall_id is None) != (container.site_id is None)
        assert (container.kind == ContainerKind.PEN) == (container.site_id is not None)


def test_there_is_as_much_of_everything_as_the_scenario_says(scenario, world):
    stations = {station.id: station for station in world.station}
    halls = {hall.id: hall for hall in world.hall}
    areas = {area.id: area.geography_id for area in world.area}
    sites = {site.id: areas[site.area_id] for site in world.site}
    found: Counter[tuple[int, int]] = Counter()
    for container in world.container:
        if container.hall_id is None:
            assert container.site_id is not None
            found[sites[container.site_id], Stage.ADULT.id] += 1
        else:
            hall = halls[container.hall_id]
            found[areas[stations[hall.station_id].area_id], hall.lifecycle_stage_id] += 1
    for geography in world.geography:
        size = scenario.company(geography.code).facilities
        assert found[geography.id, Stage.ADULT.id] == size.sites * size.pens_per_site
        assert found[geography.id, Stage.EGG_ALEVIN.id] == size.hatcheries * size.trays_per_hatchery
        assert found[geography.id, Stage.PARR.id] == size.nurseries * size.parr_tanks_per_nursery


def test_fresh_water_has_no_salinity_sensor_and_the_sea_has_one_in_every_pen(world):
    kinds = {container.id: container.kind for container in world.container}
    salinity = Counter(
        kinds[sensor.container_id]
        for sensor in world.sensor
        if sensor.environmental_parameter_id == Parameter.SALINITY.id
        and sensor.container_id is not None
    )
    assert set(salinity) == {ContainerKind.PEN.value}
    assert salinity[ContainerKind.PEN.value] == list(kinds.values()).count("pen")


def test_carbon_dioxide_is_measured_in_recirculated_tanks_only(world):
    halls = {hall.id: hall.station_id for hall in world.hall}
    sources = {station.id: station.water_source for station in world.station}
    containers = {container.id: container for container in world.container}
    measured = {
        sensor.container_id
        for sensor in world.sensor
        if sensor.environmental_parameter_id == Parameter.CO2.id
    }
    for container in containers.values():
        recirculated = (
            container.hall_id is not None
            and container.kind == ContainerKind.TANK
            and sources[halls[container.hall_id]] == "ras"
        )
        assert (container.id in measured) == recirculated


def test_every_container_knows_its_temperature_and_oxygen(world):
    mounted = {(s.container_id, s.environmental_parameter_id) for s in world.sensor}
    for container in world.container:
        for parameter in (Parameter.TEMPERATURE, Parameter.OXYGEN):
            assert (container.id, parameter.id) in mounted


def test_every_station_and_site_has_one_feed_store(world):
    assert Counter(s.station_id for s in world.feed_store if s.station_id is not None) == Counter(
        station.id for station in world.station
    )
    assert Counter(s.site_id for s in world.feed_store if s.site_id is not None) == Counter(
        site.id for site in world.site
    )


def test_pens_are_cylinders_of_the_geography_s_circumference(scenario, world):
    for spec in scenario.geographies:
        radius = spec.pens.circumference_m / (2 * math.pi)
        pens = [c for c in world.container if c.kind == "pen" and c.code.startswith(spec.code)]
        assert pens
        for pen in pens:
            assert pen.volume_m3 == pytest.approx(math.pi * radius**2 * spec.pens.depth_m, abs=0.1)


def test_sensors_are_older_than_the_fish(scenario, world):
    for sensor in world.sensor:
        assert sensor.installed_on < sensor.calibrated_on < scenario.horizon.first_day


def test_the_seed_does_not_move_the_world(scenario, world):
    assert build_world(load_scenario(scenario.name, CONFIG, seed=1)) == world
