"""What the task around a turn does: retries with what is owed, readable messages, bound logs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog
from celery import Celery

from farm.bootstrap import Farm
from farm.domain.address import ChunkAddress
from farm.domain.calendar import Month
from farm.errors import ContractBroken, DatabaseLost, DiskFull, ServiceUnavailable
from farm.orchestration.canvas import make_app
from farm.orchestration.ports import Claim
from farm.orchestration.states import SessionState
from farm.orchestration.work import Earlier, Outcome, Result, TryAgain, WorkDeps
from farm.tasks.process import WorkerProcess, give_back_memory
from farm.tasks.task import FarmTask

CHUNK = ChunkAddress(1, "FO-2015-07", Month(2016, 3))
ADDRESS = {"session": "1", "subject": "FO-2015-07", "month": "2016-03"}


class Ledger:
    """Remembers the state a session was moved to."""

    def __init__(self) -> None:
        self.moved: list[tuple[int, SessionState, str | None]] = []

    def set_session_state(
        self, session: int, state: SessionState, *, reason: str | None = None
    ) -> bool:
        self.moved.append((session, state, reason))
        return True


class Script:
    """Plays back what happens in each turn, and remembers what it was told."""

    def __init__(self, *happenings: object) -> None:
        self.happenings = list(happenings)
        self.earlier: list[Earlier] = []

    def __call__(self, address: ChunkAddress, deps: WorkDeps, earlier: Earlier) -> Outcome:
        assert address == CHUNK
        assert not deps
        self.earlier.append(earlier)
        happening = self.happenings.pop(0)
        if isinstance(happening, Exception):
            raise happening
        return cast("Outcome", happening)


@pytest.fixture
def app() -> Celery:
    """An app without servers, whose tasks run where they are called."""
    made = make_app(lambda: {"task_always_eager": True, "task_eager_propagates": False})
    made.set_default()
    return made


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def task(app: Celery, ledger: Ledger) -> type[FarmTask]:
    """A farm task whose process holds a farm without servers."""
    farm = SimpleNamespace(ledger=ledger, work_deps=lambda *_, **__: None, close=lambda: None)

    class Task(FarmTask):
        abstract = True
        process = WorkerProcess(lambda: cast("Farm", farm))

        def send_event(self, *_: Any, **__: Any) -> None:
            """Have nobody who listens."""

    return Task


def turn_task(app: Celery, base: type[FarmTask], script: Script) -> Any:
    @app.task(base=base, bind=True, shared=False, name="farm.test")
    def test(self: FarmTask, session: str, subject: str, month: str) -> str:
        return self.take_turn(ChunkAddress(int(session), subject, Month.parse(month)), script)

    return test


def move_task(app: Celery, base: type[FarmTask], do: Any) -> Any:
    @app.task(base=base, bind=True, shared=False, name="farm.move")
    def move(self: FarmTask, session: str) -> None:
        self.move(int(session), "a move", do)

    return move


def test_a_result_is_a_state_and_a_count(app, task):
    script = Script(Outcome(Result.COMMITTED, 12))
    result = turn_task(app, task, script).apply(kwargs=ADDRESS)
    assert result.get() == "committed: 12 rows"
    assert script.earlier == [Earlier(0, None)]


def test_the_next_turn_is_told_how_often_it_was_tried_and_what_is_owed(app, task):
    owed = Claim(CHUNK, 1_700_000_000_000_001, 3)
    script = Script(
        TryAgain(DatabaseLost("gone"), 1.0, owed),
        TryAgain(DatabaseLost("gone"), 2.0, None),
        Outcome(Result.COMMITTED, 1),
    )
    result = turn_task(app, task, script).apply(kwargs=ADDRESS)
    assert result.get() == "committed: 1 rows"
    assert script.earlier == [Earlier(0, None), Earlier(1, owed), Earlier(2, None)]


def test_an_outage_may_last_longer_than_any_number_of_tries(app, task):
    outage = [TryAgain(DatabaseLost("gone"), 1.0, None)] * (FarmTask.max_retries + 5)
    result = turn_task(app, task, Script(*outage, Outcome(Result.ALREADY))).apply(kwargs=ADDRESS)
    assert result.get() == "already: 0 rows"


def test_a_failure_for_good_is_a_failure_in_flower_too(app, task):
    result = turn_task(app, task, Script(ContractBroken("rows"))).apply(kwargs=ADDRESS)
    assert result.state == "FAILURE"
    assert isinstance(result.result, ContractBroken)


def test_every_line_of_the_log_says_session_chunk_and_worker(app, task):
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        turn_task(app, task, Script(Outcome(Result.COMMITTED, 5))).apply(kwargs=ADDRESS)
    (line,) = lines
    assert (line["session"], line["chunk"], line["rows"]) == (1, "1/FO-2015-07/2016-03", 5)
    assert line["worker"]


def test_a_message_sent_again_stays_readable(app, task):
    test = turn_task(app, task, Script())
    test.push_request(kwargs=ADDRESS, id="x", args=())
    try:
        again = test.signature_from_request(test.request)
    finally:
        test.pop_request()
    assert again.options["kwargsrepr"] == "session=1 batch=FO-2015-07 month=2016-03"


def test_a_move_that_an_outage_stopped_is_made_again(app, task):
    happenings: list[Any] = [DatabaseLost("gone"), DatabaseLost("gone"), None]
    done: list[int] = []

    def do(_farm: Farm) -> None:
        if (happening := happenings.pop(0)) is not None:
            raise happening
        done.append(1)

    assert move_task(app, task, do).apply(kwargs={"session": "1"}).state == "SUCCESS"
    assert done == [1]


def test_a_move_without_a_broker_is_left_to_the_reconciler(app, task):
    def do(_farm: Farm) -> None:
        raise ServiceUnavailable("no broker")

    assert move_task(app, task, do).apply(kwargs={"session": "1"}).state == "SUCCESS"


def test_a_disk_that_is_full_while_a_month_closes_pauses_the_session(app, task, ledger):
    def do(_farm: Farm) -> None:
        raise DiskFull("no space")

    assert move_task(app, task, do).apply(kwargs={"session": "1"}).state == "FAILURE"
    assert ledger.moved == [(1, SessionState.PAUSED, "no space")]


def test_a_forked_process_opens_a_farm_of_its_own(monkeypatch):
    process = WorkerProcess(lambda: cast("Farm", SimpleNamespace()))
    parents = process.farm()
    assert process.farm() is parents
    monkeypatch.setattr("os.getpid", lambda: -1)
    assert process.farm() is not parents


def test_memory_is_given_back_without_touching_what_is_in_use():
    kept = [bytes([number % 256]) * 4096 for number in range(256)]
    give_back_memory()
    assert all(kept[number] == bytes([number]) * 4096 for number in range(256))
