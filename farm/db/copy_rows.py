"""How rows lie in a binary COPY, for numpy to write them a column at a time.

A row is its number of columns, then for each column the length of its value and the value; a NULL
is the length -1 and no value. All numbers are big-endian, days and instants count from 2000. Rows
without a value in the same columns are equally long: an array of records, of which a blank one says
everything but the values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from farm.db.arrow import INSTANT
from farm.rendering.table import Words

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

#: A decimal has digits of base 10,000, the last of them behind the point.
_BASE, _BASE_DIGITS, _NEGATIVE = 10_000, 4, 0x4000

#: Writes a column of rows: days and instants since 1970, decimals as whole numbers of the last
#: digit, texts as `Words`.
Writer = Callable[[NDArray[Any], str, Any], None]


@cache
def blank(columns: tuple[tuple[str, pa.DataType, int | None], ...]) -> NDArray[Any]:
    """Return a row that lacks nothing but its values, as an array of one.

    Args:
        columns: in their order, each with its type and the size of its values, None where it has no
            value: how many numbers a list has, `digits` a decimal, and bytes a text. The size of
            any other is in its type.

    Raises:
        KeyError: a type that is not of `NUMBERS`, no decimal, text or list of 32-bit numbers.
    """
    fields: list[tuple[str, Any]] = [("columns", ">i2")]
    for name, kind, size in columns:
        fields.append((f"length of {name}", ">i4"))
        if size is not None:
            fields.append((name, _format(kind, size)))
    row = np.zeros(1, dtype=fields)
    row["columns"] = len(columns)
    for name, kind, size in columns:
        row[f"length of {name}"] = -1 if size is None else row.dtype[name].itemsize
        if size is not None and pa.types.is_decimal(kind):
            row[name]["size"], row[name]["weight"] = size, size - 2
            row[name]["scale"] = kind.scale
        elif size is not None and pa.types.is_list(kind):
            # One dimension from 1 on, no element is NULL.
            for field, value in (("dimensions", 1), ("type", _INT4), ("length", size)):
                row[name][field] = value
            row[name]["first"], row[name]["items"]["size"] = 1, 4
    return row


def _format(kind: pa.DataType, size: int) -> np.dtype[Any]:
    if pa.types.is_decimal(kind):
        head = [("size", ">i2"), ("weight", ">i2"), ("sign", ">u2"), ("scale", ">i2")]
        return np.dtype([*head, ("digits", ">i2", (size,))])
    if pa.types.is_list(kind):
        head = [(name, ">i4") for name in ("dimensions", "nulls", "type", "length", "first")]
        return np.dtype([*head, ("items", [("size", ">i4"), ("value", ">i4")], (size,))])
    return np.dtype(f"S{size}" if pa.types.is_string(kind) else NUMBERS[kind][0])


def scales(kinds: Mapping[str, pa.DataType]) -> Mapping[str, int]:
    """Return how many decimal digits are behind the point, for each column of decimals."""
    return {name: kind.scale for name, kind in kinds.items() if pa.types.is_decimal(kind)}


def digits(values: NDArray[np.int64], scale: int) -> int:
    """Return how many digits of base 10,000 the longest of these decimals has.

    PostgreSQL looks for zeros before a number digit by digit.
    """
    largest = max(int(values.max()), -int(values.min())) // 10**scale
    return 1 + -(-len(str(largest)) // _BASE_DIGITS if largest else 0)


def longest(words: Words) -> int:
    """Return the bytes of the longest word in use, at least one."""
    return max(1, int(_texts(words.vocabulary)[1].take(words.codes).max()))


def unpadded(
    rows: NDArray[np.uint8], kind: np.dtype[Any], texts: Mapping[str, Words]
) -> NDArray[np.uint8]:
    """Return the bytes of rows of a kind without those that fill up short texts."""
    kept: NDArray[np.bool_] | None = None
    for name, words in texts.items():
        size, begin = kind[name].itemsize, _offset(kind, name)
        lengths = _texts(words.vocabulary)[1].take(words.codes)
        if lengths.min() < size:
            kept = np.ones(rows.shape, dtype=bool) if kept is None else kept
            kept[:, begin : begin + size] = np.arange(size) < lengths[:, None]
    return rows.reshape(-1) if kept is None else rows[kept]


def _offset(row: np.dtype[Any], name: str) -> int:
    """Return where in a row the values of a column begin."""
    fields: Mapping[str, Any] = row.fields or {}
    return int(fields[name][1])


@cache
def writer(kind: pa.DataType) -> Writer:
    """Return what writes columns of a type."""
    if pa.types.is_decimal(kind):
        return partial(_write_decimals, kind.scale)
    if pa.types.is_list(kind):
        return _write_lists
    if pa.types.is_string(kind):
        return _write_words
    beginning = NUMBERS[kind][1]
    return partial(_write_times, beginning) if beginning else _write_numbers


def _write_numbers(rows: NDArray[Any], name: str, values: NDArray[Any]) -> None:
    rows[name] = values


def _write_times(beginning: int, rows: NDArray[Any], name: str, values: NDArray[Any]) -> None:
    rows[name] = values - beginning


def _write_lists(rows: NDArray[Any], name: str, values: NDArray[Any]) -> None:
    rows[name]["items"]["value"] = values


def _write_words(rows: NDArray[Any], name: str, values: Words) -> None:
    texts, lengths = _texts(values.vocabulary)
    rows[name] = texts.take(values.codes)
    rows[f"length of {name}"] = lengths.take(values.codes)


@cache
def _texts(vocabulary: tuple[str, ...]) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
    """Return words as bytes, and how many these are."""
    texts = [word.encode() for word in vocabulary]
    return np.array(texts), np.array([len(text) for text in texts])


def _write_decimals(scale: int, rows: NDArray[Any], name: str, values: NDArray[np.int64]) -> None:
    field = rows[name]
    negative = values < 0
    if negative.any():
        field["sign"][negative] = _NEGATIVE
        values = np.abs(values)
    found = field["digits"]
    above, below = _divided(values, 10**scale)
    found[:, -1] = below * 10 ** (_BASE_DIGITS - scale)
    for place in range(found.shape[1] - 2, 0, -1):
        above, found[:, place] = _divided(above, _BASE)
    if found.shape[1] > 1:
        found[:, 0] = above


def _divided(values: NDArray[np.int64], by: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return `numpy.divmod`; a division and what it leaves take a fifth of its time."""
    quotient = values // by
    return quotient, values - quotient * by
