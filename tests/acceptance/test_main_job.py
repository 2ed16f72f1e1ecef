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
from tests.acceptance.homes import Home

pytestmark = [pytest.mark.services, pytest.mark.slow]

GOLDEN = Path(__file__).parent.parent / "golden" / "smoke.json"


def test_the_smoke_scenario_gives_the_published_digest(quiet_digest: Any):
    assert quiet_digest == json.loads(GOLDEN.read_text())


def test_running_again_changes_nothing(quiet_home: Home, quiet_digest: Any):
    before = quiet_home.markers()
    quiet_home.farm("run")
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


#: Each query counts violations of one promise of the data.
PROMISES = {
    "fish balance of every assignment": """
        SELECT count(*) FROM assignment a
          LEFT JOIN LATERAL (SELECT coalesce(sum(count), 0) n FROM transfer
                              WHERE to_assignment_id = a.id AND date > a.start_date) arrived ON true
          LEFT JOIN LATERAL (SELECT coalesce(sum(count), 0) n FROM transfer
                              WHERE from_assignment_id = a.id) moved ON true
          LEFT JOIN LATERAL (SELECT coalesce(sum(deaths), 0) n FROM daily_state
                              WHERE assignment_id = a.id) dead ON true
          LEFT JOIN LATERAL (SELECT coalesce(sum(count), 0) n FROM harvest_event
                              WHERE assignment_id = a.id) harvested ON true
          LEFT JOIN LATERAL (SELECT population n FROM daily_state
                              WHERE assignment_id = a.id ORDER BY date DESC LIMIT 1) alive ON true
         WHERE a.start_count + arrived.n - moved.n - dead.n - harvested.n
               <> coalesce(a.end_count, alive.n)""",
    "deaths in events are deaths in the history": """
        SELECT count(*) FROM
          (SELECT assignment_id, date, sum(count) n FROM mortality_event GROUP BY 1, 2) e
          FULL JOIN (SELECT assignment_id, date, deaths n FROM daily_state WHERE deaths > 0) d
          USING (assignment_id, date) WHERE e.n IS DISTINCT FROM d.n""",
    "deaths by cause add up": """
        SELECT count(*) FROM daily_state
         WHERE deaths <> (SELECT sum(x) FROM unnest(deaths_by_cause) x)""",
    "feed in events is feed in the history, to the gram": """
        SELECT count(*) FROM
          (SELECT assignment_id, (fed_at AT TIME ZONE 'UTC')::date date, sum(amount_kg) kg
             FROM feeding_event GROUP BY 1, 2) e
          FULL JOIN (SELECT assignment_id, date, feed_kg kg FROM daily_state WHERE feed_kg > 0) d
          USING (assignment_id, date) WHERE e.kg IS DISTINCT FROM d.kg""",
    "every reading carries an assignment that was open, in that container": """
        SELECT count(*) FROM environmental_reading r LEFT JOIN assignment a
            ON a.id = r.assignment_id AND a.container_id = r.container_id
           AND (r.reading_time AT TIME ZONE 'UTC')::date >= a.start_date
           AND (r.reading_time AT TIME ZONE 'UTC')::date < coalesce(a.end_date, 'infinity')
         WHERE a.id IS NULL""",
    "every day of an assignment has a daily state": """
        SELECT count(*) FROM assignment a,
          LATERAL (SELECT count(*) n, min(date) lo, max(date) hi FROM daily_state
                    WHERE assignment_id = a.id) d
         WHERE d.lo <> a.start_date OR d.n <> d.hi - d.lo + 1
            OR (a.end_date IS NOT NULL AND d.hi <> a.end_date - 1)""",
    "biomass is population times weight": """
        SELECT count(*) FROM daily_state
         WHERE abs(biomass_kg - population * mean_weight_g / 1000) > 1e-6 * biomass_kg""",
    "nothing is negative": """
        SELECT count(*) FROM daily_state WHERE population < 0 OR deaths < 0 OR feed_kg < 0
            OR mean_weight_g <= 0""",
    "eggs and alevins are not fed": """
        SELECT count(*) FROM daily_state d JOIN lifecycle_stage s ON s.id = d.lifecycle_stage_id
         WHERE s.code = 'egg_alevin' AND feed_kg > 0""",
    "no salinity sensor in fresh water": """
        SELECT count(*) FROM sensor s JOIN environmental_parameter p
            ON p.id = s.environmental_parameter_id JOIN container c ON c.id = s.container_id
         WHERE p.code = 'salinity' AND c.hall_id IS NOT NULL""",
    "one generation per sea site": """
        SELECT count(*) FROM assignment a JOIN container ca ON ca.id = a.container_id
          JOIN assignment b ON b.batch_id > a.batch_id
          JOIN container cb ON cb.id = b.container_id AND cb.site_id = ca.site_id
         WHERE daterange(a.start_date, a.end_date) && daterange(b.start_date, b.end_date)""",
    "harvested means no open assignment and a harvest": """
        SELECT count(*) FROM batch b WHERE (status = 'harvested') <>
          (NOT EXISTS (SELECT FROM assignment a WHERE a.batch_id = b.id AND a.end_date IS NULL)
           AND EXISTS (SELECT FROM harvest_event h JOIN assignment a ON a.id = h.assignment_id
                        WHERE a.batch_id = b.id))""",
    "every month is closed": "SELECT count(*) FROM ops.month WHERE state <> 'closed'",
    "every chunk holds what was planned": """
        SELECT count(*) FROM ops.chunk c LEFT JOIN ops.chunk_commit m USING (session, chunk)
         WHERE m.chunk IS NULL
            OR (c.chunk NOT LIKE '%/simulate' AND c.planned_total <> m.rows_total)""",
}


@pytest.mark.parametrize("promise", PROMISES)
def test_the_data_keeps_its_promises(quiet_home: Home, promise: str):
    assert quiet_home.sql(PROMISES[promise]) == [(0,)]


@pytest.mark.parametrize(
    "table",
    ["batch", "assignment", "transfer", "harvest_event", "daily_state", "environmental_reading",
     "feeding_event", "mortality_event", "growth_sample", "fish_observation"],
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
