"""Slices of a history as bytes: all columns of a chunk's input in one compressed value."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.simulation.history import (
    HALL_DAY_COLUMNS,
    SITE_DAY_COLUMNS,
    SLICE_COLUMNS,
    STAY_COLUMNS,
    AreaSlice,
    Columns,
    HistorySlice,
)

#: Two thirds of what zstd takes and an eighth more bytes. "Raw": without frames and checksums of
#: its own, which the database's pages have.
_CODEC = pa.Codec("lz4_raw")

#: What it is of; the bytes before compression; three numbers: for a batch rows and causes of death,
#: for an area the days of sites, those of halls, and the stays.
_HEAD = struct.Struct("<cIIII")
_BATCH, _AREA = b"b", b"a"

#: The columns of their tables.
_TABLES: Mapping[bytes, tuple[Mapping[str, str], ...]] = {
    _BATCH: (SLICE_COLUMNS,),
    _AREA: (SITE_DAY_COLUMNS, HALL_DAY_COLUMNS, STAY_COLUMNS),
}


def pack(given: HistorySlice | AreaSlice) -> bytes:
    """Return a slice as bytes. Every value comes back to the last bit."""
    tables: tuple[Columns, ...]
    if isinstance(given, AreaSlice):
        kind, tables = _AREA, (given.sites, given.halls, given.stays)
        numbers = len(given.sites["date"]), len(given.halls["date"]), len(given.stays["start"])
    else:
        kind, tables = _BATCH, (given.columns,)
        numbers = (*given.columns["deaths_by_cause"].shape, 0)
    body = b"".join(
        [
            np.ascontiguousarray(columns[name], dtype=_plain(of)).data
            for columns, kinds in zip(tables, _TABLES[kind], strict=True)
            for name, of in kinds.items()
        ]
    )
    head = _HEAD.pack(kind, len(body), *numbers)
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
        causes = numbers[1] if kind == _BATCH else 1
        found = list(_columns(body, zip(_TABLES[kind], numbers, strict=False), causes))
    except (struct.error, KeyError, TypeError, ValueError, OSError, pa.ArrowException) as error:
        raise ContractBroken(f"{address}: what is kept of its history is damaged") from error
    if kind == _BATCH:
        return HistorySlice(address.subject, month, found[0])
    return AreaSlice(address.subject, month, *found)


def _columns(
    body: memoryview, tables: Iterable[tuple[Mapping[str, str], int]], causes: int
) -> Iterator[Columns]:
    """Yield the columns of each of these tables.

    Raises TypeError if they are more than the body, ValueError if they are less.
    """
    at, whole = 0, np.frombuffer(body, dtype=np.uint8)
    whole.flags.writeable = False
    for kinds, rows in tables:
        columns: Columns = {}
        for name, kind in kinds.items():
            shape = (rows, causes) if name == "deaths_by_cause" else rows
            column: NDArray[Any] = np.ndarray(shape, _wire(kind), whole, at)
            at += column.nbytes
            columns[name] = column
        yield columns
    if at != len(body):
        raise ValueError(f"{len(body) - at} bytes are left over")


@cache
def _plain(kind: str) -> np.dtype[Any]:
    """Return what numpy lends the bytes of: of days, the numbers that they are."""
    wire = _wire(kind)
    return np.dtype("<i8") if wire.kind == "M" else wire


@cache
def _wire(kind: str) -> np.dtype[Any]:
    return np.dtype(kind).newbyteorder("<")
