"""Rows become bytes: equal rows, equal bytes; wrong columns are refused before any connection."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from farm.db.daily import daily_by_month, daily_from_copy, thousandths
from farm.db.encoding import arrow_types, encode_chunk, encode_history, encode_table
from farm.db.leaves import leaf_name
from farm.db.locks import chunk_lock
from farm.domain.address import ChunkAddress
from farm.errors import ContractBroken
from farm.rendering.arrow import SCHEMAS
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from tests.integration.db import tiny_farm
from tests.integration.db.tiny_farm import FEBRUARY, JANUARY, chunk_of


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
    same = encode_history(tiny_farm.history())
    assert encode_history(given) == same
    changed = (
        replace(given, transfers=()),
        replace(given, batches=(replace(given.batches[0], status="harvested"),)),
        replace(given, snapshot=replace(given.snapshot, state={})),
        replace(given, daily={**given.daily, "feed_g": given.daily["feed_g"] + 1}),
    )
    assert len({same.sha256, *(encode_history(each).sha256 for each in changed)}) == 5


def test_days_are_cut_by_month_and_keep_their_order() -> None:
    parts = daily_by_month(tiny_farm.history().daily)
    assert list(parts) == [JANUARY, FEBRUARY]
    assert [part.num_rows for part in parts.values()] == [31, 29]
    february = parts[FEBRUARY]
    assert february["assignment_id"].to_pylist() == [1] * 9 + [2] * 20
    assert february["salinity_psu"].null_count == 9
    assert february["feed_kg"][0].as_py() == Decimal("1234.598")
    assert {f.name: f.type for f in february.schema} == arrow_types("daily_state")


def test_grams_become_kilograms_without_rounding() -> None:
    grams = np.array([0, 1, -1, 999_999_999_999, 1_234_567], dtype=np.int64)
    expected = ["0.000", "0.001", "-0.001", "999999999.999", "1234.567"]
    assert [str(each) for each in thousandths(grams).to_pylist()] == expected


def test_bytes_that_are_no_days_are_refused() -> None:
    header, row = b"\x00" * 19, b"\x00\x10" + b"\x00" * 40
    with pytest.raises(ContractBroken, match="numbers of causes of death"):
        daily_from_copy(header + row + b"\xff\xff")


def test_leaves_and_locks_have_names_of_their_own() -> None:
    assert leaf_name("daily_state", FEBRUARY) == "daily_state_2016_02"
    addresses = [ChunkAddress(s, b, m) for s in (1, 2) for b in "ab" for m in (JANUARY, FEBRUARY)]
    numbers = {chunk_lock(address) for address in addresses}
    assert len(numbers) == len(addresses)
    assert all(-(2**63) <= number < 2**63 for number in numbers)
