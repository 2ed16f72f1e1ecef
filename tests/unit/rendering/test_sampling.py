"""A growth sample's figures are those of its fish, and its fish are like their container's."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from statistics import mean, stdev
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from farm.domain.world import Stage
from farm.rendering.render import render_chunk
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.farm_builder import PEN_2, STAGE_OF, TANK_RAS, TRAY


def sampled(columns, **changes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    tables = render_chunk(build.layout(**changes), build.history(columns)).tables
    samples, fish = (
        pa.Table.from_batches(tables[name]).to_pylist() if tables[name] else []
        for name in ("growth_sample", "fish_observation")
    )
    return samples, fish


def test_the_figures_of_a_sample_are_those_of_its_fish():
    samples, fish = sampled(build.daily())

    assert len(samples) == 10
    for sample in samples:
        of_sample = [
            row
            for row in fish
            if (row["assignment_id"], row["sampled_on"])
            == (sample["assignment_id"], sample["sampled_on"])
        ]
        weights = [row["weight_g"] for row in of_sample]
        lengths = [row["length_cm"] for row in of_sample]
        factors = [100 * w / cm**3 for w, cm in zip(weights, lengths, strict=True)]
        assert [row["fish_no"] for row in of_sample] == list(range(1, sample["n"] + 1))
        assert sample["mean_weight_g"] == pytest.approx(mean(weights), rel=1e-12)
        assert sample["sd_weight_g"] == pytest.approx(stdev(weights), rel=1e-9)
        assert sample["min_weight_g"] == min(weights)
        assert sample["max_weight_g"] == max(weights)
        assert sample["mean_length_cm"] == pytest.approx(mean(lengths), rel=1e-12)
        assert sample["condition_factor"] == pytest.approx(mean(factors), rel=1e-12)


def test_rows_are_in_order_of_assignment_day_and_fish():
    samples, fish = sampled(build.daily(), sample_interval_days=3)

    keys = [(row["assignment_id"], row["sampled_on"]) for row in samples]
    fish_keys = [(row["assignment_id"], row["sampled_on"], row["fish_no"]) for row in fish]

    assert keys == sorted(set(keys))
    assert fish_keys == sorted(set(fish_keys))


def test_each_container_is_sampled_at_the_same_interval_on_its_own_days():
    columns = build.daily(first=date(2016, 3, 1), last=date(2016, 3, 31))

    samples, _ = sampled(columns, sample_interval_days=7)

    days: dict[int, list[date]] = {}
    for sample in samples:
        days.setdefault(sample["assignment_id"], []).append(sample["sampled_on"])
    assert all((b - a).days == 7 for dates in days.values() for a, b in pairwise(dates))
    assert len({dates[0] for dates in days.values()}) == len(days) == 5


def test_eggs_are_not_weighed():
    assert sampled(build.daily((TRAY,)), sample_interval_days=1) == ([], [])


@pytest.mark.parametrize(("population", "expected"), [(0, 0), (1, 0), (2, 2), (74, 74), (900, 75)])
def test_a_sample_has_no_more_fish_than_there_are_and_no_fewer_than_two(population, expected):
    columns = build.daily((PEN_2,), population=population)

    samples, _ = sampled(columns, sample_interval_days=1)

    assert [row["n"] for row in samples] == ([expected] * 31 if expected else [])


@pytest.mark.parametrize("container", [c for c, stage in STAGE_OF.items() if stage.is_fed])
def test_fish_are_like_their_container(container):
    # Given a large sample of a stage
    columns = build.daily((container,), build.MONTH.first, build.MONTH.first)
    habits = build.observation().stages.of(STAGE_OF[container])

    (sample,), fish = sampled(columns, sample_interval_days=1, fish_per_sample=10_000)

    # Then mean, spread and condition are what the stage says, within sampling error
    assert sample["mean_weight_g"] == pytest.approx(columns["mean_weight_g"][0], rel=0.02)
    cv = sample["sd_weight_g"] / sample["mean_weight_g"]
    assert cv == pytest.approx(habits.weight_cv, rel=0.06)
    assert sample["condition_factor"] == pytest.approx(habits.condition_factor, rel=0.03)
    steps = np.array([row["weight_g"] for row in fish]) / habits.scale_step
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-6)


def test_the_smallest_fish_still_have_weight_and_length():
    columns = build.daily((TANK_RAS,))
    columns["mean_weight_g"][:] = 0.004

    _, fish = sampled(columns, sample_interval_days=1)

    assert min(row["weight_g"] for row in fish) > 0
    assert min(row["length_cm"] for row in fish) > 0


def test_the_spread_is_exact_for_large_numbers_of_nearly_equal_fish():
    habits = build.observation().stages
    equal = habits.adult.model_copy(update={"weight_cv": 1e-9})
    columns = build.daily((PEN_2,))
    columns["mean_weight_g"][:] = 6000.0

    samples, _ = sampled(
        columns,
        stages=habits.model_copy(update={"adult": equal}),
        fish_per_sample=10_000,
    )

    assert {row["sd_weight_g"] for row in samples} == {0.0}
    assert {row["mean_weight_g"] for row in samples} == {6000.0}


def test_only_fed_stages_have_habits():
    with pytest.raises(AttributeError):
        build.observation().stages.of(Stage.EGG_ALEVIN)
