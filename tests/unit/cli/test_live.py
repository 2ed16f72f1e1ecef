"""The live display: what it shows, and that it never outgrows its window."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from farm.cli.live import LiveView
from farm.orchestration.states import SessionState
from farm.reports.run_view import Memory
from tests.unit.cli.looks import LOOK, NOT_STARTED, RUNNING, failed, look, look_at, matrix


def drawn(view, *, width=120, height=40) -> list[str]:
    out = StringIO()
    Console(file=out, width=width, height=height, color_system=None).print(LiveView(view))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_one_look_shows_progress_speed_memory_sessions_and_matrix():
    assert drawn(LOOK) == [
        "demo  session 2 (years 4-6)  ███████▌                        25%",
        "2 min 20 s so far · 52,346 rows/s · 14 s left · 3 min 10 s to the end of the run",
        "memory 786 MB of 8,000 MB · coordinator 180 MB · 2 workers 605 MB",
        "",
        (
            "session  years  status       started              completed               runtime"
            "  memory peak        rows"
        ),
        "─" * 106,
        (
            "1        1-3    completed    2026-01-02 03:04:05  2026-01-02 03:06:10  2 min 05 s"
            "     1,235 MB  31,234,567"
        ),
        (
            "2        4-6    running      2026-01-02 03:04:05  -                          12 s"
            "            -     250,000"
        ),
        (
            "3        7-9    not started  -                    -                             -"
            "            -           -"
        ),
        (
            "4        10     not started  -                    -                             -"
            "            -           -"
        ),
        "",
        "           2018        2019        2020",
        "FO-2015-02 ■■■■■■■■■■■■▸·······················",
        "FO-2015-04 ■■■x■■■■■■■■o·······················",
        "FO-2015-06 ■■■■■■■■■■■■o·······················",
        "SC-2015-01 ■■■■■■■■■■■■▸·······················",
        "SC-2015-03 ■■■■■■■■■■■■▸·······················",
        "SC-2015-05 ■■■■■■■■■■■■o·······················",
        "· planned   o published   ▸ running   ■ committed   x failed",
    ]


@pytest.mark.parametrize("height", [16, 20, 24, 40, 60])
@pytest.mark.parametrize("width", [72, 80, 120, 200])
@pytest.mark.parametrize("batches", [1, 6, 46])
def test_the_display_fits_into_its_window(width, height, batches):
    # Given failures and notes that want space as well
    failures = tuple(failed(f"2/FO-2015-{n:02d}/2018-04", "e" * 300) for n in range(1, 10))
    view = look(matrix=matrix(batches, 36), failures=failures, notes=("n" * 300,) * 9)

    lines = drawn(view, width=width, height=height)

    assert max(map(len, lines)) <= width
    # one line is left for the cursor below
    assert len(lines) <= height - 1


def test_a_failed_chunk_is_named_with_its_error():
    failure = failed("2/FO-2015-02/2018-04", "ImbalanceError: population off by 3")
    assert drawn(look(failures=(failure,)))[-1] == (
        "x 2/FO-2015-02/2018-04: ImbalanceError: population off by 3"
    )


def test_of_many_failures_the_last_are_named_and_the_others_counted():
    failures = tuple(failed(f"2/FO-2015-02/2018-{n:02d}", "broken") for n in range(1, 8))
    assert drawn(look(failures=failures))[-5:] == [
        *(f"x 2/FO-2015-02/2018-{n:02d}: broken" for n in (4, 5, 6, 7)),
        "  and 3 failed chunks more",
    ]


def test_an_error_that_looks_like_markup_is_printed_as_it_is():
    failure = failed("2/FO-2015-02/2018-04", "value[/red] [bold]out of range[/]")
    assert drawn(look(failures=(failure,)))[-1].endswith("value[/red] [bold]out of range[/]")


def test_while_a_session_is_planned_the_display_says_what_happens():
    planning = replace(RUNNING, state=SessionState.PLANNING, rows=0, planned_rows=0)
    view = look_at(planning, matrix=matrix(0, 1), rows_s=None, session_eta_s=None, run_eta_s=None)
    lines = drawn(view)
    assert lines[:2] == [
        "demo  session 2 (years 4-6)  simulating the days of the farm",
        "2 min 20 s so far",
    ]
    assert not any("planned" in line for line in lines)


def test_before_the_first_session_the_display_says_starting():
    assert drawn(look(session=None))[0] == "demo  starting"


def test_memory_over_the_limit_stands_out():
    out = StringIO()
    console = Console(file=out, width=120, force_terminal=True, color_system="standard")
    over = Memory(coordinator_mb=100.0, workers_mb=9000.0, workers=1, limit_mb=8000.0)
    console.print(LiveView(look(memory=over)))
    assert "\x1b[1;91m9,100 MB" in out.getvalue()


def test_in_a_narrow_window_the_columns_of_the_contract_stay():
    header = drawn(look_at(NOT_STARTED), width=72)[4]
    assert header.split() == [
        *("#", "years", "status", "started", "ended", "runtime", "memory", "rows")
    ]
