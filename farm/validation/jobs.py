"""What is to be asked, cut into jobs that a reader does in one go, the longest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from farm.db.tables import MONTHLY_TABLES
from farm.validation import summary
from farm.validation.checks import Check
from farm.validation.scope import Scope


@dataclass(frozen=True, slots=True)
class Question:
    """A check, asked of the whole period (``year`` None) or of one year of it.

    ``facts`` are the values of its query's places.
    """

    check: Check
    facts: Mapping[str, Any]
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Tables of the summary to be filled, and what is to be asked on the same connection."""

    tables: tuple[str, ...]
    questions: tuple[Question, ...]


def jobs(checks: Sequence[Check], scope: Scope) -> list[Job]:
    """Return all work in the order in which to begin it, so that the readers end together.

    First the tables that several checks share, each once with all checks that need it; then the
    years with what is asked by year; then every other check, those of large tables first.
    """
    sharing, others = _shared(checks)
    by_year = [check for check in others if check.by_year]
    single = [check for check in others if not check.by_year]
    return [
        *(Job(tables, tuple(_questions(own, scope))) for tables, own in sharing),
        *(Job((), tuple(of_year)) for of_year in _years(by_year, scope) if of_year),
        *(Job((), (Question(check, scope.facts),)) for check in sorted(single, key=_large)),
    ]


_Sharing = tuple[tuple[str, ...], list[Check]]


def _shared(checks: Iterable[Check]) -> tuple[list[_Sharing], list[Check]]:
    """Return tables with the checks that need any of them, and the checks that need none.

    Tables that one check needs together stay together: they belong to a connection.
    """
    groups: list[tuple[set[str], list[Check]]] = []
    others: list[Check] = []
    for check in checks:
        needed = {table for table in summary.TABLES if check.uses(table)}
        if not needed:
            others.append(check)
            continue
        joined, own = needed, [check]
        for group in [group for group in groups if group[0] & needed]:
            groups.remove(group)
            joined, own = group[0] | joined, group[1] + own
        groups.append((joined, own))
    order = list(summary.TABLES)
    listed = [(tuple(sorted(tables, key=order.index)), own) for tables, own in groups]
    return sorted(listed, key=lambda group: order.index(group[0][0])), others


def _questions(checks: Sequence[Check], scope: Scope) -> Iterable[Question]:
    for of_year in _years([check for check in checks if check.by_year], scope):
        yield from of_year
    yield from (Question(check, scope.facts) for check in checks if not check.by_year)


def _years(checks: Sequence[Check], scope: Scope) -> Iterable[list[Question]]:
    for year, days in scope.years():
        facts = {**scope.facts, **days}
        yield [Question(check, facts, year) for check in checks]


def _large(check: Check) -> int:
    return -sum(check.uses(table) for table in MONTHLY_TABLES)
