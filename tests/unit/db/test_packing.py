"""Numbers packed by numpy are the bytes of pgpq, whatever the table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pgpq
import pyarrow as pa
import pytest

from farm.db.arrow import arrow_types, rendered_batch
from farm.db.packing import is_packed, packed
from farm.rendering.chunk import CHUNK_TABLES
from farm.rendering.table import Runs, Table, Words

PACKED = [name for name in CHUNK_TABLES if is_packed(name)]
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
    kinds = arrow_types(name)
    return {column: np.array(EXTREMES.get(kind, INSTANTS)) for column, kind in kinds.items()}


def by_pgpq(name: str, *parts: Table) -> bytes:
    batches = [rendered_batch(name, part) for part in parts]
    encoder = pgpq.ArrowToPostgresBinaryEncoder(batches[0].schema)
    written = [encoder.write_header(), *map(encoder.write_batch, batches), encoder.finish()]
    return b"".join(written)


def test_all_that_is_not_text_or_decimal_is_packed() -> None:
    assert set(CHUNK_TABLES) - set(PACKED) == {"feeding_event", "equipment_service"}


@pytest.mark.parametrize("name", PACKED)
def test_packed_rows_are_the_bytes_of_pgpq(name: str) -> None:
    rows = columns_of(name)

    assert packed(name, [rows]) == by_pgpq(name, rows)


@pytest.mark.parametrize("name", PACKED)
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


def test_what_is_no_column_of_numbers_is_refused() -> None:
    name, rows = "mortality_event", columns_of("mortality_event")
    words = Words(np.zeros(6, dtype=np.int32), ("one",))

    with pytest.raises((TypeError, ValueError)):
        packed(name, [{**rows, "count": words}])
    with pytest.raises(ValueError, match="broadcast"):
        packed(name, [{**rows, "count": rows["count"][:5]}])


def test_what_was_packed_cannot_be_changed() -> None:
    assert packed("mortality_event", [columns_of("mortality_event")]).readonly
