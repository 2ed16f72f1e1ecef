"""What several checks share: views, a function, and tables that sum up what is large.

All of it is temporary: it belongs to one connection and goes with it. The tables are made before a
read-only transaction begins and filled inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from psycopg import sql

from farm.db.connection import Connection
from farm.domain.calendar import Month
from farm.validation.checks import summary_queries
from farm.validation.scope import Scope

#: The readings by sensor and month: it costs a scan of all readings.
READING_MONTH = "reading_month"

#: The history at sea by pen and week.
PEN_WEEK = "pen_week"

#: The deaths of diseases and treatments.
NAMED_DEATH = "named_death"

#: What was drawn of each lot of feed, and the stock of each store and feed by day.
LOT_USE, STOCK_DAY = "lot_use", "stock_day"

#: The history by batch, place and day.
HERD_DAY = "herd_day"

_SQL = summary_queries()

_VIEWS = ("container_place", "site_place", "store_place", "stay", "outbreak", "oxygen_saturation")


def create(connection: Connection) -> None:
    """Make the views, the function and the empty tables."""
    for name in (*_VIEWS, *TABLES):
        connection.execute(_SQL[name])


def fill(connection: Connection, name: str, scope: Scope) -> None:
    """Fill one of TABLES with what is in scope."""
    TABLES[name](connection, scope)
    # So that the checks are planned for what is there.
    connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))


def _fill_reading_month(connection: Connection, scope: Scope) -> None:
    """Fill it a leaf at a time."""
    for month in scope.period.months():
        days = {"month": month.first, "first_at": _start(month), "after": _start(month.next())}
        connection.execute(_SQL["fill_reading_month"], days)


def _filler(name: str) -> Callable[[Connection, Scope], None]:
    def run(connection: Connection, scope: Scope) -> None:
        facts: Mapping[str, Any] = scope.facts
        connection.execute(_SQL[f"fill_{name}"], facts)

    return run


#: How each table is filled. Only checks that name one need it.
TABLES: Mapping[str, Callable[[Connection, Scope], None]] = {
    READING_MONTH: _fill_reading_month,
    PEN_WEEK: _filler(PEN_WEEK),
    NAMED_DEATH: _filler(NAMED_DEATH),
    LOT_USE: _filler(LOT_USE),
    STOCK_DAY: _filler(STOCK_DAY),
    HERD_DAY: _filler(HERD_DAY),
}


def _start(month: Month) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)
