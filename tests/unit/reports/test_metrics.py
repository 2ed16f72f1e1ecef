"""Figures of sessions: order, titles, JSON."""

from __future__ import annotations

from farm.db.metrics import Metric
from farm.reports.metrics import TITLES, as_json, figures_of, in_order, title

METRICS = [
    Metric(1, "cumulative", "outbreaks.pd", 2.0, "outbreaks"),
    Metric(1, "cumulative", "outbreaks", 3.0, "outbreaks"),
    Metric(1, "session", "readings", 31.0, "rows"),
    Metric(2, "cumulative", "outbreaks", 5.0, "outbreaks"),
    Metric(2, "cumulative", "active_batches", 4.0, "batches"),
]


def test_figures_come_in_the_order_of_their_titles_with_a_value_for_each_session():
    found = figures_of(METRICS, "cumulative")
    assert [one.title for one in found] == [
        "active batches at the end",
        "outbreaks",
        "outbreaks: pd",
    ]
    assert found[1].values == {1: 3.0, 2: 5.0}
    assert found[2].values == {1: 2.0}
    assert found[2].unit == "outbreaks"


def test_what_has_no_title_comes_last_under_its_own_name():
    assert in_order(["new_thing", "readings"]) == ["readings", "new_thing"]
    assert title("new_thing.in_fresh_water") == "new thing: in fresh water"
    assert len(set(TITLES.values())) == len(TITLES)


def test_the_json_of_a_session_has_both_scopes_also_before_anything_was_counted():
    assert as_json(METRICS, 1) == {
        "session": {"readings": 31.0},
        "cumulative": {"outbreaks.pd": 2.0, "outbreaks": 3.0},
    }
    assert as_json(METRICS, 3) == {"session": {}, "cumulative": {}}
