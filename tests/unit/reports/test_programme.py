"""What a plan amounts to agrees with the plan."""

from __future__ import annotations

import pytest

from farm.orchestration.blueprint import Blueprint
from farm.rendering.expected import estimate_rows
from farm.reports.programme import expected_rows, programme
from farm.settings.scenarios import load_scenario
from farm.settings.settings import project_config_dir


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    return Blueprint.of(load_scenario("smoke", project_config_dir()))


def test_every_batch_and_container_is_counted(blueprint: Blueprint):
    made = programme(blueprint)

    assert [line.code for line in made.batches] == [b.code for b in blueprint.plan.batches]
    assert {line.geography for line in made.batches} == {"FO", "SC"}
    assert made.containers == len(blueprint.plan.world.container)
    assert made.months[0] == str(blueprint.scenario.horizon.first)
    assert made.bytes > 60 * sum(made.rows.values())


def test_rows_of_the_horizon_are_those_of_its_sessions(blueprint: Blueprint):
    rows = programme(blueprint).rows
    whole = estimate_rows(blueprint.layout, blueprint.scenario.horizon)

    for table, expected in whole.items():
        assert rows[table] == pytest.approx(expected, abs=4)


def test_a_day_of_an_assignment_is_a_row_of_its_history(blueprint: Blueprint):
    sessions = [expected_rows(blueprint, n) for n in blueprint.scenario.session_numbers]
    days = sum(one["daily_state"] for one in sessions)
    draws = sum(one["feed_draw"] for one in sessions)

    shortest = sum(
        (min(booking.earliest_end, blueprint.scenario.horizon.last_day) - booking.start).days
        for batch in blueprint.plan.batches
        for booking in batch.bookings
        if booking.start <= blueprint.scenario.horizon.last_day
    )
    assert shortest <= days
    # Not on the days of eggs, nor on those of fasting.
    assert 0.5 * days < draws < days


def test_a_batch_month_is_a_chunk_and_so_are_an_area_month_and_each_simulation(
    blueprint: Blueprint,
):
    made = programme(blueprint)
    others = len(blueprint.scenario.session_numbers) * 2
    others += len(blueprint.plan.world.area) * len(made.months)
    assert len(made.batches) + others < made.chunks
    assert made.chunks <= len(made.batches) * len(made.months) + others
