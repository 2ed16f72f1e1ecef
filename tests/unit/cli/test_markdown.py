"""Where the generation stands, as Markdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from farm.cli.markdown import markdown
from farm.db.metrics import Metric
from farm.db.verdicts import CheckRun
from farm.reports.standing import Standing
from tests.unit.cli.looks import STATUS

AT = datetime(2026, 1, 2, 3, 6, 20, tzinfo=UTC)
STANDING = Standing(
    at=AT,
    status=STATUS,
    months={1: (36, 36), 2: (9, 36)},
    metrics=[
        Metric(1, "session", "readings", 12_345_678.0, "rows"),
        Metric(1, "cumulative", "fcr_biological", 1.1234, "kg/kg"),
    ],
    checked=None,
)


def test_the_seed_table_has_a_line_for_every_session():
    lines = markdown(STANDING).splitlines()
    assert lines[0] == "# demo, seed 42"
    times = "2026-01-02 03:04:05 | 2026-01-02 03:06:10"
    assert lines[4:10] == [
        "| session | years | status | started | completed | runtime | memory peak |",
        "|---|---|---|---|---|--:|--:|",
        f"| 1 | 1-3 | completed | {times} | 2 min 05 s | 1,235 MB |",
        "| 2 | 4-6 | running | 2026-01-02 03:04:05 | - | 12 s | - |",
        "| 3 | 7-9 | not started | - | - | - | - |",
        "| 4 | 10 | not started | - | - | - | - |",
    ]


def test_months_chunks_and_rows_say_how_far_each_session_is():
    lines = markdown(STANDING).splitlines()
    assert "| 1 | 36 of 36 | 1,500 of 1,500 | 31,234,567 |" in lines
    assert "| 2 | 9 of 36 | 450 of 1,800, 1 failed | 250,000 |" in lines
    assert "| 3 | - | - | - |" in lines


def test_figures_stand_under_their_scope_with_a_column_for_each_counted_session():
    text = markdown(STANDING)
    assert "| figure | unit | session 1 |\n|---|---|--:|\n| readings | rows | 12,345,678 |" in text
    assert text.index("## Each session") < text.index("## Everything up to")
    assert "| FCR, biological | kg/kg | 1.12 |" in text


def test_the_newest_checks_are_named_when_they_failed_or_are_out_of_date():
    assert "The data were not checked yet." in markdown(STANDING)
    failed = CheckRun(AT, 98, ("fish_balance_of_batches",), is_newest=False)
    assert (
        "Checked at 2026-01-02 03:06:20: 98 checks passed, 1 failed: fish_balance_of_batches."
        " More was made since." in markdown(replace(STANDING, checked=failed))
    )
    passed = CheckRun(AT, 99, (), is_newest=True)
    assert (
        markdown(replace(STANDING, checked=passed))
        .splitlines()[20]
        .endswith("99 checks passed, 0 failed.")
    )
