"""What belongs to no batch: empty containers, the sites' own sensors, calibrations, services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from farm.db.arrow import INSTANT
from farm.domain.calendar import Month
from farm.domain.world import Parameter
from farm.errors import ContractBroken
from farm.rendering.area import render_area
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.layout import Layout
from farm.rendering.render import render, render_chunk
from tests.reference.stays import Stay
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.farm_builder import MONTH, PEN_1, PEN_2, TANK_FLOW, TANK_RAS, TRAY
from tests.unit.rendering.rendered import parts_of, shown, table_of

DAY_US = 86_400_000_000
EVERYWHERE = tuple(Stay(container, date(2015, 7, 1), None) for container in build.STAGE_OF)


def quiet(**changes: Any) -> Layout:
    return build.layout(sensors=build.perfect(), **changes)


def rows_of(chunk: RenderedChunk, name: str = "environmental_reading") -> dict[str, NDArray[Any]]:
    table = table_of(chunk, name)
    whole = {pa.date32(): pa.int32(), INSTANT: pa.int64()}
    return {
        column.name: table[column.name].cast(whole.get(column.type, column.type)).to_numpy()
        for column in table.schema
        if table[column.name].null_count == 0
    }


def of_containers(chunk: RenderedChunk) -> dict[str, NDArray[Any]]:
    """Return the readings of containers: the parts in which a container is known."""
    inside = [p for p in chunk.tables["environmental_reading"] if p["container_id"] is not None]
    return rows_of(RenderedChunk({"environmental_reading": inside}))


def of_sites(chunk: RenderedChunk) -> dict[str, NDArray[Any]]:
    outside = [p for p in chunk.tables["environmental_reading"] if p["container_id"] is None]
    return rows_of(RenderedChunk({"environmental_reading": outside}))


def test_an_empty_container_is_read_once_a_day_and_a_stocked_one_not_at_all():
    # Given one tank that is empty from the 5th to before the 20th, and all else full of fish
    stays = [stay for stay in EVERYWHERE if stay.container_id != TANK_RAS]
    stays += [
        Stay(TANK_RAS, date(2015, 7, 1), date(2016, 3, 5)),
        Stay(TANK_RAS, date(2016, 3, 20), None),
    ]

    rows = of_containers(render_area(quiet(), build.area_history(*stays)))

    assert set(rows["container_id"].tolist()) == {TANK_RAS}
    days = rows["reading_time"].reshape(4, -1) // DAY_US
    first = (date(2016, 3, 5) - date(1970, 1, 1)).days
    assert (days == np.arange(first, first + 15)).all()
    assert "assignment_id" not in rows


def test_fish_that_come_on_the_day_others_left_leave_no_empty_day():
    stays = [stay for stay in EVERYWHERE if stay.container_id != PEN_1]
    stays += [
        Stay(PEN_1, date(2015, 7, 1), date(2016, 3, 11)),
        Stay(PEN_1, date(2016, 3, 11), date(2016, 4, 1)),
    ]

    chunk = render_area(quiet(), build.area_history(*stays))

    assert all(p["container_id"] is None for p in chunk.tables["environmental_reading"])


def test_an_empty_pen_shows_the_water_of_its_site_and_an_empty_tank_that_of_its_hall():
    history = build.area_history()

    rows = of_containers(render_area(quiet(), history))

    for container, water, place in ((PEN_2, history.sites, 0), (TANK_FLOW, history.halls, 2)):
        for parameter, column in (
            (Parameter.TEMPERATURE, "temperature_c"),
            (Parameter.OXYGEN, "oxygen_mg_l"),
            (Parameter.SALINITY, "salinity_psu"),
        ):
            if column not in water:
                continue
            shown = rows["value"][
                (rows["container_id"] == container)
                & (rows["environmental_parameter_id"] == parameter.id)
            ]
            step = getattr(build.observation().sensors.resolution, parameter)
            np.testing.assert_allclose(shown, water[column].reshape(-1, 31)[place], atol=step)


def test_carbon_dioxide_in_empty_water_is_what_comes_in():
    rows = of_containers(render_area(quiet(), build.area_history()))

    dissolved = rows["value"][rows["environmental_parameter_id"] == Parameter.CO2.id]

    assert set(dissolved.tolist()) == {build.observation().co2.intake}


def test_a_sites_own_sensors_are_read_all_day_and_average_to_the_truth():
    history = build.area_history(*EVERYWHERE)

    rows = of_sites(render_area(quiet(), history))

    for parameter, column in (
        (Parameter.CURRENT, "current_m_s"),
        (Parameter.AIR_TEMPERATURE, "air_temperature_c"),
        (Parameter.WIND_SPEED, "wind_m_s"),
        (Parameter.WAVE_HEIGHT, "wave_height_m"),
    ):
        of_parameter = rows["environmental_parameter_id"] == parameter.id
        means = rows["value"][of_parameter].reshape(-1, 8).mean(axis=1)
        step = getattr(build.observation().sensors.resolution, parameter)
        np.testing.assert_allclose(means, history.sites[column], atol=step)
    assert "container_id" not in rows
    assert "assignment_id" not in rows


def test_no_sensor_is_read_twice_at_one_moment_by_batch_and_areas_together():
    # Given fish that come to one pen and leave another in mid-month
    arrival, departure = date(2016, 3, 12), date(2016, 3, 21)
    stays = [Stay(PEN_1, arrival, None), Stay(PEN_2, date(2016, 1, 1), departure)]
    parts = [
        build.daily((PEN_1,), arrival, MONTH.last),
        build.daily((PEN_2,), MONTH.first, departure - timedelta(days=1)),
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    layout = build.layout(sensors=build.sensors(outages_per_year=0.0))

    chunks = [
        render_chunk(layout, build.history(columns)),
        render_area(layout, build.area_history(*stays)),
        render_area(layout, build.area_history(area=build.OTHER_AREA)),
    ]

    keys = [
        key
        for chunk in chunks
        for batch in parts_of(chunk, "environmental_reading")
        for key in zip(
            batch["sensor_id"].to_pylist(),
            batch["reading_time"].cast(pa.int64()).to_pylist(),
            strict=True,
        )
    ]
    assert len(set(keys)) == len(keys)
    read = {(sensor, time // DAY_US) for sensor, time in keys}
    assert len(read) == len(build.world().sensor) * 31


def test_calibrations_find_the_drift_that_the_readings_show():
    # Given sensors that only drift, calibrated every ten days, and nothing but empty containers
    sensors = build.perfect().model_copy(
        update={"drift": build.observation().sensors.drift, "calibration_interval_days": 10}
    )
    layout = build.layout(sensors=sensors)
    history = build.area_history()

    chunk = render_area(layout, history)

    found = rows_of(chunk, "sensor_calibration")
    readings = of_containers(chunk)
    of_hall_1 = (history.halls[name][:31].tolist() for name in ("date", "temperature_c"))
    level = {(day - date(1970, 1, 1)).days: truth for day, truth in zip(*of_hall_1, strict=True)}
    warm = next(
        s.id
        for s in build.world().sensor
        if s.container_id == TRAY and s.environmental_parameter_id == Parameter.TEMPERATURE.id
    )
    days = found["calibrated_on"][found["sensor_id"] == warm].tolist()
    assert len(days) == 3
    for day, deviation in zip(
        days[1:], found["deviation"][found["sensor_id"] == warm][1:].tolist(), strict=True
    ):
        at = (readings["sensor_id"] == warm) & (readings["reading_time"] // DAY_US == day - 1)
        off = readings["value"][at][0] - level[day - 1]
        # On its last day a sensor has drifted nine tenths of the way.
        assert off == pytest.approx(0.9 * deviation, abs=0.006)
    assert (found["deviation"] != 0).all()


def test_every_sensor_of_an_area_is_calibrated_when_it_is_due():
    found = rows_of(render_area(build.layout(), build.area_history()), "sensor_calibration")

    pairs = set(zip(found["sensor_id"].tolist(), found["calibrated_on"].tolist(), strict=True))
    due = set()
    for sensor in build.world().sensor:
        if sensor.site_id == 2:
            continue
        for turn in range(20):
            day = sensor.calibrated_on + timedelta(days=90 * turn)
            if Month.of(day) == MONTH:
                due.add((sensor.id, (day - date(1970, 1, 1)).days))
    assert pairs == due
    assert list(pairs) == list(dict.fromkeys(pairs))


def test_the_first_calibration_finds_nothing():
    month = Month(2014, 12)

    found = rows_of(
        render_area(build.layout(), build.area_history(month=month)), "sensor_calibration"
    )

    assert set(found["deviation"].tolist()) == {0.0}


def test_services_are_never_late_and_repairs_lie_between_them():
    services = build.layout().services
    kinds = np.array(["repair", "service"])[services.kind]

    for machine in build.world().equipment:
        own = services.equipment_id == machine.id
        day, kind = services.day[own], kinds[own]
        assert (np.diff(day) > 0).all()
        installed = (machine.installed_on - date(1970, 1, 1)).days
        serviced = np.r_[installed, day[kind == "service"]]
        gaps = np.diff(serviced)
        assert (gaps <= machine.service_interval_days).all()
        assert (gaps >= 0.8 * machine.service_interval_days - 1).all()
    assert 0.05 < (kinds == "repair").mean() < 0.3


def test_services_belong_to_the_area_of_the_machine():
    months = [Month(year, month) for year in (2015, 2016) for month in range(1, 13)]
    layout, seen = build.layout(), {}

    for area in (build.AREA, build.OTHER_AREA):
        chunks = [render_area(layout, build.area_history(area=area, month=m)) for m in months]
        seen[area] = {
            machine
            for chunk in chunks
            if chunk.rows()["equipment_service"]
            for machine in rows_of(chunk, "equipment_service")["equipment_id"].tolist()
        }

    assert seen == {build.AREA: {1, 2, 4}, build.OTHER_AREA: {3}}


@pytest.mark.parametrize("area", [build.AREA, build.OTHER_AREA])
def test_an_area_month_has_the_rows_of_the_formula_and_only_its_own_tables(area):
    layout, stays = build.layout(), EVERYWHERE[:3] if area == build.AREA else ()

    chunk = render(layout, build.area_history(*stays, area=area))

    assert tuple(chunk.tables) == CHUNK_TABLES
    assert chunk.rows() == build.area_rows(layout, area, MONTH, *stays)
    assert {name for name, rows in chunk.rows().items() if rows} <= {
        "environmental_reading",
        "sensor_calibration",
        "equipment_service",
    }


def test_rendering_an_area_twice_gives_the_same_rows_whoever_ends_its_stays_later():
    # Given fish that were still there when the session ended, and a later session that moved them
    later = tuple(stay._replace(end=date(2016, 4, 9)) for stay in EVERYWHERE[:2])

    first = shown(render_area(build.layout(), build.area_history(*EVERYWHERE[:2])))
    again = shown(render_area(build.layout(), build.area_history(*later)))

    assert first == again
    assert shown(render_area(build.layout(seed=2), build.area_history(*later))) != first


def test_what_does_not_fit_the_plan_is_one_clear_error():
    layout, history = build.layout(), build.area_history()
    missing = {name: column[:-1] for name, column in history.sites.items()}

    with pytest.raises(ContractBroken, match="area FO-X is not in the plan"):
        render_area(layout, replace(history, area="FO-X"))
    with pytest.raises(ContractBroken, match="has not each day of each site once"):
        render_area(layout, replace(history, sites=missing))
    with pytest.raises(ContractBroken, match="container 9001 is not in area A2"):
        render_area(layout, build.area_history(EVERYWHERE[4], area=build.OTHER_AREA))


def test_weather_in_a_tank_is_refused():
    world = build.world()
    odd = tuple(
        replace(s, environmental_parameter_id=Parameter.WIND_SPEED.id)
        if s.container_id == TRAY
        else s
        for s in world.sensor
    )
    layout = build.layout(build.plan(replace(world, sensor=odd)))

    with pytest.raises(ContractBroken, match="there is no wind_speed where a sensor measures it"):
        render_area(layout, build.area_history())
