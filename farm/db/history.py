"""Reads what chunks start from: snapshots and slices of the history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

from psycopg import errors, sql

from farm.db import queries
from farm.db.connection import Connection, Database
from farm.db.daily import daily_from_copy, days_from_copy
from farm.db.leaves import leaf_name
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.simulation.history import (
    HALL_DAY_COLUMNS,
    SITE_DAY_COLUMNS,
    AreaSlice,
    Columns,
    HistorySlice,
    Snapshot,
    Stay,
)

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
        month = _month_of(address)
        query = SQL["slice"].format(
            leaf=sql.Identifier("public", leaf_name("daily_state", month)),
            batch=sql.Literal(address.subject),
            first=sql.Literal(month.first),
            last=sql.Literal(month.last),
        )
        with self._database.statement() as connection:
            data = _copied(connection, query, address)
        return HistorySlice(address.subject, month, daily_from_copy(data))

    def area_slice(self, address: ChunkAddress) -> AreaSlice:
        """Return the water of an area's places in a month, and the stays in its containers.

        A later session may already be ending assignments that were open at the end of this one.
        That changes nothing here: they end after its last day, and so does all that is new.

        Raises:
            ContractBroken: the month has no history.
        """
        month = _month_of(address)
        given = {"area": address.subject, "first": month.first, "last": month.last}
        with self._database.statement() as connection:
            sites, halls = (
                self._days(connection, address, month, query, kinds)
                for query, kinds in (
                    ("site_days", SITE_DAY_COLUMNS),
                    ("hall_days", HALL_DAY_COLUMNS),
                )
            )
            stays = connection.execute(SQL["stays"], given).fetchall()
        return AreaSlice(address.subject, month, sites, halls, tuple(Stay(*row) for row in stays))

    def _days(
        self,
        connection: Connection,
        address: ChunkAddress,
        month: Month,
        query: str,
        kinds: Mapping[str, str],
    ) -> Columns:
        leaf = leaf_name(query.removesuffix("s"), month)
        copy = SQL[query].format(
            columns=sql.SQL(", ").join(map(sql.Identifier, kinds)),
            leaf=sql.Identifier("public", leaf),
            area=sql.Literal(address.subject),
        )
        return days_from_copy(_copied(connection, copy, address), kinds)


def _month_of(address: ChunkAddress) -> Month:
    if address.month is None:
        raise ContractBroken(f"{address} is a simulation: it has no history slice")
    return address.month


def _copied(connection: Connection, query: sql.Composed, address: ChunkAddress) -> bytes:
    """Return the bytes of a COPY out of a month's leaf."""
    try:
        with connection.cursor().copy(query) as copy:
            return b"".join(copy)
    except errors.UndefinedTable as error:
        raise ContractBroken(f"{address}: the month has no history") from error
