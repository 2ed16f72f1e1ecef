"""Rows packed by numpy are the bytes of pgpq but for leading zeros, whatever the table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pgpq
import pyarrow as pa
import pytest

from farm.db import packing
from farm.db.arrow import arrow_types
from farm.rendering.chunk import CHUNK_TABLES
from farm.rendering.table import Runs, Table, Words
from tests.reference import copy_rows
from tests.unit.rendering.rendered import rendered_batch

#: Tables without decimals: pgpq writes these with zeros before and behind the number.
SAME_BYTES = [name for name in CHUNK_TABLES if name != "feeding_event"]
INT2, INT4, INT8 = (np.iinfo(kind) for kind in (np.int16, np.int32, np.int64))

#: Numbers at the ends of what a type holds, and in its middle.
EXTREMES: dict[pa.DataType, list[float]] = {
    pa.int16(): [INT2.min, -1, 0, 1, 258, INT2.max],
    pa.int32(): [INT4.min, -1, 0, 1, 66_051, INT4.max],
    pa.float64(): [-0.0, 0.1, -1e300, 5e-324, np.inf, 1.0],
    pa.date32(): [-1, 0, 10_956, 10_957, 16_860, 40_000],
}
INSTANTS = [-1, 0, 946_684_799_999_999, 946_684_800_000_000, 1_456_747_200_000_000, 2**52]


def columns_of(name: str) -> dict[str, Any]:
    return {column: _column(kind) for column, kind in arrow_types(name).items()}


def _column(kind: pa.DataType) -> Any:
    if pa.types.is_string(kind):
        return words(0, 1, 1, 2, 0, 2)
    if pa.types.is_decimal(kind):
        return np.array([0, 1, 9_999, 10_000, 10**9 - 1, -(10**7)])
    return np.array(EXTREMES.get(kind, INSTANTS))


def words(*codes: int) -> Words:
    return Words(np.array(codes, dtype=np.int32), ("by hand", "tømt", "other", "cleaned"))


def packed(name: str, parts: Sequence[Table]) -> bytes:
    return b"".join(packing.packed(name, parts))


def by_pgpq(name: str, *parts: Table) -> bytes:
    batches = [rendered_batch(name, part) for part in parts]
    encoder = pgpq.ArrowToPostgresBinaryEncoder(batches[0].schema)
    written = [encoder.write_header(), *map(encoder.write_batch, batches), encoder.finish()]
    return b"".join(written)


@pytest.mark.parametrize("name", SAME_BYTES)
def test_packed_rows_are_the_bytes_of_pgpq(name: str) -> None:
    rows = columns_of(name)

    assert packed(name, [rows]) == by_pgpq(name, rows)


@pytest.mark.parametrize("name", SAME_BYTES)
def test_columns_may_be_in_any_order_and_have_no_value(name: str) -> None:
    rows = dict(reversed(columns_of(name).items()))

    for absent in rows:
        parts = rows, {**rows, absent: None}
        assert packed(name, parts) == by_pgpq(name, *parts)


def test_runs_are_the_rows_they_stand_for() -> None:
    name, rows = "environmental_reading", columns_of("environmental_reading")
    lengths = np.array([1, 0, 3, 2])
    sensors = Runs(np.array([7, 8, INT4.max, 9]), lengths)
    containers = Runs(np.array([4, 3, 2, 1]), lengths)
    given = {**rows, "sensor_id": sensors, "container_id": containers, "assignment_id": None}

    plain = {
        **given,
        "sensor_id": sensors.values.repeat(lengths),
        "container_id": containers.values.repeat(lengths),
    }

    assert packed(name, [given]) == packed(name, [plain]) == by_pgpq(name, plain)


def test_a_part_without_rows_and_no_part_at_all_are_an_empty_copy() -> None:
    name = "mortality_event"
    nothing = {column: values[:0] for column, values in columns_of(name).items()}

    assert packed(name, []) == packed(name, [nothing, nothing]) == by_pgpq(name, nothing)


@pytest.mark.parametrize("codes", [(0, 0), (2, 3), (0, 2), (1, 3), (1, 0), (3, 1)])
def test_words_of_all_lengths_follow_each_other(codes: tuple[int, int]) -> None:
    name = "equipment_service"
    rows = {c: v if isinstance(v, Words) else v[:2] for c, v in columns_of(name).items()}
    given = {**rows, "kind": words(*codes)}

    assert packed(name, [given]) == by_pgpq(name, given)


@pytest.mark.parametrize("largest", [0, 1, 999, 1_000, 9_999_999, 10_000_000, 10**12 - 1])
def test_decimals_have_the_digits_that_the_largest_needs(largest: int) -> None:
    name, kinds = "feeding_event", arrow_types("feeding_event")
    values = np.array([0, largest, -largest, largest // 3, largest // 10_000, 1 - largest])
    given = {**columns_of(name), "amount_kg": values}

    rows = list(copy_rows.rows_of(packed(name, [given]), list(kinds.values())))

    place = list(kinds).index("amount_kg")
    assert [row[place] for row in rows] == [Decimal(int(one)).scaleb(-3) for one in values]
    expected = copy_rows.rows_of(by_pgpq(name, given), list(kinds.values()))
    assert rows == list(expected)
    alone = packed(name, [{**given, "cost": None}])
    # 1 behind the point, and four decimal digits each before it
    digits = 1 + -(-len(str(largest // 1000)) // 4 if largest >= 1000 else 0)
    assert len(packed(name, [{**given, "cost": None, "amount_kg": None}])) == len(alone) - 6 * (
        8 + 2 * digits
    )


def test_what_is_no_column_of_its_type_is_refused() -> None:
    name, rows = "equipment_service", columns_of("equipment_service")

    with pytest.raises((TypeError, ValueError)):
        packed(name, [{**rows, "equipment_id": words(0, 0, 0, 0, 0, 0)}])
    with pytest.raises(AttributeError):
        packed(name, [{**rows, "kind": np.array(["repaired"] * 6)}])
    with pytest.raises(ValueError, match="broadcast"):
        packed(name, [{**rows, "equipment_id": rows["equipment_id"][:5]}])


def test_what_was_packed_cannot_be_changed() -> None:
    for part in packing.packed("mortality_event", [columns_of("mortality_event")]):
        assert memoryview(part).readonly
