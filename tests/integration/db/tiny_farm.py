"""A farm of one sensor, two tanks and a batch or two, made by hand: rows for tests of farm/db."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farm.db.connection import Database
from farm.db.history import PostgresHistoryStore
from farm.db.ledger import PostgresLedger
from farm.db.loader import PostgresLoader
from farm.db.progress import Progress
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month, Period
from farm.domain.plan import Plan
from farm.domain.world import (
    Area,
    Cause,
    Container,
    Disease,
    EggSupplier,
    EnvironmentalParameter,
    FeedStore,
    FeedSupplier,
    FeedType,
    Geography,
    Hall,
    LabTest,
    LifecycleStage,
    Sensor,
    Site,
    Station,
    Strain,
    TreatmentType,
    Vaccine,
    VaccineProtection,
    World,
)
from farm.orchestration.ports import Claim, NewSession, PlannedChunk, Timings
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.epoch import DAY_US, day_number
from farm.rendering.table import Table, Words
from farm.simulation.feed_records import FeedRecords
from farm.simulation.figure_records import FigureRecords
from farm.simulation.health_records import HealthRecords
from farm.simulation.history import (
    DAILY_COLUMNS,
    DRAW_COLUMNS,
    HALL_DAY_COLUMNS,
    HARVEST_LOT_COLUMNS,
    SITE_DAY_COLUMNS,
    AreaSlice,
    AssignmentRecord,
    BatchRecord,
    Columns,
    History,
    HistorySlice,
    SiteEventRecord,
    Snapshot,
    TransferRecord,
)

JANUARY, FEBRUARY = Month(2016, 1), Month(2016, 2)
PERIOD = Period(JANUARY, FEBRUARY)
BATCH = "FO-2016-01"
TIMINGS = Timings(read=0.01, make=0.02, encode=0.0)
WORKER = "worker-1"

_HOUR_US = DAY_US // 24


def world() -> World:
    """Two tanks in one hall, and what they refer to."""
    empty: dict[str, Any] = dict.fromkeys(World.__dataclass_fields__, ())
    return World(
        **{
            **empty,
            "geography": (Geography(1, "FO", "Faroe Islands", "DKK", "Atlantic/Faroe"),),
            "area": (Area(1, 1, "FO-A", "Eysturoy", 62.2, -6.9),),
            "station": (Station(1, 1, "FO-S", "Station", "hatchery", 62.2, -6.9, "ras"),),
            "hall": (Hall(1, 1, "FO-H", "Hall", 2),),
            "site": (Site(501, 1, "FO-X", "Sund", 62.2, -6.9, 1000.0, "moderate"),),
            "lifecycle_stage": (
                LifecycleStage(1, "egg_alevin", "Egg", 1, "tray", 60, 0.1, 0.2),
                LifecycleStage(2, "fry", "Fry", 2, "tank", 90, 0.2, 5.0),
            ),
            "environmental_parameter": (
                EnvironmentalParameter(1, "temperature", "Temperature", "°C", 0.0, 25.0, 12.0),
            ),
            "container": tuple(
                Container(
                    i, 1, None, f"FO-T{i}", "tank", 10.0 / 3, 60.0, 100_000, None, None, None, None
                )
                for i in (1, 2)
            ),
            "sensor": (
                Sensor(
                    1,
                    1,
                    None,
                    1,
                    "FO-T1-T",
                    "probe",
                    date(2015, 1, 1),
                    date(2015, 6, 1),
                    "inlet",
                    1.0,
                ),
            ),
            "strain": (Strain(1, "mowi", "Mowi"),),
            "egg_supplier": (EggSupplier(1, "aqua", "Aqua", "IS"),),
            "feed_store": (FeedStore(501, 1, None, "FO-S-F", "silo", 30_000.0, None),),
            "feed_type": (FeedType(1, "grower", "Grower", 3.0, 46.0, 26.0, 0.1, 500.0, None),),
            "feed_supplier": (FeedSupplier(1, "mill", "The mill", 7, 0.9),),
            "disease": (Disease(1, "ipn", "IPN", "viral", "IPNV"),),
            "treatment_type": (
                TreatmentType(
                    *(1, "florfenicol", "Florfenicol", "feed", True, "florfenicol"),
                    *(10.0, "mg/kg/day", 10, 0, 150.0, None),
                ),
            ),
            "vaccine": (Vaccine(1, "six", "Six in one", 28.0, 500.0, 0.1),),
            "vaccine_protection": (VaccineProtection(1, 1, 0.6),),
            "lab_test": (LabTest(1, "pcr_ipn", "IPN PCR", "pcr", 1, 0.97, 0.99),),
        }
    )


def plan() -> Plan:
    """A plan with the world alone: farm/db writes nothing else of it."""
    return Plan(world(), ())


def new_session(session: int = 1) -> NewSession:
    """A session as it is submitted."""
    return NewSession(session, "1-3", "tiny", {"seed": 42}, 42, "f" * 64, 1, np.__version__)


def daily(assignment_id: int, batch_id: int, first: date, days: int) -> Columns:
    """Return the days of one assignment, with fresh water and odd numbers."""
    n = np.arange(days)
    values: dict[str, Any] = {
        "assignment_id": np.full(days, assignment_id),
        "batch_id": np.full(days, batch_id),
        "date": np.datetime64(first) + n,
        "lifecycle_stage_id": np.full(days, 2),
        "population": 1000 - n,
        "mean_weight_g": 0.1 + n / 3,
        "biomass_kg": (1000 - n) * (0.1 + n / 3) / 1000,
        "deaths": np.ones(days),
        "deaths_by_cause": np.eye(len(Cause))[n % len(Cause)],
        "feed_g": 1_234_567 + n,
        "temperature_c": 8.0 + np.sin(n),
        "oxygen_mg_l": 10.0 - n / 7,
        "salinity_psu": np.full(days, np.nan) if assignment_id % 2 else 35.0 + n / 9,
        "ph": np.full(days, 7.1),
        "density_kg_m3": n / 11,
        "is_fasting": n % 5 == 0,
        "weight_cv": 0.2 + n / 1000,
        "appetite": np.full(days, 0.9),
        "lice_adult_female": np.full(days, np.nan) if assignment_id % 2 else n / 50,
        "lice_mobile": np.full(days, np.nan) if assignment_id % 2 else n / 20,
        "lice_attached": np.full(days, np.nan) if assignment_id % 2 else n / 10,
        "gill_score": n / 30,
        "wounded_percent": n / 9,
        "side_effect_score": np.full(days, 1.5),
        "disease_id": n % 3,
        "sick_percent": (n % 3) / 7,
        "is_withheld": n % 7 == 0,
        "lice_fish_counted": np.where(n % 14 == 0, 20, 0),
        "lice_adult_female_counted": np.where(n % 14 == 0, n, 0),
        "lice_mobile_counted": np.where(n % 14 == 0, 2 * n, 0),
        "lice_attached_counted": np.where(n % 14 == 0, 3 * n, 0),
        "feed_type_id": n % 2,
        "feed_cents": 98_765_432_101 + n,
    }
    return {name: np.asarray(values[name]).astype(kind) for name, kind in DAILY_COLUMNS.items()}


def place_days(kinds: Mapping[str, str], place_id: int, first: date, days: int) -> Columns:
    """Return the days of one site or hall, with odd numbers."""
    n = np.arange(days)
    key, day, *numbers = kinds
    values: dict[str, Any] = {key: np.full(days, place_id), day: np.datetime64(first) + n}
    values |= {name: n / (place + 7) for place, name in enumerate(numbers)}
    return {name: np.asarray(values[name]).astype(kind) for name, kind in kinds.items()}


def draws(lot: int, assignment_id: int, first: date, days: int) -> Columns:
    """Return what an assignment ate of a lot, day by day."""
    n = np.arange(days)
    values: dict[str, Any] = {
        "date": np.datetime64(first) + n,
        "feed_lot_id": np.full(days, lot),
        "assignment_id": np.full(days, assignment_id),
        "quantity_g": 1_234_567 + n,
        "cost_cents": 98_765_432_101 + n,
    }
    return {name: np.asarray(values[name]).astype(kind) for name, kind in DRAW_COLUMNS.items()}


def lots(*rows: tuple[Any, ...]) -> Columns:
    """Return harvest lots, each given as its values in order of the columns."""
    columns = zip(HARVEST_LOT_COLUMNS.items(), zip(*rows, strict=True), strict=True)
    return {name: np.asarray(values).astype(kind) for (name, kind), values in columns}


def no_days(kinds: Mapping[str, str]) -> Columns:
    """Return columns without rows."""
    return {name: np.empty(0, dtype=kind) for name, kind in kinds.items()}


def storm(**changes: Any) -> SiteEventRecord:
    """Return a storm that still blows."""
    given = SiteEventRecord(5_010_001, 501, "storm", date(2016, 2, 28), None, 0.5, 2, 7)
    return replace(given, **changes)


def joined(*parts: Columns) -> Columns:
    """Return several assignments' days, one after another."""
    return {name: np.concatenate([part[name] for part in parts]) for name in DAILY_COLUMNS}


