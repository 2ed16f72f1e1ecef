"""Rows become COPY bytes, many rows by numpy and records by pgpq. No connection, no transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np
import pgpq
import pyarrow as pa

from farm.db.arrow import arrow_types
from farm.db.daily import days_by_month
from farm.db.leaves import leaf_name
from farm.db.packing import packed
from farm.db.records import LIVING_TABLES, record_batch, records_of
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.checksum import checksum_of
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.rendering.months import months_of
from farm.rendering.table import Table, rows_in
from farm.simulation.history import Columns, History

#: Tables of a history with a row for each day and more, kept by month.
DAY_TABLES = ("daily_state", "feed_draw", "site_day", "hall_day")


@dataclass(frozen=True, slots=True)
class EncodedTable:
    """Rows of one table, ready to be copied into ``leaf``; without months, that is the table."""

    table: str
    leaf: str
    columns: tuple[str, ...]
    rows: int
    parts: tuple[bytes | memoryview, ...]


@dataclass(frozen=True, slots=True)
class EncodedChunk:
    """A month of a batch or area as bytes. ``sha256`` is the checksum of what was rendered."""

    tables: tuple[EncodedTable, ...]
    rows: Mapping[str, int]
    sha256: str


@dataclass(frozen=True, slots=True)
class EncodedHistory:
    """A simulated session of one geography, but for its days: see `encode_days`.

    ``records`` holds the tables with few rows, ``living`` what is in those of them whose rows live
    on, ``snapshot`` the state as JSON. ``months`` and ``rows`` are those of the days as well.
    """

    months: tuple[Month, ...]
    records: Mapping[str, EncodedTable]
    living: Mapping[str, pa.RecordBatch]
    snapshot: str
    rows: Mapping[str, int]


def encode_chunk(month: Month, chunk: RenderedChunk) -> EncodedChunk:
    """Encode a rendered chunk.

    Raises:
        ContractBroken: a table is missing, or its columns are not those of the database.
    """
    if missing := [name for name in CHUNK_TABLES if name not in chunk.tables]:
        raise ContractBroken(f"the chunk lacks {', '.join(missing)}")
    tables = tuple(
        [_encode_rendered(name, leaf, chunk.tables[name]) for name, leaf in _leaves(month)]
    )
    return EncodedChunk(tables, {each.table: each.rows for each in tables}, checksum_of(chunk))


@lru_cache
def _leaves(month: Month) -> list[tuple[str, str]]:
    """Return the tables of a chunk, each with its leaf for a month."""
    return [(name, leaf_name(name, month)) for name in CHUNK_TABLES]


def _encode_rendered(name: str, leaf: str, parts: Sequence[Table]) -> EncodedTable:
    rows = sum(map(rows_in, parts))
    if rows == 0:
        return EncodedTable(name, leaf, (), 0, ())
    columns, expected = tuple(parts[0]), arrow_types(name)
    for part in parts:
        if tuple(part) != columns or part.keys() != expected.keys():
            raise ContractBroken(
                f"{name}: columns are {', '.join(part)}, not {', '.join(expected)}"
            )
    return EncodedTable(name, leaf, columns, rows, packed(name, parts))


def encode_history(history: History) -> EncodedHistory:
    """Encode what a history has beside its days: its records and its snapshot.

    Raises:
        ContractBroken: a value that its table cannot hold as it is.
    """
    days = _days(history)
    given = {
        name: record_batch(records, arrow_types(name))
        for name, records in records_of(history).items()
    }
    months = {month for columns in days.values() for month in months_of(columns["date"])}
    return EncodedHistory(
        months=tuple(sorted(months)),
        records={name: encode_records(name, batch) for name, batch in given.items()},
        living={name: given[name] for name in LIVING_TABLES},
        snapshot=state_json(history.snapshot.state),
        rows={
            **{name: batch.num_rows for name, batch in given.items()},
            **{name: len(columns["date"]) for name, columns in days.items()},
        },
    )


def encode_days(history: History) -> Iterator[EncodedTable]:
    """Encode the days of a history, a month of a table at a time, each as it is asked for.

    All at once would take more memory than the history itself.

    Raises:
        ContractBroken: the columns of a table are not those of the database.
    """
    for name, days in _days(history).items():
        kinds = arrow_types(name)
        for month, rows, copied in days_by_month(days, kinds):
            yield EncodedTable(name, leaf_name(name, month), tuple(kinds), rows, (copied,))


def digest_of(history: History, encoded: EncodedHistory) -> str:
    """Return the SHA-256 of all that a history writes: the arrays of its days, then the rest."""
    digest = sha256()
    for name, days in _days(history).items():
        digest.update(name.encode())
        for column in days.values():
            digest.update(np.ascontiguousarray(column).view(np.uint8).data)
    for name, records in encoded.records.items():
        digest.update(name.encode())
        for part in records.parts:
            digest.update(part)
    digest.update(encoded.snapshot.encode())
    return digest.hexdigest()


def _days(history: History) -> dict[str, Columns]:
    columns = (history.daily, history.feed_draws, history.site_days, history.hall_days)
    return dict(zip(DAY_TABLES, columns, strict=True))


def encode_records(name: str, batch: pa.RecordBatch) -> EncodedTable:
    """Encode the rows of a table without months.

    Raises:
        ContractBroken: names or types of the columns are not those of the table.
    """
    if batch.num_rows == 0:
        return EncodedTable(name, name, (), 0, ())
    schema, expected = batch.schema, arrow_types(name)
    found = dict(zip(schema.names, schema.types, strict=True))
    if found != expected:
        raise ContractBroken(f"{name}: columns are {_listed(found)}, not {_listed(expected)}")
    encoder = pgpq.ArrowToPostgresBinaryEncoder(schema)
    parts = encoder.write_header(), encoder.write_batch(batch), encoder.finish()
    return EncodedTable(name, name, tuple(schema.names), batch.num_rows, parts)


def as_json(batch: pa.RecordBatch) -> str:
    """Return rows as a JSON array of objects, dates as ISO, decimals as text."""
    return json.dumps(batch.to_pylist(), separators=(",", ":"), allow_nan=False, default=str)


def state_json(state: Mapping[str, Any]) -> str:
    """Return a snapshot's state as JSON; key order is kept, since the state may depend on it.

    Raises:
        ContractBroken: the state is not plain finite data.
    """
    try:
        return json.dumps(state, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ContractBroken(f"the snapshot is not plain JSON data: {error}") from error


def _listed(columns: Mapping[str, pa.DataType]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())
