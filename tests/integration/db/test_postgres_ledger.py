"""The ledger: who may work on what, and how sessions and chunks move."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest

from farm.db.digest import digest
from farm.db.encoding import DAY_TABLES
from farm.db.peak import add_own_peak
from farm.domain.address import ChunkAddress
from farm.errors import (
    AttemptsExhausted,
    ChunkBusy,
    ContractBroken,
    DatabaseLost,
    Fenced,
    OtherScenario,
    SessionRefused,
)
from farm.orchestration.decide import LOST, UNSENT
from farm.orchestration.states import ChunkState, MonthState, SessionState
from farm.rendering.chunk import CHUNK_TABLES
from tests.integration.db import tiny_farm
from tests.integration.db.tiny_farm import (
    BATCH,
    FEBRUARY,
    JANUARY,
    SIMULATION,
    TIMINGS,
    Worker,
    address,
    chunk_of,
)

pytestmark = pytest.mark.services

Hire = Callable[..., Worker]


def _state(worker: Worker, month: str = "2016-01") -> ChunkState:
    found = worker.one(f"SELECT state FROM ops.chunk WHERE chunk LIKE '%{month}'")
    return ChunkState(found)


# Opening and expanding


def test_opening_a_session_writes_it_its_simulations_and_the_world_once(worker: Worker) -> None:
    new = tiny_farm.new_session()
    for _ in range(2):
        worker.ledger.open_session(new, tiny_farm.plan(), ["FO", "SC"])
    (row,) = worker.ledger.sessions()
    assert (row.session, row.years, row.state) == (1, "1-3", SessionState.PLANNING)
    assert (row.scenario_name, row.seed, row.fingerprint) == ("tiny", 42, "f" * 64)
    assert row.started is not None
    assert worker.ledger.scenario(1) == {"seed": 42}
    view = worker.ledger.view(1, 7)
    assert [str(c.address) for c in view.simulations] == ["1/FO/simulate", "1/SC/simulate"]
    assert (view.expanded, view.months, view.waiting) == (False, (), 7)
    assert worker.rows("SELECT id, code, volume_m3 FROM container ORDER BY id") == [
        (1, "FO-T1", 10 / 3),
        (2, "FO-T2", 10 / 3),
    ]
    assert worker.one("SELECT calibrated_on FROM sensor") == date(2015, 6, 1)


def test_a_session_that_was_never_submitted_is_refused_by_name(worker: Worker) -> None:
    for ask in (
        lambda: worker.ledger.view(3, 0),
        lambda: worker.ledger.bump_epoch(3),
        lambda: worker.ledger.expand(3),
        lambda: worker.ledger.set_session_state(3, SessionState.PAUSED),
    ):
        with pytest.raises(SessionRefused, match="session 3 has not been submitted"):
            ask()
    with pytest.raises(KeyError):
        worker.ledger.scenario(3)


def test_expanding_lists_the_months_and_their_leaves(worker: Worker) -> None:
    worker.simulated()
    for _ in range(2):
        worker.ledger.expand(1)
    view = worker.ledger.view(1, 0)
    assert (view.state, view.expanded) == (SessionState.PLANNING, True)
    assert [(m.month, m.state) for m in view.months] == [
        (JANUARY, MonthState.PLANNED),
        (FEBRUARY, MonthState.PLANNED),
    ]
    assert [len(m.chunks) for m in view.months] == [1, 1]
    # the leaves are there, bare and apart, those of the days with their rows
    assert worker.one("SELECT count(*) FROM daily_state_2016_01") == 31
    with worker.database.snapshot() as connection:
        assert digest(connection).tables["daily_state"].rows == 0
    assert worker.one(
        "SELECT count(*) FROM pg_class WHERE NOT relispartition AND NOT relhasindex"
        " AND relname ~ '_2016_0[12]$' AND 'autovacuum_enabled=false' = ANY (reloptions)"
    ) == 2 * len(CHUNK_TABLES + DAY_TABLES)


def test_a_session_is_not_expanded_before_every_geography_is_simulated(worker: Worker) -> None:
    worker.ledger.open_session(tiny_farm.new_session(), tiny_farm.plan(), ["FO", "SC"])
    lived = tiny_farm.history()
    worker.loader.load_history(
        worker.claim(SIMULATION), lived, tiny_farm.planned(), tiny_farm.slices(lived), TIMINGS
    )
    with pytest.raises(ContractBroken, match="1/SC/simulate"):
        worker.ledger.expand(1)
    assert worker.ledger.view(1, 0).state is SessionState.PLANNING


def test_only_a_session_that_is_planning_is_started(worker: Worker) -> None:
    worker.expanded()
    assert worker.ledger.view(1, 0).state is SessionState.RUNNING
    worker.ledger.set_session_state(1, SessionState.PAUSED)
    worker.ledger.start(1)
    assert worker.ledger.view(1, 0).state is SessionState.PAUSED


def test_a_view_shows_where_the_session_before_stands(worker: Worker) -> None:
    worker.expanded()
    worker.ledger.open_session(tiny_farm.new_session(2), None, ["FO"])
    assert worker.ledger.view(1, 0).before is None
    second = worker.ledger.view(2, 0)
    assert (second.before, second.expanded) == (SessionState.RUNNING, False)


# Claims


def test_a_claim_is_held_while_its_connection_lives(worker: Worker, hire: Hire) -> None:
    worker.expanded()
    worker.claim(address())
    other = hire("other")
    # Given a living worker, another is told that it is busy
    with pytest.raises(ChunkBusy):
        other.ledger.claim(address(), "other", 5)
    assert other.ledger.view(1, 0).months[0].chunks[0].held
    assert other.ledger.publish(1, [address()], LOST) == []
    # When its connection is gone, the chunk is free
    worker.database.close()
    while other.ledger.view(1, 0).months[0].chunks[0].held:
        pass
    claim = other.ledger.claim(address(), "other", 5)
    assert claim is not None
    assert claim.attempt == 2


def test_a_claim_is_not_held_against_its_own_connection(worker: Worker) -> None:
    # A redelivered message reaches the very process that lost it.
    worker.expanded()
    first = worker.claim(address())
    assert not worker.ledger.view(1, 0).months[0].chunks[0].held
    assert worker.claim(address()).attempt == first.attempt + 1


def test_of_many_deliveries_at_once_one_gets_the_chunk(worker: Worker, hire: Hire) -> None:
    # Given a chunk and six living workers that are told of it at the same moment
    worker.expanded()
    start, got = threading.Barrier(6), []

    def claim(one: Worker) -> None:
        start.wait()
        try:
            got.append(one.ledger.claim(address(), "w", 5))
        except ChunkBusy:
            got.append(None)

    crew = [threading.Thread(target=claim, args=(hire(f"w{n}"),)) for n in range(6)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    # Then one claims it, and it costs one attempt
    assert [c.attempt for c in got if c is not None] == [1]
    assert len(got) == 6


def test_two_who_publish_at_once_send_a_chunk_once(worker: Worker, hire: Hire) -> None:
    worker.expanded()
    sent = [one.ledger.publish(1, [address()], UNSENT) for one in (worker, hire("other"))]
    assert sent == [[address()], []]


def test_an_attempt_is_given_back_even_if_the_chunk_was_published_again(worker: Worker) -> None:
    # Given an outage in which the reconciler published the chunk before its worker could report
    worker.expanded()
    claim = worker.claim(address())
    assert worker.ledger.publish(1, [address()], LOST) == [address()]
    # When the worker gives its attempt back
    worker.ledger.release(claim, DatabaseLost("gone"), counted=False)
    # Then the outage cost nothing, and the message that is on its way still counts
    assert worker.rows("SELECT state, attempts FROM ops.chunk WHERE chunk LIKE '%01'") == [
        ("published", 0)
    ]


def test_a_claim_ends_with_its_lease_however_alive_its_connection(
    worker: Worker, hire: Hire
) -> None:
    worker.expanded()
    worker.claim(address())
    assert hire("impatient", lease_s=0.0).claim(address()).attempt == 2


def test_a_claim_of_an_older_epoch_is_not_held(worker: Worker, hire: Hire) -> None:
    worker.expanded()
    worker.claim(address())
    other = hire("other")
    other.ledger.bump_epoch(1)
    assert not other.ledger.view(1, 0).months[0].chunks[0].held
    assert other.ledger.publish(1, [address()], LOST) == [address()]


def test_attempts_are_counted_and_bounded(worker: Worker) -> None:
    worker.expanded()
    for attempt in (1, 2):
        claim = worker.ledger.claim(address(), "w", 2)
        assert claim is not None
        assert claim.attempt == attempt
    with pytest.raises(AttemptsExhausted):
        worker.ledger.claim(address(), "w", 2)
    # Then the failure is recorded, and a late message does not run it
    assert _state(worker) is ChunkState.FAILED
    (failed,) = worker.progress.failures()
    assert (failed.address, failed.attempts) == (address(), 2)
    assert failed.error_kind == "AttemptsExhausted"
    with pytest.raises(Fenced, match="farm retry"):
        worker.ledger.claim(address(), "w", 2)


@pytest.mark.parametrize(("counted", "attempts"), [(True, 1), (False, 0)])
def test_an_outage_does_not_use_up_an_attempt(worker: Worker, counted: bool, attempts: int) -> None:
    worker.expanded()
    claim = worker.claim(address())
    worker.ledger.release(claim, DatabaseLost("went\x00away"), counted=counted)
    assert _state(worker) is ChunkState.PLANNED
    assert worker.rows("SELECT attempts, error FROM ops.chunk WHERE chunk LIKE '%01'") == [
        (attempts, "wentaway")
    ]


def test_a_claim_that_was_taken_over_can_neither_release_nor_fail(
    worker: Worker, hire: Hire
) -> None:
    worker.expanded()
    zombie = worker.claim(address())
    hire("other", lease_s=0.0).claim(address())
    worker.ledger.release(zombie, DatabaseLost("late"), counted=True)
    worker.ledger.fail(zombie, ContractBroken("late"))
    assert _state(worker) is ChunkState.RUNNING


def test_a_fenced_claim_cannot_fail_a_chunk_but_gives_it_back(worker: Worker, hire: Hire) -> None:
    worker.expanded()
    claim = worker.claim(address())
    hire("coordinator").ledger.bump_epoch(1)
    worker.ledger.fail(claim, Fenced("taken over"))
    assert worker.rows("SELECT state, attempts FROM ops.chunk WHERE chunk LIKE '%01'") == [
        ("planned", 0)
    ]


def test_chunks_of_a_session_that_is_not_open_are_fenced(worker: Worker) -> None:
    worker.expanded()
    assert worker.ledger.set_session_state(1, SessionState.PAUSED, reason="the disk is full")
    with pytest.raises(Fenced, match="session 1 is paused"):
        worker.claim(address())
    with pytest.raises(Fenced, match="not planned"):
        worker.ledger.claim(ChunkAddress(9, BATCH, JANUARY), "w", 5)


def test_a_worker_that_goes_by_another_scenario_leaves_the_chunk_as_it_is(worker: Worker) -> None:
    worker.expanded()
    (row,) = worker.ledger.sessions()
    for claimed in (False, True):
        with pytest.raises(OtherScenario, match="session 1 has another scenario"):
            worker.ledger.claim(address(), "w", 5, "not " + row.fingerprint)
        if not claimed:
            claim = worker.ledger.claim(address(), "w", 5, row.fingerprint)
            assert claim is not None
            assert claim.attempt == 1


def test_a_failed_chunk_is_tried_again_only_when_asked_for(worker: Worker) -> None:
    worker.expanded()
    worker.commit(FEBRUARY)
    worker.ledger.fail(worker.claim(address()), ContractBroken("two rows too many"))
    both = [address(), address(FEBRUARY)]
    # Given one failed and one committed chunk, publishing sends neither
    assert worker.ledger.publish(1, both, LOST) == []
    assert worker.ledger.view(1, 0).months[0].state is MonthState.FAILED
    # When the failed are reset, exactly that one comes back, with fresh attempts
    assert worker.ledger.reset_failed(1, both) == [address()]
    assert worker.ledger.view(1, 0).months[0].state is MonthState.PLANNED
    assert worker.ledger.publish(1, both, LOST) == [address()]
    assert worker.claim(address()).attempt == 1


def test_a_view_shows_no_more_planned_months_than_can_be_opened(worker: Worker, hire: Hire) -> None:
    # Given two planned months and a ledger that opens one at a time
    worker.expanded()
    narrow = hire("narrow", ahead=1).ledger
    assert [str(m.month) for m in narrow.view(1, 0).months] == [str(JANUARY)]
    # When the first is under way, the next comes into view
    narrow.publish(1, [address()], UNSENT)
    assert [str(m.month) for m in narrow.view(1, 0).months] == [str(JANUARY), str(FEBRUARY)]


def test_publishing_opens_the_month_and_keeps_the_given_order(worker: Worker) -> None:
    worker.expanded()
    asked = [address(FEBRUARY), address()]
    assert worker.ledger.publish(1, asked, LOST) == asked
    view = worker.ledger.view(1, 0)
    assert {m.state for m in view.months} == {MonthState.RUNNING}
    assert {c.state for m in view.months for c in m.chunks} == {ChunkState.PUBLISHED}
    assert 0 <= view.quiet_s < 60


# Sessions


def test_a_completed_session_says_what_it_took(worker: Worker) -> None:
    worker.expanded()
    for month in (JANUARY, FEBRUARY):
        worker.commit(month)
        assert worker.ledger.close_month(1, month)
    add_own_peak(worker.database, 1, 1000.0)
    assert worker.ledger.set_session_state(1, SessionState.COMPLETED)
    assert not worker.ledger.set_session_state(1, SessionState.COMPLETED)
    add_own_peak(worker.database, 1, 1000.0)
    found = worker.rows(
        "SELECT rows, runtime_s > 0, memory_peak_mb BETWEEN 1010 AND 1990 FROM ops.session"
    )
    assert found == [(worker.one("SELECT sum(rows_total) FROM ops.chunk_commit"), True, True)]
    assert worker.ledger.sessions()[0].completed is not None
    # its leaves are handed to autovacuum
    assert not worker.one(
        "SELECT count(*) FROM pg_class"
        " WHERE 'autovacuum_enabled=false' = ANY (reloptions) AND relname ~ '_2016_0[12]$'"
    )


def test_nobody_who_comes_late_moves_a_completed_session(worker: Worker) -> None:
    worker.expanded()
    worker.ledger.set_session_state(1, SessionState.COMPLETED)
    for state in (SessionState.PAUSED, SessionState.RUNNING, SessionState.FAILED):
        assert not worker.ledger.set_session_state(1, state, reason="late")
    assert worker.ledger.sessions()[0].state is SessionState.COMPLETED


def test_a_failed_session_runs_again_without_its_end(worker: Worker) -> None:
    worker.expanded()
    worker.ledger.fail(worker.claim(address()), ContractBroken("no"))
    assert worker.ledger.set_session_state(1, SessionState.FAILED, reason="1 chunk failed")
    assert worker.ledger.sessions()[0].reason == "1 chunk failed"
    assert worker.rows("SELECT state FROM ops.month ORDER BY month") == [("failed",), ("planned",)]
    worker.ledger.reset_failed(1, [address()])
    assert worker.ledger.set_session_state(1, SessionState.RUNNING)
    row = worker.ledger.sessions()[0]
    assert (row.reason, row.completed) == (None, None)
    assert worker.ledger.publish(1, [address()], LOST) == [address()]
    assert worker.ledger.view(1, 0).months[0].state is MonthState.RUNNING


def test_epochs_only_rise(worker: Worker) -> None:
    worker.simulated()
    epochs = [worker.ledger.view(1, 0).epoch]
    epochs += [worker.ledger.bump_epoch(1) for _ in range(3)]
    assert epochs == sorted(set(epochs))


def test_memory_counts_workers_that_worked_at_the_same_time(worker: Worker) -> None:
    # Given two workers side by side, and one that came after them
    worker.expanded()
    worker.run("DELETE FROM ops.chunk_commit")
    worker.run(
        "INSERT INTO ops.chunk SELECT 1, n::text, 'b', NULL, '{}', 0, 'committed'"
        " FROM generate_series(1, 4) n"
    )
    worker.run(
        "INSERT INTO ops.chunk_commit"
        " SELECT 1, n::text, 1, '{}', 0, '', 1, worker, 0, seconds, 0, 0, NULL, mb,"
        " '2020-01-01'::timestamptz + make_interval(secs => at)"
        " FROM (VALUES (1, 'a', 100, 10, 300), (2, 'b', 105, 10, 200), (3, 'a', 110, 5, 310),"
        " (4, 'c', 190, 10, 250)) AS given (n, worker, at, seconds, mb)"
    )
    assert worker.progress.sessions()[0].memory_peak_mb == 510


def test_what_the_markers_say_can_be_asked_for(worker: Worker) -> None:
    worker.expanded()
    worker.commit()
    assert worker.ledger.committed(1)[str(address())] == chunk_of(JANUARY).rows()
    assert set(worker.ledger.committed(1)) == {str(address()), str(SIMULATION)}
    assert worker.ledger.committed(2) == {}
