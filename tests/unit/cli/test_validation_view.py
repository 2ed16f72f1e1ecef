"""What people see of a validation."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console

from farm.cli.validation_view import ValidationView
from farm.validation.verdict import Validation
from tests.unit.validation.verdicts import FOUND, GOOD


def printed(found: Validation) -> list[str]:
    console = Console(width=120, color_system=None)
    with console.capture() as capture:
        console.print(ValidationView(found))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_groups_stand_in_order_and_failed_checks_first() -> None:
    found = replace(FOUND, verdicts=(GOOD, *(replace(v, group=GOOD.group) for v in FOUND.failed)))
    lines = printed(found)
    rows = [line for line in lines if line.startswith(("ok", "FAILED  "))]
    assert [row.split()[0] for row in rows] == ["FAILED", "FAILED", "ok"]
    assert [x for x in printed(FOUND) if x in {"integrity", "business", "statistics"}] == [
        "integrity",
        "business",
        "statistics",
    ]


def test_a_failed_check_shows_its_offenders_and_how_many_more_there_are() -> None:
    lines = printed(FOUND)
    start = lines.index("FAILED eggs: Eggs are not fed")
    assert lines[start + 1] == "  7 offenders, must be 0 (biology)"
    assert lines[start + 2] == "  date 2016-03-01, feed_kg 1.500"
    assert lines[start + 7] == "  … and 2 more"


def test_a_figure_out_of_its_band_shows_band_and_source() -> None:
    assert "  4.25 °C, must be 6 to 8.2 (EN01 [found] a table)" in printed(FOUND)


def test_what_could_not_be_asked_says_what_postgresql_said() -> None:
    unasked = replace(GOOD, passed=False, offenders=({"could not be asked": "division by zero"},))
    lines = printed(Validation(None, (unasked,)))
    assert "  could not be asked: division by zero" in lines
    assert any(line.startswith("FAILED  One is one") for line in lines)
    assert not any("must be" in line for line in lines)


def test_what_was_skipped_says_why() -> None:
    assert "skipped sea.SC-01: needs 3 years, the data has 2" in printed(FOUND)


def test_the_last_line_sums_up_and_names_what_failed() -> None:
    assert printed(FOUND)[-1] == ("1 check passed, 2 failed, 1 skipped, in 1.2 s: eggs, sea.FO-01")
    assert printed(Validation(None, (GOOD,)))[-1] == "1 check passed, 0 failed, 0 skipped, in 0.0 s"
