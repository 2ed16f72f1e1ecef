"""The answer of `farm validate --json` keeps its shape."""

from __future__ import annotations

import json

from tests.unit.validation.verdicts import BAD, COLD, FOUND


def test_json_counts_and_lists_the_checks_that_were_asked() -> None:
    told = FOUND.as_json()
    assert {key: told[key] for key in ("passed", "failed", "skipped")} == {
        "passed": 1,
        "failed": 2,
        "skipped": 1,
    }
    assert [check["id"] for check in told["checks"]] == ["one", "eggs", "sea.FO-01"]


def test_a_check_has_the_keys_of_the_contract() -> None:
    check = FOUND.as_json()["checks"][2]
    assert check == {
        "id": "sea.FO-01",
        "group": "statistics",
        "title": "Sea, FO-01",
        "passed": False,
        "measured": 4.25,
        "low": 6.0,
        "high": 8.2,
        "unit": "°C",
        "source": "EN01 [found] a table",
        "offenders": [],
    }


def test_offenders_survive_json() -> None:
    check = json.loads(json.dumps(FOUND.as_json()))["checks"][1]
    assert check["offenders"][0] == {"date": "2016-03-01", "feed_kg": 1.5}


def test_failed_are_those_that_did_not_pass() -> None:
    assert FOUND.failed == (BAD, COLD)