def assignment(number: int, container: int, **changes: Any) -> AssignmentRecord:
    """Return an open assignment of batch 1 from the first of January."""
    given = AssignmentRecord(number, 1, container, 2, date(2016, 1, 1), None, 1000, 0.1, None, None)
    return replace(given, **changes)


def history(**changes: Any) -> History:
    """Two months of one batch: tank 1 until the tenth of February, then tank 2."""
    moved = date(2016, 2, 10)
    batch = BatchRecord(
        *(1, 1, BATCH, "Salmo salar", 1, "external", 1, None, 1000),
        *(date(2016, 1, 1), date(2018, 6, 1), "active", None),
    )
    given = History(
        geography="FO",
        period=PERIOD,
        daily=joined(daily(1, 1, date(2016, 1, 1), 40), daily(2, 1, moved, 20)),
        batches=(batch,),
        assignments=(
            assignment(1, 1, end_date=moved, end_count=0, end_weight_g=1 / 3),
            assignment(2, 2, start_date=moved, start_count=960),
        ),
        transfers=(TransferRecord(moved, 1, 2, 960, 13.1, 12.576, 0, "stage"),),
        harvests=(),
        harvest_lots=no_days(HARVEST_LOT_COLUMNS),
        health=HealthRecords(),
        feed=FeedRecords(),
        feed_draws=draws(100_001, 1, date(2016, 1, 1), 40),
        figures=FigureRecords(),
        site_days=place_days(SITE_DAY_COLUMNS, 501, date(2016, 1, 1), 60),
        hall_days=place_days(HALL_DAY_COLUMNS, 1, date(2016, 1, 1), 60),
        site_events=(storm(),),
        snapshot=Snapshot("FO", PERIOD.last_day, {"z": 0.1 + 0.2, "a": [1, 1e22, 5.0], "n": None}),
    )
    return replace(given, **changes)


