"""Ends connections that stall in the middle of a COPY."""

from __future__ import annotations

from farm.db import queries
from farm.db.connection import APPLICATION, Connection

SQL = queries.load("upkeep")


def terminate_stalled(connection: Connection, older_than_s: float) -> list[int]:
    """End the farm's backends that wait for COPY data since that long; return their process ids.

    A COPY whose client is frozen or gone holds its locks, and neither statement_timeout nor
    pg_cancel_backend ends it (seen on PostgreSQL 15).
    """
    which = {"application": f"{APPLICATION}%", "older_than_s": older_than_s}
    return [row[0] for row in connection.execute(SQL["terminate_stalled"], which)]
