"""By-month tables are native partitions or hypertables: decided once, for all of them, or refused.

What a month's leaves promise either way is in `test_month_closing` and its neighbours; they run on
any server that `--postgres` names.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from farm.db import migrate
from farm.db.connection import connect
from farm.db.digest import digest
from farm.db.drop import drop_everything
from farm.db.hypertables import Hypertables
from farm.db.leaf import Leaf
from farm.db.leaves import create_leaves, finish_leaves
from farm.db.storage import Storage, found, outlook, settle, why_no_hypertables
from farm.db.tables import MONTHLY_TABLES, table
from farm.domain.calendar import Month
from farm.errors import ContractBroken, ServiceUnavailable, SettingsInvalid
from farm.settings.settings import Timescale
from tests.integration.db.tiny_farm import FEBRUARY, JANUARY, PERIOD, Worker
from tests.servers import Databases

pytestmark = pytest.mark.services

NATIVE, HYPERTABLES = "native month partitions", "TimescaleDB hypertables"


def storage_in(url: str) -> Storage | None:
    """Return how a database keeps its by-month tables."""
    with connect(url, "test") as connection:
        return found(connection)


@pytest.fixture
def timescale_url(empty_database_url: str) -> str:
    """An empty database on a server that has TimescaleDB."""
    with connect(empty_database_url, "test") as connection:
        if reason := why_no_hypertables(connection):
            pytest.skip(reason)
    return empty_database_url


@pytest.fixture
def bare_url(empty_database_url: str) -> str:
    """An empty database on a server that has no TimescaleDB."""
    with connect(empty_database_url, "test") as connection:
        if why_no_hypertables(connection) is None:
            pytest.skip("the server has TimescaleDB")
    return empty_database_url


@pytest.fixture
def hypertables(timescale_url: str) -> Iterator[Worker]:
    """A worker in a database with hypertables."""
    migrate.upgrade(timescale_url, "on")
    worker = Worker.at(timescale_url)
    yield worker
    worker.database.close()


# The decision


def test_without_timescale_auto_means_partitions_and_on_is_refused_before_anything_is_written(
    bare_url: str,
) -> None:
    with pytest.raises(
        ServiceUnavailable, match=r"^FARM_TIMESCALE=on, but the server .*timescaledb$"
    ):
        migrate.upgrade(bare_url, "on")
    assert storage_in(bare_url) is None
    assert not migrate.is_current(bare_url)
    assert outlook(bare_url, "auto") == NATIVE

    migrate.upgrade(bare_url, "auto")

    kept = storage_in(bare_url)
    assert kept is not None
    assert kept.name == outlook(bare_url, "auto") == NATIVE


def test_partitions_stay_partitions_and_on_is_refused_with_one_line(
    empty_database_url: str,
) -> None:
    migrate.upgrade(empty_database_url, "off")
    harmless: tuple[Timescale, ...] = ("auto", "off")
    for wanted in harmless:
        migrate.upgrade(empty_database_url, wanted)
    for refuse in (migrate.upgrade, outlook):
        with pytest.raises(SettingsInvalid) as refused:
            refuse(empty_database_url, "on")
        assert str(refused.value) == (
            "FARM_TIMESCALE=on, but the database keeps its data in native month partitions:"
            " set it to auto, or begin anew with `farm reset`"
        )


def test_with_timescale_auto_means_hypertables_which_stay(timescale_url: str) -> None:
    assert outlook(timescale_url, "auto") == HYPERTABLES
    migrate.upgrade(timescale_url)
    harmless: tuple[Timescale, ...] = ("auto", "on")
    for wanted in harmless:
        migrate.upgrade(timescale_url, wanted)
        assert outlook(timescale_url, wanted) == HYPERTABLES
    with pytest.raises(SettingsInvalid, match="keeps its data in TimescaleDB hypertables"):
        migrate.upgrade(timescale_url, "off")


def test_a_user_who_may_not_create_the_extension_gets_partitions_or_one_line(
    databases: Databases, timescale_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a user to whom an administrator left everything but the extension
    with psycopg.connect(timescale_url, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS guest")
        owner.execute("CREATE ROLE guest LOGIN PASSWORD 'guest-secret'")
        owner.execute("CREATE EXTENSION btree_gist")
        owner.execute("CREATE SCHEMA ops AUTHORIZATION guest")
        owner.execute("GRANT ALL ON SCHEMA public TO guest")
    guest = databases.as_user(timescale_url, "guest", "guest-secret")
    # When it must be TimescaleDB, then it is refused; else partitions do, and the log says why
    with pytest.raises(ServiceUnavailable, match="TimescaleDB cannot be used: permission denied"):
        migrate.upgrade(guest, "on")
    assert storage_in(guest) is None
    migrate.upgrade(guest, "auto")
    kept = storage_in(guest)
    assert kept is not None
    assert kept.name == NATIVE
    (line,) = capsys.readouterr().out.splitlines()
    assert "native month partitions" in line
    assert "permission denied to create extension" in line


def test_a_timescale_that_cuts_chunks_otherwise_is_found_out_before_anything_is_loaded(
    timescale_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a TimescaleDB whose chunks do not begin and end where they are asked to
    monkeypatch.setattr("farm.db.hypertables._EPOCH", Month(1970, 2).first)
    with pytest.raises(ServiceUnavailable, match="TimescaleDB cannot be used"):
        migrate.upgrade(timescale_url, "on")
    migrate.upgrade(timescale_url, "auto")
    kept = storage_in(timescale_url)
    assert kept is not None
    assert kept.name == NATIVE


# Hypertables


def test_every_by_month_table_is_a_hypertable_with_its_columns_and_checks(
    hypertables: Worker,
) -> None:
    made = hypertables.rows("SELECT hypertable_name FROM timescaledb_information.hypertables")
    assert {name for (name,) in made} == set(MONTHLY_TABLES)
    for name in MONTHLY_TABLES:
        columns = hypertables.rows(
            "SELECT column_name, is_nullable = 'YES' FROM information_schema.columns"
            f" WHERE table_schema = 'public' AND table_name = '{name}' ORDER BY ordinal_position"
        )
        assert columns == [(column.name, column.nullable) for column in table(name).columns]
    checks = hypertables.rows(
        "SELECT conname FROM pg_constraint WHERE contype = 'c'"
        " AND conrelid = 'mortality_event'::regclass"
    )
    assert checks == [("mortality_event_count_check",)]
    # and the rehearsal left nothing
    assert hypertables.rows("SELECT 1 FROM timescaledb_information.chunks") == []


def test_a_table_that_a_later_migration_brings_becomes_a_hypertable_as_well(
    hypertables: Worker,
) -> None:
    with hypertables.database.transaction() as connection:
        connection.execute(
            "ALTER TABLE growth_sample RENAME TO before;"
            " CREATE TABLE growth_sample (LIKE before) PARTITION BY RANGE (sampled_on);"
            " DROP TABLE before"
        )
        settle(connection, found(connection), "auto")
        create_leaves(connection, ["growth_sample"], [JANUARY])
    made = hypertables.rows("SELECT hypertable_name FROM timescaledb_information.hypertables")
    assert {name for (name,) in made} == set(MONTHLY_TABLES)


def test_a_chunk_spans_one_calendar_month_in_whatever_order_months_are_made(
    hypertables: Worker,
) -> None:
    months = [Month(2016, 3), Month(2015, 12), Month(2016, 2), Month(2016, 1), Month(2018, 1)]
    for month in months:
        with hypertables.database.transaction() as connection:
            create_leaves(connection, MONTHLY_TABLES, [month])
            create_leaves(connection, MONTHLY_TABLES, [month])
    spans = hypertables.rows(
        "SELECT chunk_name, range_start::date, range_end::date FROM timescaledb_information.chunks"
    )
    assert sorted(spans) == sorted(
        (Leaf(name, month).name, month.first, month.next().first)
        for name in MONTHLY_TABLES
        for month in months
    )
    # Then they are empty and bare, and chunks that others make are a month long again
    assert hypertables.one("SELECT count(*) FROM environmental_reading") == 0
    assert (
        hypertables.rows("SELECT 1 FROM pg_indexes WHERE tablename ~ '_[0-9]{4}_[0-9]{2}$'") == []
    )
    lengths = hypertables.rows(
        "SELECT DISTINCT time_interval::text FROM timescaledb_information.dimensions"
    )
    assert lengths == [("30 days",)]


@pytest.mark.parametrize("day", ["2015-12-31", "2016-01-20", "2016-02-10"])
def test_chunks_of_somebody_else_in_the_way_are_refused_and_keep_their_rows(
    hypertables: Worker, day: str
) -> None:
    # Given rows in chunks that TimescaleDB made by itself, which reach into January
    hypertables.run(f"INSERT INTO mortality_event VALUES ('{day}', 1, 1, 1, 0.5)")
    with (
        pytest.raises(ContractBroken, match="mortality_event"),
        hypertables.database.transaction() as connection,
    ):
        create_leaves(connection, ["mortality_event"], [JANUARY])
    assert hypertables.one("SELECT count(*) FROM mortality_event") == 1


def test_a_question_about_one_month_reads_one_chunk(hypertables: Worker) -> None:
    hypertables.expanded()
    for month in PERIOD.months():
        hypertables.commit(month)
        assert hypertables.ledger.close_month(1, month)
    plan = str(
        hypertables.rows(
            "EXPLAIN SELECT avg(value) FROM environmental_reading"
            " WHERE reading_time >= '2016-01-05' AND reading_time < '2016-01-20'"
        )
    )
    assert "environmental_reading_2016_01" in plan
    assert "environmental_reading_2016_02" not in plan
    buckets = hypertables.rows(
        "SELECT time_bucket('1 month', reading_time)::date, count(*)"
        " FROM environmental_reading GROUP BY 1 ORDER BY 1"
    )
    assert buckets == [(month.first, 31) for month in PERIOD.months()]


def test_a_reader_of_everything_does_not_stand_in_the_way_of_a_closing_month(
    hypertables: Worker,
) -> None:
    hypertables.expanded()
    hypertables.commit()
    with psycopg.connect(hypertables.database.url) as reader:
        reader.execute("SELECT count(*) FROM environmental_reading")
        with hypertables.database.transaction() as connection:
            connection.execute("SET lock_timeout = '5s'")
        assert hypertables.ledger.close_month(1, JANUARY)


def test_both_give_the_same_digest_at_every_moment(
    hypertables: Worker, databases: Databases
) -> None:
    with databases.empty() as url:
        migrate.upgrade(url, "off")
        partitions = Worker.at(url)

        def is_the_same() -> bool:
            with (
                hypertables.database.snapshot() as one,
                partitions.database.snapshot() as other,
            ):
                return digest(one) == digest(other)

        for worker in (hypertables, partitions):
            worker.expanded()
            worker.commit(JANUARY)
            worker.commit(FEBRUARY)
        assert is_the_same()
        assert hypertables.ledger.close_month(1, JANUARY)
        assert not is_the_same()
        assert partitions.ledger.close_month(1, JANUARY)
        assert is_the_same()
        partitions.database.close()


def test_a_finished_leaf_is_left_alone(worker: Worker) -> None:
    with worker.database.transaction() as connection:
        create_leaves(connection, MONTHLY_TABLES, [JANUARY])
    for _ in range(2):
        with worker.database.transaction() as connection:
            finish_leaves(connection, MONTHLY_TABLES, JANUARY)


def test_after_everything_was_dropped_the_other_kind_may_be_chosen(hypertables: Worker) -> None:
    hypertables.expanded()
    hypertables.commit()
    url = hypertables.database.url
    hypertables.database.close()
    drop_everything(url)
    assert storage_in(url) is None
    migrate.upgrade(url, "off")
    assert not isinstance(storage_in(url), Hypertables)
    drop_everything(url)
    migrate.upgrade(url, "on")
    assert isinstance(storage_in(url), Hypertables)
