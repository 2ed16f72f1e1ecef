"""Slices of a history as bytes: all columns of a chunk's input in one compressed value."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.simulation.history import (
    HALL_DAY_COLUMNS,
    SITE_DAY_COLUMNS,
    SLICE_COLUMNS,
    AreaSlice,
    Columns,
    HistorySlice,
    Stay,
)

#: Two thirds of what zstd takes and an eighth more bytes. "Raw": without frames and checksums of
#: its own, which the database's pages have.
_CODEC = pa.Codec("lz4_raw")

#: What it is of; the bytes before compression; three numbers: for a batch rows and causes of death,
#: for an area the days of sites, those of halls, and the stays.
_HEAD = struct.Struct("<cIIII")
_BATCH, _AREA = b"b", b"a"

#: Columns of the stays. An end that is not known yet is no date at all (NaT).
_STAY_COLUMNS = {"container_id": "int32", "start": "datetime64[D]", "end": "datetime64[D]"}


def pack(given: HistorySlice | AreaSlice) -> bytes:
    """Return a slice as bytes. Every value comes back to the last bit."""
    if isinstance(given, AreaSlice):
        stays = _columns_of(given.stays)
        body = b"".join(
            (
                *_bytes_of(given.sites, SITE_DAY_COLUMNS),
                *_bytes_of(given.halls, HALL_DAY_COLUMNS),
                *_bytes_of(stays, _STAY_COLUMNS),
            )
        )
        numbers = len(given.sites["date"]), len(given.halls["date"]), len(given.stays)
        head = _HEAD.pack(_AREA, len(body), *numbers)
    else:
        body = b"".join(_bytes_of(given.columns, SLICE_COLUMNS))
        head = _HEAD.pack(_BATCH, len(body), *given.columns["deaths_by_cause"].shape, 0)
    compressed: bytes = _CODEC.compress(body, asbytes=True)
    return head + compressed


def unpack(data: bytes, address: ChunkAddress, month: Month) -> HistorySlice | AreaSlice:
    """Return the slice out of its bytes. Its columns cannot be written to.

    Raises:
        ContractBroken: the bytes are no slice.
    """
    try:
        kind, size, *numbers = _HEAD.unpack_from(data)
        body = memoryview(_CODEC.decompress(memoryview(data)[_HEAD.size :], size))
        if kind == _BATCH:
            rows, causes, _ = numbers
            tables = [(SLICE_COLUMNS, rows)]
        else:
            causes = 1
            kinds = SITE_DAY_COLUMNS, HALL_DAY_COLUMNS, _STAY_COLUMNS
            tables = list(zip(kinds, numbers, strict=True))
        found = list(_columns(body, tables, causes))
    except (struct.error, ValueError, OSError, pa.ArrowException) as error:
        raise ContractBroken(f"{address}: what is kept of its history is damaged") from error
    if kind == _BATCH:
        return HistorySlice(address.subject, month, found[0])
    sites, halls, stays = found
    return AreaSlice(address.subject, month, sites, halls, _stays_of(stays))


def _bytes_of(columns: Columns, kinds: Mapping[str, str]) -> Iterator[bytes | memoryview]:
    for name, kind in kinds.items():
        column = np.ascontiguousarray(columns[name], dtype=_wire(kind))
        yield column.view(np.uint8).data if column.size else b""


def _columns(
    body: memoryview, tables: list[tuple[dict[str, str], int]], causes: int
) -> Iterator[Columns]:
    """Yield the columns of each of these tables; raises ValueError unless they are the body."""
    at = 0
    for kinds, rows in tables:
        columns: Columns = {}
        for name, kind in kinds.items():
            is_matrix = name == "deaths_by_cause"
            values = rows * causes if is_matrix else rows
            column = np.frombuffer(body, dtype=_wire(kind), count=values, offset=at)
            at += column.nbytes
            columns[name] = column.reshape(rows, causes) if is_matrix else column
        yield columns
    if at != len(body):
        raise ValueError(f"{len(body) - at} bytes are left over")


@cache
def _wire(kind: str) -> np.dtype[Any]:
    return np.dtype(kind).newbyteorder("<")


def _columns_of(stays: tuple[Stay, ...]) -> Columns:
    return {
        "container_id": np.array([stay.container_id for stay in stays], dtype=np.int32),
        "start": np.array([stay.start for stay in stays], dtype="datetime64[D]"),
        "end": np.array([stay.end for stay in stays], dtype="datetime64[D]"),
    }


def _stays_of(columns: Columns) -> tuple[Stay, ...]:
    values = (columns[name].tolist() for name in _STAY_COLUMNS)
    stays: list[tuple[int, date, date | None]] = list(zip(*values, strict=True))
    return tuple(Stay(*stay) for stay in stays)
