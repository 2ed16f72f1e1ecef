"""Asks one check: runs its query and judges what comes back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from farm.db.connection import Connection
from farm.validation.bands import Band, find
from farm.validation.checks import Check
from farm.validation.refusal import Refused, apart
from farm.validation.verdict import EXAMPLES, Skipped, Verdict

_COUNTED = sql.SQL(
    "SELECT count(*) OVER () AS offenders, offender.* FROM ({query}) AS offender"
    " ORDER BY offender LIMIT {examples}"
)


def ask(
    connection: Connection, check: Check, facts: Mapping[str, Any], bands: Mapping[str, Band]
) -> list[Verdict | Skipped]:
    """Return the verdicts of a check: one, or one for each figure that it measures.

    ``facts`` are the values of the queries' places, see `farm.validation.scope`. A check that
    PostgreSQL refuses to answer has failed; the transaction goes on.

    Raises:
        KeyError: a query names a band that does not exist.
        psycopg.Error: see `refusal.apart`.
    """
    try:
        with apart(connection):
            if check.measures:
                return list(_figures(connection, check, facts, bands))
            return [_offenders(connection, check, facts)]
    except Refused as refused:
        return [Verdict.unasked(check, str(refused))]


def _offenders(connection: Connection, check: Check, facts: Mapping[str, Any]) -> Verdict:
    query = _COUNTED.format(query=check.query, examples=sql.Literal(EXAMPLES))
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query, facts).fetchall()
    count = rows[0]["offenders"] if rows else 0
    return Verdict(
        id=check.id,
        group=check.group,
        title=check.title,
        passed=count == 0,
        measured=float(count),
        low=0.0,
        high=0.0,
        unit=check.unit,
        source=check.source,
        offenders=tuple({k: v for k, v in row.items() if k != "offenders"} for row in rows),
    )


def _figures(
    connection: Connection, check: Check, facts: Mapping[str, Any], bands: Mapping[str, Band]
) -> Iterator[Verdict | Skipped]:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(check.query, facts).fetchall()
    if not rows:
        yield Skipped(check.id, check.group, check.title, "nothing to measure")
    for row in rows:
        yield _figure(check, row, bands)


def _figure(check: Check, row: Mapping[str, Any], bands: Mapping[str, Band]) -> Verdict | Skipped:
    subject, measured, had = row["subject"], row["measured"], row["had"] or 0
    name = check.id if subject is None else f"{check.id}.{subject}"
    title = check.title if subject is None else f"{check.title}, {subject}"
    if check.needs is not None and had < check.needs.amount:
        reason = f"needs {check.needs}, the data has {had}"
        return Skipped(name, check.group, title, reason)
    if measured is None:
        return Skipped(name, check.group, title, "nothing to measure")
    if not math.isfinite(measured):
        broken = replace(check, id=name, title=title)
        return Verdict.unasked(broken, f"what it measures is not a number: {measured}")
    unit, source = check.unit, check.source
    if "band" in row:
        band, low, high = find(bands, row["band"])
        unit, source = band.unit, f"{band.id} {band.source}"
    else:
        low, high = float(row["low"]), float(row["high"])
    return Verdict(
        id=name,
        group=check.group,
        title=title,
        passed=low <= measured <= high,
        measured=float(measured),
        low=low,
        high=high,
        unit=unit,
        source=source,
    )