def chunk_of(month: Month, readings: int = 31, *, seed: int = 0) -> RenderedChunk:
    """Return rows of the batch in a month: hourly readings, and a row or two of everything else.

    Every seventh reading is of no fish.
    """
    first = day_number(month.first)
    hours = np.arange(readings)
    tables: dict[str, Sequence[Table]] = {
        "environmental_reading": [
            _readings(first, hours[hours % 7 == 0], None, seed),
            _readings(first, hours[hours % 7 != 0], 1, seed),
        ],
        "feeding_event": [
            {
                "fed_at": np.array([first * DAY_US + 8 * _HOUR_US]),
                "assignment_id": np.array([1]),
                "feed_store_id": np.array([1]),
                "feed_type_id": np.array([1]),
                "amount_kg": np.array([1125]),
                "feeding_percent": np.array([2.5]),
                "method": Words(np.array([0], dtype=np.int32), ("automatic",)),
                "cost": np.array([1725]),
            }
        ],
        "mortality_event": [
            {
                "date": np.array([first, first]),
                "assignment_id": np.array([1, 1]),
                "mortality_cause_id": np.array([1, 2]),
                "count": np.array([3, 3]),
                "mean_weight_g": np.array([0.5, 0.5]),
            }
        ],
        "fish_observation": [
            {
                "sampled_on": np.array([first]),
                "assignment_id": np.array([1]),
                "fish_no": np.array([1]),
                "weight_g": np.array([0.4]),
                "length_cm": np.array([3.3]),
            }
        ],
    }
    return RenderedChunk({name: tables.get(name, ()) for name in CHUNK_TABLES})


