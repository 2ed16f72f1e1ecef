"""Rows become bytes: equal rows, equal bytes; wrong columns are refused before any connection."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from farm.db.daily import days_by_month
from farm.db.encoding import (
    DAY_TABLES,
    arrow_types,
    digest_of,
    encode_chunk,
    encode_days,
    encode_history,
    encode_records,
    encode_table,
)
from farm.db.leaves import leaf_name
from farm.db.locks import chunk_lock
from farm.domain.address import ChunkAddress
from farm.errors import ContractBroken
from farm.rendering.arrow import SCHEMAS
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.simulation.feed_records import FeedRecords, FeedShortageRecord
from farm.simulation.history import DRAW_COLUMNS, History
from tests.integration.db import tiny_farm
from tests.integration.db.tiny_farm import FEBRUARY, JANUARY, chunk_of

SHORTAGE = FeedShortageRecord(1, 1, date(2016, 1, 9), "12.000", "11.999")


def test_the_same_chunk_gives_the_same_bytes_and_another_does_not() -> None:
    one, again = (encode_chunk(JANUARY, chunk_of(JANUARY)) for _ in range(2))
    assert one == again
    other = encode_chunk(JANUARY, chunk_of(JANUARY, seed=1))
    assert other.rows == one.rows
    assert other.sha256 != one.sha256


def test_rows_that_move_to_another_table_change_the_digest() -> None:
    empty: dict[str, list[pa.RecordBatch]] = {name: [] for name in CHUNK_TABLES}
    digests = {encode_chunk(JANUARY, RenderedChunk(empty)).sha256}
    for name, batches in chunk_of(JANUARY).tables.items():
        if batches:
            digests.add(encode_chunk(JANUARY, RenderedChunk({**empty, name: batches})).sha256)
    assert len(digests) == 5


def test_a_chunk_without_a_table_is_refused() -> None:
    tables = dict(chunk_of(JANUARY).tables)
    del tables["growth_sample"]
    with pytest.raises(ContractBroken, match="lacks growth_sample"):
        encode_chunk(JANUARY, RenderedChunk(tables))


@pytest.mark.parametrize(
    "wrong",
    [
        pa.record_batch({"id": pa.array([1])}),
        chunk_of(JANUARY).tables["mortality_event"][0].slice(0, 1).drop_columns(["count"]),
        # eight bytes as well: PostgreSQL would take them for something else
        pa.record_batch(
            {
                name: pa.array([1], pa.int64()) if name == "mean_weight_g" else column.slice(0, 1)
                for name, column in zip(
                    arrow_types("mortality_event"),
                    chunk_of(JANUARY).tables["mortality_event"][0].columns,
                    strict=True,
                )
            }
        ),
    ],
)
def test_columns_that_are_not_the_tables_are_refused(wrong: pa.RecordBatch) -> None:
    with pytest.raises(ContractBroken, match="mortality_event: columns are"):
        encode_table("mortality_event", JANUARY, [wrong])


@pytest.mark.parametrize("table", CHUNK_TABLES)
def test_rendering_gives_columns_as_the_tables_take_them(table: str) -> None:
    schema = SCHEMAS[table]
    assert dict(zip(schema.names, schema.types, strict=True)) == arrow_types(table)


def test_the_digest_of_a_history_sees_records_and_snapshot() -> None:
    given = tiny_farm.history()
    assert encode_history(given) == encode_history(tiny_farm.history())
    same = digest(given)
    assert digest(tiny_farm.history()) == same
    changed = (
        replace(given, transfers=()),
        replace(given, batches=(replace(given.batches[0], status="harvested"),)),
        replace(given, snapshot=replace(given.snapshot, state={})),
        replace(given, daily={**given.daily, "feed_g": given.daily["feed_g"] + 1}),
        replace(given, feed_draws=tiny_farm.draws(100_002, 1, date(2016, 1, 1), 40)),
        replace(given, feed=FeedRecords(shortages=(SHORTAGE,))),
    )
    assert len({same, *map(digest, changed)}) == 7


def digest(history: History) -> str:
    return digest_of(history, encode_history(history))


def test_the_months_and_rows_of_days_are_known_before_they_are_encoded() -> None:
    encoded = encode_history(tiny_farm.history())
    days = list(encode_days(tiny_farm.history()))
    assert encoded.months == (JANUARY, FEBRUARY)
    for name in DAY_TABLES:
        assert encoded.rows[name] == sum(each.rows for each in days if each.table == name)


def test_days_are_cut_by_month_and_keep_their_order() -> None:
    parts = dict(days_by_month(tiny_farm.history().daily))
    assert list(parts) == [JANUARY, FEBRUARY]
    assert [part.num_rows for part in parts.values()] == [31, 29]
    february = parts[FEBRUARY]
    assert february["assignment_id"].to_pylist() == [1] * 9 + [2] * 20
    assert february["salinity_psu"].null_count == 9
    assert february["feed_kg"][0].as_py() == Decimal("1234.598")
    assert february["feed_cost"][0].as_py() == Decimal("987654321.32")
    assert february["feed_type_id"].to_pylist()[:3] == [1, None, 1]
    assert {f.name: f.type for f in february.schema} == arrow_types("daily_state")


def test_draws_are_cut_by_month_as_well() -> None:
    parts = dict(days_by_month(tiny_farm.history().feed_draws))
    assert [part.num_rows for part in parts.values()] == [31, 9]
    january = parts[JANUARY]
    assert {f.name: f.type for f in january.schema} == arrow_types("feed_draw")
    assert january["quantity_kg"][30].as_py() == Decimal("1234.597")
    assert january["cost"][30].as_py() == Decimal("987654321.31")


def test_without_days_there_is_no_month() -> None:
    nothing = tiny_farm.no_days(DRAW_COLUMNS)
    assert list(days_by_month(nothing)) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"wanted_kg": "12.0001"}, "wanted_kg cannot be decimal"),
        ({"wanted_kg": "12345678901.000"}, "wanted_kg cannot be decimal"),
        ({"wanted_kg": "a lot"}, "wanted_kg cannot be decimal"),
        ({"feed_type_id": 40_000}, "feed_type_id cannot be int16"),
        ({"feed_store_id": "one"}, "feed_store_id cannot be int32"),
    ],
)
def test_a_record_is_written_as_it_is_or_not_at_all(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ContractBroken, match=message):
        encode_records("feed_shortage", [replace(SHORTAGE, **changes)])


def test_a_number_that_is_none_is_refused() -> None:
    record = replace(tiny_farm.storm(), severity=float("nan"))
    with pytest.raises(ContractBroken, match="severity is not always a finite number"):
        encode_records("site_event", [tiny_farm.storm(), record])


def test_leaves_and_locks_have_names_of_their_own() -> None:
    assert leaf_name("daily_state", FEBRUARY) == "daily_state_2016_02"
    addresses = [ChunkAddress(s, b, m) for s in (1, 2) for b in "ab" for m in (JANUARY, FEBRUARY)]
    numbers = {chunk_lock(address) for address in addresses}
    assert len(numbers) == len(addresses)
    assert all(-(2**63) <= number < 2**63 for number in numbers)
