from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from farm.domain.positions import distance_m
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
    "disease_id": "disease",
    "vaccine_id": "vaccine",
}

#: What is measured on the reference buoy and the barge, not in a pen.
OF_THE_SITE = {
    Parameter.CURRENT.id,
    Parameter.AIR_TEMPERATURE.id,
    Parameter.WIND_SPEED.id,
    Parameter.WAVE_HEIGHT.id,
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
        "disease",
        "treatment_type",
        "vaccine",
        "vaccine_protection",
        "lab_test",
    }
    for table, rows in world.tables().items():
        limit = 2**15 if table in small else 2**31
        # What a vaccine protects from is known by both, and has no id of its own.
        key = "vaccine_id" if table == "vaccine_protection" else "id"
        assert all(0 < row[key] < limit for row in rows), table


def test_references_point_to_rows_that_come_before(world):
    seen: dict[str, set[object]] = {}
    for table, rows in world.tables().items():
        seen[table] = set()
        for row in rows:
            for column, value in row.items():
                if column in REFERENCES and value is not None:
                    assert value in seen[REFERENCES[column]], f"{table}.{column}"
            seen[table].add(row.get("id"))


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


def test_the_seed_does_not_move_the_world(scenario, world):
    assert build_world(load_scenario(scenario.name, CONFIG, seed=1)) == world


def test_everything_is_mounted_in_one_place(world):
    for row in (*world.sensor, *world.equipment, *world.feed_store):
        places = ("container_id", "hall_id", "station_id", "site_id")
        assert sum(getattr(row, place, None) is not None for place in places) == 1, row.code


def test_every_site_has_its_own_weather_and_current_sensors_and_no_container_has(world):
    measured = defaultdict(set)
    for sensor in world.sensor:
        if sensor.site_id is None:
            assert sensor.environmental_parameter_id not in OF_THE_SITE
        else:
            measured[sensor.site_id].add(sensor.environmental_parameter_id)
            assert sensor.id == sensor.site_id * 10 + sensor.environmental_parameter_id
    assert measured == {site.id: OF_THE_SITE for site in world.site}


def test_sensors_hang_in_the_water_of_their_container_and_the_weather_is_in_the_air(world):
    depths = {container.id: container.depth_m for container in world.container}
    in_air = {Parameter.AIR_TEMPERATURE.id, Parameter.WIND_SPEED.id}
    for sensor in world.sensor:
        assert sensor.position
        assert (sensor.depth_m is None) == (sensor.environmental_parameter_id in in_air)
        if sensor.container_id is not None and (depth := depths[sensor.container_id]) is not None:
            assert sensor.depth_m is not None
            assert 0 < sensor.depth_m < depth


def test_fed_halls_have_a_silo_sites_a_barge_and_eggs_nothing_to_eat(world):
    fed = [hall.id for hall in world.hall if hall.lifecycle_stage_id != Stage.EGG_ALEVIN.id]
    silos = [store for store in world.feed_store if store.kind == "silo"]
    barges = [store for store in world.feed_store if store.kind == "barge"]
    assert sorted(store.hall_id or 0 for store in silos) == sorted(fed)
    assert sorted(store.site_id or 0 for store in barges) == sorted(site.id for site in world.site)
    assert len(silos) + len(barges) == len(world.feed_store)


def test_feed_stores_hold_days_of_feed_for_as_much_fish_as_may_be_there(scenario, world):
    feed = scenario.facilities.feed
    stages = {hall.id: list(Stage)[hall.lifecycle_stage_id - 1] for hall in world.hall}
    held_kg = {site.id: site.max_biomass_t * 1000 for site in world.site}
    for container in world.container:
        if container.hall_id is not None:
            held = container.volume_m3 * container.max_density_kg_m3
            held_kg[container.hall_id] = held_kg.get(container.hall_id, 0.0) + held
    for store in world.feed_store:
        place = store.hall_id or store.site_id
        assert place is not None
        stage = stages.get(place, Stage.ADULT)
        daily_kg = held_kg[place] * feed.daily_feed.of(stage) / 100
        step_kg = feed.barge_step_kg if store.kind == "barge" else feed.silo_step_kg
        assert 0 <= store.capacity_kg - daily_kg * feed.days < step_kg


def test_stations_and_sites_can_run_without_the_grid(world):
    generators = [machine for machine in world.equipment if machine.kind == "generator"]
    assert {m.station_id for m in generators} - {None} == {s.id for s in world.station}
    assert {m.site_id for m in generators} - {None} == {s.id for s in world.site}


def test_lice_skirts_and_aerators_hang_where_the_current_lets_them(world):
    exposures = {site.id: site.exposure for site in world.site}
    pens = {c.id: exposures[c.site_id] for c in world.container if c.site_id is not None}
    found = {(m.kind, pens[m.container_id]) for m in world.equipment if m.container_id in pens}
    assert ("lice_skirt", "exposed") not in found
    assert {exposure for kind, exposure in found if kind == "aerator"} <= {"sheltered"}


