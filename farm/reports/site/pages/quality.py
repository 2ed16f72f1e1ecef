"""Data quality: every check of the last `farm validate`, measured values and their bands drawn."""

from __future__ import annotations

from collections.abc import Sequence

from farm.reports.site.blocks import Fact, Page, Section, Table, Text
from farm.reports.site.data import SIGNIFICANT, Column, Data, Mark, Row, number, text
from farm.reports.site.reader import Reader
from farm.reports.site.wording import shown

#: In the order of the page; what a group asks.
_GROUPS = {
    "integrity": "Do the rows agree with each other?",
    "business": "Does the farm keep its rules?",
    "statistics": "Are the numbers those of real farms?",
}

_FAILED, _UNASKED = "FAILED", "NOT ASKED"

_COLUMNS = (
    text("verdict", "", good=frozenset({"ok"}), bad=frozenset({_FAILED, _UNASKED})),
    text("title", "Check"),
    Column("mark", "Within its band", drawn=True),
    number("measured", "Measured", "", SIGNIFICANT),
    number("low", "From", "", SIGNIFICANT),
    number("high", "To", "", SIGNIFICANT),
    text("unit", "Unit"),
    text("source", "Source"),
    text("check_id", "Name"),
)

#: Where a band lies on its scale, and one that is a single number.
_LOW, _HIGH = 0.25, 0.75
_POINT_LOW, _POINT_HIGH = 0.22, 0.28

#: So far a figure outside of its scale is drawn.
_LEFT, _RIGHT = 0.03, 0.97


def page(reader: Reader) -> Page:
    """Return the page."""
    rows = [{**row, "verdict": _verdict(row)} for row in reader.rows("quality", "checks")]
    if not rows:
        return Page(
            path="quality.html",
            title="Data quality",
            lead="Nothing was checked yet: run `farm validate`, then make the report again.",
            sections=[],
        )
    failed = [row for row in rows if not row["passed"]]
    unasked = sum(row["unasked"] is not None for row in rows)
    return Page(
        path="quality.html",
        title="Data quality",
        lead=f"{len(rows)} checks of {rows[0]['run_time']:%d %B %Y, %H:%M} UTC, each of them one"
        " query over the whole data. A check that fails is shown first.",
        facts=[
            Fact("Passed", shown(len(rows) - len(failed), 0), f"of {len(rows)}"),
            Fact(
                "Failed",
                shown(len(failed), 0),
                "",
                f"{unasked} of them could not be asked" if unasked else "",
            ),
            *(
                Fact(group.capitalize(), shown(sum(r["check_group"] == group for r in rows), 0))
                for group in _GROUPS
            ),
        ],
        sections=[
            *([Section("What failed", [_failures(failed)])] if failed else []),
            *(
                Section(group.capitalize(), _group(group, says, rows))
                for group, says in _GROUPS.items()
            ),
            Section("Runs", [_runs(reader)]),
        ],
    )


def _group(group: str, says: str, rows: Sequence[Row]) -> list[Text | Table]:
    own = [{**row, "mark": _mark(row)} for row in rows if row["check_group"] == group]
    passed = sum(row["passed"] for row in own)
    data = Data(group, _COLUMNS, own)
    said = f"{says} {passed} of {len(own)} say yes."
    title = "A dot within its band is a check that passed; failed ones come first."
    return [Text([said]), Table("Checks", title, data, "No check.", most=1000)]


def _verdict(row: Row) -> str:
    if row["unasked"] is not None:
        return _UNASKED
    return "ok" if row["passed"] else _FAILED


def _failures(failed: Sequence[Row]) -> Table:
    rows = [{**row, "found": row["unasked"] or row["example"] or ""} for row in failed]
    return Table(
        "Failed checks",
        "Of a check that could not be asked, why; else the first row that broke it.",
        Data(
            "failed",
            [
                text("verdict", "", bad=frozenset({_FAILED, _UNASKED})),
                text("title", "Check"),
                text("found", "What was found"),
                text("check_id", "Name"),
            ],
            rows,
        ),
        most=1000,
    )


def _mark(row: Row) -> Mark | None:
    """Return the figure on a scale with room for half of the band on both sides of it.

    A band of a single number (no row may break a rule) is drawn as a narrow one.
    """
    if row["unasked"] is not None:
        return None
    width = row["high"] - row["low"]
    if width <= 0:
        off = row["measured"] - row["low"]
        at = (_POINT_LOW + _POINT_HIGH) / 2 if not off else _RIGHT if off > 0 else _LEFT
        return Mark(at=at, low=_POINT_LOW, high=_POINT_HIGH, good=row["passed"])
    at = _LOW + (_HIGH - _LOW) * (row["measured"] - row["low"]) / width
    return Mark(at=min(max(at, _LEFT), _RIGHT), low=_LOW, high=_HIGH, good=row["passed"])


def _runs(reader: Reader) -> Table:
    return Table(
        "All runs of the checks",
        "",
        Data(
            "runs",
            [
                text("run_time", "Time", "UTC"),
                text("session", "Session"),
                number("checks", "Checks"),
                number("passed", "Passed"),
                number("failed", "Failed"),
            ],
            reader.rows("quality", "runs"),
        ),
    )
