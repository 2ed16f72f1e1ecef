"""The lice of a count's fish add up to what was counted, and are spread as lice are."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
import pytest

from farm.rendering.lice import GROUPS, spread_over
from farm.rendering.render import render_chunk
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.farm_builder import PEN_1, PEN_2, TANK_SMOLT
from tests.unit.rendering.rendered import rows_of


def counted(columns, **changes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    chunk = render_chunk(build.layout(**changes), build.history(columns))
    return rows_of(chunk, "lice_count"), rows_of(chunk, "lice_observation")


def key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["assignment_id"], row["counted_on"]


def test_a_count_is_the_mean_of_what_the_history_counted():
    columns = build.daily()

    counts, _ = counted(columns)

    found = {key(row): row for row in counts}
    days = np.flatnonzero(columns["lice_fish_counted"])
    assert len(found) == len(counts) == len(days) == 8
    for at in days:
        row = found[columns["assignment_id"][at], columns["date"][at].item()]
        assert row["n"] == columns["lice_fish_counted"][at]
        for group in GROUPS:
            assert row[group] == columns[f"lice_{group}_counted"][at] / row["n"]


def test_the_lice_of_the_fish_add_up_to_the_count():
    counts, fish = counted(build.daily())

    of_count = {of: list(rows) for of, rows in groupby(fish, key)}
    assert list(of_count) == [key(row) for row in counts]
    for row in counts:
        rows = of_count[key(row)]
        assert [one["fish_no"] for one in rows] == list(range(1, row["n"] + 1))
        for group in GROUPS:
            assert sum(one[group] for one in rows) == round(row[group] * row["n"])


def test_without_a_count_there_are_no_rows():
    assert counted(build.daily((TANK_SMOLT,))) == ([], [])


def test_a_count_may_find_nothing():
    columns = build.daily((PEN_1, PEN_2))
    for group in GROUPS:
        columns[f"lice_{group}_counted"][:] = 0

    counts, fish = counted(columns)

    assert {row[group] for row in (*counts, *fish) for group in GROUPS} == {0}


@pytest.mark.parametrize("aggregation", [0.3, 0.8, 2.0])
def test_single_fish_are_as_far_apart_as_a_negative_binomial_distribution_says(aggregation):
    # Given many counts of 20 fish, whose totals are negative binomial as a sum of 20 such numbers
    chance, counts, fish, mean = np.random.default_rng(5), 3_000, 20, 1.5
    total = chance.poisson(chance.gamma(fish * aggregation, mean / aggregation, counts))
    size = np.full(counts, fish)

    attraction = chance.standard_gamma(aggregation, counts * fish)
    lice = spread_over({"mobile": total}, size, attraction, chance)["mobile"]

    # Then single fish have its variance, mean + mean^2 / k, and its share without lice
    assert lice.mean() == pytest.approx(mean, rel=0.04)
    assert lice.var() == pytest.approx(mean + mean**2 / aggregation, rel=0.12)
    assert (lice == 0).mean() == pytest.approx((1 + mean / aggregation) ** -aggregation, abs=0.02)


def test_a_fish_with_many_lice_of_one_group_has_many_of_the_others():
    columns = build.daily((PEN_1, PEN_2))
    for group in GROUPS:
        columns[f"lice_{group}_counted"] *= 20

    _, fish = counted(columns)

    on_fish = np.array([[row[group] for group in GROUPS] for row in fish])
    assert np.corrcoef(on_fish.T).min() > 0.5


def test_counts_of_different_sizes_keep_their_lice_to_themselves():
    total, size = np.array([0, 900, 0, 7, 40_000]), np.array([3, 1, 5, 2, 10])
    attraction = np.concatenate((np.zeros(3), np.full(8, 1e-9), np.full(10, 1e6)))

    lice = spread_over({"mobile": total}, size, attraction, np.random.default_rng(1))["mobile"]

    found = np.add.reduceat(lice, np.cumsum(size) - size)
    assert found.tolist() == total.tolist()


def test_no_counts_are_no_lice():
    none = np.zeros(0, dtype=np.int64)
    found = spread_over({"mobile": none}, none, np.zeros(0), np.random.default_rng(1))
    assert not len(found["mobile"])
