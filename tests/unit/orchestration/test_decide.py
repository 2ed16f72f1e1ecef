"""The rules, one promise per test. Letters of chunks: see views.LETTERS."""

from __future__ import annotations

from dataclasses import replace

import pytest

from farm.orchestration.decide import (
    LOST,
    CloseMonth,
    Expand,
    FinishSession,
    Limits,
    PublishMonth,
    PublishSimulations,
    StartSession,
    decide,
    reopened,
)
from farm.orchestration.states import MonthState, SessionState
from tests.unit.orchestration.views import chunk, month, months, planning, running, simulation, view

PLANNED, RUNNING, LOADED = MonthState.PLANNED, MonthState.RUNNING, MonthState.LOADED
CLOSED, FAILED = MonthState.CLOSED, MonthState.FAILED
LIMITS = Limits(months_in_flight=2, quiet_s=5.0)
GAVE_UP = SessionState.FAILED


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("pp", [PublishSimulations((simulation(1), simulation(2)))]),
        ("cp", [PublishSimulations((simulation(2),))]),
        ("Rl", [PublishSimulations((simulation(2),))]),
        ("Rs", []),
        ("cR", []),
        ("fR", []),  # the other geography's work is not thrown away
        ("cc", [Expand()]),  # whether or not its months may open already
        ("cf", [FinishSession(GAVE_UP, "1 chunk failed")]),
        ("ff", [FinishSession(GAVE_UP, "2 chunks failed")]),
    ],
)
def test_while_planning_missing_simulations_are_sent_and_finished_ones_expanded(letters, expected):
    assert decide(planning(letters), LIMITS) == expected


@pytest.mark.parametrize("before", [None, SessionState.COMPLETED, SessionState.RUNNING])
@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("cp", [PublishSimulations((simulation(2),))]),
        ("cl", [PublishSimulations((simulation(2),))]),  # its worker is gone
        ("cc", [Expand()]),
    ],
)
def test_a_session_is_prepared_whether_or_not_the_one_before_is_completed(
    before, letters, expected
):
    reading = view(SessionState.PLANNING, letters, (), before=before)
    assert decide(reading, LIMITS) == expected


@pytest.mark.parametrize(
    ("letters", "at_once", "expected"),
    [
        ("ppp", 1, (1,)),
        ("sp", 1, ()),
        ("Rp", 1, ()),
        ("cpp", 1, (2,)),
        ("fpp", 1, (2,)),
        ("lp", 1, (1,)),  # a lost one is not under way
        ("ppp", 2, (1, 2)),
        ("Rpp", 2, (2,)),
        ("RsR", 2, ()),
    ],
)
def test_ahead_of_the_session_before_no_more_are_simulated_at_once_than_leave_it_workers(
    letters, at_once, expected
):
    reading = view(SessionState.PLANNING, letters, (), before=SessionState.RUNNING)
    chunks = tuple(simulation(place) for place in expected)
    assert decide(reading, replace(LIMITS, simulations_ahead=at_once)) == (
        [PublishSimulations(chunks)] if chunks else []
    )


@pytest.mark.parametrize(
    ("letters", "founded", "expected"),
    [
        ("pp", (), ()),
        ("pp", (2,), (2,)),
        ("cp", (1,), ()),
        ("Rp", (1, 2), ()),
        ("pp", (1, 2), (1,)),
    ],
)
def test_ahead_a_geography_is_simulated_once_the_session_before_is_simulated_of_it(
    letters, founded, expected
):
    reading = view(
        SessionState.PLANNING, letters, (), before=SessionState.PLANNING, founded=founded
    )
    chunks = tuple(simulation(place) for place in expected)
    assert decide(reading, LIMITS) == ([PublishSimulations(chunks)] if chunks else [])


def test_when_the_session_before_is_completed_all_that_is_not_simulated_is_sent_at_once():
    reading = view(SessionState.PLANNING, "Rpp", (), before=SessionState.COMPLETED)
    chunks = (simulation(2), simulation(3))
    assert decide(reading, replace(LIMITS, simulations_ahead=1)) == [PublishSimulations(chunks)]


@pytest.mark.parametrize("lost", ["sp", "ss"])
def test_a_simulation_ahead_whose_message_was_lost_is_sent_again_alone(lost):
    reading = view(SessionState.PLANNING, lost, (), before=SessionState.RUNNING, quiet_s=6.0)
    assert decide(reading, LIMITS) == [PublishSimulations((simulation(1),), LOST)]


def test_short_memory_holds_back_what_is_only_prepared():
    short = replace(LIMITS, hold_back=True)
    ahead = view(SessionState.PLANNING, "pp", (), before=SessionState.RUNNING)
    due = view(SessionState.PLANNING, "pp", (), before=SessionState.COMPLETED)
    assert decide(ahead, short) == []
    assert decide(due, short) == [PublishSimulations((simulation(1), simulation(2)))]


@pytest.mark.parametrize("before", [None, SessionState.COMPLETED])
def test_a_prepared_session_starts_when_the_one_before_is_completed(before):
    reading = view(SessionState.PLANNING, "cc", months((PLANNED, "p")), before=before)
    assert decide(reading, LIMITS) == [StartSession()]


@pytest.mark.parametrize(
    "before",
    [SessionState.PLANNING, SessionState.RUNNING, SessionState.PAUSED, SessionState.FAILED],
)
def test_no_month_opens_before_the_session_before_is_completed(before):
    reading = view(SessionState.PLANNING, "cc", months((PLANNED, "p")), before=before)
    assert decide(reading, LIMITS) == []


