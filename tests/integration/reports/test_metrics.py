"""The figures of sessions, counted on a finished farm and again the slow way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from farm.db.connection import Database
from farm.db.metrics import Metric, count_missing, count_session, read_metrics
from tests.integration.validation.finished_farm import ANSWERS, Finished

pytestmark = pytest.mark.services

SESSIONS = (1, 2, 3, 4)

#: What a figure is, in rows from `first` to before `after`.
SLOWLY = {
    "batches_created": "SELECT count(*) FROM batch WHERE start_date >= {first}"
    " AND start_date < {after}",
    "readings": "SELECT count(*) FROM environmental_reading WHERE reading_time >= {first}"
    " AND reading_time < {after}",
    "feeding_events": "SELECT count(*) FROM feeding_event WHERE fed_at >= {first}"
    " AND fed_at < {after}",
    "mortality_events": "SELECT count(*) FROM mortality_event WHERE date >= {first}"
    " AND date < {after}",
    "treatments": "SELECT count(*) FROM treatment WHERE start_date >= {first}"
    " AND start_date < {after}",
    "fish_harvested": "SELECT coalesce(sum(count), 0) FROM harvest_event WHERE date >= {first}"
    " AND date < {after}",
    "harvested_live": "SELECT coalesce(sum(biomass_kg), 0) / 1000 FROM harvest_event"
    " WHERE date >= {first} AND date < {after}",
    "deaths": "SELECT sum(deaths) FROM daily_state WHERE date >= {first} AND date < {after}",
    "feed": "SELECT sum(feed_kg)::float / 1000 FROM daily_state WHERE date >= {first}"
    " AND date < {after}",
    "utilisation_at_sea": "SELECT 100.0 * (SELECT count(*) FROM daily_state d"
    " JOIN assignment a ON a.id = d.assignment_id JOIN container c ON c.id = a.container_id"
    " WHERE c.site_id IS NOT NULL AND d.date >= {first} AND d.date < {after})"
    " / (({after}::date - {first}::date) * count(*)) FROM container WHERE site_id IS NOT NULL",
}


@pytest.fixture
def database(finished: Finished) -> Iterator[Database]:
    database = Database(finished.url, "test")
    for session in SESSIONS:
        count_session(database, session, ANSWERS)
    yield database
    database.close()


def one(database: Database, query: str) -> Any:
    with database.snapshot() as connection:
        return connection.execute(query.encode()).fetchone()[0]  # type: ignore[index]


def counted(database: Database, scope: str) -> dict[tuple[int, str], float]:
    found = read_metrics(database)
    return {(m.session, m.name): m.value for m in found if m.scope == scope}


@pytest.mark.parametrize("name", SLOWLY)
def test_a_figure_is_what_the_rows_say(database: Database, finished: Finished, name: str) -> None:
    session_figures, so_far = (counted(database, s) for s in ("session", "cumulative"))
    for session in SESSIONS:
        period = finished.scenario.period(session)
        first, after = period.first_day, period.last.next().first
        begin = finished.scenario.horizon.first_day
        for figures, since in ((session_figures, first), (so_far, begin)):
            slowly = one(database, SLOWLY[name].format(first=f"'{since}'", after=f"'{after}'"))
            found = figures[session, name]
            assert found == pytest.approx(float(slowly), rel=1e-4, abs=0.01)


def test_what_a_session_took_is_what_the_ledger_says(database: Database) -> None:
    figures = counted(database, "session")
    for session in SESSIONS:
        ledger = f"FROM ops.session WHERE session = {session}"
        assert figures[session, "records_generated"] == one(database, f"SELECT rows {ledger}")
        assert figures[session, "execution_time"] == one(database, f"SELECT runtime_s {ledger}")
        assert figures[session, "memory_peak"] == one(database, f"SELECT memory_peak_mb {ledger}")


def test_active_batches_are_those_with_fish_on_the_last_evening(
    database: Database, finished: Finished
) -> None:
    figures = counted(database, "cumulative")
    for session in SESSIONS:
        last = finished.scenario.period(session).last_day
        living = one(
            database,
            f"SELECT count(DISTINCT batch_id) FROM daily_state WHERE date = '{last}'",
        )
        assert figures[session, "active_batches"] == living > 0


def test_shares_and_ratios_are_possible_ones(database: Database) -> None:
    figures = counted(database, "cumulative")
    for session in SESSIONS:
        assert 0 < figures[session, "mortality"] < 100
        assert 0 < figures[session, "fcr_biological"] <= figures[session, "fcr_economic"] < 2
        of_diseases = [
            value
            for (of, name), value in figures.items()
            if of == session and name.startswith("outbreaks.")
        ]
        assert sum(of_diseases) == figures.get((session, "outbreaks"), 0)
    assert 0 <= figures[4, "treatment_success"] <= 100


def test_counting_again_changes_nothing(database: Database) -> None:
    before = read_metrics(database)
    for session in reversed(SESSIONS):
        count_session(database, session, ANSWERS)
    assert read_metrics(database) == before
    assert count_missing(database, ANSWERS) == []


def test_only_completed_sessions_are_counted_and_each_that_nobody_counted(
    database: Database,
) -> None:
    before = read_metrics(database)
    with database.transaction() as connection:
        connection.execute("DELETE FROM ops.metric WHERE session >= 3")
        connection.execute("UPDATE ops.session SET status = 'running' WHERE session = 4")
    try:
        count_session(database, 4, ANSWERS)
        assert count_missing(database, ANSWERS) == [3]
        assert {m.session for m in read_metrics(database)} == {1, 2, 3}
    finally:
        with database.transaction() as connection:
            connection.execute("UPDATE ops.session SET status = 'completed' WHERE session = 4")
    assert count_missing(database, ANSWERS) == [4]
    assert read_metrics(database) == before


def test_a_figure_names_its_session_scope_and_unit(database: Database) -> None:
    found = {(m.scope, m.name): m.unit for m in read_metrics(database) if m.session == 4}
    assert found["cumulative", "fcr_biological"] == "kg/kg"
    assert found["cumulative", "mortality"] == "%"
    assert isinstance(read_metrics(database)[0], Metric)


def test_treatments_succeed_by_the_yardsticks_of_the_report(database: Database) -> None:
    stricter = ANSWERS.model_copy(update={"lice_fall": 90.0, "deaths_fall": 10.0})
    measured = "FROM treatment WHERE reason <> 'preventive' AND effect_percent IS NOT NULL"
    try:
        for answers in (ANSWERS, stricter):
            count_session(database, 4, answers)
            slowly = one(
                database,
                f"SELECT 100.0 * avg((effect_percent >= CASE reason WHEN 'outbreak'"
                f" THEN {answers.deaths_fall} ELSE {answers.lice_fall} END)::int) {measured}",
            )
            counted_now = counted(database, "cumulative")[4, "treatment_success"]
            assert counted_now == pytest.approx(float(slowly))
    finally:
        count_session(database, 4, ANSWERS)
