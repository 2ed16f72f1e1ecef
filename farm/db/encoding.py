"""Rows become COPY bytes: Arrow record batches through pgpq. No connection, no transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from hashlib import sha256
from typing import Any, Protocol

import pgpq
import pyarrow as pa
from sqlalchemy import types

from farm.db.daily import days_by_month, months_of
from farm.db.leaves import leaf_name
from farm.db.records import records_of
from farm.db.tables import table
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.simulation.history import Columns, History

#: Tables of a history with a row for each day and more, kept by month.
DAY_TABLES = ("daily_state", "feed_draw", "site_day", "hall_day")


@dataclass(frozen=True, slots=True)
class EncodedTable:
    """The rows of one table for one month, ready to be copied into its leaf."""

    table: str
    leaf: str
    columns: tuple[str, ...]
    rows: int
    parts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class EncodedChunk:
    """A month of a batch or area as bytes. ``sha256`` covers names and bytes of all its tables."""

    tables: tuple[EncodedTable, ...]
    rows: Mapping[str, int]
    sha256: str


@dataclass(frozen=True, slots=True)
class EncodedHistory:
    """A simulated session of one geography as text, but for its days: see `encode_days`.

    ``records`` holds the tables with few rows as JSON arrays, ``snapshot`` the state as JSON.
    ``months`` and ``rows`` are those of the days as well.
    """

    months: tuple[Month, ...]
    records: Mapping[str, str]
    snapshot: str
    rows: Mapping[str, int]


class Digest(Protocol):
    """What the bytes of a history go into, such as `hashlib.sha256()`."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""


def encode_chunk(month: Month, chunk: RenderedChunk) -> EncodedChunk:
    """Encode a rendered chunk.

    Raises:
        ContractBroken: a table is missing, or its columns are not those of the database.
    """
    if missing := [name for name in CHUNK_TABLES if name not in chunk.tables]:
        raise ContractBroken(f"the chunk lacks {', '.join(missing)}")
    tables = tuple(encode_table(name, month, chunk.tables[name]) for name in CHUNK_TABLES)
    digest = sha256()
    for each in tables:
        digest.update(each.table.encode())
        for part in each.parts:
            digest.update(part)
    rows = {each.table: each.rows for each in tables}
    return EncodedChunk(tables, rows, digest.hexdigest())


def encode_history(history: History) -> EncodedHistory:
    """Encode what a history has beside its days: records and snapshot as canonical JSON."""
    given, days = records_of(history), _days(history)
    months = {month for columns in days.values() for month in months_of(columns)}
    return EncodedHistory(
        months=tuple(sorted(months)),
        records={name: _as_json(rows) for name, rows in given.items()},
        snapshot=state_json(history.snapshot.state),
        rows={
            **{name: len(rows) for name, rows in given.items()},
            **{name: len(columns["date"]) for name, columns in days.items()},
        },
    )


def encode_days(history: History, digest: Digest) -> Iterator[EncodedTable]:
    """Encode the days of a history, a month of a table at a time, each as it is asked for.

    All at once would take more memory than the history itself. What is handed on goes into
    ``digest``.
    """
    for name, days in _days(history).items():
        for month, batch in days_by_month(days):
            encoded = encode_table(name, month, [batch])
            digest.update(encoded.leaf.encode())
            for part in encoded.parts:
                digest.update(part)
            yield encoded


def digest_rest(encoded: EncodedHistory, digest: Digest) -> None:
    """Add the records and the snapshot of a history to the digest that has its days."""
    for name, rows in encoded.records.items():
        digest.update(name.encode())
        digest.update(rows.encode())
    digest.update(encoded.snapshot.encode())


def _days(history: History) -> dict[str, Columns]:
    columns = (history.daily, history.feed_draws, history.site_days, history.hall_days)
    return dict(zip(DAY_TABLES, columns, strict=True))


def _as_json(rows: Sequence[Any]) -> str:
    """Return flat records of one kind as a JSON array of objects, one row after another."""
    names = [field.name for field in fields(rows[0])] if rows else []
    texts = (canonical({name: getattr(row, name) for name in names}) for row in rows)
    return f"[{','.join(texts)}]"


def encode_table(name: str, month: Month, batches: Sequence[pa.RecordBatch]) -> EncodedTable:
    """Encode the rows of one table for one month's leaf.

    Raises:
        ContractBroken: names or types of the columns are not those of the table.
    """
    leaf = leaf_name(name, month)
    rows = sum(batch.num_rows for batch in batches)
    if rows == 0:
        return EncodedTable(name, leaf, (), 0, ())
    schema = batches[0].schema
    expected = arrow_types(name)
    for batch in batches:
        found = dict(zip(batch.schema.names, batch.schema.types, strict=True))
        if found != expected or batch.schema.names != schema.names:
            raise ContractBroken(f"{name}: columns are {_listed(found)}, not {_listed(expected)}")
    columns = tuple(schema.names)
    encoder = pgpq.ArrowToPostgresBinaryEncoder(schema)
    parts = [encoder.write_header(), *map(encoder.write_batch, batches), encoder.finish()]
    return EncodedTable(name, leaf, columns, rows, tuple(parts))


@cache
def arrow_types(name: str) -> Mapping[str, pa.DataType]:
    """Return the Arrow type that each column of a table is given in, in table order."""
    return {column.name: _arrow(column.type) for column in table(name).columns}


_CANONICAL = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=str)


def canonical(value: object) -> str:
    """Return plain data as JSON that is equal whenever the data is: compact, dates as ISO."""
    return _CANONICAL.encode(value)


def state_json(state: Mapping[str, Any]) -> str:
    """Return a snapshot's state as JSON; key order is kept, since the state may depend on it.

    Raises:
        ContractBroken: the state is not plain finite data.
    """
    try:
        return json.dumps(state, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ContractBroken(f"the snapshot is not plain JSON data: {error}") from error


#: SQL type to Arrow type. A class further down is tried later: SmallInteger is an Integer.
_ARROW: tuple[tuple[type[types.TypeEngine[Any]], pa.DataType], ...] = (
    (types.SmallInteger, pa.int16()),
    (types.BigInteger, pa.int64()),
    (types.Integer, pa.int32()),
    (types.Double, pa.float64()),
    (types.Text, pa.string()),
    (types.Boolean, pa.bool_()),
    (types.Date, pa.date32()),
    (types.TIMESTAMP, pa.timestamp("us", tz="UTC")),
    (types.ARRAY, pa.list_(pa.int32())),
)


def _arrow(sql_type: types.TypeEngine[Any]) -> pa.DataType:
    if isinstance(sql_type, types.Numeric):
        return pa.decimal128(sql_type.precision or 0, sql_type.scale or 0)
    return next(arrow for kind, arrow in _ARROW if isinstance(sql_type, kind))


def _listed(columns: Mapping[str, pa.DataType]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())
