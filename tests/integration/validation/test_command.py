"""`farm validate` on a finished farm: exit codes, JSON, what it writes and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from farm.db.connection import connect
from farm.errors import ContractBroken
from farm.validation.checks import Group, parse
from farm.validation.readers import readers
from farm.validation.run import validate
from farm.validation.scope import Scope
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
    whole = {check["id"] for check in json.loads(farm("validate", "--json")[1])["checks"]}
    own = {check["id"] for check in json.loads(out)["checks"]}
    assert code == 0
    assert "fish_balance_of_batches" in own
    assert "sea_temperature.FO-01" in whole - own, "three years of January are not in a session"


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
    assert out.rstrip().endswith(": fish_balance_of_batches")
    (row,) = [row for row in recorded(finished) if not row[2]]
    assert row[8][0]["batch"] == "FO-2017-01"


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


def test_a_check_that_breaks_ends_the_others(finished: Finished) -> None:
    # Given a check that would take for ever, beside one that is wrong
    text = "-- {0} --\n-- A.\n-- B.\n-- Source: C\nSELECT {1} FROM batch"
    queries = {"slow": "pg_sleep(3600)", "wrong": "1 / (id - id)"}
    checks = [c for n, q in queries.items() for c in parse(Group.BUSINESS, text.format(n, q))]
    scope = Scope(finished.scenario, finished.scenario.session_numbers)
    with pytest.raises(ContractBroken, match="division by zero"):
        validate(finished.url, checks, scope, {})


def test_readers_see_one_moment_and_cannot_write(finished: Finished) -> None:
    with readers(finished.url, 2) as (one, other), connect(finished.url, "test") as writer:
        writer.execute("UPDATE batch SET species = 'Salmo trutta' WHERE id = 1000001")
        try:
            for reader in (one, other):
                seen = reader.execute("SELECT DISTINCT species FROM batch").fetchall()
                assert seen == [("Salmo salar",)]
                with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                    reader.execute("DELETE FROM batch")
        finally:
            writer.execute("UPDATE batch SET species = 'Salmo salar' WHERE id = 1000001")
