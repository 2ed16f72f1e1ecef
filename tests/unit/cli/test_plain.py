"""A run as plain lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from farm.cli.plain import PlainLines
from farm.orchestration.states import SessionState
from farm.reports.status import ChunkCounts
from tests.unit.cli.looks import COMPLETED, RUNNING, STARTED, STATUS, failed, look, look_at

QUIET = replace(
    STATUS, sessions=tuple(replace(s, state=SessionState.NOT_STARTED) for s in STATUS.sessions)
)


def test_a_session_is_told_from_planning_to_completed():
    plain = PlainLines()
    first = replace(RUNNING, session=1, years="1-3")
    stages = [
        look(status=QUIET, session=None, elapsed_s=0.0),
        look_at(replace(first, state=SessionState.PLANNING), elapsed_s=1.0),
        look_at(replace(first, chunks=ChunkCounts(1800, 0, 0), rows=0), elapsed_s=3.0),
        look_at(first, elapsed_s=5.0),
        look_at(first, elapsed_s=8.5),
        look_at(COMPLETED, elapsed_s=125.0),
    ]
    # session 2 of the sample already runs; here it has not begun
    stages = [
        replace(
            view,
            status=replace(
                view.status,
                sessions=tuple(
                    s if s.session == 1 else replace(s, state=SessionState.NOT_STARTED)
                    for s in view.status.sessions
                ),
            ),
        )
        for view in stages
    ]

    lines = [line for view in stages for line in plain.lines(view)]

    assert lines == [
        "session 1 (years 1-3) planning: simulating the days of the farm",
        "session 1 (years 1-3) running: 1,800 chunks, 1,000,000 rows to come",
        (
            "session 1: 25% · 450 of 1,800 chunks · 250,000 rows · 52,346 rows/s · 14 s left"
            " · 3 min 10 s to the end of the run · memory 786 MB"
        ),
        "session 1 (years 1-3) completed: 31,234,567 rows in 2 min 05 s, memory peak 1,235 MB",
    ]


def test_between_changes_there_is_one_line_every_few_seconds():
    plain = PlainLines(every_s=5.0)
    said = [
        len(list(plain.lines(look_at(RUNNING, elapsed_s=second / 2)))) for second in range(1, 41)
    ]
    assert sum(said) == 4
    assert max(said) == 1


def test_what_was_over_before_is_not_told_as_news():
    assert list(PlainLines().lines(look(session=None))) == []


def test_each_failure_and_note_is_told_once():
    plain = PlainLines()
    list(plain.lines(look(session=None)))
    failure = failed("2/FO-2015-02/2018-04", "ImbalanceError: off by 3")
    note = "worker 2 died: started again"

    first = list(plain.lines(look(session=None, failures=(failure,), notes=(note,))))
    again = list(plain.lines(look(session=None, failures=(failure,), notes=(note, "another"))))

    assert first == [note, "failed chunk 2/FO-2015-02/2018-04: ImbalanceError: off by 3"]
    assert again == ["another"]


def test_a_session_that_stops_says_why():
    plain = PlainLines()
    list(plain.lines(look_at(RUNNING, elapsed_s=1.0)))
    stopped = replace(
        RUNNING,
        state=SessionState.PAUSED,
        reason="the database is full",
        completed=STARTED + timedelta(minutes=1),
    )
    assert list(plain.lines(look_at(stopped, elapsed_s=2.0))) == [
        "session 2 (years 4-6) paused: the database is full"
    ]


def test_plain_lines_carry_no_escape_codes():
    plain = PlainLines()
    views = [look(session=None), look_at(RUNNING), look_at(COMPLETED)]
    assert "\x1b" not in "".join(line for view in views for line in plain.lines(view))


def test_an_error_that_names_its_chunk_does_not_name_it_twice():
    plain = PlainLines()
    address = "2/FO-2015-02/2018-04"
    failure = failed(address, f"AttemptsExhausted: chunk {address}: gave up after 5 attempts")
    list(plain.lines(look(session=None)))
    assert list(plain.lines(look(session=None, failures=(failure,)))) == [
        f"failed chunk {address}: AttemptsExhausted: gave up after 5 attempts"
    ]
