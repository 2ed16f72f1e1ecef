"""The commit protocol: bytes first, then one short transaction with rows and marker."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache

from psycopg import sql
from psycopg.types.json import Jsonb

from farm.db import queries
from farm.db.connection import Connection, Database
from farm.db.encoding import (
    DAY_TABLES,
    EncodedTable,
    digest_of,
    encode_chunk,
    encode_days,
    encode_history,
)
from farm.db.history_rows import plan_chunks, update_living, write_slices, write_snapshot
from farm.db.leaves import create_leaves
from farm.db.locks import chunk_lock
from farm.domain.address import ChunkAddress
from farm.errors import ChunkBusy, ContractBroken, DiskFull, Fenced, Transient
from farm.orchestration.faults import OnPoint, Point, pass_by
from farm.orchestration.ports import Claim, Committed, PlannedChunk, Timings
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.simulation.history import AreaSlice, History, HistorySlice

SQL = queries.load("loader")

#: Fewer rows than this are inserted one by one. Inserting by blocks, the server first prepares up
#: to a thousand slots for each COPY and looks for each among all others: 1.4 ms (PostgreSQL 18),
#: where a row by itself costs 0.2 µs more than in a block. A volatile condition turns blocks off.
_FEW_ROWS = 4_000
_ONE_BY_ONE = sql.SQL(" WHERE random() >= 0")


class PostgresLoader:
    """`ports.Loader` on one connection; a worker shares it with its ledger.

    Args:
        database: the connection.
        on_point: called where a crash has consequences of its own, for the fault tests.
    """

    def __init__(self, database: Database, *, on_point: OnPoint = pass_by) -> None:
        self._database = database
        self._on_point = on_point

    def load_chunk(self, claim: Claim, chunk: RenderedChunk, timings: Timings) -> Committed | None:
        """Encode and commit a rendered chunk; None when it was committed already.

        Raises:
            ContractBroken: not the rows that were planned, or rows that the database refuses.
            Fenced: the session was taken over since the claim.
            ChunkBusy: another worker is committing it right now.
        """
        address = claim.address
        if address.month is None:
            raise ContractBroken(f"{address} is a simulation, not a month")
        began = time.perf_counter()
        encoded = encode_chunk(address.month, chunk)
        encode_s = timings.encode + time.perf_counter() - began
        with self._database.locked_transaction(chunk_lock(address)) as (connection, is_locked):
            planned = _enter(connection, claim, is_locked=is_locked)
            if planned is None:
                return None
            _keep_promise(address, planned, encoded.rows)
            began = time.perf_counter()
            self._copy(connection, address, encoded.tables)
            copy_s = timings.copy + time.perf_counter() - began
            committed = Committed(encoded.rows, encoded.sha256)
            self._mark(
                connection, claim, committed, Timings(timings.read, timings.make, encode_s, copy_s)
            )
            began = time.perf_counter()
        self._note_commit(claim, time.perf_counter() - began)
        return committed

    def load_history(
        self,
        claim: Claim,
        history: History,
        chunks: Sequence[PlannedChunk],
        slices: Iterable[HistorySlice | AreaSlice],
        timings: Timings,
    ) -> Committed | None:
        """Commit a simulated session of one geography; None when it was committed already.

        Days, records, snapshot and the planned chunks with what they are rendered from appear
        together. The months' leaves are created before, and stay when this fails. Days and slices
        are encoded while they are copied, one at a time: a second of work inside the transaction,
        for half of the memory.

        Raises:
            ContractBroken: rows that the database refuses: two batches in one container, say. Or
                a planned chunk without a slice.
            Fenced, ChunkBusy: as in `load_chunk`.
        """
        began = time.perf_counter()
        encoded = encode_history(history)
        digest = digest_of(history, encoded)
        encode_s = timings.encode + time.perf_counter() - began
        with self._database.transaction() as connection:
            create_leaves(connection, (*DAY_TABLES, *CHUNK_TABLES), encoded.months)
        lock = chunk_lock(claim.address)
        with self._database.locked_transaction(lock) as (connection, is_locked):
            if _enter(connection, claim, is_locked=is_locked) is None:
                return None
            began = time.perf_counter()
            # All that changes before anything new: an assignment that ended makes room in its
            # container for the next one.
            new = {**encoded.records, **update_living(connection, history)}
            self._copy(connection, claim.address, new.values())
            copy_s = timings.copy + time.perf_counter() - began
            began = time.perf_counter()
            for each in encode_days(history):
                made = time.perf_counter()
                self._copy(connection, claim.address, [each])
                encode_s += made - began
                began = time.perf_counter()
                copy_s += began - made
            write_snapshot(connection, claim.address.session, history, encoded.snapshot)
            plan_chunks(connection, claim.address.session, chunks)
            write_slices(connection, claim.address.session, chunks, slices)
            copy_s += time.perf_counter() - began
            rows = {**encoded.rows, **{name: each.rows for name, each in new.items()}}
            committed = Committed(rows, digest)
            self._mark(
                connection, claim, committed, Timings(timings.read, timings.make, encode_s, copy_s)
            )
            began = time.perf_counter()
        self._note_commit(claim, time.perf_counter() - began)
        return committed

    def _copy(
        self, connection: Connection, address: ChunkAddress, tables: Iterable[EncodedTable]
    ) -> None:
        for each in tables:
            if not each.rows:
                continue
            statement = _copy_into(each.leaf, each.columns, few=each.rows < _FEW_ROWS)
            with connection.cursor().copy(statement) as copy:
                for part in each.parts:
                    copy.write(part)
            self._on_point(Point.MID_COPY, address)

    def _mark(
        self, connection: Connection, claim: Claim, committed: Committed, timings: Timings
    ) -> None:
        connection.execute(
            SQL["commit_chunk"],
            {
                "session": claim.address.session,
                "chunk": str(claim.address),
                "epoch": claim.epoch,
                "rows": Jsonb(dict(committed.rows)),
                "rows_total": sum(committed.rows.values()),
                "sha256": committed.sha256,
                "read_s": timings.read,
                "make_s": timings.make,
                "encode_s": timings.encode,
                "copy_s": timings.copy,
                "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,  # KiB
            },
        )
        self._on_point(Point.BEFORE_COMMIT, claim.address)

    def _note_commit(self, claim: Claim, commit_s: float) -> None:
        """Note how long the commit took: the marker cannot know, it was part of it."""
        which = {"session": claim.address.session, "chunk": str(claim.address)}
        # The chunk is committed; a lost timing must not make it look otherwise.
        with suppress(Transient, DiskFull), self._database.statement() as connection:
            connection.execute(SQL["note_commit_time"], {**which, "commit_s": commit_s})


@lru_cache(maxsize=256)
def _copy_into(leaf: str, columns: tuple[str, ...], *, few: bool) -> bytes:
    """Return the COPY into a leaf. A month's chunks all use the same few."""
    statement = sql.SQL("COPY {leaf} ({columns}) FROM STDIN (FORMAT BINARY){how}").format(
        leaf=sql.Identifier("public", leaf),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        how=_ONE_BY_ONE if few else sql.SQL(""),
    )
    return statement.as_bytes()


def _enter(connection: Connection, claim: Claim, *, is_locked: bool) -> Mapping[str, int] | None:
    """Begin the protocol; return the planned rows, None when the marker is there already."""
    if not is_locked:
        raise ChunkBusy(f"chunk {claim.address} is being committed by another worker")
    which = {"session": claim.address.session, "chunk": str(claim.address)}
    row = connection.execute(SQL["check_chunk"], which).fetchone()
    if row is None:
        raise Fenced(f"chunk {claim.address} is not planned any more")
    epoch, planned, is_committed = row
    if is_committed:
        return None
    if epoch != claim.epoch:
        raise Fenced(f"session {claim.address.session} was taken over; {claim.address} is dropped")
    return dict(planned)


def _keep_promise(
    address: ChunkAddress, planned: Mapping[str, int], rendered: Mapping[str, int]
) -> None:
    for name in sorted(planned.keys() | rendered.keys()):
        promised, made = planned.get(name, 0), rendered.get(name, 0)
        if promised != made:
            raise ContractBroken(f"chunk {address}: {made} rows of {name}, planned were {promised}")
