"""The answer of `farm validate --json` keeps its shape."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from farm.validation.checks import Group, parse
from farm.validation.verdict import EXAMPLES, Verdict
from tests.unit.validation.verdicts import BAD, COLD, FOUND

(FISH,) = parse(
    Group.BUSINESS, "-- fish --\n-- Fish are fish.\n-- All.\n-- Source: biology\nSELECT 1"
)


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


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (float("nan"), "nan"),
        (Decimal("Infinity"), "inf"),
        ([Decimal("1.5"), None], [1.5, None]),
        (datetime(2016, 3, 1, tzinfo=UTC), "2016-03-01T00:00:00+00:00"),
        (True, True),
    ],
)
def test_offenders_are_json_whatever_stood_in_the_rows(value: object, told: object) -> None:
    (offender,) = replace(BAD, offenders=({"x": value},)).as_json()["offenders"]
    assert json.loads(json.dumps(offender, allow_nan=False)) == {"x": told}


def test_what_could_not_be_asked_has_failed_and_says_why() -> None:
    verdict = Verdict.unasked(FISH, "division by zero")
    told = verdict.as_json()
    assert (verdict.passed, verdict.problem) == (False, "division by zero")
    assert (told["measured"], told["low"], told["high"]) == (1.0, 0.0, 0.0)
    assert told["offenders"] == [{"could not be asked": "division by zero"}]
    assert BAD.problem is COLD.problem is None


def test_verdicts_on_years_are_joined_into_one() -> None:
    good = replace(BAD, passed=True, measured=0.0, offenders=())
    joined = Verdict.joined([good, BAD, replace(BAD, measured=3.0)])
    assert (joined.passed, joined.measured, len(joined.offenders)) == (False, 10.0, EXAMPLES)
    assert Verdict.joined([good, good]) == good
    unasked = Verdict.unasked(FISH, "gone")
    assert Verdict.joined([BAD, unasked, good]) == unasked
