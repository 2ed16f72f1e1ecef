"""Counts what sessions made, into `ops.metric`, and reads it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from psycopg import sql

from farm.db import queries
from farm.db.connection import Connection, Database
from farm.settings.yardsticks import Answers

SQL = queries.load("metrics")

#: Of a session alone, or of everything up to its end.
Scope: TypeAlias = Literal["session", "cumulative"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure: a row of `ops.metric`."""

    session: int
    scope: Scope
    name: str
    value: float
    unit: str


def count_session(database: Database, session: int, answers: Answers) -> None:
    """Count a completed session; what was counted before is replaced. Does nothing for others.

    Takes tens of milliseconds whatever the size: what has millions of rows is not read.
    """
    which = {"session": session}
    with database.transaction() as connection:
        for step in ("lock", "forget"):
            connection.execute(SQL[step], which)
        write_figures(connection, session, answers, sql.Identifier("ops", "metric"))


def write_figures(
    connection: Connection, session: int, answers: Answers, target: sql.Identifier
) -> None:
    """Count a completed session into a table of the columns of `ops.metric`.

    ``answers`` says which treatments succeeded.
    """
    known = {"session": session, **answers.model_dump()}
    connection.execute(SQL["record"].format(target=target), known)


def count_missing(database: Database, answers: Answers) -> list[int]:
    """Count the completed sessions that nobody has counted; return which they were."""
    with database.snapshot() as connection:
        missing = [row[0] for row in connection.execute(SQL["uncounted"])]
    for session in missing:
        count_session(database, session, answers)
    return missing


def read_metrics(database: Database) -> list[Metric]:
    """Return all figures that were counted, of all sessions."""
    with database.snapshot() as connection:
        return [Metric(*row) for row in connection.execute(SQL["metrics"])]
