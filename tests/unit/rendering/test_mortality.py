"""Mortality events are the deaths of the history, no more and no fewer."""

from __future__ import annotations

from typing import Any

import numpy as np

from farm.rendering.render import render_chunk
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.rendered import rows_of


def events(columns) -> list[dict[str, Any]]:
    return rows_of(render_chunk(build.layout(), build.history(columns)), "mortality_event")


def test_deaths_by_day_and_cause_are_those_of_the_history():
    columns = build.daily()

    found = np.zeros_like(columns["deaths_by_cause"])
    for event in events(columns):
        at = (columns["assignment_id"] == event["assignment_id"]) & (
            columns["date"] == np.datetime64(event["date"])
        )
        found[at, event["mortality_cause_id"] - 1] += event["count"]

    np.testing.assert_array_equal(found, columns["deaths_by_cause"])


def test_days_without_deaths_have_no_event():
    columns = build.daily()

    rows = events(columns)

    assert all(row["count"] > 0 for row in rows)
    assert len(rows) == np.count_nonzero(columns["deaths_by_cause"])


def test_events_are_in_order_of_assignment_date_and_cause():
    keys = [
        (row["assignment_id"], row["date"], row["mortality_cause_id"])
        for row in events(build.daily())
    ]

    assert keys == sorted(set(keys))


def test_the_dead_weigh_the_mean_of_their_container():
    columns = build.daily()

    for event in events(columns)[::17]:
        at = (columns["assignment_id"] == event["assignment_id"]) & (
            columns["date"] == np.datetime64(event["date"])
        )
        assert event["mean_weight_g"] == columns["mean_weight_g"][at][0]
