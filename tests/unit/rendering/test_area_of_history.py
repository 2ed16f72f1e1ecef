"""Areas of a farm that was really simulated: every container is stocked or empty, never both."""

from __future__ import annotations

import numpy as np
import pytest

from farm.orchestration.blueprint import Blueprint
from farm.rendering.expected import expected_area_rows
from farm.rendering.render import render
from farm.settings.scenarios import load_scenario
from farm.settings.settings import project_config_dir
from farm.simulation.engine import simulate
from farm.simulation.history import History
from tests.reference.area_slices import area_slice


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    """The smallest scenario."""
    return Blueprint.of(load_scenario("smoke", project_config_dir()))


@pytest.fixture(scope="module")
def lived(blueprint: Blueprint) -> list[History]:
    """Two sessions of the Faroes, the second from the snapshot of the first."""
    scenario, plan = blueprint.scenario, blueprint.plan
    first = simulate(scenario, plan, "FO", scenario.period(1), None)
    return [first, simulate(scenario, plan, "FO", scenario.period(2), first.snapshot)]


def test_every_area_month_has_the_rows_that_were_promised(blueprint, lived):
    for history in lived:
        expected = expected_area_rows(blueprint.layout, history)
        assert {month for _, month in expected} == set(history.period.months())
        for (code, month), rows in expected.items():
            chunk = render(blueprint.layout, area_slice(blueprint.layout, history, code, month))
            assert chunk.rows() == rows


def test_the_days_of_the_history_are_the_days_of_the_stays(blueprint, lived):
    for history in lived:
        rows = blueprint.layout.container_rows(history.daily["assignment_id"])
        ids = blueprint.layout.containers.id[rows].tolist()
        days = set(zip(ids, history.daily["date"].tolist(), strict=True))
        stayed = set()
        for one in history.assignments:
            first = max(one.start_date, history.period.first_day)
            end = np.datetime64(one.end_date or history.period.last_day) + (one.end_date is None)
            stayed |= {
                (one.container_id, day) for day in np.arange(np.datetime64(first), end).tolist()
            }
        assert days == stayed


def test_only_areas_of_the_geography_are_planned(blueprint, lived):
    codes = {code for code, _ in expected_area_rows(blueprint.layout, lived[0])}

    assert codes == {a.code for a in blueprint.layout.areas.values() if a.geography == "FO"}
