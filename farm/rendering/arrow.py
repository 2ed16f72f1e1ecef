"""Arrow record batches from numpy columns, without copying and without a loop over rows.

The schemas say what a chunk's tables look like: names, order and types of their columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

#: Rows of a record batch. The cost of encoding is flat from 16,000 to 65,536 rows; larger batches
#: only take memory.
BATCH_ROWS = 65_536

#: Kilograms with three decimals, held as whole grams; money with two, held as whole cents.
KILOGRAMS = pa.decimal128(12, 3)
MONEY = pa.decimal128(14, 2)
INSTANT = pa.timestamp("us", tz="UTC")

SCHEMAS: Mapping[str, pa.Schema] = {
    "environmental_reading": pa.schema(
        [
            ("reading_time", INSTANT),
            ("sensor_id", pa.int32()),
            ("container_id", pa.int32()),
            ("assignment_id", pa.int32()),
            ("environmental_parameter_id", pa.int16()),
            ("value", pa.float64()),
            ("quality_flag_id", pa.int16()),
        ]
    ),
    "feeding_event": pa.schema(
        [
            ("fed_at", INSTANT),
            ("assignment_id", pa.int32()),
            ("feed_store_id", pa.int32()),
            ("feed_type_id", pa.int16()),
            ("amount_kg", KILOGRAMS),
            ("feeding_percent", pa.float64()),
            ("method", pa.string()),
            ("cost", MONEY),
        ]
    ),
    "mortality_event": pa.schema(
        [
            ("date", pa.date32()),
            ("assignment_id", pa.int32()),
            ("mortality_cause_id", pa.int16()),
            ("count", pa.int32()),
            ("mean_weight_g", pa.float64()),
        ]
    ),
    "growth_sample": pa.schema(
        [
            ("sampled_on", pa.date32()),
            ("assignment_id", pa.int32()),
            ("n", pa.int32()),
            ("mean_weight_g", pa.float64()),
            ("sd_weight_g", pa.float64()),
            ("min_weight_g", pa.float64()),
            ("max_weight_g", pa.float64()),
            ("mean_length_cm", pa.float64()),
            ("condition_factor", pa.float64()),
            ("biomass_estimate_kg", pa.float64()),
        ]
    ),
    "fish_observation": pa.schema(
        [
            ("sampled_on", pa.date32()),
            ("assignment_id", pa.int32()),
            ("fish_no", pa.int16()),
            ("weight_g", pa.float64()),
            ("length_cm", pa.float64()),
        ]
    ),
    "lice_count": pa.schema(
        [
            ("counted_on", pa.date32()),
            ("assignment_id", pa.int32()),
            ("n", pa.int32()),
            ("adult_female", pa.float64()),
            ("mobile", pa.float64()),
            ("attached", pa.float64()),
        ]
    ),
    "lice_observation": pa.schema(
        [
            ("counted_on", pa.date32()),
            ("assignment_id", pa.int32()),
            ("fish_no", pa.int16()),
            ("adult_female", pa.int16()),
            ("mobile", pa.int16()),
            ("attached", pa.int16()),
        ]
    ),
    "health_sample": pa.schema(
        [
            ("sampled_on", pa.date32()),
            ("assignment_id", pa.int32()),
            ("n", pa.int32()),
            ("gill_score", pa.float64()),
            ("gill_score_max", pa.float64()),
            ("gills_affected", pa.int32()),
            ("wounded", pa.int32()),
            ("fin_score", pa.float64()),
            ("side_effect_score", pa.float64()),
        ]
    ),
    "sensor_calibration": pa.schema(
        [
            ("calibrated_on", pa.date32()),
            ("sensor_id", pa.int32()),
            ("deviation", pa.float64()),
        ]
    ),
    "equipment_service": pa.schema(
        [
            ("serviced_on", pa.date32()),
            ("equipment_id", pa.int32()),
            ("kind", pa.string()),
        ]
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A text column with few different words: for each row the index of its word."""

    codes: NDArray[np.int32]
    vocabulary: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: slice) -> Words:
        return Words(self.codes[rows], self.vocabulary)


#: One table's rows. Instants are microseconds and days are days since 1970-01-01, both UTC;
#: kilograms are whole grams, and money is whole cents.
#: A column that has no value in any row is None.
Table = Mapping[str, NDArray[Any] | Words | None]


#: Brings a column into the bytes of its type.
_Pack = Callable[[NDArray[Any]], NDArray[Any]]


def record_batches(name: str, table: Table) -> list[pa.RecordBatch]:
    """Return the rows of a table as record batches of at most `BATCH_ROWS` rows; [] without rows.

    Raises KeyError when a column of the schema is missing.
    """
    schema, fields = SCHEMAS[name], _FIELDS[name]
    columns = [(table[field], kind, pack) for field, kind, pack in fields]
    first = columns[0][0]
    rows = len(first) if first is not None else 0
    return [
        pa.RecordBatch.from_arrays(
            [
                pa.nulls(part.stop - part.start, kind)
                if column is None
                else _array(column[part], kind, pack)
                for column, kind, pack in columns
            ],
            schema=schema,
        )
        for part in _parts(rows)
    ]


def _parts(rows: int) -> Iterator[slice]:
    for first in range(0, rows, BATCH_ROWS):
        yield slice(first, min(first + BATCH_ROWS, rows))


def _array(column: NDArray[Any] | Words, kind: pa.DataType, pack: _Pack) -> pa.Array:
    if isinstance(column, Words):
        return pa.array(column.vocabulary, kind).take(pa.array(column.codes))
    return pa.Array.from_buffers(kind, len(column), [None, pa.py_buffer(pack(column))])


def decimals(whole: NDArray[Any], kind: pa.Decimal128Type) -> pa.Array:
    """Return whole numbers as decimals of a type, in its last digit; no single value is touched."""
    return _array(whole, kind, _wide)


def _as(dtype: str) -> _Pack:
    return lambda column: np.ascontiguousarray(column, dtype=dtype)


def _wide(column: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers as 128-bit little-endian integers: low word, then the sign's word."""
    words = np.empty((len(column), 2), dtype="<i8")
    words[:, 0] = column
    words[:, 1] = words[:, 0] >> 63
    return words


def _no_text(column: NDArray[Any]) -> NDArray[Any]:
    raise TypeError(f"texts are given as Words, not as an array of {column.dtype}")


_PACK: Mapping[pa.DataType, _Pack] = {
    pa.int16(): _as("<i2"),
    pa.int32(): _as("<i4"),
    pa.float64(): _as("<f8"),
    pa.date32(): _as("<i4"),
    INSTANT: _as("<i8"),
    KILOGRAMS: _wide,
    MONEY: _wide,
    pa.string(): _no_text,
}

#: Name, type and packing of each column: asking a schema again and again takes longer than packing.
_FIELDS = {
    name: [(field.name, field.type, _PACK[field.type]) for field in schema]
    for name, schema in SCHEMAS.items()
}