def _readings(first: int, hours: NDArray[np.int64], assignment: int | None, seed: int) -> Table:
    ones = np.ones(len(hours), dtype=np.int64)
    return {
        "reading_time": first * DAY_US + hours * _HOUR_US,
        "sensor_id": ones,
        "container_id": ones,
        "assignment_id": None if assignment is None else assignment * ones,
        "environmental_parameter_id": ones,
        "value": 8.0 + (hours + seed) / 3,
        "quality_flag_id": ones,
    }


def address(month: Month = JANUARY) -> ChunkAddress:
    """Return the address of the batch in a month of session 1."""
    return ChunkAddress(1, BATCH, month)


SIMULATION = ChunkAddress.simulation(1, "FO")


@dataclass(frozen=True)
class Worker:
    """Ledger, loader and history on one connection, as a worker process has them."""

    database: Database
    ledger: PostgresLedger
    loader: PostgresLoader
    store: PostgresHistoryStore
    progress: Progress

    @classmethod
    def at(cls, url: str, name: str = WORKER, **settings: Any) -> Worker:
        """Return a worker with a connection of its own."""
        database = Database(url, name)
        return cls(
            database,
            PostgresLedger(database, **settings),
            PostgresLoader(database),
            PostgresHistoryStore(database),
            Progress(database),
        )

    def claim(self, which: ChunkAddress, name: str = WORKER) -> Claim:
        """Claim a chunk that is free."""
        claim = self.ledger.claim(which, name, 5)
        assert claim is not None
        return claim

    def simulated(self, **changes: Any) -> None:
        """Open session 1, commit its history and plan a chunk for each month of it."""
        self.ledger.open_session(new_session(), plan(), ["FO"])
        claim, lived = self.claim(SIMULATION), history(**changes)
        self.loader.load_history(claim, lived, planned(), slices(lived), TIMINGS)

    def expanded(self) -> None:
        """As `simulated`, and with its months open."""
        self.simulated()
        self.ledger.expand(1)
        self.ledger.start(1)

    def commit(self, month: Month = JANUARY) -> None:
        """Commit the chunk of a month."""
        self.loader.load_chunk(self.claim(address(month)), chunk_of(month), TIMINGS)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.database.transaction() as connection:
            return connection.execute(query.encode()).fetchall()

    def run(self, statement: str) -> None:
        """Execute a statement."""
        with self.database.transaction() as connection:
            connection.execute(statement.encode())

    def one(self, query: str) -> Any:
        """Return the single value of a query."""
        return self.rows(query)[0][0]


def slices(lived: History) -> list[HistorySlice | AreaSlice]:
    """Return what the chunks of the batch are rendered from."""
    return [lived.slice(1, BATCH, month) for month in PERIOD.months()]


def planned() -> list[PlannedChunk]:
    """Return what the history asks for: a chunk for each month."""
    return [PlannedChunk(address(month), chunk_of(month).rows()) for month in PERIOD.months()]
