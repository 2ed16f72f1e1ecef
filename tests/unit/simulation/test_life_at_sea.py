"""The simulated sea and its fish look like those that are reported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from farm.domain.calendar import Month, Period
from farm.domain.water import expected_temperature
from farm.domain.world import Stage
from farm.settings.scenarios import load_scenario
from farm.simulation.engine import simulate
from farm.simulation.expectation import expect
from farm.simulation.history import History
from tests.reference.small_farm import (
    CONFIG,
    Nature,
    Sketch,
    biology,
    economy,
    small_plan,
    well_stocked,
)

SITES, PENS = 10, 6
YEARS = Period(Month(2015, 1), Month(2017, 12))


@pytest.fixture(scope="module", params=["FO", "SC"])
def farm(request):
    """Ten sites, stocked one after another in the first half of the year, harvested when ready.

    Fish stay in each stage for as long as planners expect.
    """
    expected = expect(load_scenario("smoke", CONFIG), request.param, date(2015, 3, 5), 1)
    stays = np.diff(expected.enters[0]).tolist()
    sketches = [
        Sketch(
            eggs=600_000,
            start=date(2015, 1 + site % 5, 5),
            days=(*stays, 590),
            containers=(2, 2, 2, 2, 2, PENS),
            harvest_window=290,
            site=site,
            geography=request.param,
        )
        for site in range(SITES)
    ]
    plan = small_plan(*sketches)
    world = Nature(20, biology(), well_stocked(economy()))
    return request.param, simulate(world, plan, request.param, YEARS, None)


def pens(history: History) -> Iterator[slice]:
    """Rows of each pen, as slices."""
    daily = history.daily
    ids = daily["assignment_id"]
    edges = np.flatnonzero(np.diff(ids)) + 1
    for first, last in zip([0, *edges], [*edges, ids.size], strict=True):
        if daily["lifecycle_stage_id"][first] == Stage.ADULT.id:
            yield slice(first, last)


def pen_weeks(history: History) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Weekly mortality in per cent of all pens, and days at sea at the week's beginning."""
    rates: list[float] = []
    ages: list[int] = []
    for rows in pens(history):
        deaths, population = history.daily["deaths"][rows], history.daily["population"][rows]
        weeks = deaths.size // 7
        died = deaths[: 7 * weeks].reshape(weeks, 7).sum(axis=1)
        there = population[: 7 * weeks : 7] + deaths[: 7 * weeks : 7]
        rates += (100 * died / there).tolist()
        ages += range(0, 7 * weeks, 7)
    return np.array(rates), np.array(ages)


def test_the_sea_remembers_yesterday(farm):
    geography, history = farm
    daily = history.daily
    found = []
    for rows in pens(history):
        day_of_year = (daily["date"][rows] - daily["date"][rows].astype("datetime64[Y]")).astype(
            int
        )
        anomaly = daily["temperature_c"][rows] - expected_temperature(
            biology(), geography, Stage.ADULT, day_of_year + 1
        )
        found.append(np.corrcoef(anomaly[:-1], anomaly[1:])[0, 1])
    assert 0.88 <= np.median(found) <= 0.98


def test_neighbouring_sites_warm_and_cool_together(farm):
    geography, history = farm
    daily = history.daily
    at_sea = daily["lifecycle_stage_id"] == Stage.ADULT.id
    days = np.arange(np.datetime64("2016-09-01"), np.datetime64("2017-03-01"))
    normal = expected_temperature(
        biology(), geography, Stage.ADULT,
        (days - days.astype("datetime64[Y]")).astype(int) + 1,
    )  # fmt: skip
    series = []
    for site in range(1, 5):
        chosen = at_sea & (daily["assignment_id"] == (site + 1) * 1000 + 501)
        inside = chosen & np.isin(daily["date"], days)
        series.append(daily["temperature_c"][inside] - normal)
    together = np.corrcoef(series)[np.triu_indices(4, 1)]
    assert 0.6 <= together.mean() <= 0.98


def test_most_pen_weeks_are_quiet_and_a_few_are_terrible(farm):
    _, history = farm
    weeks, _ = pen_weeks(history)
    assert 0.012 <= np.median(weeks) <= 0.04
    assert 0.25 <= np.percentile(weeks, 95) <= 1.8
    assert 1.0 <= np.percentile(weeks, 99) <= 8.0
    assert 0.07 <= weeks.mean() <= 0.4
    assert 1.3 <= np.log(weeks[weeks > 0]).std() <= 2.0


def test_losses_at_sea_are_high_after_transfer_low_in_summer_and_rise_in_the_second_year(farm):
    _, history = farm
    weeks, ages = pen_weeks(history)
    first, calm, late = (
        np.median(weeks[(ages >= a) & (ages < b)]) for a, b in ((0, 21), (30, 90), (390, 480))
    )
    assert first > 3 * calm
    assert late > 3 * calm


