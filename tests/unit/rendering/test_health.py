"""Health samples are taken when they are due, and find what there is to be found."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from farm.domain.calendar import Month
from farm.domain.sampling import HealthSamples
from farm.domain.world import Stage
from farm.rendering.health import health_rate
from farm.rendering.render import render_chunk
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.farm_builder import PEN_1, PEN_2, STAGE_OF, TANK_FLOW, TANK_SMOLT
from tests.unit.rendering.rendered import rows_of

#: A month of the season, with five weeks of Mondays at most.
SEPTEMBER = Month(2016, 9)


def sampled(columns, month=build.MONTH, **changes) -> list[dict[str, Any]]:
    chunk = render_chunk(build.layout(**changes), build.history(columns, month))
    return rows_of(chunk, "health_sample")


def health(**changes: Any) -> HealthSamples:
    return build.observation().health.model_copy(update=changes)


def every_day(**changes: Any) -> HealthSamples:
    """Return samples of many fish every day."""
    often = dict.fromkeys(("interval", "season_interval", "land_interval"), 1)
    return health(**(often | {"fish": 1000} | changes))


def days_of(rows, container: int) -> list[date]:
    wanted = build.assignment_of(container)
    return [row["sampled_on"] for row in rows if row["assignment_id"] == wanted]


def test_pens_are_looked_at_every_two_weeks_and_in_season_every_week():
    for month, interval in ((build.MONTH, 14), (SEPTEMBER, 7)):
        rows = sampled(build.daily(first=month.first, last=month.last), month)
        days = days_of(rows, PEN_2)
        assert len(days) >= 2
        assert {(after - before).days for before, after in pairwise(days)} == {interval}
        # One visit to the site is one to all its pens.
        assert days_of(rows, PEN_1) == days


def test_fish_on_land_are_looked_at_less_often_and_only_from_smolts_on():
    rows = sampled(build.daily(first=SEPTEMBER.first, last=SEPTEMBER.last), SEPTEMBER)

    assert len(days_of(rows, TANK_SMOLT)) in (1, 2)
    looked_at = {row["assignment_id"] for row in rows}
    assert looked_at == {build.assignment_of(c) for c in (TANK_SMOLT, PEN_1, PEN_2)}


def test_there_are_no_more_fish_than_there_are():
    assert {row["n"] for row in sampled(build.daily((PEN_2,), population=7))} == {7}
    assert sampled(build.daily((PEN_2,), population=0)) == []


def test_scores_follow_the_fish():
    # Given two pens, one with bad gills, wounds and side effects
    columns = build.daily((PEN_1, PEN_2))
    bad = columns["assignment_id"] == build.assignment_of(PEN_2)
    columns["gill_score"][:] = np.where(bad, 2.2, 0.3)
    columns["wounded_percent"][:] = np.where(bad, 12.0, 0.5)
    columns["side_effect_score"][:] = np.where(bad, 2.5, 0.0)

    rows = sampled(columns, health=every_day())

    for container, gills, wounded, effects in ((PEN_1, 0.3, 0.005, 0.0), (PEN_2, 2.2, 0.12, 2.5)):
        own = [row for row in rows if row["assignment_id"] == build.assignment_of(container)]
        fish = sum(row["n"] for row in own)
        assert fish == 31_000
        assert np.mean([row["gill_score"] for row in own]) == pytest.approx(gills, rel=0.05)
        assert sum(row["wounded"] for row in own) / fish == pytest.approx(wounded, rel=0.15)
        assert np.mean([row["side_effect_score"] for row in own]) == pytest.approx(
            effects, rel=0.05
        )


def test_figures_of_a_sample_fit_each_other():
    columns = build.daily((PEN_1, PEN_2))
    columns["gill_score"][:] = np.linspace(0.0, 5.0, len(columns["gill_score"]))

    for row in sampled(columns, health=every_day(fish=20)):
        total = round(row["gill_score"] * row["n"])
        assert row["gill_score"] == total / row["n"]
        assert row["gill_score_max"] in range(6)
        assert row["gill_score"] <= row["gill_score_max"] <= total
        assert (row["gill_score_max"] >= 2) == (row["gills_affected"] > 0)
        assert 0 <= row["gills_affected"] <= row["n"]
        assert 2 * row["gills_affected"] <= total
        assert 0 <= row["wounded"] <= row["n"]
        assert 0 <= row["fin_score"] <= 3


def test_healthy_gills_score_nothing():
    columns = build.daily((PEN_2,))
    columns["gill_score"][:] = 0.0

    rows = sampled(columns, health=every_day())

    assert {(row["gill_score_max"], row["gills_affected"]) for row in rows} == {(0, 0)}


def test_fins_suffer_from_crowding_and_stay_as_they_are_in_a_tank():
    columns = build.daily((TANK_SMOLT, PEN_2))
    columns["density_kg_m3"][:] = 5.0
    calm = sampled(columns, health=every_day(fins_log_sd=0.0))
    columns["density_kg_m3"][:] = 60.0
    crowded = sampled(columns, health=every_day(fins_log_sd=0.0))

    spec = health()
    for rows, density in ((calm, 5.0), (crowded, 60.0)):
        for container, base in ((TANK_SMOLT, spec.fins_land), (PEN_2, spec.fins_sea)):
            own = [
                r["fin_score"] for r in rows if r["assignment_id"] == build.assignment_of(container)
            ]
            assert np.mean(own) == pytest.approx(base + spec.fins_per_density * density, rel=0.05)


def test_the_expected_number_of_samples_is_that_of_a_year():
    spec = health()
    assert health_rate(spec, Stage.PARR) == 0.0
    assert health_rate(spec, Stage.SMOLT) == 1 / spec.land_interval
    # five months every week, seven every two weeks
    assert health_rate(spec, Stage.ADULT) * 365 == pytest.approx(
        5 / 12 * 52.1 + 7 / 12 * 26.1, rel=0.01
    )


def test_only_the_containers_of_the_plan_are_looked_at():
    assert sampled(build.daily((TANK_FLOW,))) == []
    assert STAGE_OF[TANK_FLOW] is Stage.PARR
