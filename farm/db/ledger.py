"""The ledger in PostgreSQL: the truth about sessions, months, chunks and who works on them."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from psycopg import sql
from psycopg.pq.abc import PGresult
from psycopg.types.json import Jsonb

from farm.db import queries
from farm.db.asking import Prepared
from farm.db.connection import Connection, Database
from farm.db.encoding import DAY_TABLES
from farm.db.leaves import create_leaves, finish_leaves, vacuum_normally
from farm.db.locks import lock_number
from farm.db.upkeep import terminate_stalled
from farm.db.view import read_view
from farm.db.world import write_world
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.domain.plan import Plan
from farm.errors import (
    AttemptsExhausted,
    ChunkBusy,
    ContractBroken,
    Fenced,
    OtherScenario,
    SessionRefused,
    Transient,
)
from farm.orchestration.ports import Claim, NewSession, SessionRow, SessionView
from farm.orchestration.states import ENDED_SESSIONS, OPEN_SESSIONS, ChunkState, SessionState
from farm.rendering.chunk import CHUNK_TABLES

SQL = queries.load("ledger")
_CLAIM = Prepared.of("claim_free_chunk", SQL["claim_free_chunk"], binary=True)

#: Longest text of an error that is kept with its chunk.
MOST_ERROR = 2_000


#: Where a session may go from where. A completed one stays; whoever comes too late moves nothing.
_MOVES: Mapping[SessionState, frozenset[SessionState]] = {
    SessionState.PLANNING: frozenset(
        {SessionState.RUNNING, SessionState.PAUSED, SessionState.FAILED}
    ),
    SessionState.RUNNING: frozenset(
        {SessionState.PAUSED, SessionState.COMPLETED, SessionState.FAILED}
    ),
    SessionState.PAUSED: frozenset({SessionState.PLANNING, SessionState.RUNNING}),
    SessionState.FAILED: frozenset({SessionState.PLANNING, SessionState.RUNNING}),
    SessionState.COMPLETED: frozenset(),
}


class PostgresLedger:
    """`ports.Ledger` on one connection.

    A claim lives as long as the connection that made it: a worker keeps one ledger for its life and
    gives its `Database` to the loader as well.

    Args:
        database: the connection.
        lease_s: seconds after which a claim no longer counts, however alive its backend is.
        patience_s: seconds that `bump_epoch` waits for writers before it ends those that stall.
        ahead: planned months that a view shows: at least as many as may be opened at once.
    """

    def __init__(
        self,
        database: Database,
        *,
        lease_s: float = 120.0,
        patience_s: float = 10.0,
        ahead: int = 12,
    ) -> None:
        self._database = database
        self._lease_s = lease_s
        self._ahead = ahead
        self._patience_s = patience_s

    # Sessions

    def sessions(self) -> list[SessionRow]:
        """Return all submitted sessions, in order."""
        with self._database.statement() as connection:
            rows = connection.execute(SQL["sessions"]).fetchall()
        return [
            SessionRow(row[0], row[1], SessionState(row[2]), *row[3:])  # columns in field order
            for row in rows
        ]

    def scenario(self, session: int) -> Mapping[str, Any]:
        """Return the scenario a session was submitted with; raises KeyError when it never was."""
        with self._database.statement() as connection:
            row = connection.execute(SQL["scenario"], {"session": session}).fetchone()
        if row is None:
            raise KeyError(session)
        scenario: Mapping[str, Any] = row[0]
        return scenario

    def open_session(self, new: NewSession, plan: Plan | None, geographies: Sequence[str]) -> None:
        """Write the session, its simulation chunks and the world, unless the session exists."""
        with self._database.durable_transaction() as connection:
            opened = connection.execute(
                SQL["open_session"],
                {
                    "session": new.session,
                    "years": new.years,
                    "scenario_name": new.scenario_name,
                    "scenario": Jsonb(dict(new.scenario)),
                    "seed": new.seed,
                    "fingerprint": new.fingerprint,
                    "generator_version": new.generator_version,
                    "numpy_version": new.numpy_version,
                },
            ).fetchone()
            if opened is None:
                return
            if plan is not None:
                write_world(connection, plan)
            chunks = [str(ChunkAddress.simulation(new.session, g)) for g in geographies]
            connection.execute(
                SQL["plan_simulations"],
                {"session": new.session, "chunks": chunks, "geographies": list(geographies)},
            )

    def set_session_state(
        self, session: int, state: SessionState, *, reason: str | None = None
    ) -> bool:
        """Move a session to a state; return False when it was there or cannot go there.

        `completed` and `failed` also record the end, the run time, rows and the workers' memory
        peak; ``reason`` says in one line why it is paused or failed.

        Raises:
            SessionRefused: the session was never submitted.
        """
        moved = {"session": session, "status": state.value, "reason": reason}
        with self._database.durable_transaction() as connection:
            if state not in _MOVES[_status(connection, session)]:
                return False
            move = "end_session" if state in ENDED_SESSIONS else "move_session"
            connection.execute(SQL[move], moved)
            if state is SessionState.FAILED:
                connection.execute(SQL["fail_months"], moved)
            if state is SessionState.COMPLETED:
                months = _months(connection, "months_at_rest", session)
                vacuum_normally(connection, (*DAY_TABLES, *CHUNK_TABLES), months)
            return True

    def bump_epoch(self, session: int) -> int:
        """Fence every claim made so far, wait for live writers and return the new epoch.

        A writer that does not move for `patience_s` (a frozen process, a vanished host) is
        disconnected: its transaction never happened.
        """
        try:
            return self._bump(session)
        except Transient:
            with self._database.transaction() as connection:
                terminate_stalled(connection, self._patience_s)
            return self._bump(session)

    def _bump(self, session: int) -> int:
        with self._database.durable_transaction() as connection:
            connection.execute(
                sql.SQL("SET LOCAL lock_timeout = {}").format(
                    sql.Literal(f"{int(self._patience_s * 1000)}ms")
                )
            )
            row = connection.execute(SQL["bump_epoch"], {"session": session}).fetchone()
            if row is None:
                raise _unknown(session)
            return int(row[0])

    def view(self, session: int, waiting: int | None) -> SessionView:
        """Return one consistent reading of a session; `waiting` is passed through."""
        with self._database.snapshot() as connection:
            view = read_view(connection, session, waiting, lease_s=self._lease_s, ahead=self._ahead)
        if view is None:
            raise _unknown(session)
        return view

    def expand(self, session: int) -> None:
        """Write the session's months and create their leaves.

        Raises:
            ContractBroken: a geography is not simulated yet.
        """
        with self._database.durable_transaction() as connection:
            _status(connection, session)
            if _months(connection, "view_months", session):
                return
            missing = connection.execute(SQL["simulations_missing"], {"session": session})
            if chunks := [row[0] for row in missing]:
                raise ContractBroken(f"session {session} lacks the history of {', '.join(chunks)}")
            months = _months(connection, "months_to_expand", session)
            create_leaves(connection, CHUNK_TABLES, months)
            days = [month.first for month in months]
            connection.execute(SQL["plan_months"], {"session": session, "months": days})

    def start(self, session: int) -> None:
        """Move a session that is planning to running; leave any other as it is."""
        with self._database.durable_transaction() as connection:
            connection.execute(SQL["start_session"], {"session": session})

    def close_month(self, session: int, month: Month) -> bool:
        """Index and attach a month whose chunks are all committed; return whether this call did.

        Raises:
            ContractBroken: a natural key occurs twice in the month.
        """
        began = time.perf_counter()
        which = {"session": session, "month": month.first}
        with self._database.transaction() as connection:
            connection.execute(SQL["load_month"], which)
        with self._database.durable_transaction() as connection:
            key = lock_number(f"close {session}/{month}")
            if not _got_lock(connection, key):
                return False
            if connection.execute(SQL["month_is_loaded"], which).fetchone() is None:
                return False
            finish_leaves(connection, (*DAY_TABLES, *CHUNK_TABLES), month)
            took = time.perf_counter() - began
            connection.execute(SQL["close_month"], {**which, "close_s": took})
            return True

    # Chunks

    def publish(
        self, session: int, chunks: Sequence[ChunkAddress], states: Collection[ChunkState]
    ) -> list[ChunkAddress]:
        """Mark chunks as published, their months as running; return those that are to be sent."""
        which = {
            "session": session,
            "chunks": [str(c) for c in chunks],
            "states": [state.value for state in states],
            "lease_s": self._lease_s,
        }
        with self._database.transaction() as connection:
            connection.execute(SQL["lock_chunks"], which)
            free = {row[0] for row in connection.execute(SQL["publish_chunks"], which)}
            to_send = [chunk for chunk in chunks if str(chunk) in free]
            months = sorted({chunk.month.first for chunk in to_send if chunk.month is not None})
            connection.execute(SQL["open_months"], {"session": session, "months": months})
        return to_send

    def claim(
        self, address: ChunkAddress, worker: str, max_attempts: int, fingerprint: str | None = None
    ) -> Claim | None:
        """Claim a chunk for a worker and count the attempt; None when it is committed already.

        ``fingerprint`` is that of the scenario the worker goes by; None leaves it unchecked.

        Raises:
            ChunkBusy: a living worker holds it.
            AttemptsExhausted: its attempts are used up; the failure is recorded.
            Fenced: the session is not open for it, or the chunk failed and nobody asked to retry.
            OtherScenario: the session has another scenario; the chunk is left as it is.
        """
        free = {
            "session": address.session,
            "chunk": str(address),
            "worker": worker,
            "max_attempts": max_attempts,
            "fingerprint": fingerprint,
        }
        if (claim := _claim_of(address, self._database.ask(_CLAIM.of_values(free)))) is not None:
            return claim
        return self._claim(address, worker, max_attempts, fingerprint)

    def _claim(
        self, address: ChunkAddress, worker: str, max_attempts: int, fingerprint: str | None
    ) -> Claim | None:
        """Claim a chunk that is not simply free, or find out why it cannot be claimed."""
        which = {"session": address.session, "chunk": str(address), "lease_s": self._lease_s}
        with self._database.transaction() as connection:
            connection.execute(SQL["lock_chunk_row"], which)
            found = connection.execute(SQL["chunk_to_claim"], which).fetchone()
            if found is None:
                raise Fenced(f"chunk {address} is not planned")
            state, attempts, last_error, status, epoch, there, held = found
            if fingerprint not in {None, there}:
                raise OtherScenario(f"session {address.session} has another scenario by now")
            if state == ChunkState.COMMITTED:
                return None
            if state == ChunkState.FAILED:
                raise Fenced(f"chunk {address} has failed; `farm retry` would try it again")
            if SessionState(status) not in OPEN_SESSIONS:
                raise Fenced(f"session {address.session} is {status}")
            if held:
                raise ChunkBusy(f"chunk {address} is held by another worker")
            if attempts < max_attempts:
                taken = {**which, "epoch": epoch, "worker": worker}
                (row,) = connection.execute(SQL["claim_chunk"], taken)
                return Claim(address, *row)
            exhausted = AttemptsExhausted(str(address), attempts)
            because = f"{exhausted}; before that: {last_error}" if last_error else str(exhausted)
            recorded = {"error": _clean(because), "error_kind": type(exhausted).__name__}
            connection.execute(SQL["exhaust_chunk"], {**which, **recorded})
        raise exhausted

    def release(self, claim: Claim, error: BaseException, *, counted: bool) -> None:
        """Put a claimed chunk back to planned; an uncounted attempt is given back.

        Does nothing when the claim is no longer the one that holds the chunk.
        """
        given_back = {"given_back": 0 if counted else 1}
        with self._database.transaction() as connection:
            connection.execute(SQL["release_chunk"], {**_ended(claim, error), **given_back})

    def fail(self, claim: Claim, error: BaseException) -> None:
        """Record a terminal failure of a claimed chunk, with its reason.

        A claim of an epoch that is over cannot fail a chunk: it gives it back.
        """
        ended = _ended(claim, error)
        with self._database.transaction() as connection:
            if connection.execute(SQL["fail_chunk"], ended).rowcount == 0:
                connection.execute(SQL["release_chunk"], {**ended, "given_back": 1})

    def reset_failed(self, session: int, chunks: Sequence[ChunkAddress]) -> list[ChunkAddress]:
        """Put failed chunks back to planned with fresh attempts; return those that were failed."""
        which = {"session": session, "chunks": [str(c) for c in chunks]}
        with self._database.transaction() as connection:
            reset = {row[0] for row in connection.execute(SQL["reset_failed_chunks"], which)}
        return [chunk for chunk in chunks if str(chunk) in reset]

    def committed(self, session: int) -> dict[str, dict[str, int]]:
        """Return what the markers of a session say: chunk address to rows by table."""
        with self._database.statement() as connection:
            return dict(connection.execute(SQL["committed"], {"session": session}).fetchall())

    def reap(self, stalled_s: float) -> int:
        """End the farm's backends that wait that long for a silent client in a COPY; count them."""
        with self._database.transaction() as connection:
            return len(terminate_stalled(connection, stalled_s))


