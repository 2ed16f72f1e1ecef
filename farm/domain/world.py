"""The world of a company: places, containers, sensors, catalogues. Written once, never changed.

Ids are arithmetic from the plan, never drawn from a database. Field names are the column names of
the tables of the same name (see farm/db/tables), so a record is a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any


class ContainerKind(StrEnum):
    """What fish live in."""

    TRAY = "tray"
    TANK = "tank"
    PEN = "pen"


class Stage(StrEnum):
    """The stages of a salmon's life, in order; none is ever skipped."""

    EGG_ALEVIN = "egg_alevin"
    FRY = "fry"
    PARR = "parr"
    SMOLT = "smolt"
    POST_SMOLT = "post_smolt"
    ADULT = "adult"

    @cached_property
    def id(self) -> int:
        """The stage's id in `lifecycle_stage`: 1 for eggs and alevins, 6 for adults."""
        return list(Stage).index(self) + 1

    @property
    def is_fed(self) -> bool:
        """Whether fish of this stage are fed: eggs and alevins live on their yolk."""
        return self is not Stage.EGG_ALEVIN


class Cause(StrEnum):
    """Causes of death that have no name of a disease.

    `daily_state.deaths_by_cause` has these in order, and after them each disease of the catalogue,
    see `disease_cause_id`.
    """

    BACKGROUND = "background"
    HANDLING = "handling"
    ENVIRONMENT = "environment"
    PREDATION = "predation"
    DEFORMITY = "deformity"
    UNKNOWN = "unknown"
    TREATMENT = "treatment"

    @cached_property
    def id(self) -> int:
        """The cause's id in `mortality_cause`, from 1."""
        return list(Cause).index(self) + 1


#: Rows of arrays by cause before those of the diseases.
CAUSES = len(Cause)


def disease_cause_id(disease_id: int) -> int:
    """Return the id in `mortality_cause` of death by a disease: those of `Cause` come first."""
    return CAUSES + disease_id


class Quality(StrEnum):
    """What a sensor reading is worth."""

    OK = "ok"
    DRIFT = "drift"
    OUTLIER = "outlier"

    @cached_property
    def id(self) -> int:
        """The flag's id in `quality_flag`, from 1."""
        return list(Quality).index(self) + 1


class Parameter(StrEnum):
    """What a sensor measures."""

    TEMPERATURE = "temperature"
    OXYGEN = "oxygen"
    PH = "ph"
    SALINITY = "salinity"
    CO2 = "co2"
    CURRENT = "current"
    AIR_TEMPERATURE = "air_temperature"
    WIND_SPEED = "wind_speed"
    WAVE_HEIGHT = "wave_height"

    @cached_property
    def id(self) -> int:
        """The parameter's id in `environmental_parameter`, from 1."""
        return list(Parameter).index(self) + 1


@dataclass(frozen=True, slots=True)
class Geography:
    id: int
    code: str
    name: str
    currency: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Area:
    id: int
    geography_id: int
    code: str
    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Station:
    """A freshwater station: hatchery, nursery or smolt_facility."""

    id: int
    area_id: int
    code: str
    name: str
    kind: str
    latitude: float
    longitude: float
    water_source: str


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall of a station serves one stage."""

    id: int
    station_id: int
    code: str
    name: str
    lifecycle_stage_id: int


@dataclass(frozen=True, slots=True)
class Site:
    """A sea site."""

    id: int
    area_id: int
    code: str
    name: str
    latitude: float
    longitude: float
    max_biomass_t: float
    exposure: str


@dataclass(frozen=True, slots=True)
class Container:
    """A tray, tank or pen; exactly one of hall_id and site_id is set.

    Only pens have a circumference, a net depth and a position of their own.
    """

    id: int
    hall_id: int | None
    site_id: int | None
    code: str
    kind: str
    volume_m3: float
    max_density_kg_m3: float
    capacity_fish: int
    circumference_m: float | None
    depth_m: float | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor in a container, or a site's own (weather, current); exactly one of them is set.

    ``position`` says where it hangs (inlet, outlet, centre, reference buoy, barge mast);
    ``depth_m`` is None in air. ``calibrated_on`` is its last calibration before the first session,
    where `sensor_calibration` goes on.
    """

    id: int
    container_id: int | None
    site_id: int | None
    environmental_parameter_id: int
    code: str
    model: str
    installed_on: date
    calibrated_on: date
    position: str
    depth_m: float | None


@dataclass(frozen=True, slots=True)
class Equipment:
    """A machine of a container, a site or a station (exactly one of them is set).

    It is serviced at least every ``service_interval_days``.
    """

    id: int
    container_id: int | None
    site_id: int | None
    kind: str
    model: str
    installed_on: date
    code: str
    service_interval_days: int
    station_id: int | None


@dataclass(frozen=True, slots=True)
class FeedStore:
    """A silo of a station or hall, or a barge of a site; exactly one of the three is set."""

    id: int
    station_id: int | None
    site_id: int | None
    code: str
    kind: str
    capacity_kg: float
    hall_id: int | None