@pytest.mark.parametrize(
    ("before", "given", "expected"),
    [
        (None, months((RUNNING, "p")), SessionState.RUNNING),
        (SessionState.COMPLETED, months((PLANNED, "p")), SessionState.RUNNING),
        (SessionState.RUNNING, months((PLANNED, "p")), SessionState.PLANNING),
        (SessionState.COMPLETED, (), SessionState.PLANNING),
    ],
)
def test_a_session_that_had_stopped_runs_on_only_if_it_was_prepared_and_may_run(
    before, given, expected
):
    assert reopened(view(SessionState.PAUSED, "cc", given, before=before)) is expected


def test_months_are_opened_in_order_and_no_more_than_the_limit():
    # Given three months, none of them begun
    reading = running((PLANNED, "pp"), (PLANNED, "p"), (PLANNED, "p"))

    # Then only the first two are opened
    assert decide(reading, LIMITS) == [
        PublishMonth(month(1), (chunk(1, 1), chunk(1, 2))),
        PublishMonth(month(2), (chunk(2, 1),)),
    ]


def test_a_closed_month_makes_room_for_the_next():
    reading = running((CLOSED, ""), (RUNNING, "R"), (PLANNED, "p"), (PLANNED, "p"))
    assert decide(reading, LIMITS) == [PublishMonth(month(3), (chunk(3, 1),))]


def test_a_loaded_month_keeps_its_place_until_it_is_closed():
    reading = running((LOADED, "cc"), (RUNNING, "R"), (PLANNED, "p"))
    assert decide(reading, LIMITS) == [CloseMonth(month(1))]


def test_a_month_whose_chunks_are_all_committed_is_closed():
    reading = running((RUNNING, "cc"), (RUNNING, "cR"))
    assert decide(reading, LIMITS) == [CloseMonth(month(1))]


@pytest.mark.parametrize(("quiet_s", "expected"), [(4.9, []), (5.0, [CloseMonth(month(1))])])
def test_a_complete_month_is_left_to_its_body_while_messages_wait(quiet_s, expected):
    reading = running((RUNNING, "cc"), (RUNNING, "s"), waiting=1, quiet_s=quiet_s)
    assert decide(reading, LIMITS) == expected


def test_a_failed_month_frees_its_place_and_the_session_goes_on():
    reading = running((RUNNING, "cf"), (RUNNING, "R"), (PLANNED, "p"))
    assert decide(reading, LIMITS) == [PublishMonth(month(3), (chunk(3, 1),))]


def test_a_month_with_a_failed_chunk_still_finishes_the_others():
    reading = running((RUNNING, "fp"), (RUNNING, "R"))
    assert decide(reading, LIMITS) == [PublishMonth(month(1), (chunk(1, 2),))]


def test_a_failed_month_given_another_chance_is_published_like_a_new_one():
    reading = running((CLOSED, ""), (FAILED, "cp"))
    assert decide(reading, LIMITS) == [PublishMonth(month(2), (chunk(2, 2),))]


def test_a_chunk_whose_worker_died_is_sent_again_at_once():
    reading = running((RUNNING, "lR"), waiting=7, quiet_s=0.1)
    assert decide(reading, LIMITS) == [PublishMonth(month(1), (chunk(1, 1),))]


@pytest.mark.parametrize(
    ("waiting", "quiet_s", "is_lost"),
    [(0, 5.0, True), (0, 4.9, False), (1, 500.0, False), (None, 500.0, False)],
)
def test_a_published_chunk_is_lost_when_no_message_waits_and_all_is_quiet(
    waiting, quiet_s, is_lost
):
    reading = running((RUNNING, "sc"), waiting=waiting, quiet_s=quiet_s)
    expected = [PublishMonth(month(1), (chunk(1, 1),), LOST)] if is_lost else []
    assert decide(reading, LIMITS) == expected


def test_nothing_is_sent_while_the_broker_cannot_be_asked():
    reading = running((RUNNING, "lsp"), (RUNNING, "cc"), (PLANNED, "p"), waiting=None, quiet_s=99)
    assert decide(reading, LIMITS) == []
    assert decide(planning("pl", waiting=None, quiet_s=99), LIMITS) == []


def test_what_needs_no_broker_is_done_without_it():
    assert decide(planning("cc", waiting=None), LIMITS) == [Expand()]
    assert decide(running((CLOSED, ""), waiting=None), LIMITS) == [
        FinishSession(SessionState.COMPLETED, None)
    ]


def test_short_memory_holds_new_months_back_but_not_what_is_open():
    reading = running((RUNNING, "l"), (PLANNED, "p"))
    held_back = replace(LIMITS, hold_back=True)
    assert decide(reading, held_back) == [PublishMonth(month(1), (chunk(1, 1),))]


def test_a_session_is_completed_when_every_month_is_closed():
    reading = running((CLOSED, ""), (CLOSED, ""))
    assert decide(reading, LIMITS) == [FinishSession(SessionState.COMPLETED, None)]


def test_a_session_has_failed_when_every_month_is_closed_or_failed():
    reading = running((CLOSED, ""), (FAILED, "cff"), (FAILED, "f"))
    assert decide(reading, LIMITS) == [FinishSession(GAVE_UP, "3 chunks failed")]


def test_a_running_session_without_months_is_not_completed_unless_it_was_simulated():
    assert decide(view(SessionState.RUNNING, "cf", ()), LIMITS) == []


@pytest.mark.parametrize(
    "state", [SessionState.PAUSED, SessionState.COMPLETED, SessionState.FAILED]
)
def test_a_session_that_is_not_open_is_left_alone(state):
    reading = view(state, "pp", months((RUNNING, "lsp")), quiet_s=99)
    assert decide(reading, LIMITS) == []
