"""Keeps what the checks of `farm validate` found: the only thing that validation writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from farm.db import queries
from farm.db.connection import Database
from farm.domain.version import GENERATOR_VERSION

SQL = queries.load("verdicts")


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A run of the checks over all sessions.

    ``is_newest``: nothing was completed after it, and this generator's checks were asked.
    """

    run_time: datetime
    passed: int
    failed: tuple[str, ...]
    is_newest: bool


def record(database: Database, session: int | None, checks: Sequence[Mapping[str, Any]]) -> None:
    """Write one run: a row of `ops.check_result` for each check, all of one moment.

    Args:
        database: where to.
        session: the session that was looked at; None for all.
        checks: as in the answer of `farm validate --json`.
    """
    with database.durable_transaction() as connection:
        given = {
            "session": session,
            "checks": json.dumps(list(checks)),
            "generator_version": GENERATOR_VERSION,
        }
        connection.execute(SQL["record_run"], given)


def newest_run(database: Database) -> CheckRun | None:
    """Return the newest run of the checks over all sessions; None when there was none."""
    with database.snapshot() as connection:
        row = connection.execute(SQL["newest_run"]).fetchone()
    if row is None:
        return None
    run_time, version, passed, failed, is_newest = row
    return CheckRun(
        run_time, passed, tuple(failed), is_newest=is_newest and version == GENERATOR_VERSION
    )
