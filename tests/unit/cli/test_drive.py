"""The coordinator of a run: what it does about sessions that end, stop, or cannot be reached."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from farm.cli.drive import Drive, Ending
from farm.errors import DatabaseLost, ServiceUnavailable, SessionRefused
from farm.orchestration.reconcile import Step
from farm.orchestration.states import SessionState
from farm.orchestration.submit import Submitted
from farm.reports.run_view import RunView
from farm.reports.status import SessionStatus, Status
from tests.unit.cli.looks import look

PLANNING, RUNNING, PAUSED = SessionState.PLANNING, SessionState.RUNNING, SessionState.PAUSED
COMPLETED, FAILED = SessionState.COMPLETED, SessionState.FAILED


@dataclass
class ScriptedFarm:
    """A farm whose sessions go through given states, one at each step. It is its own screen."""

    script: dict[int, list[SessionState]]
    submitted: dict[int, Submitted] = field(default_factory=dict)
    problems: list[str | None] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    shown: list[RunView] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)
    current: int | None = None
    kept_up: int = 0

    def submit(self, session: int) -> Submitted:
        if self.errors:
            raise self.errors.pop(0)
        self.done.append(f"submit {session}")
        self.current = session
        return self.submitted.get(session, Submitted.OPENED)

    def prepare(self, session: int) -> None:
        self.done.append(f"prepare {session}")
        if self.refusals:
            raise self.refusals.pop(0)

    def state(self, session: int) -> SessionState:
        return self.script[session][0]

    def resume(self, session: int) -> None:
        self.done.append(f"resume {session}")

    def step(self) -> Step:
        states = self.script[self.current or 1]
        if len(states) > 1:
            states.pop(0)
        return Step(problem=self.problems.pop(0) if self.problems else None)

    def keep_up(self) -> None:
        self.kept_up += 1

    def ended(self, session: int) -> None:
        self.done.append(f"ended {session}")

    def look(self, session: int, notes: tuple[str, ...]) -> RunView:
        state = self.script[session][0]
        if state is SessionState.NOT_STARTED and self.errors:
            raise self.errors.pop(0)
        one = SessionStatus(session, "1", state)
        return look(status=Status("smoke", 1, "f", (one,)), session=session, notes=notes)

    def show(self, view: RunView) -> None:
        self.shown.append(view)

    def say(self, line: str) -> None:
        self.said.append(line)

    def close(self) -> None:
        self.done.append("close")


class Immediately(threading.Event):
    """An event on which waiting takes no time; it can be set to stop after so many waits."""

    def __init__(self, after: int | None = None) -> None:
        super().__init__()
        self.left = after

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - as Event.wait
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                self.set()
        return self.is_set()


def driven(
    farm: ScriptedFarm,
    sessions: Sequence[int] = (1,),
    *,
    stop_after: int | None = None,
    deaths: Sequence[str | None] = (),
) -> Ending:
    died = iter(deaths)
    drive = Drive(
        work=farm,
        revive=lambda: next(died, None),
        look=farm.look,
        screen=farm,
        stop=Immediately(stop_after),
        clock=lambda: 0.0,
        step_every_s=0.0,
    )
    return drive.run(sessions)


def test_sessions_are_made_in_order_each_after_the_one_before():
    farm = ScriptedFarm({n: [PLANNING, PLANNING, COMPLETED] for n in (1, 2)})

    assert driven(farm, (1, 2)) is Ending.COMPLETED
    assert farm.done == ["submit 1", "prepare 2", "ended 1", "submit 2", "ended 2"]


def test_the_end_of_a_session_is_seen_though_looking_takes_long():
    """A look of a minute is followed by an hour without one, unless the session ends."""
    farm = ScriptedFarm({1: [RUNNING, RUNNING, COMPLETED]})
    minutes = itertools.count(step=60.0)
    asked = 0

    def state(session: int) -> SessionState:
        nonlocal asked
        asked += 1
        if asked == 3:
            farm.step()
        return farm.script[session][0]

    farm.state = state  # type: ignore[method-assign]
    drive = Drive(
        work=farm,
        revive=lambda: None,
        look=farm.look,
        screen=farm,
        stop=Immediately(),
        clock=lambda: next(minutes),
        step_every_s=float("inf"),
    )
    assert drive.run((1,)) is Ending.COMPLETED
    assert asked == 3
    assert len(farm.shown) == 3  # before it, running, completed


def test_the_next_session_is_prepared_once_as_soon_as_this_one_is_open():
    farm = ScriptedFarm({n: [PLANNING, RUNNING, RUNNING, COMPLETED] for n in (1, 2)})

    assert driven(farm, (1, 2)) is Ending.COMPLETED
    assert farm.done == ["submit 1", "prepare 2", "ended 1", "submit 2", "ended 2"]


def test_a_session_that_this_run_prepared_is_not_resumed():
    farm = ScriptedFarm({n: [PLANNING, RUNNING, COMPLETED] for n in (1, 2)})
    farm.submitted[2] = Submitted.CONTINUED

    assert driven(farm, (1, 2)) is Ending.COMPLETED
    assert "resume 2" not in farm.done


def test_no_session_is_prepared_that_was_not_asked_for():
    farm = ScriptedFarm({n: [RUNNING, RUNNING, COMPLETED] for n in (1, 2)})

    driven(farm, (1,))
    assert "prepare 2" not in farm.done


def test_a_prepared_session_that_is_completed_before_it_is_looked_at_is_recorded():
    # Given a first look at two sessions that are to be made
    farm = ScriptedFarm({n: [RUNNING, RUNNING, COMPLETED] for n in (1, 2)})
    farm.submitted[2] = Submitted.ALREADY_COMPLETED
    first = [SessionStatus(n, "1", SessionState.NOT_STARTED) for n in (1, 2)]
    begun = look(status=Status("smoke", 1, "f", tuple(first)), session=1)
    looks = iter([begun])

    # When the workers complete the second before the run comes to it
    drive = Drive(
        farm,
        lambda: None,
        lambda session, notes: next(looks, None) or farm.look(session, notes),
        farm,
        Immediately(),
        lambda: 0.0,
        0.0,
    )
    assert drive.run((1, 2)) is Ending.COMPLETED

    # Then what the coordinator took is recorded for both
    assert farm.done == ["submit 1", "prepare 2", "ended 1", "submit 2", "ended 2"]


def test_the_reconciler_keeps_its_time_though_nothing_is_shown_for_long():
    # Given looks of a second, with nothing shown for minutes after each
    farm = ScriptedFarm({1: [RUNNING] * 40 + [COMPLETED]})
    seconds = itertools.count()
    drive = Drive(
        farm, lambda: None, farm.look, farm, Immediately(), lambda: next(seconds), step_every_s=5.0
    )

    # When it is driven to its end, which only steps bring about
    assert drive.run((1,)) is Ending.COMPLETED

    # Then steps were taken between the looks
    assert len(farm.shown) < 20


def test_a_session_that_may_not_be_prepared_changes_nothing_for_this_one():
    farm = ScriptedFarm({1: [RUNNING, RUNNING, FAILED], 2: [PLANNING]})
    farm.refusals = [SessionRefused("session 2 needs session 1, which is failed")]

    assert driven(farm, (1, 2)) is Ending.FAILED
    assert farm.done == ["submit 1", "prepare 2", "ended 1"]


def test_preparing_waits_for_a_server_out_of_reach():
    farm = ScriptedFarm({n: [RUNNING] * 3 + [COMPLETED] for n in (1, 2)})
    farm.refusals = [ServiceUnavailable("no Redis")]

    assert driven(farm, (1, 2)) is Ending.COMPLETED
    assert farm.done[:3] == ["submit 1", "prepare 2", "prepare 2"]


def test_a_completed_session_is_not_touched():
    farm = ScriptedFarm({1: [COMPLETED]}, {1: Submitted.ALREADY_COMPLETED})

    assert driven(farm) is Ending.COMPLETED
    assert farm.done == ["submit 1"]


@pytest.mark.parametrize("outcome", [Submitted.CONTINUED, Submitted.WAITS])
def test_a_session_left_unfinished_is_resumed(outcome):
    farm = ScriptedFarm({1: [RUNNING, RUNNING, COMPLETED]}, {1: outcome})

    assert driven(farm) is Ending.COMPLETED
    assert farm.done == ["submit 1", "resume 1", "ended 1"]


def test_a_failed_session_ends_the_run_before_the_next_one():
    farm = ScriptedFarm({1: [PLANNING, RUNNING, FAILED], 2: [PLANNING]})

    assert driven(farm, (1, 2)) is Ending.FAILED
    assert farm.done == ["submit 1", "prepare 2", "ended 1"]


def test_a_session_that_had_failed_before_is_not_counted_again():
    farm = ScriptedFarm({1: [FAILED]}, {1: Submitted.WAITS})

    assert driven(farm) is Ending.FAILED
    assert "ended 1" not in farm.done


def test_a_session_that_pauses_ends_the_run_and_keeps_its_figures_open():
    farm = ScriptedFarm({1: [PLANNING, RUNNING, PAUSED]})

    assert driven(farm) is Ending.PAUSED
    assert farm.done == ["submit 1"]


def test_ctrl_c_ends_the_run_where_it_is():
    farm = ScriptedFarm({1: [PLANNING, RUNNING], 2: [PLANNING]})

    assert driven(farm, (1, 2), stop_after=3) is Ending.INTERRUPTED
    assert farm.done == ["submit 1", "prepare 2"]


@pytest.mark.parametrize("end", [COMPLETED, FAILED])
def test_a_session_that_the_workers_end_after_ctrl_c_is_recorded(end):
    # Given a run that was stopped in the middle of a session
    farm = ScriptedFarm({1: [PLANNING, RUNNING]})
    drive = Drive(farm, lambda: None, farm.look, farm, Immediately(3), lambda: 0.0, 0.0)
    drive.run((1,))

    # When the workers finish it with the chunks they held
    farm.script[1] = [end]
    drive.settle()

    assert farm.done == ["submit 1", "ended 1"]


def test_a_session_that_is_still_open_after_ctrl_c_is_left_open():
    farm = ScriptedFarm({1: [PLANNING, RUNNING]})
    drive = Drive(farm, lambda: None, farm.look, farm, Immediately(3), lambda: 0.0, 0.0)
    drive.run((1,))
    drive.settle()

    assert farm.done == ["submit 1"]


def test_what_was_recorded_is_not_recorded_again():
    farm = ScriptedFarm({1: [PLANNING, RUNNING, COMPLETED]})
    drive = Drive(farm, lambda: None, farm.look, farm, Immediately(), lambda: 0.0, 0.0)
    drive.run((1,))
    drive.settle()

    assert farm.done == ["submit 1", "ended 1"]


def test_a_refused_session_is_the_callers_business():
    farm = ScriptedFarm({1: [PLANNING]}, errors=[SessionRefused("session 2 needs session 1")])

    with pytest.raises(SessionRefused):
        driven(farm)


def test_an_outage_is_noted_once_when_it_begins_and_once_when_it_ends():
    problems = ["Redis cannot be used", "Redis cannot be used", None]
    farm = ScriptedFarm({1: [RUNNING] * 6 + [COMPLETED]}, problems=problems)

    assert driven(farm) is Ending.COMPLETED
    assert farm.shown[-1].notes == ("waiting: Redis cannot be used", "going on")


@pytest.mark.parametrize("error", [DatabaseLost("starting up"), ServiceUnavailable("no Redis")])
def test_an_outage_while_submitting_is_waited_out(error):
    farm = ScriptedFarm({1: [RUNNING, RUNNING, COMPLETED]}, errors=[error, error])

    assert driven(farm) is Ending.COMPLETED
    assert farm.done == ["submit 1", "ended 1"]
    assert farm.shown[-1].notes == (f"waiting: {error}", "going on")


def test_without_a_first_look_an_outage_is_said_as_a_line():
    not_there = ScriptedFarm(
        {1: [SessionState.NOT_STARTED, COMPLETED]}, errors=[DatabaseLost("starting up")]
    )

    assert driven(not_there) is Ending.COMPLETED
    assert not_there.said == ["waiting: starting up"]


def test_dead_workers_are_noted():
    farm = ScriptedFarm({1: [RUNNING, RUNNING, COMPLETED]})

    driven(farm, deaths=("the workers ended (SIGKILL) and were started again",))

    assert farm.shown[-1].notes == ("the workers ended (SIGKILL) and were started again",)


def test_what_is_shown_last_includes_what_was_recorded_at_the_end():
    # Given a farm that learns its memory peak only when the session has ended
    farm = ScriptedFarm({1: [RUNNING, COMPLETED]})
    peaks = []

    def look_with_peak(session: int, notes: tuple[str, ...]) -> RunView:
        view = farm.look(session, notes)
        one = replace(view.status.session(session), memory_peak_mb=float("ended 1" in farm.done))
        return replace(view, status=replace(view.status, sessions=(one,)))

    drive = Drive(farm, lambda: None, look_with_peak, farm, Immediately(), lambda: 0.0, 0.0)
    drive.run((1,))
    peaks = [view.status.session(1).memory_peak_mb for view in farm.shown]

    assert peaks[-1] == 1.0
    assert peaks[:-1] == [0.0] * (len(peaks) - 1)


def test_what_is_kept_beside_the_data_is_kept_up_but_not_during_an_outage():
    farm = ScriptedFarm(
        {1: [PLANNING, RUNNING, RUNNING, COMPLETED]}, problems=["gone", "gone", None]
    )
    assert driven(farm) is Ending.COMPLETED
    assert farm.kept_up == 0
    farm = ScriptedFarm({1: [PLANNING, RUNNING, RUNNING, COMPLETED]})
    assert driven(farm) is Ending.COMPLETED
    assert farm.kept_up == 2
