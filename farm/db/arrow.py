"""Arrow record batches from numpy columns, without a loop over rows: what pgpq encodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import types

from farm.db.tables import table
from farm.rendering.table import Column, Runs, Table, Words, rows_in

#: Kilograms with three decimals, held as whole grams; money with two, held as whole cents.
KILOGRAMS = pa.decimal128(12, 3)
MONEY = pa.decimal128(14, 2)
INSTANT = pa.timestamp("us", tz="UTC")

#: SQL type to Arrow type. A class further down is tried later: SmallInteger is an Integer.
_ARROW: tuple[tuple[type[types.TypeEngine[Any]], pa.DataType], ...] = (
    (types.SmallInteger, pa.int16()),
    (types.BigInteger, pa.int64()),
    (types.Integer, pa.int32()),
    (types.Double, pa.float64()),
    (types.Text, pa.string()),
    (types.Boolean, pa.bool_()),
    (types.Date, pa.date32()),
    (types.TIMESTAMP, INSTANT),
    (types.ARRAY, pa.list_(pa.int32())),
)


@cache
def arrow_types(name: str) -> Mapping[str, pa.DataType]:
    """Return the Arrow type that each column of a table is given in, in table order."""
    return {column.name: _arrow(column.type) for column in table(name).columns}


def _arrow(sql_type: types.TypeEngine[Any]) -> pa.DataType:
    if isinstance(sql_type, types.Numeric):
        return pa.decimal128(sql_type.precision or 0, sql_type.scale or 0)
    return next(arrow for kind, arrow in _ARROW if isinstance(sql_type, kind))


def rendered_batch(name: str, rows: Table) -> pa.RecordBatch:
    """Return rendered rows of a table as a record batch, columns as given.

    Raises KeyError for a column that the table has not.
    """
    fields, number = _fields(name), rows_in(rows)
    arrays = [_array(given, *fields[column], number) for column, given in rows.items()]
    return pa.RecordBatch.from_arrays(arrays, schema=_schema(name, tuple(rows)))


def decimals(whole: NDArray[Any], kind: pa.Decimal128Type) -> pa.Array:
    """Return whole numbers as decimals of a type, in its last digit; no single value is touched."""
    return _array(whole, kind, _wide, len(whole))


def _array(column: Column, kind: pa.DataType, pack: _Pack, rows: int) -> pa.Array:
    if column is None:
        return pa.nulls(rows, kind)
    if isinstance(column, Words):
        return _vocabulary(column.vocabulary).take(pa.array(column.codes))
    if isinstance(column, Runs):
        column = column.values.repeat(column.lengths)
    return pa.Array.from_buffers(kind, rows, [None, pa.py_buffer(pack(column))])


@cache
def _vocabulary(words: tuple[str, ...]) -> pa.Array:
    return pa.array(words, pa.string())


# Asking types and schemas again and again takes longer than packing.


@cache
def _fields(name: str) -> Mapping[str, tuple[pa.DataType, _Pack]]:
    """Return type and packing of each column."""
    return {
        column: (kind, _wide if pa.types.is_decimal(kind) else _PACK[kind])
        for column, kind in arrow_types(name).items()
    }


@cache
def _schema(name: str, columns: tuple[str, ...]) -> pa.Schema:
    kinds = arrow_types(name)
    return pa.schema([(column, kinds[column]) for column in columns])


#: Brings a column into the bytes of its type.
_Pack = Callable[[NDArray[Any]], NDArray[Any]]


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
    pa.string(): _no_text,
}
