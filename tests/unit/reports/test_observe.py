"""Looks at a running farm, put together from what the database knows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import pytest

from farm.db.progress import AtWork, FailedChunk, Progress, SessionProgress
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.domain.scenario import Scenario
from farm.orchestration.states import ChunkState, SessionState
from farm.reports.observe import Observer, status
from farm.reports.run_view import Memory
from farm.reports.session_look import look
from farm.settings.scenarios import load_scenario
from farm.settings.settings import project_config_dir

STARTED = datetime(2026, 1, 2, tzinfo=UTC)
MEMORY = Memory(coordinator_mb=100.0, workers_mb=50.5, workers=2, limit_mb=1000.0)
FAILURE = FailedChunk(ChunkAddress.parse("2/FO-2015-01/2015-09"), 5, "ImbalanceError", "off by 3")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("smoke", project_config_dir())


def progress_of(session: int, state: SessionState, rows: int, planned_rows: int) -> SessionProgress:
    return SessionProgress(
        session=session,
        years="1",
        state=state,
        scenario_name="smoke",
        seed=1,
        fingerprint="f",
        started=STARTED,
        completed=None,
        runtime_s=3.0,
        memory_peak_mb=10.0,
        rows=rows,
        planned_rows=planned_rows,
        planned=4,
        committed=2,
        failed=1,
        reason=None,
    )


class StubProgress:
    """Two submitted sessions; the second one is running, and can be given other rows."""

    def __init__(self, state: SessionState = SessionState.RUNNING) -> None:
        self.rows = 0
        self.state = state

    def sessions(self) -> list[SessionProgress]:
        return [
            progress_of(1, SessionState.COMPLETED, 1000, 1000),
            progress_of(2, self.state, self.rows, 5000),
        ]

    def chunks(self, session: int) -> dict[ChunkAddress, ChunkState]:
        return {ChunkAddress(session, "FO-2015-01", Month(2015, 9)): ChunkState.RUNNING}

    def failures(self, session: int | None = None) -> list[FailedChunk]:
        return [FAILURE] if session in {None, 2} else []

    def recent_rows(self, seconds: float) -> int:
        return int(100 * seconds)

    def at_work(self) -> list[AtWork]:
        return [AtWork("worker-1", FAILURE.address, 1.5)]


@pytest.fixture
def stub() -> StubProgress:
    return StubProgress()


def test_every_session_of_the_scenario_has_an_entry(stub: StubProgress, scenario: Scenario):
    seen = status(cast("Progress", stub), scenario)

    assert [(one.session, one.state.value) for one in seen.sessions] == [
        (1, "completed"),
        (2, "running"),
        (3, "not_started"),
        (4, "not_started"),
    ]
    assert [one.years for one in seen.sessions][2:] == [scenario.years(3), scenario.years(4)]
    assert seen.fingerprint == scenario.fingerprint()
    assert seen.sessions[1].chunks.failed == 1


def test_the_time_left_counts_planned_rows_and_expected_ones(
    stub: StubProgress, scenario: Scenario
):
    # Given 100 rows a second, 4,000 rows left in session 2 and 3,000 expected in session 3
    observer = Observer(cast("Progress", stub), scenario, {1: 900, 2: 1, 3: 3000, 4: 9999}, (2, 3))
    observer.look(2, now_s=0.0, elapsed_s=0.0, memory=MEMORY)
    stub.rows = 1000

    view = observer.look(2, now_s=10.0, elapsed_s=10.0, memory=MEMORY, notes=("hm",))

    assert view.rows_s == pytest.approx(100.0)
    assert view.session_eta_s == pytest.approx(40.0)
    assert view.run_eta_s == pytest.approx(70.0)
    assert view.failures == (FAILURE,)
    assert view.notes == ("hm",)
    assert view.memory == MEMORY
    assert MEMORY.total_mb == 150.5


def test_in_the_last_session_the_run_takes_no_longer_than_it(
    stub: StubProgress, scenario: Scenario
):
    observer = Observer(cast("Progress", stub), scenario, {}, (1, 2))
    observer.look(2, now_s=0.0, elapsed_s=0.0, memory=None)
    stub.rows = 10

    assert observer.look(2, now_s=10.0, elapsed_s=10.0, memory=None).run_eta_s is None


def test_the_matrix_is_only_read_where_somebody_draws_it(stub: StubProgress, scenario: Scenario):
    drawn, plain = (
        Observer(cast("Progress", stub), scenario, {}, (1, 2), with_matrix=with_matrix).look(
            2, now_s=0.0, elapsed_s=0.0, memory=None
        )
        for with_matrix in (True, False)
    )

    assert drawn.matrix.subjects == ("FO-2015-01",)
    assert plain.matrix.subjects == ()


@pytest.mark.parametrize("state", [SessionState.RUNNING, SessionState.PAUSED, SessionState.FAILED])
def test_status_looks_closer_at_the_session_in_question(scenario: Scenario, state: SessionState):
    seen = look(cast("Progress", StubProgress(state)), scenario, None)

    assert seen.closer is not None
    assert seen.closer.session == 2
    assert seen.matrix.subjects == ("FO-2015-01",)


def test_status_looks_closer_at_the_session_asked_for(stub: StubProgress, scenario: Scenario):
    seen = look(cast("Progress", stub), scenario, 1)

    assert seen.closer is not None
    assert seen.closer.session == 1
    assert seen.eta_s is None


def test_rate_and_time_left_are_those_of_an_open_session(stub: StubProgress, scenario: Scenario):
    assert look(cast("Progress", stub), scenario, None).rows_s == pytest.approx(100.0)
    assert look(cast("Progress", stub), scenario, None).eta_s == pytest.approx(50.0)

    over = look(cast("Progress", StubProgress(SessionState.COMPLETED)), scenario, None)
    assert (over.rows_s, over.eta_s, over.closer) == (0.0, None, None)
