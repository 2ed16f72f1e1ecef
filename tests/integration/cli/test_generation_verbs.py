"""run, submit-session, resume, retry, status, digest: on real servers, as a person calls them."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.acceptance.homes import MAKE, Home, until

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home without workers in which session 1 of smoke was submitted, and one chunk failed."""
    home = Home(tmp_path_factory.mktemp("stopped") / "home")
    home.farm("submit-session", "1", "--scenario", "smoke")
    home.sql(
        "UPDATE ops.chunk SET state = 'failed', attempts = 5, error_kind = 'ImbalanceError',"
        " error = 'off by 3' WHERE chunk = '1/FO/simulate' RETURNING chunk"
    )
    yield home
    home.stop()


def line_of(home: Home, *args: str) -> str:
    """Run a command that must be refused; return its one line."""
    done = home.farm(*args, code=2)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_an_empty_home_has_every_session_of_the_default_scenario_before_it(tmp_path: Path):
    home = Home(tmp_path / "home")
    try:
        status = home.json("status")
        assert status["scenario"] == "demo"
        assert [s["session"] for s in status["sessions"]] == [1, 2, 3, 4]
        assert {s["status"] for s in status["sessions"]} == {"not_started"}
        assert [s["years"] for s in status["sessions"]] == ["1-3", "4-6", "7-9", "10"]
        assert "not started" in home.farm("status", "2").stdout
        assert "nothing was submitted" in line_of(home, "resume")
        assert "session 2 was never submitted" in line_of(home, "retry", "2")
        assert home.json("digest")["tables"]["environmental_reading"]["rows"] == 0
        assert home.json("coverage")["years"] == []
    finally:
        home.stop()


def test_status_without_workers_agrees_with_the_ledger(stopped: Home):
    first, second, *_ = stopped.json("status")["sessions"]
    assert first["status"] == "planning"
    assert first["chunks"] == {"planned": 2, "committed": 0, "failed": 1}
    assert first["started"].endswith("+00:00")
    assert first["completed"] is None
    assert second["status"] == "not_started"


def test_status_names_what_failed_and_the_command_that_helps(stopped: Home):
    shown = stopped.farm("status", "1").stdout
    assert "failed chunk 1/FO/simulate: ImbalanceError: off by 3 (5 attempts)" in shown
    assert "`farm retry 1`" in shown
    assert "\x1b" not in shown


def test_submitting_again_changes_nothing_and_the_wrong_order_is_refused(stopped: Home):
    before = stopped.sql("SELECT session, status, epoch, started FROM ops.session")
    stopped.farm("submit-session", "1")
    assert "session 1" in line_of(stopped, "submit-session", "2")
    assert "1 to 4" in line_of(stopped, "submit-session", "5")
    assert "demo" in line_of(stopped, "submit-session", "1", "--scenario", "demo")
    assert stopped.sql("SELECT session, status, epoch, started FROM ops.session") == before


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (("retry", "9"), "1 to 4"),
        (("retry", "2"), "session 2"),
        (("retry", "1", "--batch", "XX-1"), "XX-1"),
        (("retry", "1", "--month", "2015-02"), "2015-02"),
        (("retry", "1", "--month", "soon"), "soon"),
        (("resume", "3"), "session 3"),
        (("status", "5"), "1 to 4"),
        (("status", "--watch", "--json"), "--watch"),
        (("run", "--sessions", "2-5"), "1 to 4"),
        (("run", "--seed", "7"), "seed"),
    ],
)
def test_what_does_not_exist_or_fit_is_one_line(stopped: Home, args: tuple[str, ...], names: str):
    assert names in line_of(stopped, *args)


def test_a_dry_run_names_the_chunks_and_a_retry_publishes_exactly_those(stopped: Home):
    # Given a dry run, which changes nothing
    before = stopped.sql("SELECT chunk, state, attempts FROM ops.chunk ORDER BY 1")
    dry = stopped.farm("retry", "--dry-run").stdout.splitlines()
    assert dry == ["would retry 1/FO/simulate", "1 failed chunk; nothing was changed"]
    assert stopped.sql("SELECT chunk, state, attempts FROM ops.chunk ORDER BY 1") == before

    # When the other geography is asked for, there is nothing to retry
    assert "nothing to retry" in stopped.farm("retry", "1", "--batch", "SC").stdout

    # Then the retry publishes it with fresh attempts
    assert stopped.farm("retry", "1", "--batch", "FO").stdout.startswith("retrying 1/FO/simulate")
    assert stopped.sql("SELECT state, attempts FROM ops.chunk WHERE chunk = '1/FO/simulate'") == [
        ("published", 0)
    ]


def test_resume_puts_back_what_a_flushed_redis_lost(stopped: Home):
    stopped.flush_redis()
    said = stopped.farm("resume", "1").stdout
    assert said.startswith("session 1 is planning: 2 chunks published")
    assert "0 chunks" in stopped.farm("resume").stdout


@pytest.mark.slow
def test_ctrl_c_stops_cleanly_and_running_again_goes_on(tmp_path: Path):
    # Given a run that has completed its first session
    home = Home(tmp_path / "home")
    home.farm("services", "start")
    try:
        run = home.start(*MAKE, "--scenario", "smoke", "--workers", "1")
        log = home.folder / "logs" / "session-1.jsonl"
        until(lambda: log.exists() and "FinishSession" in log.read_text(), run)

        # When a second run is tried meanwhile, and Ctrl-C comes
        crew = psutil.Process(run.pid).children(recursive=True)
        for member in crew:  # lest it is done before the second run has started
            member.suspend()
        assert "another `farm run`" in line_of(home, "run")
        run.send_signal(signal.SIGINT)
        for member in crew:
            member.resume()
        out, err = run.communicate(timeout=120)

        # Then it says so, leaves no worker behind, and what is committed stays
        assert run.returncode == 130, out + err
        assert err.splitlines() == ["farm: stopped; run it again to go on"]
        assert "\x1b" not in out
        before = home.markers()
        assert home.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'farm:worker%'"
        ) == [(0,)]

        # And run again it finishes, with the coordinator's memory in the peak
        done = home.farm(*MAKE, "--workers", "1").stdout
        assert "session 4 (year 3) completed" in done
        after = home.markers()
        assert {chunk: after[chunk] for chunk in before} == before
        sessions = home.json("status")["sessions"]
        assert {s["status"] for s in sessions} == {"completed"}
        workers = home.sql("SELECT session, max(peak_rss_mb) FROM ops.chunk_commit GROUP BY 1")
        assert all(sessions[n - 1]["memory_peak_mb"] > peak + 20 for n, peak in workers)

        # And once more it only says where everything is
        again = home.farm(*MAKE).stdout
        assert "psql 'postgresql://" in again
        assert home.markers() == after
        assert json.loads(home.farm("plan", "--json").stdout)["scenario"] == "demo"
    finally:
        home.stop()
