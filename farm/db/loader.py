"""The commit protocol: bytes first, then one short transaction with rows and marker."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, lru_cache

from psycopg import sql

from farm.db import queries
from farm.db.asking import Prepared
from farm.db.connection import Connection, Database
from farm.db.copying import CopyIn, copy_in
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
from farm.errors import ChunkBusy, ContractBroken, DiskFull, Fenced, ServiceUnavailable, Transient
from farm.orchestration.faults import OnPoint, Point, pass_by
from farm.orchestration.ports import Claim, Committed, PlannedChunk, Timings
from farm.rendering.chunk import CHUNK_TABLES, RenderedChunk
from farm.simulation.history import AreaSlice, History, HistorySlice

SQL = queries.load("loader")
_TRY_LOCK, _CHECK_CHUNK, _COMMIT_CHUNK = (
    Prepared.of(name, SQL[name]) for name in ("try_lock", "check_chunk", "commit_chunk")
)

#: Fewer rows than this are inserted one by one. Inserting by blocks, the server first prepares up
#: to a thousand slots for each COPY and looks for each among all others: 1.4 ms (PostgreSQL 18),
#: where a row by itself costs 0.2 µs more than in a block. A volatile condition turns blocks off;
#: where the first column has a value, its volatile half is not asked.
_FEW_ROWS = 4_000
_ONE_BY_ONE = " WHERE {first} IS NOT NULL OR random() >= 0"

#: How PostgreSQL writes it.
_TRUE = b"t"


class PostgresLoader:
    """`ports.Loader` on one connection; a worker shares it with its ledger.

    Args:
        database: the connection.
        on_point: called where a crash has consequences of its own, for the fault tests.
    """

    def __init__(self, database: Database, *, on_point: OnPoint = pass_by) -> None:
        self._database = database
        self._on_point = on_point
        self._unnoted: tuple[ChunkAddress, float] | None = None

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
        _keep_promise(address, claim.planned, encoded.rows)
        with self._entered(claim) as connection:
            if connection is None:
                return None
            began = time.perf_counter()
            self._copy(connection, address, encoded.tables)
            copy_s = timings.copy + time.perf_counter() - began
            committed = Committed(encoded.rows, encoded.sha256)
            self._mark(
                connection, claim, committed, Timings(timings.read, timings.make, encode_s, copy_s)
            )
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
        with self._entered(claim) as connection:
            if connection is None:
                return None
            began = time.perf_counter()
            connection.execute(SQL["check_keys_by_index"])
            # All that changes before anything new: an assignment that ended makes room in its
            # container for the next one.
            new = {**encoded.records, **update_living(connection, encoded.living)}
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
        return committed

    def close(self) -> None:
        """Note how long the last commit took; that of any other was noted by the one after it."""
        # The chunk is committed; a lost timing must not make it look otherwise.
        with suppress(Transient, DiskFull, ServiceUnavailable):
            if self._unnoted is not None:
                with self._database.statement() as connection:
                    connection.execute(SQL["note_commit_time"], self._before())
        self._unnoted = None

    @contextmanager
    def _entered(self, claim: Claim) -> Iterator[Connection | None]:
        """Begin the protocol; yield the connection, None when the marker is there already.

        Raises:
            ChunkBusy, Fenced: as in `load_chunk`.
        """
        address = claim.address
        lock = _TRY_LOCK.of_values({"lock": chunk_lock(address)})
        check = _CHECK_CHUNK.of_values({"session": address.session, "chunk": str(address)})
        with self._database.transaction_with(lock, check) as (connection, (locked, found)):
            if locked.get_value(0, 0) != _TRUE:
                raise ChunkBusy(f"chunk {address} is being committed by another worker")
            if not found.ntuples:
                raise Fenced(f"chunk {address} is not planned any more")
            epoch, is_committed = int(found.get_value(0, 0) or 0), found.get_value(0, 1) == _TRUE
            if epoch != claim.epoch and not is_committed:
                raise Fenced(f"session {address.session} was taken over; {address} is dropped")
            yield None if is_committed else connection

    def _copy(
        self, connection: Connection, address: ChunkAddress, tables: Iterable[EncodedTable]
    ) -> None:
        copies = [
            CopyIn(_copy_into(each.leaf, each.columns, few=each.rows < _FEW_ROWS), each.parts)
            for each in tables
            if each.rows
        ]
        copy_in(connection, copies, lambda: self._on_point(Point.MID_COPY, address))

    def _mark(
        self, connection: Connection, claim: Claim, committed: Committed, timings: Timings
    ) -> None:
        """Write the marker and commit."""
        mark = _COMMIT_CHUNK.of_values(
            {
                "session": claim.address.session,
                "chunk": str(claim.address),
                "epoch": claim.epoch,
                "rows": committed.rows,
                "rows_total": sum(committed.rows.values()),
                "sha256": committed.sha256,
                "read_s": timings.read,
                "make_s": timings.make,
                "encode_s": timings.encode,
                "copy_s": timings.copy,
                "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,  # KiB
                **self._before(),
            }
        )
        self._on_point(Point.BEFORE_COMMIT, claim.address)
        began = time.perf_counter()
        self._database.commit_with(connection, mark)
        self._unnoted = (claim.address, time.perf_counter() - began)

    def _before(self) -> Mapping[str, object]:
        address, seconds = self._unnoted or (None, None)
        return {
            "before_session": address and address.session,
            "before_chunk": address and str(address),
            "before_s": seconds,
        }


@lru_cache(maxsize=256)
def _copy_into(leaf: str, columns: tuple[str, ...], *, few: bool) -> bytes:
    """Return the COPY into a leaf. A month's chunks all use the same few."""
    into = sql.Identifier("public", leaf).as_string()
    how = _ONE_BY_ONE.format(first=sql.Identifier(columns[0]).as_string()) if few else ""
    return f"COPY {into} ({_listed(columns)}) FROM STDIN (FORMAT BINARY){how}".encode()


@cache
def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(sql.Identifier(column).as_string() for column in columns)


def _keep_promise(
    address: ChunkAddress, planned: Mapping[str, int], rendered: Mapping[str, int]
) -> None:
    for name in sorted(planned.keys() | rendered.keys()):
        promised, made = planned.get(name, 0), rendered.get(name, 0)
        if promised != made:
            raise ContractBroken(f"chunk {address}: {made} rows of {name}, planned were {promised}")
