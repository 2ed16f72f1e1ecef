"""The main job as a new user starts it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import farm
from farm.settings.scenarios import load_scenario
from farm.simulation.engine import simulate
from farm.simulation.scheduler import make_plan
from tests.acceptance.homes import MAKE, Home

pytestmark = [pytest.mark.services, pytest.mark.slow]

GOLDEN = Path(__file__).parent.parent / "golden" / "smoke.json"


def test_the_smoke_scenario_gives_the_published_digest(quiet_digest: Any):
    assert quiet_digest == json.loads(GOLDEN.read_text())


def test_running_again_changes_nothing(quiet_home: Home, quiet_digest: Any):
    before = quiet_home.markers()
    quiet_home.farm(*MAKE)
    assert quiet_home.markers() == before
    assert quiet_home.digest() == quiet_digest


def test_status_agrees_with_the_tables(quiet_home: Home):
    status = quiet_home.json("status")
    assert status["scenario"] == "smoke"
    assert len(status["sessions"]) == 4
    for session in status["sessions"]:
        counted = quiet_home.sql(
            "SELECT count(*), sum(rows_total)::bigint FROM ops.chunk_commit"
            f" WHERE session = {session['session']}"
        )[0]
        assert session["status"] == "completed"
        assert session["chunks"] == {"planned": counted[0], "committed": counted[0], "failed": 0}
        assert session["rows"] == counted[1]
        assert session["runtime_s"] > 0
        assert session["memory_peak_mb"] > 0


def test_every_check_of_the_data_passes(quiet_home: Home):
    verdicts = quiet_home.json("validate")
    assert [each for each in verdicts["checks"] if not each["passed"]] == []
    assert verdicts["failed"] == 0
    assert verdicts["passed"] == len(verdicts["checks"]) >= 60


def test_a_whole_run_ends_with_checks_and_report_and_the_next_one_has_nothing_to_do(
    quiet_home: Home,
):
    # Given made data that nobody has checked or told of
    quiet_home.sql("DELETE FROM ops.check_result RETURNING 1")
    index = quiet_home.folder / "report" / "index.html"
    assert not index.exists()
    # When the farm runs, it checks the data and writes the report
    out = quiet_home.farm("run").stdout
    assert " checks passed, 0 failed, " in out
    assert str(index) in out
    assert "smoke" in index.read_text()
    assert " checks passed, 0 failed." in (quiet_home.folder / "progress.md").read_text()
    # Then the next run has nothing to do
    written = index.stat().st_mtime_ns
    again = quiet_home.farm("run").stdout
    assert "nothing was made since" in again
    assert index.stat().st_mtime_ns == written


def test_data_changed_by_hand_are_found_out_by_name(quiet_home: Home):
    quiet_home.sql("UPDATE batch SET eggs = eggs + 1 WHERE id = 1000001 RETURNING 1")
    try:
        done = quiet_home.farm("run", "--validate-only", code=1)
    finally:
        quiet_home.sql("UPDATE batch SET eggs = eggs - 1 WHERE id = 1000001 RETURNING 1")
    assert "FAILED fish_balance_of_batches: " in done.stdout
    assert "batch FO-2015-01, eggs" in done.stdout


def test_every_month_is_closed(quiet_home: Home):
    assert quiet_home.sql("SELECT count(*) FROM ops.month WHERE state <> 'closed'") == [(0,)]


@pytest.mark.parametrize(
    "table",
    ["batch", "assignment", "transfer", "harvest_event", "daily_state", "environmental_reading",
     "feeding_event", "mortality_event", "growth_sample", "fish_observation", "site_day",
     "hall_day", "site_event", "sensor_calibration", "equipment_service"],
)  # fmt: skip
def test_every_table_is_filled(quiet_digest: Any, table: str):
    assert quiet_digest["tables"][table]["rows"] > 0


def test_the_database_refuses_two_batches_in_one_container(quiet_home: Home):
    with quiet_home.connect() as connection, pytest.raises(Exception, match="exclusion"):
        connection.execute(
            "INSERT INTO assignment"
            " SELECT -1, (SELECT max(id) FROM batch b WHERE b.id <> a.batch_id),"
            " container_id, lifecycle_stage_id, start_date, end_date, start_count, start_weight_g,"
            " end_count, end_weight_g FROM assignment a LIMIT 1"
        )


@pytest.mark.parametrize("geography", ["FO", "SC"])
def test_four_sessions_lived_the_same_history_as_one_long_life(quiet_home: Home, geography: str):
    # Given the scenario of the quiet home, simulated in one piece without any snapshot
    scenario = load_scenario("smoke", Path(farm.__file__).parent.parent / "config")
    whole = simulate(scenario, make_plan(scenario), geography, scenario.horizon, None)

    # Then the history in the database, made in four sessions, is the same day by day
    rows = quiet_home.sql(
        "SELECT d.assignment_id, d.date, population, mean_weight_g, deaths,"
        " (feed_kg * 1000)::bigint, temperature_c, oxygen_mg_l, is_fasting"
        " FROM daily_state d JOIN batch b ON b.id = d.batch_id"
        f" JOIN geography g ON g.id = b.geography_id WHERE g.code = '{geography}'"
        " ORDER BY d.assignment_id, d.date"
    )
    names = ("assignment_id", "date", "population", "mean_weight_g", "deaths", "feed_g",
             "temperature_c", "oxygen_mg_l", "is_fasting")  # fmt: skip
    assert rows == list(zip(*(whole.daily[name].tolist() for name in names), strict=True))
