"""Writes what the checks of `farm validate` found: the only thing that validation writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from farm.db import queries
from farm.db.connection import Database

SQL = queries.load("verdicts")


def record(database: Database, session: int | None, checks: Sequence[Mapping[str, Any]]) -> None:
    """Write one run: a row of `ops.check_result` for each check, all of one moment.

    Args:
        database: where to.
        session: the session that was looked at; None for all.
        checks: as in the answer of `farm validate --json`.
    """
    with database.durable_transaction() as connection:
        given = {"session": session, "checks": json.dumps(list(checks))}
        connection.execute(SQL["record_run"], given)
