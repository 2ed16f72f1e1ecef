"""What several checks share: views, a function, and tables that sum up what is large.

All of it is temporary: it belongs to one connection and goes with it. The tables are made before a
read-only transaction begins and filled inside it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from farm.db.connection import Connection
from farm.db.metrics import write_figures
from farm.domain.calendar import Month
from farm.domain.version import GENERATOR_VERSION
from farm.simulation.world.build import build_world
from farm.validation.checks import reads, summary_queries
from farm.validation.refusal import Refused, apart
from farm.validation.scope import Scope

#: The readings by sensor and month: it costs a scan of all readings.
READING_MONTH = "reading_month"

#: The water by month and parameter, as it was.
WATER_MONTH = "water_month"

#: The history at sea by pen and week.
PEN_WEEK = "pen_week"

#: The deaths of diseases and treatments.
NAMED_DEATH = "named_death"

#: The days of the history that cannot be.
ODD_DAY = "odd_day"

#: The figures of sessions, counted anew.
COUNTED_METRIC = "counted_metric"

#: The rows of the world as the scenario makes it.
BUILT_ROW = "built_row"

#: The history of the evenings before something was done to fish.
EVENING = "evening"

#: What was drawn of each lot of feed, and the stock of each store and feed by day.
LOT_USE, STOCK_DAY = "lot_use", "stock_day"

#: The history by batch, place and day.
HERD_DAY = "herd_day"

_SQL = summary_queries()

_DAY_S = 86_400

_VIEWS = ("container_place", "site_place", "store_place", "stay", "outbreak", "oxygen_saturation")


def create(connection: Connection) -> dict[str, str]:
    """Make the views, the function and the empty tables.

    Return those that PostgreSQL refused to make, or that read one of those, and why.
    """
    refused: dict[str, str] = {}
    for name in (*_VIEWS, *TABLES):
        try:
            needs_made(name, refused)
            with apart(connection):
                connection.execute(_SQL[name])
        except Refused as problem:
            refused[name] = str(problem)
    return refused


def needs_made(query: str, refused: Mapping[str, str]) -> None:
    """Raise Refused, with the reason, where a query of `summary.sql` reads what was refused."""
    for name, problem in refused.items():
        if reads(_SQL[query], name):
            raise Refused(problem)


def fill(connection: Connection, name: str, scope: Scope) -> None:
    """Fill one of TABLES with what is in scope; raises psycopg.Error where it cannot be."""
    TABLES[name](connection, scope)
    # So that the checks are planned for what is there.
    connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))


def _fill_reading_month(connection: Connection, scope: Scope) -> None:
    """Fill it a leaf at a time."""
    observation = scope.scenario.observation
    per_day = math.lcm(observation.readings_per_day, observation.readings_per_day_empty)
    # Sensors that do not report at whole seconds are not asked whether they are on time.
    step = timedelta(microseconds=1) if _DAY_S % per_day else timedelta(seconds=_DAY_S // per_day)
    for month in scope.period.months():
        days = {
            "month": month.first,
            "first_at": _start(month),
            "after": _start(month.next()),
            "step": step,
        }
        connection.execute(_SQL["fill_reading_month"], days)


def _fill_built_row(connection: Connection, scope: Scope) -> None:
    """Build the world anew; leave it empty where another generator made the data."""
    versions = connection.execute("SELECT DISTINCT generator_version FROM ops.session").fetchall()
    if versions != [(GENERATOR_VERSION,)]:
        return
    dumps = partial(json.dumps, default=str)
    for name, rows in build_world(scope.scenario).tables().items():
        insert = _SQL["fill_built_row"].format(name=sql.Literal(name), table=sql.Identifier(name))
        connection.execute(insert, {"rows": Jsonb(rows, dumps=dumps)})


def _fill_counted_metric(connection: Connection, scope: Scope) -> None:
    if scope.answers is None:
        raise Refused("nobody says by which yardsticks the sessions were counted")
    for session in scope.completed:
        write_figures(connection, session, scope.answers, sql.Identifier(COUNTED_METRIC))


def _filler(name: str) -> Callable[[Connection, Scope], None]:
    def run(connection: Connection, scope: Scope) -> None:
        facts: Mapping[str, Any] = scope.facts
        connection.execute(_SQL[f"fill_{name}"], facts)

    return run


def _filler_by_year(name: str) -> Callable[[Connection, Scope], None]:
    """Return what fills a table a year at a time, so that a year's days are sorted in memory."""

    def run(connection: Connection, scope: Scope) -> None:
        for _, days in scope.years():
            connection.execute(_SQL[f"fill_{name}"], {**scope.facts, **days})

    return run


#: How each table is filled. Only checks that name one need it.
TABLES: Mapping[str, Callable[[Connection, Scope], None]] = {
    READING_MONTH: _fill_reading_month,
    WATER_MONTH: _filler(WATER_MONTH),
    PEN_WEEK: _filler(PEN_WEEK),
    NAMED_DEATH: _filler(NAMED_DEATH),
    EVENING: _filler(EVENING),
    ODD_DAY: _filler_by_year(ODD_DAY),
    COUNTED_METRIC: _fill_counted_metric,
    BUILT_ROW: _fill_built_row,
    LOT_USE: _filler(LOT_USE),
    STOCK_DAY: _filler(STOCK_DAY),
    HERD_DAY: _filler(HERD_DAY),
}


def _start(month: Month) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)
