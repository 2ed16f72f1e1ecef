"""The table of `farm coverage` in windows of different widths."""

from __future__ import annotations

import pytest
from rich.console import Console

from farm.cli.coverage import CoverageView
from farm.reports.coverage import coverage

YEARS = range(2015, 2025)
FOUND = coverage(
    {
        "environmental_reading": dict.fromkeys(YEARS, 11234567),
        "treatment": {2016: 4},
        "vaccination": {},
        "site": {None: 21},
    },
    {"environmental_reading": "reading_time", "treatment": "start_date", "vaccination": "date"},
)


def shown(width: int) -> list[str]:
    console = Console(width=width, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(CoverageView(FOUND))
    return capture.get().splitlines()


def row(lines: list[str], name: str) -> list[str]:
    (line,) = [line for line in lines if line.startswith(name)]
    return line.split()[1:]


def test_a_wide_window_shows_every_row():
    lines = shown(200)

    assert row(lines, "environmental_reading") == ["11,234,567"] * 10 + ["112,345,670"]
    assert row(lines, "treatment") == ["0", "4"] + ["0"] * 8 + ["4"]
    assert row(lines, "site") == ["-"] * 10 + ["21"]
    assert row(lines, "all")[-1] == "112,345,695"
    assert lines[-1] == "empty: vaccination"


@pytest.mark.parametrize("width", [80, 100, 120])
def test_ten_years_fit_into_a_narrow_window(width: int):
    lines = shown(width)

    assert max(map(len, lines)) <= width
    assert row(lines, "environmental_reading") == ["11M"] * 10 + ["112M"]
    assert row(lines, "treatment")[:2] == ["0", "4"]
