"""A growth sample's figures are those of its fish, and its fish are like their container's."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from statistics import mean, stdev
from typing import Any

import numpy as np
import pytest

from farm.domain.calendar import Month
from farm.domain.sampling import Estimates
from farm.domain.world import Stage
from farm.rendering.render import render_chunk
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.farm_builder import (
    PEN_2,
    STAGE_OF,
    TANK_FLOW,
    TANK_RAS,
    TANK_SMOLT,
    TRAY,
)
from tests.unit.rendering.rendered import rows_of

EVERY_DAY = {"sample_interval_days": 1, "fish_per_sample": 10_000}

#: People who count and catch fish as they are, of containers that do not differ.
UNBIASED = {
    "estimates": build.observation().estimates.model_copy(
        update={"count_sd": 0.0, "weight_log_sd": 0.0, "unlike_share": 0.0}
    ),
    "condition": build.observation().condition.model_copy(update={"assignment_log_sd": 0.0}),
}


def sampled(
    columns, month=build.MONTH, **changes
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    chunk = render_chunk(build.layout(**changes), build.history(columns, month))
    return rows_of(chunk, "growth_sample"), rows_of(chunk, "fish_observation")


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
    columns["weight_cv"][:] = 0.17
    habits = build.observation().stages.of(STAGE_OF[container])

    (sample,), fish = sampled(columns, **EVERY_DAY, **UNBIASED)

    # Then mean and spread are the day's, and the condition is that of the stage, give or take the
    # season and the rounding of small lengths
    assert sample["mean_weight_g"] == pytest.approx(columns["mean_weight_g"][0], rel=0.02)
    cv = sample["sd_weight_g"] / sample["mean_weight_g"]
    assert cv == pytest.approx(0.17, rel=0.06)
    bounds = sorted((habits.condition_small, habits.condition_large))
    assert 0.93 * bounds[0] < sample["condition_factor"] < 1.07 * bounds[1]
    steps = np.array([row["weight_g"] for row in fish]) / habits.scale_step
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-6)


def test_the_smallest_fish_still_have_weight_and_length():
    columns = build.daily((TANK_RAS,))
    columns["mean_weight_g"][:] = 0.004

    _, fish = sampled(columns, sample_interval_days=1)

    assert min(row["weight_g"] for row in fish) > 0
    assert min(row["length_cm"] for row in fish) > 0


def test_the_spread_is_exact_for_large_numbers_of_nearly_equal_fish():
    columns = build.daily((PEN_2,))
    columns["mean_weight_g"][:] = 6000.0
    columns["weight_cv"][:] = 1e-9

    samples, _ = sampled(columns, fish_per_sample=10_000, **UNBIASED)

    assert {row["sd_weight_g"] for row in samples} == {0.0}
    assert {row["mean_weight_g"] for row in samples} == {6000.0}


def condition_of(columns) -> float:
    """Return the condition factor of a large sample of one container on one day."""
    (sample,), _ = sampled(columns, **EVERY_DAY, **UNBIASED)
    return float(sample["condition_factor"])


def a_day(container: int, day: date = build.MONTH.first):
    return build.daily((container,), day, day)


def test_fish_at_sea_are_rounder_in_autumn_than_in_spring():
    spec = build.observation().condition
    month_of = {month: Month(2016, month) for month in (4, 10)}
    found = {}
    for number, month in month_of.items():
        columns = a_day(PEN_2, month.first)
        (sample,), _ = sampled(columns, month, **EVERY_DAY, **UNBIASED)
        found[number] = sample["condition_factor"]

    assert found[10] / found[4] == pytest.approx(
        (1 + spec.season_amplitude) / (1 - spec.season_amplitude), rel=0.02
    )


def test_smolts_become_slimmer_while_parr_and_fish_at_sea_fill_out():
    for container, small, large, sign in (
        (TANK_FLOW, 5.0, 50.0, 1),
        (TANK_SMOLT, 30.0, 120.0, -1),
        (PEN_2, 1000.0, 6000.0, 1),
    ):
        light, heavy = a_day(container), a_day(container)
        light["mean_weight_g"][:], heavy["mean_weight_g"][:] = small, large
        assert sign * (condition_of(heavy) - condition_of(light)) > 0.02


def test_sick_and_hungry_fish_are_thinner():
    spec = build.observation().condition
    well, sick, hungry = a_day(PEN_2), a_day(PEN_2), a_day(PEN_2)
    sick["sick_percent"][:] = 40.0
    hungry["is_fasting"][:] = True

    usual = condition_of(well)

    assert condition_of(sick) / usual == pytest.approx(1 - 0.4 * spec.sick_loss, rel=0.002)
    assert condition_of(hungry) / usual == pytest.approx(1 - spec.fasted_loss, rel=0.002)


def test_the_heavy_fish_of_a_pen_are_the_round_ones():
    _, fish = sampled(a_day(PEN_2), **EVERY_DAY, **UNBIASED)

    weight = np.array([row["weight_g"] for row in fish])
    factor = 100 * weight / np.array([row["length_cm"] for row in fish]) ** 3

    wanted = build.observation().condition.weight_correlation
    assert np.corrcoef(np.log(weight), factor)[0, 1] == pytest.approx(wanted, abs=0.03)


def believing(**changes: Any) -> Estimates:
    return build.observation().estimates.model_copy(update=changes)


def test_a_biomass_estimate_is_the_sample_times_the_fish_that_people_believe_in():
    spec: dict[str, Any] = {"sample_interval_days": 3, "estimates": believing(newest_share=1.0)}
    layout, columns = build.layout(**spec), build.daily()

    samples, _ = sampled(columns, **spec)

    believed_in: dict[int, list[float]] = {}
    for row in samples:
        number = row["biomass_estimate_kg"] * 1000 / row["mean_weight_g"]
        believed_in.setdefault(row["assignment_id"], []).append(number / 40_000)
    for assignment, over in believed_in.items():
        (at,) = layout.assignment_rows(np.array([assignment]))
        # the same miscount in every sample of an assignment, but for the rounding of kilograms
        assert over == pytest.approx([layout.peculiar.count[at]] * len(over), rel=1e-4)
    assert len({round(over[0], 6) for over in believed_in.values()}) == len(believed_in)


def test_a_single_sample_moves_the_estimate_only_in_part():
    # Given samples of two fish, which hardly tell what the fish weigh
    found = {}
    for share in (1.0, 0.4):
        samples, _ = sampled(
            build.daily((PEN_2,)),
            sample_interval_days=1,
            fish_per_sample=2,
            estimates=believing(newest_share=share),
        )
        found[share] = np.std(np.diff([row["biomass_estimate_kg"] for row in samples]))

    assert found[0.4] == pytest.approx(0.4 * found[1.0], rel=0.1)


def test_without_errors_the_estimate_is_the_biomass():
    columns = a_day(PEN_2)

    (sample,), _ = sampled(columns, **EVERY_DAY, **UNBIASED)

    assert sample["biomass_estimate_kg"] == pytest.approx(columns["biomass_kg"][0], rel=0.01)


def test_only_fed_stages_have_habits():
    with pytest.raises(AttributeError):
        build.observation().stages.of(Stage.EGG_ALEVIN)
