"""Reads what chunks start from: snapshots and slices of the history."""

from __future__ import annotations

import json
from hashlib import sha256

from farm.db import queries
from farm.db.connection import Database
from farm.db.slices import unpack
from farm.domain.address import ChunkAddress
from farm.errors import ContractBroken
from farm.simulation.history import AreaSlice, HistorySlice, Snapshot

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

    def slice(self, address: ChunkAddress, kept: bytes | None = None) -> HistorySlice | AreaSlice:
        """Return what a chunk is rendered from, as the simulation of its session left it.

        ``kept`` are its bytes, where they are at hand; else they are read.

        Raises:
            ContractBroken: there is none, or it is damaged.
        """
        if address.month is None:
            raise ContractBroken(f"{address} is a simulation: it has no history slice")
        return unpack(self._read(address) if kept is None else kept, address, address.month)

    def _read(self, address: ChunkAddress) -> bytes:
        which = {"session": address.session, "chunk": str(address)}
        with self._database.statement() as connection:
            row = connection.execute(SQL["slice"], which, binary=True).fetchone()
        if row is None:
            raise ContractBroken(f"{address} has no history slice: no simulation planned it")
        return bytes(row[0])
