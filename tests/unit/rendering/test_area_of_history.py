"""A farm that was really simulated: what its chunks start from, and what areas promise."""

from __future__ import annotations

import numpy as np
import pytest

from farm.orchestration.blueprint import Blueprint
from farm.rendering.expected import expected_area_rows
from farm.rendering.render import render
from farm.rendering.slices import slices
from farm.settings.scenarios import load_scenario
from farm.settings.settings import project_config_dir
from farm.simulation.engine import simulate
from farm.simulation.history import AreaSlice, Columns, History, HistorySlice
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


def test_chunks_start_from_what_the_history_knows_of_them(blueprint, lived):
    layout = blueprint.layout
    codes = {number: code for code, number in layout.batch_ids.items()}
    for history in lived:
        # Given a slow reference of every batch-month and area-month
        of_batches = {
            (codes[number], month): history.slice(number, codes[number], month)
            for number, month in history.months_of_batches()
        }
        of_areas = {
            (area.code, month): area_slice(layout, history, area.code, month)
            for area in layout.areas.values()
            if area.geography == "FO"
            for month in history.period.months()
        }
        # When the history is cut
        found = list(slices(layout, history))
        # Then each of them is there once, to the last bit
        batches = {(one.batch, one.month): one for one in found if isinstance(one, HistorySlice)}
        areas = {(one.area, one.month): one for one in found if isinstance(one, AreaSlice)}
        assert len(batches) + len(areas) == len(found)
        assert batches.keys() == of_batches.keys()
        assert areas.keys() == of_areas.keys()
        for address, expected in of_batches.items():
            assert_same(batches[address].columns, expected.columns)
        for address, expected in of_areas.items():
            assert_same(areas[address].sites, expected.sites)
            assert_same(areas[address].halls, expected.halls)
            assert_same(areas[address].stays, expected.stays)


def assert_same(found: Columns, expected: Columns) -> None:
    assert list(found) == list(expected)
    for name, column in expected.items():
        np.testing.assert_array_equal(found[name], column, name)


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
