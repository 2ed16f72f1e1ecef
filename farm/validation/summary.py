"""What several checks share: views, a function, and the readings by sensor and month.

All of it is temporary: it belongs to one connection and goes with it. The tables are made before a
read-only transaction begins and filled inside it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from farm.db.connection import Connection
from farm.domain.calendar import Month, Period
from farm.validation.checks import summary_queries

#: The table that costs a scan of all readings; only checks that name it need it filled.
READING_MONTH = "reading_month"

_SQL = summary_queries()


def create(connection: Connection) -> None:
    """Make the views, the function and the empty table."""
    for name in ("container_place", "oxygen_saturation", READING_MONTH):
        connection.execute(_SQL[name])


def fill(connection: Connection, period: Period) -> None:
    """Fill `reading_month` with the months of a period, a leaf at a time."""
    for month in period.months():
        days = {"month": month.first, "first_at": _start(month), "after": _start(month.next())}
        connection.execute(_SQL["fill_reading_month"], days)
    connection.execute(_SQL["analyze_reading_month"])


def _start(month: Month) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)
