from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from farm.domain.calendar import Month, Period
from farm.errors import SessionRefused
from farm.simulation.engine import simulate
from farm.simulation.history import Snapshot
from tests.reference.small_farm import Sketch, nature, small_plan

FIRST = Period(Month(2015, 1), Month(2015, 3))
SECOND = Period(Month(2015, 4), Month(2015, 5))


@pytest.fixture(scope="module")
def plan():
    days = (30, 30, 30, 30, 30, 200)
    return small_plan(Sketch(days=days, containers=(1, 2, 2, 2, 2, 3)))


@pytest.fixture(scope="module")
def snapshot(plan):
    return simulate(nature(), plan, "FO", FIRST, None).snapshot


def test_a_snapshot_is_plain_json_and_comes_back_exactly(plan, snapshot):
    assert snapshot.day == date(2015, 3, 31)
    text = json.dumps(snapshot.state, allow_nan=False)
    again = replace(snapshot, state=json.loads(text))
    assert again.state == snapshot.state
    direct = simulate(nature(), plan, "FO", SECOND, snapshot)
    stored = simulate(nature(), plan, "FO", SECOND, again)
    assert stored.snapshot == direct.snapshot


def test_taking_up_a_snapshot_does_not_change_it(plan, snapshot):
    before = json.dumps(snapshot.state)
    simulate(nature(), plan, "FO", SECOND, snapshot)
    assert json.dumps(snapshot.state) == before


def test_another_geography_is_refused(plan, snapshot):
    with pytest.raises(SessionRefused, match="geography FO, not of SC"):
        simulate(nature(), plan, "SC", SECOND, snapshot)


def test_a_gap_between_snapshot_and_period_is_refused(plan, snapshot):
    late = Period(Month(2015, 5), Month(2015, 6))
    with pytest.raises(SessionRefused, match=r"2015-03-31.*2015-05-01"):
        simulate(nature(), plan, "FO", late, snapshot)


def test_another_farm_is_refused(snapshot):
    other = small_plan(Sketch(), Sketch(site=2))
    with pytest.raises(SessionRefused, match="another farm"):
        simulate(nature(), other, "FO", SECOND, snapshot)


def test_a_snapshot_of_other_processes_is_refused(plan, snapshot):
    fewer = {k: v for k, v in snapshot.state["processes"].items() if k != "shocks"}
    damaged = Snapshot("FO", snapshot.day, {**snapshot.state, "processes": fewer})
    with pytest.raises(SessionRefused, match="other processes"):
        simulate(nature(), plan, "FO", SECOND, damaged)
