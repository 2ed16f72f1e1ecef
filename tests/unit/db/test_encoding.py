"""Rows become bytes: equal rows, equal bytes; wrong columns are refused before any connection."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farm.db.arrow import arrow_types
from farm.db.daily import days_by_month
from farm.db.encoding import (
    DAY_TABLES,
    digest_of,
    encode_chunk,
    encode_days,
    encode_history,
    encode_records,
)
from farm.db.leaves import leaf_name
from farm.db.locks import chunk_lock
from farm.db.records import record_batch
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.chunk import RenderedChunk
from farm.rendering.table import Table
from farm.simulation.feed_records import FeedRecords
from farm.simulation.history import DRAW_COLUMNS, Columns, History
from tests.integration.db import tiny_farm
from tests.integration.db.tiny_farm import FEBRUARY, JANUARY, chunk_of
from tests.reference import copy_rows, feed_rows

SHORTAGE = feed_rows.Shortage(1, 1, date(2016, 1, 9), "12.000", "11.999")


def test_the_same_chunk_gives_the_same_bytes_and_another_does_not() -> None:
    one, again = (encode_chunk(JANUARY, chunk_of(JANUARY)) for _ in range(2))
    assert one == again
    other = encode_chunk(JANUARY, chunk_of(JANUARY, seed=1))
    assert other.rows == one.rows
    assert other.sha256 != one.sha256


def test_a_table_without_rows_is_no_bytes() -> None:
    chunk = chunk_of(JANUARY)
    (fish,) = chunk.tables["fish_observation"]
    nothing = {name: column[:0] for name, column in fish.items() if isinstance(column, np.ndarray)}
    tables = {**chunk.tables, "fish_observation": [nothing]}

    encoded = {each.table: each for each in encode_chunk(JANUARY, RenderedChunk(tables)).tables}

    assert encoded["fish_observation"].parts == encoded["growth_sample"].parts == ()
    assert encoded["fish_observation"].rows == 0


def test_a_chunk_without_a_table_is_refused() -> None:
    tables = dict(chunk_of(JANUARY).tables)
    del tables["growth_sample"]
    with pytest.raises(ContractBroken, match="lacks growth_sample"):
        encode_chunk(JANUARY, RenderedChunk(tables))


@pytest.mark.parametrize("name", ["mortality_event", "feeding_event"])
def test_a_part_with_other_columns_is_refused(name: str) -> None:
    chunk = chunk_of(JANUARY)
    (part,) = chunk.tables[name]
    short = {column: values for column, values in part.items() if column != "assignment_id"}
    for wrong in ([short], [part, short], [{**part, "weather": None}], [part, _turned(part)]):
        with pytest.raises(ContractBroken, match=f"{name}: columns are"):
            encode_chunk(JANUARY, RenderedChunk({**chunk.tables, name: wrong}))


def _turned(part: Table) -> Table:
    return dict(reversed(list(part.items())))


def shortages() -> pa.RecordBatch:
    return record_batch([SHORTAGE], arrow_types("feed_shortage"))


@pytest.mark.parametrize(
    "wrong",
    [
        pa.record_batch({"id": pa.array([1])}),
        shortages().drop_columns(["fed_kg"]),
        # four bytes as well: PostgreSQL would take them for something else
        shortages().set_column(2, "date", pa.array([1], pa.int32())),
    ],
)
def test_columns_that_are_not_the_tables_are_refused(wrong: pa.RecordBatch) -> None:
    with pytest.raises(ContractBroken, match="feed_shortage: columns are"):
        encode_records("feed_shortage", wrong)


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
        replace(given, feed=FeedRecords(shortages=feed_rows.columns_of(SHORTAGE))),
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


def copied(table: str, columns: Columns) -> dict[Month, list[dict[str, Any]]]:
    """The rows of a table of days that are copied for each month."""
    kinds = arrow_types(table)
    found = {}
    for month, number, copied in days_by_month(columns, kinds):
        rows = list(copy_rows.rows_of(bytes(copied), list(kinds.values())))
        assert len(rows) == number
        found[month] = [dict(zip(kinds, row, strict=True)) for row in rows]
    return found


def test_days_are_cut_by_month_and_keep_their_order() -> None:
    parts = copied("daily_state", tiny_farm.history().daily)
    assert list(parts) == [JANUARY, FEBRUARY]
    assert [len(part) for part in parts.values()] == [31, 29]
    february = parts[FEBRUARY]
    assert [row["assignment_id"] for row in february] == [1] * 9 + [2] * 20
    assert [row["salinity_psu"] is None for row in february] == [True] * 9 + [False] * 20
    assert february[0]["feed_kg"] == Decimal("1234.598")
    assert february[0]["feed_cost"] == Decimal("987654321.32")
    assert [row["feed_type_id"] for row in february[:3]] == [1, None, 1]


def test_every_day_is_copied_as_it_is() -> None:
    lived = tiny_farm.history()
    tables = (lived.daily, lived.feed_draws, lived.site_days, lived.hall_days)
    for table, columns in zip(DAY_TABLES, tables, strict=True):
        rows = [row for part in copied(table, columns).values() for row in part]
        days = list(arrow_types(table))
        by_day = sorted(rows, key=lambda row: (next(iter(row.values())), row["date"]))
        given = zip(*(column.tolist() for column in columns.values()), strict=True)
        expected = sorted(map(list, given), key=lambda row: (row[0], row[days.index("date")]))
        for row, values in zip(by_day, expected, strict=True):
            for (name, found), value in zip(row.items(), values, strict=True):
                if found is None:
                    assert value == 0 or math.isnan(value), name
                elif isinstance(found, Decimal):
                    assert found == Decimal(value).scaleb(-arrow_types(table)[name].scale), name
                else:
                    assert found == value, name


def test_many_months_are_cut_as_few_are() -> None:
    # Given the sixty days of two months, and the same days spread over almost a year
    lived = tiny_farm.history().daily
    spread = lived | {"date": lived["date"][0] + 5 * np.arange(len(lived["date"]))}
    few, many = copied("daily_state", lived), copied("daily_state", spread)
    # Then every row is in the month of its day, and is but for that the same
    assert len(many) == 10
    assert all(Month.of(row["date"]) == month for month, rows in many.items() for row in rows)
    rows, same = ([row | {"date": 0} for part in p.values() for row in part] for p in (few, many))
    assert rows == same


@given(st.lists(st.integers(-(10**14) + 1, 10**14 - 1), min_size=1, max_size=5))
def test_money_is_copied_to_the_cent(cents: list[int]) -> None:
    columns = tiny_farm.draws(100_001, 1, date(2016, 1, 1), len(cents))
    columns["cost_cents"] = np.asarray(cents)
    rows = copied("feed_draw", columns)[JANUARY]
    assert [row["cost"] for row in rows] == [Decimal(each).scaleb(-2) for each in cents]


def test_days_with_other_columns_are_refused() -> None:
    draws = tiny_farm.draws(100_001, 1, date(2016, 1, 1), 3)
    del draws["cost_cents"]
    with pytest.raises(ContractBroken, match="columns are date, feed_lot_id"):
        copied("feed_draw", draws)


def test_without_days_there_is_no_month() -> None:
    assert not copied("feed_draw", tiny_farm.no_days(DRAW_COLUMNS))


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
        record_batch([replace(SHORTAGE, **changes)], arrow_types("feed_shortage"))


def test_a_number_that_is_none_is_refused() -> None:
    record = replace(tiny_farm.storm(), severity=float("nan"))
    with pytest.raises(ContractBroken, match="severity is not always a finite number"):
        record_batch([tiny_farm.storm(), record], arrow_types("site_event"))


def test_leaves_and_locks_have_names_of_their_own() -> None:
    assert leaf_name("daily_state", FEBRUARY) == "daily_state_2016_02"
    addresses = [ChunkAddress(s, b, m) for s in (1, 2) for b in "ab" for m in (JANUARY, FEBRUARY)]
    numbers = {chunk_lock(address) for address in addresses}
    assert len(numbers) == len(addresses)
    assert all(-(2**63) <= number < 2**63 for number in numbers)
