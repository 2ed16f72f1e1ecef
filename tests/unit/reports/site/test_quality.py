"""The page of the checks: what passed, what failed, what could not be asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from farm.reports.site.blocks import Table
from farm.reports.site.data import Mark, Row
from farm.reports.site.pages import quality
from farm.reports.site.reader import Reader

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def check(name: str, **other: Any) -> dict[str, Any]:
    known = {
        "check_group": "integrity",
        "check_id": name,
        "title": name,
        "passed": True,
        "measured": 0.0,
        "low": 0.0,
        "high": 0.0,
        "unit": "rows",
        "source": "definition",
        "unasked": None,
        "example": None,
        "run_time": AT,
    }
    return known | other


class Rows:
    """Answers the page's questions with these checks."""

    def __init__(self, *checks: Row) -> None:
        self._checks = list(checks)

    def rows(self, _room: str, name: str) -> list[Row]:
        return self._checks if name == "checks" else []


def tables(*checks: Row) -> dict[str, Table]:
    page = quality.page(cast("Reader", Rows(*checks)))
    blocks = [block for section in page.sections for block in section.blocks]
    return {block.data.name: block for block in blocks if isinstance(block, Table)}


def mark(**found: Any) -> Mark:
    (made,) = tables(check("one", **found))["integrity"].data.values("mark")
    assert made is not None
    return cast("Mark", made)


def test_a_figure_is_drawn_where_it_lies_in_its_band() -> None:
    made = mark(measured=1.5, low=1.0, high=2.0)
    assert made.at == (made.low + made.high) / 2
    assert mark(measured=9.0, low=1.0, high=2.0, passed=False).at > made.high


def test_no_row_may_break_a_rule_is_a_narrow_band_and_a_broken_one_lies_outside() -> None:
    kept, broken = mark(), mark(measured=3.0, passed=False)
    assert kept.low < kept.at < kept.high
    assert broken.at > broken.high
    assert (kept.good, broken.good) == (True, False)


def test_what_failed_stands_first_with_what_was_found() -> None:
    found = tables(
        check("fine"),
        check("wrong", passed=False, measured=2.0, example='{"batch": 7}'),
        check("broken", passed=False, measured=1.0, unasked="division by zero", example="{…}"),
    )
    assert next(iter(found)) == "failed"
    assert [(r["verdict"], r["found"]) for r in found["failed"].data.rows] == [
        ("FAILED", '{"batch": 7}'),
        ("NOT ASKED", "division by zero"),
    ]
    assert [r["mark"] is None for r in found["integrity"].data.rows] == [False, False, True]


def test_a_farm_without_failures_has_no_such_table() -> None:
    assert "failed" not in tables(check("fine"))
