"""The types of the tables as Arrow has them, and whole numbers as its decimals."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import types

from farm.db.tables import table

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


def decimals(whole: NDArray[Any], kind: pa.Decimal128Type) -> pa.Array:
    """Return whole numbers as decimals of a type, in its last digit; no single value is touched."""
    words = np.empty((len(whole), 2), dtype="<i8")  # 128 bits: the low word, then the sign's
    words[:, 0] = whole
    words[:, 1] = words[:, 0] >> 63
    return pa.Array.from_buffers(kind, len(whole), [None, pa.py_buffer(words)])
