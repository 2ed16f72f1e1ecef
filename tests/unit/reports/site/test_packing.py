"""What is packed for a page is what the page unpacks."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from farm.reports.site.packing import packed


def unpacked(trace: dict[str, Any], lists: list[Any], key: str) -> list[Any]:
    """Return a trace's points as `unpacked` of site.js does."""
    short = lists[int(trace[key].removeprefix("#"))]
    if isinstance(short, list):
        return short
    if "of" in short:
        return [short["of"][place] for place in short["at"]]
    days = [date.fromisoformat(short["from"])]
    steps = iter(short["steps"])
    for gap, times in zip(steps, steps, strict=True):
        for _ in range(times):
            days.append(days[-1] + timedelta(days=gap))
    return [day.isoformat() for day in days]


def packed_and_back(values: list[Any]) -> list[Any]:
    (trace,), lists = packed([{"x": values}])
    return unpacked(trace, json.loads(json.dumps(lists)), "x")


@given(st.lists(st.dates()))
def test_days_come_back_in_their_order(days: list[date]) -> None:
    assert packed_and_back(days) == [day.isoformat() for day in days]


@given(st.lists(st.sampled_from(["bath", "thermal", "#1", "--c1"])))
def test_texts_come_back(texts: list[str]) -> None:
    assert packed_and_back(texts) == texts


@given(st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12))))
def test_numbers_come_back_as_near_as_an_eye_sees(numbers: list[float | None]) -> None:
    for before, after in zip(numbers, packed_and_back(numbers), strict=True):
        if before is None:
            assert after is None
        else:
            assert abs(after - before) <= 0.000501 * abs(before)


def test_ten_years_of_weeks_are_as_short_as_one() -> None:
    weeks = [date(2015, 1, 4) + timedelta(days=7 * n) for n in range(522)]
    _, lists = packed([{"x": weeks}])
    assert lists == [{"from": "2015-01-04", "steps": [7, 521]}]


def test_a_list_that_traces_share_stands_once() -> None:
    days = [date(2024, 1, 1), date(2024, 1, 2)]
    traces, lists = packed([{"x": days, "y": [1, 2]}, {"x": days, "y": [1, 2], "name": "other"}])
    assert len(lists) == 2
    assert [(one["x"], one["y"]) for one in traces] == [("#0", "#1"), ("#0", "#1")]
