"""A small hand-made farm: world, plan and history, for everything that renders."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from farm.domain import world as w
from farm.domain.calendar import Month
from farm.domain.observation import Observation, Sensors
from farm.domain.plan import Booking, Plan, PlannedBatch
from farm.domain.world import Parameter, Stage, World
from farm.rendering.area import rows_of_areas
from farm.rendering.layout import Layout
from farm.simulation.history import (
    DAILY_COLUMNS,
    HALL_DAY_COLUMNS,
    SITE_DAY_COLUMNS,
    AreaSlice,
    Columns,
    HistorySlice,
)
from tests.reference.small_farm import world_of
from tests.reference.stays import Stay, columns_of

PARAMETERS = Path(__file__).parents[3] / "config/parameters/observation.toml"
SEED = 20_150_101
BATCH, BATCH_ID = "FO-2015-07", 7
MONTH = Month(2016, 3)

#: Six containers: id, kind, in which hall or site. The ids are far apart on purpose.
TRAY, TANK_RAS, TANK_FLOW, TANK_SMOLT, PEN_1, PEN_2 = 11, 205, 310, 402, 9001, 9002
STAGE_OF = {
    TRAY: Stage.EGG_ALEVIN,
    TANK_RAS: Stage.FRY,
    TANK_FLOW: Stage.PARR,
    TANK_SMOLT: Stage.SMOLT,
    PEN_1: Stage.POST_SMOLT,
    PEN_2: Stage.ADULT,
}
WEIGHT_G = {
    Stage.EGG_ALEVIN: 0.12,
    Stage.FRY: 0.9,
    Stage.PARR: 18.0,
    Stage.SMOLT: 95.0,
    Stage.POST_SMOLT: 480.0,
    Stage.ADULT: 3900.0,
}
RANGES = {
    Parameter.TEMPERATURE: ("°C", -1.0, 25.0, 12.0),
    Parameter.OXYGEN: ("mg/L", 0.0, 20.0, 9.0),
    Parameter.PH: ("pH", 4.0, 10.0, 7.2),
    Parameter.SALINITY: ("PSU", 0.0, 40.0, 34.0),
    Parameter.CO2: ("mg/L", 0.0, 40.0, 5.0),
    Parameter.CURRENT: ("m/s", 0.0, 2.5, 0.15),
    Parameter.AIR_TEMPERATURE: ("°C", -25.0, 35.0, 12.0),
    Parameter.WIND_SPEED: ("m/s", 0.0, 60.0, 5.0),
    Parameter.WAVE_HEIGHT: ("m", 0.0, 12.0, 0.5),
}


#: What the sensors of containers and of sites measure.
IN_CONTAINERS = tuple(Parameter)[: Parameter.CO2.id]
AT_SITES = tuple(Parameter)[Parameter.CO2.id :]
#: Two areas: the stations and one site; another site without pens.
AREA, OTHER_AREA = "A1", "A2"
#: How unevenly lice are spread over fish.
AGGREGATION = 0.8
#: The layout knows calibrations, outages and services up to here.
LAST_DAY = date(2020, 12, 31)


def observation(**changes: Any) -> Observation:
    """Return the shipped observation, with other numbers of rows if wanted."""
    shipped = Observation.model_validate(tomllib.loads(PARAMETERS.read_text(encoding="utf-8")))
    return shipped.model_copy(update=changes)


def sensors(*, outages_per_year: float | None = None, **changes: Any) -> Sensors:
    """Return the shipped sensors, changed; ``outages_per_year`` of each of them."""
    spec = observation().sensors
    if outages_per_year is not None:
        outages = spec.outages.model_copy(update={"per_year": outages_per_year})
        changes["outages"] = outages
    return spec.model_copy(update=changes)


def perfect(*, outages_per_year: float = 0.0) -> Sensors:
    """Return sensors without noise, drift and outliers."""
    nothing = observation().sensors.noise.model_copy(update=dict.fromkeys(map(str, Parameter), 0.0))
    return sensors(
        outages_per_year=outages_per_year, noise=nothing, drift=nothing, outlier_share=0.0
    )


def world(*, salt_in_fresh_water: bool = False) -> World:
    """Return two stations and one sea site with six containers; sensor ids run backwards."""
    places = {TRAY: 1, TANK_RAS: 2, TANK_FLOW: 3, TANK_SMOLT: 4}
    halls = [(1, 1, 1), (2, 1, 2), (3, 2, 3), (4, 2, 4)]
    mounted, number = [], 900
    for container in STAGE_OF:
        at_sea = container not in places
        for parameter in IN_CONTAINERS:
            if parameter is Parameter.SALINITY and not (at_sea or salt_in_fresh_water):
                continue
            if parameter is Parameter.CO2 and at_sea:
                continue
            number -= 3
            mounted.append(
                w.Sensor(
                    id=number,
                    container_id=container,
                    site_id=None,
                    environmental_parameter_id=parameter.id,
                    code=f"{container}-{parameter}",
                    model="P1",
                    installed_on=date(2014, 12, 1),
                    calibrated_on=date(2015, 1, 1) - timedelta(days=number % 80),
                    position="centre",
                    depth_m=1.0,
                )
            )
    weather = [
        w.Sensor(
            id=10 * site + parameter.id,
            container_id=None,
            site_id=site,
            environmental_parameter_id=parameter.id,
            code=f"S{site}-{parameter}",
            model="P1",
            installed_on=date(2014, 12, 1),
            calibrated_on=date(2014, 12, parameter.id),
            position="buoy",
            depth_m=5.0,
        )
        for site in (1, 2)
        for parameter in AT_SITES
    ]
    return world_of(
        geography=(w.Geography(1, "FO", "Faroe Islands", "DKK", "Atlantic/Faroe"),),
        area=(
            w.Area(1, 1, AREA, "North", 62.2, -6.8),
            w.Area(2, 1, OTHER_AREA, "South", 61.6, -6.8),
        ),
        station=(
            w.Station(1, 1, "ST1", "One", "hatchery", 62.2, -6.8, "ras"),
            w.Station(2, 1, "ST2", "Two", "smolt_facility", 62.1, -6.9, "flow_through"),
        ),
        hall=tuple(
            w.Hall(id_, station, f"H{id_}", f"Hall {id_}", stage) for id_, station, stage in halls
        ),
        site=(
            w.Site(1, 1, "SI1", "Sound", 62.3, -6.7, 5000.0, "medium"),
            w.Site(2, 2, "SI2", "Bay", 61.6, -6.8, 5000.0, "medium"),
        ),
        environmental_parameter=tuple(
            w.EnvironmentalParameter(p.id, p.value, p.value, *values)
            for p, values in RANGES.items()
        ),
        lifecycle_stage=tuple(
            w.LifecycleStage(s.id, s.value, s.value, s.id, "tank", 90, 0.1, 9000.0) for s in Stage
        ),
        container=tuple(
            w.Container(
                id=id_,
                hall_id=places.get(id_),
                site_id=None if id_ in places else 1,
                code=f"C{id_}",
                kind="tank",
                volume_m3=1000.0,
                max_density_kg_m3=60.0,
                capacity_fish=200_000,
                circumference_m=None,
                depth_m=None,
                latitude=None,
                longitude=None,
            )
            for id_ in STAGE_OF
        ),
        sensor=(*weather, *mounted),
        equipment=(
            _machine(1, 30, container_id=TRAY),
            _machine(2, 45, container_id=PEN_2),
            _machine(3, 365, site_id=2),
            _machine(4, 90, station_id=2),
        ),
        feed_store=(
            w.FeedStore(1, 1, None, "F1", "silo", 10_000.0, None),
            w.FeedStore(2, 2, None, "F2", "silo", 10_000.0, None),
            w.FeedStore(3, None, 1, "F3", "barge", 200_000.0, None),
            w.FeedStore(4, None, 1, "F4", "barge", 200_000.0, None),
        ),
        strain=(w.Strain(1, "s", "S"),),
        egg_supplier=(w.EggSupplier(1, "e", "E", "IS"),),
        feed_type=(
            w.FeedType(1, "starter", "Starter", 0.5, 55.0, 18.0, 0.0, 5.0, None),
            w.FeedType(2, "grower", "Grower", 3.0, 46.0, 26.0, 5.0, 500.0, None),
            w.FeedType(3, "finisher", "Finisher", 9.0, 38.0, 34.0, 500.0, 9000.0, None),
        ),
        mortality_cause=tuple(w.MortalityCause(c.id, c.value, c.value) for c in w.Cause),
        quality_flag=tuple(w.QualityFlag(q.id, q.value, q.value) for q in w.Quality),
    )


def _machine(id_: int, interval: int, **place: int) -> w.Equipment:
    return w.Equipment(
        id=id_,
        container_id=place.get("container_id"),
        site_id=place.get("site_id"),
        station_id=place.get("station_id"),
        kind="feeder",
        model="M1",
        installed_on=date(2014, 12, 1),
        code=f"E{id_}",
        service_interval_days=interval,
    )


def plan(of: World | None = None) -> Plan:
    """Return a plan with one batch: each container booked once, assignment ids from 70001."""
    bookings = tuple(
        Booking(
            id=70_001 + at,
            batch_id=BATCH_ID,
            container_id=container,
            stage=stage,
            start=date(2015, 7, 1),
            earliest_end=date(2017, 5, 1),
            end=date(2017, 7, 1) if stage is Stage.ADULT else date(2017, 5, 1),
        )
        for at, (container, stage) in enumerate(STAGE_OF.items())
    )
    batch = PlannedBatch(
        id=BATCH_ID,
        geography_id=1,
        code=BATCH,
        strain_id=1,
        egg_source="external",
        egg_supplier_id=1,
        broodstock_id=None,
        eggs=3_000_000,
        start_date=date(2015, 7, 1),
        harvest_from=date(2017, 5, 1),
        harvest_to=date(2017, 7, 1),
        bookings=bookings,
    )
    return Plan(of or world(), (batch,))


def layout(of: Plan | None = None, seed: int = SEED, **changes: Any) -> Layout:
    """Return the layout of the hand-made plan."""
    return Layout.of(of or plan(), observation(**changes), AGGREGATION, seed, LAST_DAY)


def assignment_of(container: int) -> int:
    """Return the id of the assignment that is in a container."""
    return 70_001 + list(STAGE_OF).index(container)


def daily(
    containers: tuple[int, ...] = tuple(STAGE_OF),
    first: date = MONTH.first,
    last: date = MONTH.last,
    *,
    population: int = 40_000,
    seed: int = 1,
) -> Columns:
    """Return a plausible daily state of some containers, from first to last day."""
    chance = np.random.default_rng(seed)
    dates = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    rows = len(containers) * len(dates)
    stages = [STAGE_OF[container] for container in containers]
    stage = np.repeat([stage.id for stage in stages], len(dates))
    fed = stage > 1
    sea = stage > 4
    weight = np.repeat([WEIGHT_G[s] for s in stages], len(dates)) * (1 + chance.random(rows) / 50)
    deaths = chance.poisson(0.7, (rows, len(w.Cause)))
    biomass = population * weight / 1000.0
    feed_g = np.where(fed & (chance.random(rows) < 0.95), np.rint(biomass * 11.0), 0)
    counts_today = np.tile(dates.astype(np.int64) % 7 == 3, len(containers))
    counted = np.where(sea & counts_today, min(population, 20), 0)
    columns = {
        "assignment_id": np.repeat([assignment_of(c) for c in containers], len(dates)),
        "batch_id": np.full(rows, BATCH_ID),
        "date": np.tile(dates, len(containers)),
        "lifecycle_stage_id": stage,
        "population": np.full(rows, population),
        "mean_weight_g": weight,
        "biomass_kg": biomass,
        "deaths": deaths.sum(axis=1),
        "deaths_by_cause": deaths,
        "feed_g": feed_g,
        "temperature_c": 8.0 + chance.standard_normal(rows),
        "oxygen_mg_l": 9.5 + chance.standard_normal(rows) / 4,
        "salinity_psu": np.where(sea, 34.5, np.nan),
        "ph": np.where(sea, 8.05, 7.0),
        "density_kg_m3": biomass / 1000.0,
        "is_fasting": np.zeros(rows),
        "weight_cv": np.full(rows, 0.2),
        "appetite": np.where(fed, 0.9, 0.0),
        "lice_adult_female": np.where(sea, 0.3, np.nan),
        "lice_mobile": np.where(sea, 0.9, np.nan),
        "lice_attached": np.where(sea, 1.4, np.nan),
        "gill_score": np.where(sea, 0.8, 0.1),
        "wounded_percent": np.full(rows, 2.0),
        "side_effect_score": np.where(stage >= 4, 1.2, 0.0),
        "disease_id": np.zeros(rows),
        "sick_percent": np.zeros(rows),
        "is_withheld": np.zeros(rows),
        "lice_fish_counted": counted,
        "lice_adult_female_counted": chance.poisson(0.3 * counted),
        "lice_mobile_counted": chance.poisson(0.9 * counted),
        "lice_attached_counted": chance.poisson(1.4 * counted),
        "feed_type_id": np.where(feed_g > 0, 1 + (weight > 5.0) + (weight > 500.0), 0),
        "feed_cents": np.rint(feed_g * 1.37),
    }
    return {name: columns[name].astype(kind) for name, kind in DAILY_COLUMNS.items()}


def history(of: Columns | None = None, month: Month = MONTH) -> HistorySlice:
    """Return the slice of the hand-made batch."""
    return HistorySlice(BATCH, month, of if of is not None else daily())


def area_history(*stays: Stay, area: str = AREA, month: Month = MONTH, seed: int = 1) -> AreaSlice:
    """Return a month of an area with plausible water: its places as in `world`."""
    chance = np.random.default_rng(seed)
    sites, halls = ((1,), (1, 2, 3, 4)) if area == AREA else ((2,), ())
    return AreaSlice(
        area=area,
        month=month,
        sites=_days(chance, month, "site_id", sites, SITE_DAY_COLUMNS),
        halls=_days(chance, month, "hall_id", halls, HALL_DAY_COLUMNS),
        stays=columns_of(*stays),
    )


def area_rows(layout: Layout, area: str, month: Month, *stays: Stay) -> dict[str, int]:
    """Return the rows that one month of an area must have."""
    return rows_of_areas(layout, {(area, month): columns_of(*stays)})[area, month]


#: Middle and spread of the water where there are no fish.
WATER = {
    "temperature_c": (8.0, 1.0),
    "salinity_psu": (34.0, 0.3),
    "oxygen_mg_l": (9.8, 0.2),
    "ph": (8.0, 0.05),
    "current_m_s": (0.2, 0.02),
    "wind_m_s": (9.0, 1.0),
    "wave_height_m": (1.5, 0.1),
    "air_temperature_c": (6.0, 2.0),
}


def _days(
    chance: np.random.Generator,
    month: Month,
    key: str,
    places: tuple[int, ...],
    kinds: dict[str, str],
) -> Columns:
    dates = np.arange(np.datetime64(month.first), np.datetime64(month.last) + 1)
    rows = len(places) * len(dates)
    columns: Columns = {key: np.repeat(places, len(dates)), "date": np.tile(dates, len(places))}
    for name, (middle, spread) in WATER.items():
        columns[name] = middle + spread * chance.uniform(-1.0, 1.0, rows)
    return {name: columns[name].astype(kind) for name, kind in kinds.items()}
