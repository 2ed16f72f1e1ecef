"""Rows become COPY bytes: Arrow record batches through pgpq. No connection, no transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from hashlib import sha256
from typing import Any

import pgpq
import pyarrow as pa
from sqlalchemy import types

from farm.db.daily import daily_by_month
from farm.db.leaves import leaf_name
from farm.db.tables import table
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.simulation.history import History

#: Tables of a history whose rows live on in later sessions and change there.
LIVING_TABLES = (
    "batch",
    "assignment",
    "site_event",
    "disease_outbreak",
    "treatment",
    "withholding_period",
    "lab_sample",
)
#: Tables of a history whose rows are written once.
EVENT_TABLES = ("transfer", "harvest_event", "harvest_lot", "vaccination", "journal_entry")
#: Tables of a history with few rows, in an order in which references exist before they are used.
RECORD_TABLES = LIVING_TABLES + EVENT_TABLES
#: Tables of a history with a row for each day, kept by month.
DAY_TABLES = ("daily_state", "site_day", "hall_day")


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
    """A simulated session of one geography as bytes.

    ``records`` holds the low-volume tables as JSON arrays of rows, ``snapshot`` the state's JSON.
    """

    daily: tuple[EncodedTable, ...]
    months: tuple[Month, ...]
    records: Mapping[str, str]
    snapshot: str
    rows: Mapping[str, int]
    sha256: str


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
    """Encode a history: days by month, records and snapshot as canonical JSON."""
    columns = (history.daily, history.site_days, history.hall_days)
    by_month = {name: daily_by_month(days) for name, days in zip(DAY_TABLES, columns, strict=True)}
    daily = tuple(
        encode_table(name, month, [batch])
        for name, batches in by_month.items()
        for month, batch in batches.items()
    )
    given: dict[str, Sequence[Any]] = {
        "batch": history.batches,
        "assignment": history.assignments,
        "site_event": history.site_events,
        "disease_outbreak": history.health.outbreaks,
        "treatment": history.health.treatments,
        "withholding_period": history.health.withholdings,
        "lab_sample": history.health.lab_samples,
        "transfer": history.transfers,
        "harvest_event": history.harvests,
        "harvest_lot": history.harvest_lots,
        "vaccination": history.health.vaccinations,
        "journal_entry": history.health.journal,
    }
    records = {name: canonical(_as_objects(given[name])) for name in RECORD_TABLES}
    snapshot = state_json(history.snapshot.state)
    digest = sha256()
    for each in daily:
        digest.update(each.leaf.encode())
        for part in each.parts:
            digest.update(part)
    for name, rows in records.items():
        digest.update(name.encode())
        digest.update(rows.encode())
    digest.update(snapshot.encode())
    counts = {name: len(given[name]) for name in RECORD_TABLES}
    for name in DAY_TABLES:
        counts[name] = sum(each.rows for each in daily if each.table == name)
    months = tuple(sorted({month for batches in by_month.values() for month in batches}))
    return EncodedHistory(daily, months, records, snapshot, counts, digest.hexdigest())


def _as_objects(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return flat records of one kind as `dataclasses.asdict` does, which copies in depth."""
    names = [field.name for field in fields(rows[0])] if rows else []
    return [{name: getattr(row, name) for name in names} for row in rows]


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


def canonical(value: object) -> str:
    """Return plain data as JSON that is equal whenever the data is: compact, dates as ISO."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False, default=str)


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
    (types.Numeric, pa.decimal128(12, 3)),
    (types.Text, pa.string()),
    (types.Boolean, pa.bool_()),
    (types.Date, pa.date32()),
    (types.TIMESTAMP, pa.timestamp("us", tz="UTC")),
    (types.ARRAY, pa.list_(pa.int32())),
)


def _arrow(sql_type: types.TypeEngine[Any]) -> pa.DataType:
    return next(arrow for kind, arrow in _ARROW if isinstance(sql_type, kind))


def _listed(columns: Mapping[str, pa.DataType]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())
