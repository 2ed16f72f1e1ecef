"""The rows of a binary COPY, read value by value as PostgreSQL's manual has it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)


def rows_of(copied: bytes, kinds: list[pa.DataType]) -> Iterator[list[Any]]:
    """Yield the rows of a COPY whose columns are of these types."""
    assert copied.startswith(_HEADER)
    at = len(_HEADER)
    while (columns := _number(copied, at, 2)) >= 0:
        assert columns == len(kinds)
        at, row = at + 2, []
        for kind in kinds:
            size, at = _number(copied, at, 4), at + 4
            row.append(_value(copied[at : at + size], kind) if size >= 0 else None)
            at += max(size, 0)
        yield row
    assert at + 2 == len(copied)


def _value(data: bytes, kind: pa.DataType) -> Any:
    if pa.types.is_floating(kind):
        return struct.unpack("!d", data)[0]
    if pa.types.is_boolean(kind):
        return bool(struct.unpack("!B", data)[0])
    if pa.types.is_decimal(kind):
        return _decimal(data)
    if pa.types.is_string(kind):
        return data.decode()
    if pa.types.is_list(kind):
        assert struct.unpack("!5i", data[:20]) == (1, 0, 23, (len(data) - 20) // 8, 1)
        sizes_and_values = struct.unpack(f"!{(len(data) - 20) // 4}i", data[20:])
        assert set(sizes_and_values[::2]) <= {4}
        return list(sizes_and_values[1::2])
    number = _number(data, 0, len(data))
    return date(2000, 1, 1) + timedelta(days=number) if pa.types.is_date(kind) else number


def _decimal(data: bytes) -> Decimal:
    size, weight, sign, scale = struct.unpack("!hhHh", data[:8])
    digits = struct.unpack(f"!{size}h", data[8:])
    assert all(0 <= digit < 10_000 for digit in digits)
    whole = sum(digit * Decimal(10_000) ** (weight - n) for n, digit in enumerate(digits))
    return Decimal(-whole if sign else whole).quantize(Decimal(1).scaleb(-scale))


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big", signed=True)
