"""Memory of the coordinator, which no marker knows of: whoever ends a session may be a worker."""

from __future__ import annotations

from farm.db import queries
from farm.db.connection import Database

SQL = queries.load("peak")


def add_own_peak(database: Database, session: int, own_peak_mb: float) -> None:
    """Add the coordinator's memory peak to that of the workers of a session that has ended.

    To be called once per session and coordinator. Does nothing while the session is open.
    """
    with database.durable_transaction() as connection:
        connection.execute(SQL["add_own_peak"], {"session": session, "own_peak_mb": own_peak_mb})
