"""Whatever breaks, the data is the same and nothing committed is made again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.homes import MAKE, Home, kill_tree, until

pytestmark = [pytest.mark.services, pytest.mark.slow]


def committed(home: Home) -> int:
    """Count the markers; 0 while there is no ledger yet."""
    if home.sql("SELECT to_regclass('ops.chunk_commit')") == [(None,)]:
        return 0
    return int(home.sql("SELECT count(*) FROM ops.chunk_commit")[0][0])


@pytest.mark.parametrize("workers", ["2", "4"])
def test_the_number_of_workers_changes_nothing(
    home: Home, workers: str, assert_invariants: Callable[[Home], None]
):
    home.farm(*MAKE, "--scenario", "smoke", "--workers", workers)
    assert_invariants(home)


def test_a_run_killed_with_all_its_workers_goes_on_where_it_was(
    home: Home, assert_invariants: Callable[[Home], None]
):
    # Given a run that has committed some chunks
    home.farm("services", "start")
    run = home.start(*MAKE, "--scenario", "smoke", "--workers", "2")
    until(lambda: committed(home) >= 8, run)

    # When the command and every worker are killed with SIGKILL
    assert kill_tree(run) >= 3
    before = home.markers()
    assert len(before) >= 8

    # Then running it again finishes, and no committed chunk was generated again
    home.farm(*MAKE, "--workers", "2")
    after = home.markers()
    assert {chunk: after[chunk] for chunk in before} == before
    assert_invariants(home)


def prepared_ahead(home: Home) -> int:
    """Count the sessions that are planning while the one before them is running."""
    if home.sql("SELECT to_regclass('ops.session')") == [(None,)]:
        return 0
    return int(
        home.sql(
            "SELECT count(*) FROM ops.session AS s JOIN ops.session AS b"
            " ON b.session = s.session - 1"
            " WHERE s.status = 'planning' AND b.status = 'running'"
        )[0][0]
    )


def last_of_session_1(quiet_home: Home) -> str:
    """Return a chunk of the first session's last month."""
    return str(quiet_home.sql(
        "SELECT chunk FROM ops.chunk WHERE session = 1 AND month IS NOT NULL"
        " ORDER BY month DESC, chunk LIMIT 1"
    )[0][0])  # fmt: skip


def test_a_run_killed_while_it_prepares_the_next_session_goes_on_where_it_was(
    home: Home, quiet_home: Home, assert_invariants: Callable[[Home], None]
):
    # Given a run that cannot end its first session, and has begun to prepare the next one
    poison = f"after_claim:{last_of_session_1(quiet_home)}:99"
    fault = {"FARM_FAULT": poison, "FARM_CHUNK_ATTEMPTS": "100"}
    home.farm("services", "start")
    run = home.start(*MAKE, "--scenario", "smoke", "--workers", "2", **fault)
    until(lambda: prepared_ahead(home) == 1, run)

    # When the command and every worker are killed with SIGKILL
    kill_tree(run)
    before = home.markers()
    assert prepared_ahead(home) == 1

    # Then running it again finishes, and no committed chunk was generated again
    home.farm(*MAKE, "--workers", "2")
    after = home.markers()
    assert {chunk: after[chunk] for chunk in before} == before
    assert_invariants(home)


def test_a_session_prepared_ahead_waits_for_one_that_failed(
    home: Home, quiet_home: Home, quiet_digest: Any
):
    # Given a chunk of the last month of the first session that kills whoever makes it
    poison = last_of_session_1(quiet_home)
    fault = {"FARM_FAULT": f"after_claim:{poison}:99", "FARM_CHUNK_ATTEMPTS": "2"}

    # When the farm runs, it stops with that session, and no month of the next was opened
    failed = home.farm(*MAKE, "--scenario", "smoke", "--workers", "2", code=1, **fault)
    assert poison in failed.stdout + failed.stderr
    states = [s["status"] for s in home.json("status")["sessions"]]
    assert states == ["failed", "planning", "not_started", "not_started"]
    assert home.sql("SELECT count(*) FROM ops.month WHERE session = 2 AND opened IS NOT NULL") == [
        (0,)
    ]

    # Then it is refused by hand, in one line
    refused = home.farm("submit-session", "2", code=2)
    assert "session 2 needs session 1, which is failed" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1

    # And after the retry all is as if nothing had happened
    home.farm("retry", "1")
    home.farm(*MAKE, "--workers", "2")
    assert home.digest() == quiet_digest


def test_a_worker_killed_in_the_middle_of_a_copy_leaves_nothing_behind(
    home: Home, assert_invariants: Callable[[Home], None]
):
    home.farm(*MAKE, "--scenario", "smoke", "--workers", "2", FARM_FAULT="mid_copy:*:1")
    assert_invariants(home)


def test_a_worker_killed_between_commit_and_ledger_doubles_nothing(
    home: Home, assert_invariants: Callable[[Home], None]
):
    home.farm(*MAKE, "--scenario", "smoke", "--workers", "2", FARM_FAULT="after_commit:*:1")
    assert_invariants(home)


def test_redis_flushed_in_the_middle_costs_only_time(
    home: Home, assert_invariants: Callable[[Home], None]
):
    # Given a run that has committed some chunks
    home.farm("services", "start")
    run = home.start(*MAKE, "--scenario", "smoke", "--workers", "2")
    until(lambda: committed(home) >= 8, run)
    before = home.markers()

    # When Redis loses everything: messages, chords, ledgers
    home.flush_redis()

    # Then the run still ends, without generating anything again
    out, err = run.communicate(timeout=150)
    assert run.returncode == 0, out + err
    after = home.markers()
    assert {chunk: after[chunk] for chunk in before} == before
    assert_invariants(home)


def test_a_chunk_that_always_kills_its_worker_fails_alone_and_is_retried_alone(
    home: Home, quiet_home: Home, quiet_digest: Any
):
    # Given one chunk of the last session that kills whoever makes it
    poison = str(quiet_home.sql(
        "SELECT chunk FROM ops.chunk_commit WHERE session = 4 AND chunk NOT LIKE '%/simulate'"
        " ORDER BY chunk LIMIT 1"
    )[0][0])  # fmt: skip
    _, batch, month = poison.split("/")
    fault = {"FARM_FAULT": f"after_claim:{poison}:99", "FARM_CHUNK_ATTEMPTS": "2"}

    # When the farm runs, it says so and makes everything else
    failed = home.farm(*MAKE, "--scenario", "smoke", "--workers", "2", code=1, **fault)
    assert poison in failed.stdout + failed.stderr
    sessions = home.json("status")["sessions"]
    assert [s["status"] for s in sessions] == ["completed"] * 3 + ["failed"]
    assert sessions[3]["chunks"]["failed"] == 1
    assert sessions[3]["chunks"]["committed"] == sessions[3]["chunks"]["planned"] - 1
    before = home.markers()

    # Then a dry run names exactly that chunk and changes nothing
    dry = home.farm("retry", "4", "--dry-run")
    assert poison in dry.stdout
    assert home.json("status")["sessions"][3]["status"] == "failed"
    none = home.farm("retry", "4", "--batch", batch, "--month", "1999-01", "--dry-run", code=2)
    assert len(none.stderr.strip().splitlines()) == 1

    # And the retry makes it, and only it
    home.farm("retry", "4", "--batch", batch, "--month", month)
    home.farm(*MAKE, "--workers", "2")
    after = home.markers()
    assert {chunk: after[chunk] for chunk in before} == before
    assert len(after) == len(before) + 1
    assert home.digest() == quiet_digest