def _status(connection: Connection, session: int) -> SessionState:
    row = connection.execute(SQL["lock_session"], {"session": session}).fetchone()
    if row is None:
        raise _unknown(session)
    return SessionState(row[0])


def _months(connection: Connection, query: str, session: int) -> list[Month]:
    return [Month.of(row[0]) for row in connection.execute(SQL[query], {"session": session})]


def _got_lock(connection: Connection, key: int) -> bool:
    row = connection.execute(SQL["try_lock"], {"key": key}).fetchone()
    return bool(row and row[0])


def _claim_of(address: ChunkAddress, answer: PGresult) -> Claim | None:
    """Return the claim out of a binary answer, None where there is no row."""
    if not answer.ntuples:
        return None
    epoch, attempt, planned, kept = (answer.get_value(0, column) or b"" for column in range(4))
    # A jsonb comes with the number of its version in front.
    rows = json.loads(planned[1:])
    return Claim(address, int.from_bytes(epoch), int.from_bytes(attempt), rows, kept or None)


def _ended(claim: Claim, error: BaseException) -> Mapping[str, object]:
    return {
        "session": claim.address.session,
        "chunk": str(claim.address),
        "epoch": claim.epoch,
        "attempt": claim.attempt,
        "error": _clean(str(error) or type(error).__name__),
        "error_kind": type(error).__name__,
    }


def _clean(text: str) -> str:
    """Return a text as PostgreSQL can keep it: no zero bytes, not endless."""
    return text.replace("\x00", "")[:MOST_ERROR]


def _unknown(session: int) -> SessionRefused:
    return SessionRefused(f"session {session} has not been submitted")
