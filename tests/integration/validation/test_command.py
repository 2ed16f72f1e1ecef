"""`farm validate` on a finished farm: exit codes, JSON, what it writes and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from farm.db.connection import connect
from farm.errors import DatabaseLost
from farm.validation.checks import Group, parse
from farm.validation.readers import readers
from farm.validation.run import validate
from farm.validation.scope import Scope
from farm.validation.verdict import Verdict
from tests.integration.validation.finished_farm import CHECKS, Finished

pytestmark = pytest.mark.services


def recorded(finished: Finished) -> list[tuple[Any, ...]]:
    with psycopg.connect(finished.url) as connection:
        return connection.execute(
            "SELECT check_id, check_group, passed, measured, low, high, unit, source, offenders,"
            " session, run_time FROM ops.check_result"
            " WHERE run_time = (SELECT max(run_time) FROM ops.check_result) ORDER BY check_id"
        ).fetchall()


def test_json_is_the_contract_and_every_check_is_recorded(farm, finished: Finished) -> None:
    code, out, err = farm("validate", "--json")
    told = json.loads(out)
    assert (code, err, told["failed"]) == (0, "", 0)
    assert told["passed"] == len(told["checks"])
    assert told["skipped"] > 0
    asked = {check["id"].partition(".")[0] for check in told["checks"]}
    assert {name for name, check in CHECKS.items() if not check.measures} <= asked
    rows = recorded(finished)
    assert sorted(check["id"] for check in told["checks"]) == [row[0] for row in rows]
    assert {row[9] for row in rows} == {None}


def test_a_session_is_looked_at_in_its_own_months(farm, finished: Finished) -> None:
    code, out, _ = farm("validate", "2", "--json")
    told = json.loads(out)
    assert code == 0
    assert "fish_balance_of_batches" in {check["id"] for check in told["checks"]}


def test_a_part_of_the_years_is_not_compared_with_published_figures(
    farm, finished: Finished
) -> None:
    code, out, _ = farm("validate", "2")
    assert code == 0
    assert "skipped sea_temperature: published figures are asked of all sessions together" in out
    told = json.loads(farm("validate", "2", "--json")[1])
    assert "statistics" not in {check["group"] for check in told["checks"]}


def test_a_failed_check_is_named_and_the_exit_code_is_1(farm, finished: Finished) -> None:
    with connect(finished.url, "test") as connection:
        connection.execute("UPDATE batch SET eggs = eggs + 1 WHERE id = 1000002")
        try:
            code, out, _ = farm("validate")
        finally:
            connection.execute("UPDATE batch SET eggs = eggs - 1 WHERE id = 1000002")
    assert code == 1
    assert "FAILED fish_balance_of_batches: Fish of every batch balance" in out
    assert "batch FO-2017-01, eggs" in out
    # The figures of sessions, where they are counted already, no longer agree either
    named = out.splitlines()[-1].rpartition(": ")[2].split(", ")
    assert set(named) - {"metrics_recounted"} == {"fish_balance_of_batches"}
    balance, *_ = [row for row in recorded(finished) if not row[2]]
    assert balance[8][0]["batch"] == "FO-2017-01"


def test_a_session_that_does_not_exist_is_refused_in_one_line(farm) -> None:
    code, out, err = farm("validate", "9")
    assert (code, out) == (2, "")
    assert err == "farm: scenario smoke has sessions 1 to 4, not 9\n"


def test_what_is_not_completed_is_refused(farm, finished: Finished) -> None:
    with connect(finished.url, "test") as connection:
        connection.execute("UPDATE ops.session SET status = 'running' WHERE session = 4")
        try:
            code, _, err = farm("validate")
        finally:
            connection.execute("UPDATE ops.session SET status = 'completed' WHERE session = 4")
    assert code == 2
    assert "session 4 is running: only completed sessions can be validated" in err


def test_nothing_generated_is_nothing_to_validate(farm, database_url, monkeypatch) -> None:
    monkeypatch.setenv("FARM_DATABASE_URL", database_url)
    code, _, err = farm("validate")
    assert code == 2
    assert "nothing was submitted" in err


def asked(finished: Finished, **columns: str) -> dict[str, Verdict]:
    """Return the verdicts of checks that have these columns of `batch` as offenders."""
    text = "-- {0} --\n-- A.\n-- B.\n-- Source: C\nSELECT {1} FROM batch WHERE code = 'FO-2015-01'"
    checks = [c for n, q in columns.items() for c in parse(Group.BUSINESS, text.format(n, q))]
    scope = Scope(finished.scenario, finished.scenario.session_numbers)
    return {one.id: one for one in validate(finished.url, checks, scope, {}).verdicts}


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("1 / (id - id)", "division by zero"),
        ("nothing", 'column "nothing" does not exist'),
        ("code::integer", 'invalid input syntax for type integer: "FO-2015-01"'),
        ("date '294276-01-01'", "date too large (after year 10K): '294276-01-01'"),
    ],
)
def test_a_check_that_breaks_has_failed_and_the_others_are_asked(
    finished: Finished, query: str, problem: str
) -> None:
    found = asked(finished, one=query, two="'fish'", three=query, four="id")
    assert (found["one"].passed, found["one"].problem) == (False, problem)
    assert found["three"].problem == problem
    assert found["two"].problem is found["four"].problem is None
    assert found["two"].offenders[0] == {"?column?": "fish"}


def test_a_lost_connection_ends_the_others(finished: Finished) -> None:
    # Given a check that would take for ever, beside one whose connection breaks
    with pytest.raises(DatabaseLost):
        asked(finished, slow="pg_sleep(3600)", lost="pg_terminate_backend(pg_backend_pid())")


def test_a_figure_that_is_no_number_has_failed(finished: Finished) -> None:
    text = (
        "-- odd --\n-- A.\n-- B.\n-- Source: C\n-- Unit: D\nSELECT 'x' AS subject,"
        " 'NaN'::double precision AS measured, 0 AS low, 1 AS high, 1 AS had FROM geography LIMIT 1"
    )
    scope = Scope(finished.scenario, finished.scenario.session_numbers)
    (odd,) = validate(finished.url, parse(Group.STATISTICS, text), scope, {}).verdicts
    assert (odd.id, odd.passed) == ("odd.x", False)
    assert odd.problem == "what it measures is not a number: nan"


def test_what_cannot_be_asked_is_shown_and_recorded(farm, finished: Finished) -> None:
    # Given a column that is not there any more, of a table which checks share a summary of
    with connect(finished.url, "test") as connection:
        connection.execute("ALTER TABLE daily_state RENAME COLUMN gill_score TO gills")
        try:
            code, out, err = farm("validate")
        finally:
            connection.execute("ALTER TABLE daily_state RENAME COLUMN gills TO gill_score")
    assert (code, err) == (1, "")
    lines = out.splitlines()
    shown = lines.index("FAILED weekly_mortality: " + CHECKS["weekly_mortality"].title)
    assert lines[shown + 1] == '  could not be asked: column "gill_score" does not exist'
    rows = {row[0]: row for row in recorded(finished)}
    assert not rows["weekly_mortality"][2]
    assert rows["weekly_mortality"][8] == [
        {"could not be asked": 'column "gill_score" does not exist'}
    ]
    assert rows["fish_balance_of_batches"][2]


def test_a_view_that_cannot_be_made_fails_what_reads_it(finished: Finished) -> None:
    with connect(finished.url, "test") as connection:
        connection.execute("ALTER TABLE hall RENAME COLUMN station_id TO station")
        try:
            checks = [CHECKS["batch_stays_in_its_geography"], CHECKS["eggs_are_not_fed"]]
            scope = Scope(finished.scenario, finished.scenario.session_numbers)
            shared, other = validate(finished.url, checks, scope, {}).verdicts
        finally:
            connection.execute("ALTER TABLE hall RENAME COLUMN station TO station_id")
    assert shared.problem == "column h.station_id does not exist"
    assert other.passed


def test_readers_see_one_moment_and_cannot_write(finished: Finished) -> None:
    with readers(finished.url, 2) as opened, connect(finished.url, "test") as writer:
        writer.execute("UPDATE batch SET species = 'Salmo trutta' WHERE id = 1000001")
        try:
            for reader in (each.connection for each in opened):
                seen = reader.execute("SELECT DISTINCT species FROM batch").fetchall()
                assert seen == [("Salmo salar",)]
                with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                    reader.execute("DELETE FROM batch")
        finally:
            writer.execute("UPDATE batch SET species = 'Salmo salar' WHERE id = 1000001")