@dataclass(frozen=True, slots=True)
class DensityLimit:
    """The greatest density in the pens of a geography for fish from this mean weight on."""

    id: int
    geography_id: int
    from_weight_g: float
    limit_kg_m3: float


@dataclass(frozen=True, slots=True)
class EnvironmentalParameter:
    id: int
    code: str
    name: str
    unit: str
    minimum: float
    maximum: float
    optimum: float


@dataclass(frozen=True, slots=True)
class LifecycleStage:
    id: int
    code: str
    name: str
    stage_order: int
    container_kind: str
    typical_days: int
    min_weight_g: float
    max_weight_g: float


@dataclass(frozen=True, slots=True)
class Strain:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class EggSupplier:
    id: int
    code: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Broodstock:
    id: int
    geography_id: int
    strain_id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FeedType:
    """A feed for fish of some weights; with a medicine in it, or None."""

    id: int
    code: str
    name: str
    pellet_mm: float
    protein_percent: float
    fat_percent: float
    min_weight_g: float
    max_weight_g: float
    treatment_type_id: int | None


@dataclass(frozen=True, slots=True)
class FeedSupplier:
    id: int
    code: str
    name: str
    lead_time_days: int
    reliability: float


@dataclass(frozen=True, slots=True)
class MortalityCause:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Disease:
    """A disease. Its death cause has the id `disease_cause_id` and the same code."""

    id: int
    code: str
    name: str
    kind: str
    agent: str


@dataclass(frozen=True, slots=True)
class TreatmentType:
    """A way to treat fish. Withdrawal is in degree-days or in days; both None means none."""

    id: int
    code: str
    name: str
    method: str
    is_medicine: bool
    substance: str | None
    dose: float | None
    dose_unit: str | None
    duration_days: int
    fasting_days: int
    withdrawal_degree_days: float | None
    withdrawal_days: int | None


@dataclass(frozen=True, slots=True)
class Vaccine:
    """A vaccine. Protection begins ``onset_degree_days`` after the injection."""

    id: int
    code: str
    name: str
    min_weight_g: float
    onset_degree_days: float
    dose_ml: float


@dataclass(frozen=True, slots=True)
class VaccineProtection:
    """What a vaccine protects from; ``protection`` is the share of the risk that it takes away."""

    vaccine_id: int
    disease_id: int
    protection: float


@dataclass(frozen=True, slots=True)
class LabTest:
    """A test for one disease: the share of diseased fish it finds, of healthy fish it clears."""

    id: int
    code: str
    name: str
    method: str
    disease_id: int
    sensitivity: float
    specificity: float


@dataclass(frozen=True, slots=True)
class LiceLimit:
    """Adult female lice per fish that a geography's rules name, in force from a day and season.

    ``kind``: ``treat`` (the site must be treated), ``report`` or ``enforce``. The season runs from
    ``first_month`` to ``last_month``, both included, and may go over the new year.
    """

    id: int
    geography_id: int
    kind: str
    from_date: date
    to_date: date | None
    first_month: int
    last_month: int
    adult_female: float


@dataclass(frozen=True, slots=True)
class QualityFlag:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class World:
    """Everything that exists before the first egg arrives. Each field is a table of that name."""

    geography: tuple[Geography, ...]
    density_limit: tuple[DensityLimit, ...]
    area: tuple[Area, ...]
    station: tuple[Station, ...]
    lifecycle_stage: tuple[LifecycleStage, ...]
    hall: tuple[Hall, ...]
    site: tuple[Site, ...]
    environmental_parameter: tuple[EnvironmentalParameter, ...]
    container: tuple[Container, ...]
    sensor: tuple[Sensor, ...]
    equipment: tuple[Equipment, ...]
    feed_store: tuple[FeedStore, ...]
    strain: tuple[Strain, ...]
    egg_supplier: tuple[EggSupplier, ...]
    broodstock: tuple[Broodstock, ...]
    feed_supplier: tuple[FeedSupplier, ...]
    mortality_cause: tuple[MortalityCause, ...]
    quality_flag: tuple[QualityFlag, ...]
    disease: tuple[Disease, ...]
    treatment_type: tuple[TreatmentType, ...]
    feed_type: tuple[FeedType, ...]
    vaccine: tuple[Vaccine, ...]
    vaccine_protection: tuple[VaccineProtection, ...]
    lab_test: tuple[LabTest, ...]
    lice_limit: tuple[LiceLimit, ...]

    def tables(self) -> dict[str, list[dict[str, object]]]:
        """Return every table as rows, each after the tables that it refers to."""
        return {table.name: list(_rows(getattr(self, table.name))) for table in fields(self)}


def _rows(table: Sequence[Any]) -> Iterator[dict[str, object]]:
    """Yield the records of a table as rows."""
    names = [column.name for column in fields(table[0])] if table else []
    for row in table:
        yield {name: getattr(row, name) for name in names}
