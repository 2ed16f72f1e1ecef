"""Charts are plain data that a script element can hold."""

from __future__ import annotations

import json
from datetime import date

from farm.reports.site.chart import (
    OTHERS,
    PALETTE,
    REST,
    Chart,
    axes,
    line,
    split,
    with_gaps,
)
from farm.reports.site.data import Data, number, text
from farm.reports.site.gantt import gantt, spans
from farm.reports.site.heatmap import heat, kinds
from farm.reports.site.panels import Panel, panels

DAYS = [
    {"day": date(2024, 1, 1), "who": "b", "kg": 1.23456789},
    {"day": date(2024, 1, 2), "who": "a", "kg": float("nan")},
    {"day": date(2024, 3, 1), "who": "a", "kg": 123456.0},
]
DATA = Data("days", [text("day", "Day"), text("who", "Who"), number("kg", "Feed", "kg")], DAYS)


def test_days_are_text_numbers_are_short_and_nan_is_nothing() -> None:
    chart = Chart("T", "S", [DATA], [line(DAYS, "day", "kg", "feed", "--c1")], axes("Feed, kg"))
    assert json.loads(chart.spec)["lists"] == [
        {"from": "2024-01-01", "steps": [1, 1, 59, 1]},
        [1.235, None, 123500],
    ]


def test_traces_over_the_same_days_share_them() -> None:
    traces = [line(DAYS, "day", "kg", name, "--c1") for name in ("one", "other")]
    spec = json.loads(Chart("T", "S", [DATA], traces).spec)
    assert [(t["x"], t["y"]) for t in spec["traces"]] == [("#0", "#1"), ("#0", "#1")]


def test_no_name_can_end_the_script_element() -> None:
    chart = Chart("T", "S", [DATA], [line(DAYS, "day", "kg", "</script><b>", "--c1")])
    assert "<" not in chart.spec
    assert json.loads(chart.spec)["traces"][0]["name"] == "</script><b>"


def test_a_group_has_the_same_colour_in_every_chart() -> None:
    names = {t["name"]: t["line"]["color"] for t in split(DAYS, "who", line, "day", "kg")}
    assert names == {"a": "--c1", "b": "--c2"}


def test_a_line_breaks_where_nothing_is_known_for_long() -> None:
    broken = with_gaps(DAYS, "day", 20)
    assert [row["kg"] is None for row in broken] == [False, False, True, False]


def test_a_filled_line_falls_to_nothing_where_nothing_is_there() -> None:
    broken = with_gaps(DAYS, "day", 20, empty=0)
    assert [(row["day"], row["kg"]) for row in broken[2:4]] == [
        (date(2024, 1, 3), 0),
        (date(2024, 2, 29), 0),
    ]


def test_what_is_left_of_many_has_a_colour_of_its_own() -> None:
    rows = [{**row, "who": who} for row, who in zip(DAYS, ("a", REST, REST), strict=True)]
    named = {t["name"]: t["line"]["color"] for t in split(rows, "who", line, "day", "kg")}
    assert named[REST] == OTHERS
    assert OTHERS not in PALETTE


def test_a_bar_of_a_gantt_chart_is_as_long_as_its_days() -> None:
    rows = [{"at": "FO-A01", "first": date(2024, 1, 1), "last": date(2024, 1, 11), "batch": "B"}]
    trace = spans(rows, "at", "first", "last", "fish", "--c1", "batch")
    assert trace["x"] == [10 * 24 * 3600 * 1000]
    assert gantt(["FO-A01", "FO-A02"])["layout"]["yaxis"]["categoryarray"] == ["FO-A01", "FO-A02"]


def test_a_heat_map_has_a_row_for_each_place_and_nothing_where_nothing_is_known() -> None:
    (trace,) = heat(DATA, "day", "who", "kg", "kg", top=2.0)
    assert trace["y"] == ["b", "a"]
    assert trace["z"][0] == [1.23456789, None, None]


def test_a_heat_map_of_kinds_has_a_step_of_colour_for_each() -> None:
    (trace,) = kinds(DATA, "day", "kg", "who", {"a": "--c1", "b": "--c2"})
    assert [cell for row in trace["z"] for cell in row if cell is not None] == [1.5, 0.5, 0.5]
    assert trace["colorscale"] == [[0, "--c1"], [0.5, "--c1"], [0.5, "--c2"], [1, "--c2"]]
    assert trace["meta"]["key"] == {"a": "--c1", "b": "--c2"}


def test_a_panel_says_what_its_colours_mean() -> None:
    found = panels([Panel("A", [], key={"count": "--c1"})])["layout"]["annotations"][0]["text"]
    assert '<span style="color:--c1">' in found
    assert "count" in found


def test_panels_share_the_height_without_overlap() -> None:
    shown = [
        Panel("A", [line(DAYS, "day", "kg", "a", "--c1")], 2.0),
        Panel("B", []),
        Panel("C", []),
    ]
    layout = panels(shown)["layout"]
    ends = [layout[axis]["domain"] for axis in ("yaxis", "yaxis2", "yaxis3")]
    assert ends[0][0] > ends[1][1] > ends[1][0] > ends[2][1] > ends[2][0] >= 0