def test_pens_are_cylinders_of_their_own_circumference_and_depth(world):
    for container in world.container:
        if container.kind != ContainerKind.PEN:
            assert container.circumference_m is None
            assert container.depth_m is None
            continue
        assert container.circumference_m is not None
        assert container.depth_m is not None
        radius = container.circumference_m / (2 * math.pi)
        volume = math.pi * radius**2 * container.depth_m
        assert container.volume_m3 == pytest.approx(volume, abs=0.1)


def test_no_pen_has_less_room_than_the_programme_counts_on(scenario, world):
    codes = {geography.id: geography.code for geography in world.geography}
    for container in world.container:
        if container.kind == ContainerKind.PEN:
            spec = scenario.geography(codes[container.id // 10_000_000])
            assert container.volume_m3 >= spec.pens.volume_m3


def test_every_place_lies_inside_its_geography_and_area(scenario, world):
    areas = {area.id: area for area in world.area}
    codes = {geography.id: geography.code for geography in world.geography}
    for place in (*world.station, *world.site):
        area = areas[place.area_id]
        spec = scenario.geography(codes[area.geography_id])
        radius_m = 1000 * next(a.radius_km for a in spec.areas if a.code == area.code)
        here = place.latitude, place.longitude
        assert spec.bounds.holds(here), place.name
        assert distance_m(here, (area.latitude, area.longitude)) <= radius_m, place.name


def test_no_two_sites_lie_on_the_same_water(scenario, world):
    apart_m = 1000 * min(spec.sites_apart_km for spec in scenario.geographies)
    for one, other in combinations(world.site, 2):
        between = distance_m((one.latitude, one.longitude), (other.latitude, other.longitude))
        assert between >= apart_m, f"{one.name}, {other.name}"


def test_pens_of_a_site_lie_beside_each_other_around_its_position(world):
    sites = {site.id: (site.latitude, site.longitude) for site in world.site}
    pens = defaultdict(list)
    for container in world.container:
        if container.site_id is not None:
            assert container.latitude is not None
            assert container.longitude is not None
            assert container.circumference_m is not None
            position = container.latitude, container.longitude
            pens[container.site_id].append((position, container.circumference_m / math.pi))
    for site, moored in pens.items():
        assert all(distance_m(sites[site], position) < 600 for position, _ in moored)
        for (one, diameter), (other, _) in combinations(moored, 2):
            # With room for a well-boat in between.
            assert distance_m(one, other) > 1.5 * diameter


def test_every_area_has_a_station_or_a_site(world):
    used = {place.area_id for place in (*world.station, *world.site)}
    assert {area.id for area in world.area} == used


def test_density_limits_are_the_law_of_each_geography(scenario, world):
    for geography in world.geography:
        limits = [
            (row.from_weight_g, row.limit_kg_m3)
            for row in world.density_limit
            if row.geography_id == geography.id
        ]
        law = scenario.geography(geography.code).pens.density_limits
        assert limits == [(step.from_weight_g, step.limit_kg_m3) for step in law]


def test_a_site_is_licensed_for_no_more_than_its_pens_may_hold(scenario, world):
    codes = {area.id: area.code[:2] for area in world.area}
    for site in world.site:
        licence = scenario.geography(codes[site.area_id]).pens.licence
        pens = [pen for pen in world.container if pen.site_id == site.id]
        held_t = sum(pen.volume_m3 * pen.max_density_kg_m3 for pen in pens) / 1000
        assert 0 < site.max_biomass_t <= min(held_t, licence.ceiling_t)
        assert site.max_biomass_t % licence.step_t == 0


def test_everything_is_older_than_the_fish(scenario, world):
    first_day = scenario.horizon.first_day
    for sensor in world.sensor:
        assert sensor.installed_on <= sensor.calibrated_on < first_day
    assert all(machine.installed_on < first_day for machine in world.equipment)


def test_nothing_is_older_than_its_life(scenario, world):
    first_day, facilities = scenario.horizon.first_day, scenario.facilities
    parameters = list(Parameter)
    for sensor in world.sensor:
        parameter = parameters[sensor.environmental_parameter_id - 1]
        life = facilities.instruments[parameter].life_years
        assert (first_day - sensor.installed_on).days <= life * 366 + 31, sensor.code
    for machine in world.equipment:
        life = facilities.machines[machine.kind].life_years
        assert (first_day - machine.installed_on).days <= life * 366 + 31, machine.code


def test_sensors_were_calibrated_place_by_place_within_the_last_interval(scenario, world):
    interval = scenario.observation.sensors.calibration_interval_days
    ages = {(scenario.horizon.first_day - sensor.calibrated_on).days for sensor in world.sensor}
    assert max(ages) <= interval
    assert len(ages) >= min(len(world.station) + len(world.site), interval // 2)


def test_a_larger_company_has_all_that_the_smaller_one_has_under_the_same_ids_and_codes():
    # Given two companies in the same places, one of them larger in every kind of thing
    small = build_world(load_scenario("smoke", CONFIG))
    large = build_world(load_scenario("full", CONFIG))

    # Then every row of the smaller one is found in the larger one
    for table in ("area", "station", "hall", "site", "container", "sensor", "equipment"):
        codes = {row.id: row.code for row in getattr(large, table)}
        for row in getattr(small, table):
            assert codes[row.id] == row.code
