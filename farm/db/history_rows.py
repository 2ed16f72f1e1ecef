"""What a history writes besides COPYs of its rows: updates, snapshot, chunks and their slices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from farm.db import queries
from farm.db.connection import Connection
from farm.db.encoding import EncodedTable, as_json, encode_records
from farm.db.slices import pack
from farm.db.tables import table
from farm.errors import ContractBroken
from farm.orchestration.ports import PlannedChunk
from farm.simulation.history import AreaSlice, History, HistorySlice

SQL = queries.load("loader")


def update_living(
    connection: Connection, living: Mapping[str, pa.RecordBatch]
) -> Mapping[str, EncodedTable]:
    """Bring the records up to date that an earlier session wrote.

    Returns:
        The tables that have any, with the records that are new.
    """
    new = {}
    for name, batch in living.items():
        if known := _known(connection, name, batch):
            is_known = pa.array(known)
            changed, fresh = batch.filter(is_known), batch.filter(pc.invert(is_known))
            connection.execute(_update(name), {"rows": as_json(changed)})
            new[name] = encode_records(name, fresh)
    return new


def _known(connection: Connection, name: str, batch: pa.RecordBatch) -> list[bool]:
    """Return which of the records are there already; empty when none is."""
    query = SQL["known_records"].format(table=sql.Identifier("public", name))
    ids: list[int] = batch.column("id").to_numpy().tolist()
    # As text: psycopg would look at every number to choose a type for all.
    given = "{" + ",".join(map(str, ids)) + "}"
    known = {row[0] for row in connection.execute(query, {"ids": given})}
    return [each in known for each in ids] if known else []


def _update(name: str) -> sql.Composed:
    columns = [sql.Identifier(column.name) for column in table(name).columns]
    return SQL["update_records"].format(
        table=sql.Identifier("public", name),
        columns=sql.SQL(", ").join(columns),
        given=sql.SQL(", ").join(sql.SQL("r.{}").format(column) for column in columns),
    )


def write_snapshot(connection: Connection, session: int, history: History, state: str) -> None:
    """Write what the next session starts from; ``state`` is the snapshot's, as JSON."""
    connection.execute(
        SQL["write_snapshot"],
        {
            "session": session,
            "geography": history.geography,
            "day": history.snapshot.day,
            "state": state,
            "sha256": sha256(state.encode()).hexdigest(),
        },
    )


def plan_chunks(connection: Connection, session: int, chunks: Sequence[PlannedChunk]) -> None:
    """Write the chunks that the history asks for, with the rows it promises."""
    connection.execute(
        SQL["plan_chunks"],
        {
            "session": session,
            "chunks": [str(c.address) for c in chunks],
            "batches": [c.address.subject for c in chunks],
            "months": [c.address.month.first if c.address.month else None for c in chunks],
            "planned_rows": [json.dumps(dict(c.rows)) for c in chunks],
            "planned_totals": [sum(c.rows.values()) for c in chunks],
        },
    )


def write_slices(
    connection: Connection,
    session: int,
    chunks: Sequence[PlannedChunk],
    slices: Iterable[HistorySlice | AreaSlice],
) -> None:
    """Write what each of the chunks is rendered from; slices of no chunk are left out.

    Raises:
        ContractBroken: a chunk has no slice.
    """
    waiting = {(c.address.subject, c.address.month): str(c.address) for c in chunks}
    with connection.cursor().copy(SQL["copy_slices"]) as copy:
        copy.set_types(("int4", "text", "bytea"))
        for each in slices:
            subject = each.area if isinstance(each, AreaSlice) else each.batch
            chunk = waiting.pop((subject, each.month), None)
            if chunk is not None:
                copy.write_row((session, chunk, pack(each)))
    if waiting:
        raise ContractBroken(f"nothing to render {min(waiting.values())} from")
