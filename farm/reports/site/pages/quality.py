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

_COLUMNS = (
    text("verdict", "", good=frozenset({"ok"}), bad=frozenset({"FAILED"})),
    text("title", "Check"),
    Column("mark", "Within its band", drawn=True),
    number("measured", "Measured", "", SIGNIFICANT),
    number("low", "From", "", SIGNIFICANT),
    number("high", "To", "", SIGNIFICANT),
    text("unit", "Unit"),
    text("source", "Source"),
    text("check_id", "Name"),
)

#: Where a band lies on its scale.
_LOW, _HIGH = 0.25, 0.75


def page(reader: Reader) -> Page:
    """Return the page."""
    rows = [
        {**row, "verdict": "ok" if row["passed"] else "FAILED"}
        for row in reader.rows("quality", "checks")
    ]
    if not rows:
        return Page(
            path="quality.html",
            title="Data quality",
            lead="Nothing was checked yet: run `farm validate`, then make the report again.",
            sections=[],
        )
    failed = [row for row in rows if not row["passed"]]
    return Page(
        path="quality.html",
        title="Data quality",
        lead=f"{len(rows)} checks of {rows[0]['run_time']:%d %B %Y, %H:%M} UTC, each of them one"
        " query over the whole data. A check that fails is shown first.",
        facts=[
            Fact("Passed", shown(len(rows) - len(failed), 0), f"of {len(rows)}"),
            Fact("Failed", shown(len(failed), 0)),
            *(
                Fact(group.capitalize(), shown(sum(r["check_group"] == group for r in rows), 0))
                for group in _GROUPS
            ),
        ],
        sections=[
            *(
                Section(group.capitalize(), _group(group, says, rows))
                for group, says in _GROUPS.items()
            ),
            Section("Runs", [_runs(reader)]),
        ],
    )


def _group(group: str, says: str, rows: Sequence[Row]) -> list[Text | Table]:
    own = [{**row, "mark": _mark(row)} for row in rows if row["check_group"] == group]
    data = Data(group, _COLUMNS, own)
    return [Text([says]), Table("Checks", "Failed ones first.", data, "No check.", most=1000)]


def _mark(row: Row) -> Mark | None:
    """Return the figure on a scale with room for half of the band on both sides of it."""
    width = row["high"] - row["low"]
    if width <= 0:
        return None
    at = _LOW + (_HIGH - _LOW) * (row["measured"] - row["low"]) / width
    return Mark(at=min(max(at, 0.03), 0.97), low=_LOW, high=_HIGH, good=row["passed"])


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
