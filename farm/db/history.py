"""Reads what chunks start from: snapshots and slices of the history."""

from __future__ import annotations

import json
from hashlib import sha256

from psycopg import errors, sql

from farm.db import queries
from farm.db.connection import Database
from farm.db.daily import daily_from_copy
from farm.db.leaves import leaf_name
from farm.domain.address import ChunkAddress
from farm.errors import ContractBroken
from farm.simulation.history import HistorySlice, Snapshot

SQL = queries.load("history")


class PostgresHistoryStore:
    """`ports.HistoryStore` on one connection."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def snapshot(self, session: int, geography: str) -> Snapshot | None:
        """Return the snapshot a session ended with; None for session 0, before the first.

        Raises:
            ContractBroken: the session left none, or not the one that it wrote.
        """
        if session == 0:
            return None
        which = {"session": session, "geography": geography}
        with self._database.snapshot() as connection:
            row = connection.execute(SQL["snapshot"], which).fetchone()
        if row is None:
            raise ContractBroken(f"session {session} left no snapshot of {geography}")
        day, text, digest = row
        if sha256(text.encode()).hexdigest() != digest:
            raise ContractBroken(f"the snapshot of {geography} after session {session} was changed")
        return Snapshot(geography, day, json.loads(text))

    def slice(self, address: ChunkAddress) -> HistorySlice:
        """Return the history slice of a batch-month, sorted by assignment and date.

        Raises:
            ContractBroken: the month has no history.
        """
        month = address.month
        if month is None:
            raise ContractBroken(f"{address} is no batch-month: it has no history slice")
        query = SQL["slice"].format(
            leaf=sql.Identifier("public", leaf_name("daily_state", month)),
            batch=sql.Literal(address.subject),
            first=sql.Literal(month.first),
            last=sql.Literal(month.last),
        )
        with self._database.statement() as connection:
            try:
                with connection.cursor().copy(query) as copy:
                    data = b"".join(copy)
            except errors.UndefinedTable as error:
                raise ContractBroken(f"{address}: the month has no history") from error
        return HistorySlice(address.subject, month, daily_from_copy(data))