def test_bad_weeks_persist_and_hit_the_pens_of_a_site_together(farm):
    _, history = farm
    by_site: dict[int, list[np.ndarray]] = {}
    persistence = []
    for rows in pens(history):
        deaths, population = history.daily["deaths"][rows], history.daily["population"][rows]
        weeks = 46
        rate = deaths[: 7 * weeks].reshape(weeks, 7).sum(axis=1) / population[: 7 * weeks : 7]
        logs = np.log(rate + 1e-5)
        persistence.append(np.corrcoef(logs[:-1], logs[1:])[0, 1])
        by_site.setdefault(int(history.daily["batch_id"][rows][0]), []).append(logs)
    neighbours = [np.corrcoef(site)[np.triu_indices(PENS, 1)].mean() for site in by_site.values()]
    strangers = np.corrcoef([site[0] for site in by_site.values()])
    assert np.mean(persistence) > 0.4
    assert np.mean(neighbours) > strangers[np.triu_indices(SITES, 1)].mean() + 0.1


def test_fish_reach_harvest_weight_in_the_usual_number_of_months(farm):
    geography, history = farm
    opened = {a.id: a for a in history.assignments}
    target = biology().harvest.target_weight(geography)
    last = {h.assignment_id: h for h in history.harvests}
    months = [(h.date - opened[pen].start_date).days / 30.44 for pen, h in last.items()]
    # The time of those that came last ends after the period.
    assert len(months) >= 0.95 * SITES * PENS
    weight = np.array([h.mean_weight_g for h in last.values()])
    assert 0.95 * target <= np.median(weight) <= 1.2 * target
    assert 12 <= np.median(months) <= 18.5


@pytest.mark.parametrize("stage", list(Stage))
def test_realised_growth_is_what_planners_count_on(farm, stage):
    geography, history = farm
    realised = []
    for assignment in history.assignments:
        if assignment.lifecycle_stage_id != stage.id or assignment.end_weight_g is None:
            continue
        rows = history.daily["assignment_id"] == assignment.id
        gained = np.cbrt(assignment.end_weight_g) - np.cbrt(assignment.start_weight_g)
        realised.append(1000 * gained / history.daily["temperature_c"][rows].sum())
    assert np.mean(realised) == pytest.approx(biology().growth.tgc(geography, stage), rel=0.1)


@pytest.mark.parametrize(
    ("stages", "low", "high"),
    [((1, 2, 3, 4), 0.66, 0.80), ((6,), 0.78, 0.95)],
    ids=["eggs to smolts", "at sea"],
)
def test_as_many_survive_as_on_farms(farm, stages, low, high):
    _, history = farm
    survival = 1.0
    for stage in stages:
        lives = [a for a in history.assignments if a.lifecycle_stage_id == stage]
        dead = np.isin(history.daily["assignment_id"], [a.id for a in lives])
        started = sum(a.start_count for a in lives)
        survival *= 1 - history.daily["deaths"][dead].sum() / started
    assert low <= survival <= high


@pytest.mark.parametrize("stage", list(Stage))
def test_planners_count_on_the_losses_that_happen(farm, stage):
    _, history = farm
    rows = history.daily["lifecycle_stage_id"] == stage.id
    deaths = history.daily["deaths"][rows].sum()
    rate = deaths / (history.daily["population"][rows].sum() + deaths)
    assert rate == pytest.approx(1 - biology().expected_daily_survival(stage), rel=0.5)


def test_feed_conversion_is_what_farms_report(farm):
    _, history = farm
    fed = history.daily["feed_g"][history.daily["lifecycle_stage_id"] == 6].sum() / 1000
    came = sum(
        a.start_count * a.start_weight_g / 1000
        for a in history.assignments
        if a.lifecycle_stage_id == 6
    )
    harvested = sum(h.biomass_kg for h in history.harvests)
    assert 1.0 <= fed / (harvested - came) <= 1.3


def test_water_stays_where_fish_can_live(farm):
    _, history = farm
    daily = history.daily
    sea = daily["lifecycle_stage_id"] == Stage.ADULT.id
    assert daily["temperature_c"].min() > 3
    assert daily["temperature_c"].max() < 17
    assert daily["oxygen_mg_l"].min() > 4
    assert np.nanmin(daily["salinity_psu"]) > 27
    assert np.nanmax(daily["salinity_psu"]) < 35.5
    assert daily["ph"][sea].min() > 7.8
    assert daily["ph"][sea].max() < 8.3
    assert daily["ph"][~sea].min() > 6.2
    assert daily["ph"][~sea].max() < 7.6
