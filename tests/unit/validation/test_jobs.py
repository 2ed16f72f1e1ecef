"""How the checks are cut into work for the readers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from farm.settings.scenarios import load_scenario
from farm.validation import summary
from farm.validation.checks import Check, Group, load_checks, parse
from farm.validation.jobs import Job, jobs
from farm.validation.scope import Scope

CONFIG = Path(__file__).parents[3] / "config"
CHECKS = load_checks()


@pytest.fixture(scope="module")
def scope() -> Scope:
    """All sessions of the smallest scenario."""
    scenario = load_scenario("smoke", CONFIG)
    return Scope(scenario, scenario.session_numbers)


def check(name: str, table: str, *, by_year: bool = False) -> Check:
    by = "-- By: year\n" if by_year else ""
    days = "WHERE date >= %(first)s AND date < %(after)s"
    text = f"-- {name} --\n-- A.\n-- B.\n-- Source: C\n{by}SELECT 1 FROM {table} {days}"
    (made,) = parse(Group.BUSINESS, text)
    return made


def asked(job: Job) -> list[str]:
    return [question.check.id for question in job.questions]


def test_every_check_is_asked_of_everything_once(scope: Scope) -> None:
    work = jobs(CHECKS, scope)
    whole = [q.check.id for job in work for q in job.questions if q.year is None]
    of_years = [(q.check.id, q.year) for job in work for q in job.questions if q.year is not None]
    years = [year for year, _ in scope.years()]
    assert sorted(whole) == sorted(one.id for one in CHECKS if not one.by_year)
    assert sorted(of_years) == sorted((c.id, year) for c in CHECKS if c.by_year for year in years)


def test_every_table_is_filled_once_by_the_job_whose_checks_need_it(scope: Scope) -> None:
    work = jobs(CHECKS, scope)
    filled = [table for job in work for table in job.tables]
    assert sorted(filled) == sorted(summary.TABLES)
    for job in work:
        for question in job.questions:
            assert {t for t in summary.TABLES if question.check.uses(t)} <= set(job.tables)


def test_tables_that_one_check_needs_together_are_filled_by_one_reader(scope: Scope) -> None:
    week, death, lot = summary.PEN_WEEK, summary.NAMED_DEATH, summary.LOT_USE
    checks = [check("a", week), check("b", death), check("c", lot), check("d", f"{week}, {death}")]
    both, alone = jobs(checks, scope)
    assert (both.tables, sorted(asked(both))) == ((week, death), ["a", "b", "d"])
    assert (alone.tables, asked(alone)) == ((lot,), ["c"])


def test_shared_tables_come_first_then_years_then_what_is_large(scope: Scope) -> None:
    checks = [
        check("small", "batch"),
        check("large", "daily_state, feed_draw"),
        check("days", "daily_state", by_year=True),
        check("shared", summary.READING_MONTH),
    ]
    years = len(list(scope.years()))
    assert years > 1
    order = [asked(job) for job in jobs(checks, scope)]
    assert order == [["shared"], *([["days"]] * years), ["large"], ["small"]]


def test_the_years_are_the_period_without_a_gap(scope: Scope) -> None:
    years = dict(scope.years())
    first, *_ = years.values()
    *_, last = years.values()
    assert (first["first"], last["after"]) == (scope.facts["first"], scope.facts["after"])
    for year, days in years.items():
        assert days["first"].year == (days["after"] - timedelta(days=1)).year == year
        if year + 1 in years:
            assert days["after"] == years[year + 1]["first"] == date(year + 1, 1, 1)
