"""What people remember of the dead of a week."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from farm.domain.world import Cause
from farm.simulation.care.memory import WEEK
from tests.unit.simulation.care_bench import FIRST, Bench


def test_the_week_ends_yesterday_evening_and_is_worked_out_anew_for_every_morning():
    bench = Bench(pens=2)
    fish: list[int] = [10_000]
    dead: list[int] = []
    for day in range(2 * WEEK):
        today = bench.morning().today
        assert today.date == FIRST + timedelta(days=day)
        expected = 1000.0 * sum(dead[-WEEK:]) / (fish[-1] + sum(dead[-WEEK:]))
        for _ in range(2):
            seen = bench.memory.week_per_mille(bench.state)
            assert seen[bench.pens] == pytest.approx(expected)
        dead.append(10 * day)
        bench.live(died={Cause.BACKGROUND: dead[-1]})
        fish.append(fish[-1] - dead[-1])


def test_another_session_remembers_the_same():
    bench = Bench(pens=2)
    bench.rest(3, died={Cause.BACKGROUND: 40})
    before = bench.memory.week_per_mille(bench.state)
    bench.cut()
    assert np.array_equal(bench.memory.week_per_mille(bench.state), before)
