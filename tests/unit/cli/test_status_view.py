"""What `farm status` and the end of a run say to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from farm.cli.resume import told
from farm.cli.status_view import StatusView
from farm.cli.summary import MOST_NAMED, advice, failure_lines
from farm.db.metrics import Metric
from farm.db.progress import AtWork
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.orchestration.decide import CloseMonth, PublishMonth, PublishSimulations
from farm.orchestration.resume import Resumed
from farm.orchestration.states import SessionState
from farm.reports.session_look import SessionLook
from tests.unit.cli.looks import COMPLETED, NOT_STARTED, RUNNING, STATUS, failed, matrix

FAILURE = failed("2/FO-2015-02/2018-04", "ImbalanceError: off by 3")
LOOK = SessionLook(
    status=STATUS,
    closer=RUNNING,
    matrix=matrix(6, 36),
    failures=(FAILURE,),
    at_work=(AtWork("worker-1", ChunkAddress.parse("2/FO-2015-04/2018-04"), 1.25),),
    rows_s=50_000.0,
)


def drawn(
    seen: SessionLook,
    *,
    metrics: Sequence[Metric] = (),
    fit: bool = False,
    width: int = 140,
    height: int = 60,
) -> list[str]:
    out = StringIO()
    Console(file=out, width=width, height=height, color_system=None).print(
        StatusView(seen, metrics, fit=fit)
    )
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_status_shows_sessions_rate_workers_matrix_failures_and_what_to_do():
    lines = drawn(LOOK)

    assert lines[0] == "demo, seed 42"
    assert (
        "session 2 (years 4-6)  ███████▌                       25% · 450 of 1,800 chunks"
        " · 50,000 rows/s · 15 s left"
    ) in lines
    assert "worker-1: 2/FO-2015-04/2018-04 for 1.2 s" in lines
    assert "FO-2015-04 ■■■x■■■■■■■■o·······················" in lines
    assert lines[-2:] == [
        "failed chunk 2/FO-2015-02/2018-04: ImbalanceError: off by 3 (5 attempts)",
        "session 2: 1 chunk failed so far; `farm retry 2` tries again",
    ]


def test_the_figures_of_the_closer_session_stand_beside_those_of_everything_so_far():
    metrics = [
        Metric(2, "session", "readings", 1200.0, "rows"),
        Metric(2, "cumulative", "readings", 3400.0, "rows"),
        Metric(2, "session", "memory_peak", 512.0, "MB"),
        Metric(1, "session", "readings", 2200.0, "rows"),
    ]
    words = [line.split() for line in drawn(LOOK, metrics=metrics)]
    assert ["figure", "session", "so", "far", "unit"] in words
    assert ["readings", "1,200", "3,400", "rows"] in words
    assert ["memory", "peak", "512", "-", "MB"] in words


def test_before_anything_was_submitted_there_is_only_the_table():
    quiet = replace(STATUS, sessions=(replace(NOT_STARTED, session=1), NOT_STARTED))
    seen = SessionLook(quiet, None, matrix(0, 1), (), (), 0.0)
    assert len(drawn(seen)) == 5


@pytest.mark.parametrize("height", [24, 30, 60])
def test_watching_keeps_to_the_window(height: int):
    seen = replace(LOOK, matrix=matrix(46, 36))
    assert len(drawn(seen, fit=True, width=100, height=height)) < height
    assert len(drawn(seen, width=100, height=height)) > 46


def test_of_many_failures_ten_are_named_and_the_rest_counted():
    many = [failed(f"2/FO-2015-02/20{y}-04", "broken") for y in range(10, 30)]
    lines = [line.plain for line in failure_lines(RUNNING, many, most=MOST_NAMED)]
    assert len(lines) == 11
    assert lines[-1] == "… and 10 failed chunks more: `farm status 2`"


@pytest.mark.parametrize(
    ("session", "line"),
    [
        (COMPLETED, None),
        (NOT_STARTED, None),
        (
            replace(RUNNING, state=SessionState.PAUSED, reason="the database server is full"),
            (
                "session 2 is paused: the database server is full; make room, then `farm run` or"
                " `farm resume 2`"
            ),
        ),
        (
            replace(RUNNING, state=SessionState.FAILED, reason="1 chunk failed"),
            (
                "session 2 failed: 1 chunk failed; put the cause right, then `farm retry 2`"
                " and `farm run`"
            ),
        ),
    ],
)
def test_a_session_that_has_stopped_says_what_to_do(session, line):
    assert [text.plain for text in advice(session)] == ([line] if line else [])


def address(batch: str, month: int) -> ChunkAddress:
    return ChunkAddress(2, batch, Month(2018, month))


@pytest.mark.parametrize(
    ("resumed", "line"),
    [
        (Resumed(1, SessionState.COMPLETED, False, ()), "session 1 is completed: nothing to do"),
        (
            Resumed(2, SessionState.FAILED, True, ()),
            (
                "session 2 has failed: `farm retry 2` tries the failed chunks again;"
                " ledger in Redis rebuilt from PostgreSQL"
            ),
        ),
        (
            Resumed(
                2,
                SessionState.RUNNING,
                False,
                (
                    PublishMonth(Month(2018, 1), (address("A", 1), address("B", 1))),
                    CloseMonth(Month(2017, 12)),
                    PublishMonth(Month(2018, 2), (address("A", 2),)),
                ),
            ),
            "session 2 is running: 3 chunks published",
        ),
        (
            Resumed(
                1,
                SessionState.PLANNING,
                False,
                (PublishSimulations((ChunkAddress.simulation(1, "FO"),)),),
            ),
            "session 1 is planning: 1 chunk published",
        ),
    ],
)
def test_resuming_says_what_it_did(resumed: Resumed, line: str):
    assert told(resumed) == line
