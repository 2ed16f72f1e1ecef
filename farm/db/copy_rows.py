"""How rows lie in a binary COPY, for numpy to write them a column at a time.

A row is its number of columns, then for each column the length of its value and the value; a NULL
is the length -1 and no value. All numbers are big-endian, days and instants count from 2000. Rows
without a value in the same columns are equally long: an array of records, of which a blank one says
everything but the values.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from farm.db.arrow import INSTANT

HEADER, TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"

#: How PostgreSQL has the values of an Arrow type, and its beginning of time in ours.
NUMBERS: Mapping[pa.DataType, tuple[str, int]] = {
    pa.int16(): (">i2", 0),
    pa.int32(): (">i4", 0),
    pa.float64(): (">f8", 0),
    pa.bool_(): ("?", 0),
    pa.date32(): (">i4", 10_957),
    INSTANT: (">i8", 946_684_800_000_000),
}

#: PostgreSQL's number for the type of array elements.
_INT4 = 23

#: A decimal: four digits of base 10,000, of which three are before the point.
_DECIMAL = np.dtype(
    [("size", ">i2"), ("weight", ">i2"), ("sign", ">u2"), ("scale", ">i2"), ("digits", ">i2", 4)]
)
_NEGATIVE = 0x4000


@cache
def blank(columns: tuple[tuple[str, pa.DataType | None], ...], elements: int = 0) -> NDArray[Any]:
    """Return a row that lacks nothing but its values, as an array of one.

    Args:
        columns: in their order, each with its type, None where it has no value.
        elements: how many numbers each value of a column of lists has.

    Raises:
        KeyError: a type that is not of `NUMBERS`, no decimal and no list of 32-bit numbers.
    """
    fields: list[tuple[str, Any]] = [("columns", ">i2")]
    for name, kind in columns:
        fields.append((f"length of {name}", ">i4"))
        if kind is not None:
            fields.append((name, _format(kind, elements)))
    row = np.zeros(1, dtype=fields)
    row["columns"] = len(columns)
    for name, kind in columns:
        row[f"length of {name}"] = -1 if kind is None else row.dtype[name].itemsize
        if kind is not None and pa.types.is_decimal(kind):
            row[name] = (4, 2, 0, kind.scale, [0, 0, 0, 0])
        elif kind is not None and pa.types.is_list(kind):
            # One dimension from 1 on, no element is NULL.
            for field, value in (("dimensions", 1), ("type", _INT4), ("length", elements)):
                row[name][field] = value
            row[name]["first"], row[name]["items"]["size"] = 1, 4
    return row


def whole(rows: NDArray[Any]) -> NDArray[Any]:
    """Return rows each as one value: else their fields are copied one by one."""
    return rows.view(f"V{rows.itemsize}")


def write(rows: NDArray[Any], name: str, kind: pa.DataType, values: NDArray[Any]) -> None:
    """Write a column: days and instants since 1970, decimals as whole numbers of the last digit."""
    if pa.types.is_decimal(kind):
        _write_decimals(rows[name], values, kind.scale)
    elif pa.types.is_list(kind):
        rows[name]["items"]["value"] = values
    elif beginning := NUMBERS[kind][1]:
        rows[name] = values - beginning
    else:
        rows[name] = values


def _write_decimals(decimals: NDArray[Any], values: NDArray[np.int64], scale: int) -> None:
    digits = decimals["digits"]
    above, below = np.divmod(np.abs(values), 10**scale)
    digits[:, 3] = below * 10 ** (4 - scale)
    for place in (2, 1):
        above, digits[:, place] = np.divmod(above, 10_000)
    digits[:, 0] = above
    decimals["sign"] = np.where(values < 0, _NEGATIVE, 0)


def _format(kind: pa.DataType, elements: int) -> np.dtype[Any]:
    if pa.types.is_decimal(kind):
        return _DECIMAL
    if not pa.types.is_list(kind):
        return np.dtype(NUMBERS[kind][0])
    head = [(name, ">i4") for name in ("dimensions", "nulls", "type", "length", "first")]
    return np.dtype([*head, ("items", [("size", ">i4"), ("value", ">i4")], (elements,))])
