"""The vectorised day agrees with a life told in plain loops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from farm.domain.biology import Biology
from farm.domain.calendar import Month, Period
from farm.domain.events import SiteEventKind
from farm.domain.plan import Plan, TransferKind
from farm.domain.world import Cause, Stage
from farm.simulation.engine import simulate
from tests.reference.plain_life import PlainLife
from tests.reference.small_farm import (
    Nature,
    Sketch,
    Thinning,
    biology,
    economy,
    healthy,
    one_feed,
    ordered,
    slaughtered,
    small_plan,
    well_stocked,
)


@pytest.mark.parametrize(
    ("geography", "seed", "eggs", "room", "harvest_at", "line"),
    [
        ("FO", 1, 120_000, 1.0, None, 20.0),
        ("SC", 2, 120_000, 1.0, 1000.0, 18.0),
        ("SC", 3, 3_000, 1.0, 1000.0, None),
        ("FO", 4, 90_000, 0.05, None, None),
    ],
)
def test_the_fast_day_agrees_with_the_plain_one(geography, seed, eggs, room, harvest_at, line):
    # Given one batch with one container in each stage; little room makes crowding bite
    days = (40, 45, 50, 40, 40, 330)
    plan = small_plan(
        Sketch(eggs=eggs, start=date(2015, 3, 20), days=days, geography=geography), room=room
    )
    period = Period(Month(2015, 2), Month(2016, 10))
    assert_agreed(plan, geography, seed, harvest_at, period, line)


def test_the_fast_splits_gradings_and_long_moves_agree_with_the_plain_ones():
    # Given a batch with several containers on land, moved over days, split twice and graded
    plan = small_plan(
        Sketch(
            start=date(2015, 3, 20),
            days=(30, 40, 40, 30, 40, 200),
            containers=(2, 2, 2, 2, 1, 1),
            move_days=3,
            thinned={
                Stage.FRY: Thinning(TransferKind.SPLIT, after=18, containers=1),
                Stage.PARR: Thinning(TransferKind.GRADING, after=16, containers=3),
                Stage.POST_SMOLT: Thinning(TransferKind.SPLIT, after=15, containers=2),
            },
        )
    )
    assert_agreed(plan, "FO", 7, None, Period(Month(2015, 3), Month(2016, 5)))


def assert_agreed(
    plan: Plan,
    geography: str,
    seed: int,
    harvest_at: float | None,
    period: Period,
    line: float | None = None,
) -> None:
    # When it is simulated, and told in plain loops
    life = healthy(biology())
    if harvest_at is not None:
        life = ordered(life, harvest_at)
    life = life if line is None else slaughtered(life, line)
    world = Nature(seed, life, well_stocked(economy()))
    history = simulate(world, one_feed(plan), geography, period, None)
    assert history.feed.shortages["date"].size == 0
    plain = PlainLife(world, plan)
    rows, harvests = plain.live(period)

    # Then whole numbers are equal, and the others to the last digits that are published
    daily = history.daily
    rows.sort(key=lambda row: (row["assignment_id"], row["date"]))
    told = sorted(plain.transfers)
    assert len(told) == len(history.transfers)
    for transfer, (day, source, target, count, weight, kind) in zip(
        history.transfers, told, strict=True
    ):
        assert (transfer.date, transfer.from_assignment_id) == (day, source)
        assert (transfer.to_assignment_id, transfer.count) == (target, count)
        assert transfer.mean_weight_g == pytest.approx(weight, abs=6e-5)
        assert transfer.kind == kind
    assert daily["assignment_id"].tolist() == [row["assignment_id"] for row in rows]
    assert daily["date"].astype(object).tolist() == [row["date"] for row in rows]
    assert daily["population"].tolist() == [row["population"] for row in rows]
    deaths = daily["deaths_by_cause"]
    assert deaths[:, : len(Cause)].tolist() == [row["deaths_by_cause"] for row in rows]
    assert not deaths[:, len(Cause) :].any()
    assert daily["is_fasting"].tolist() == [row["is_fasting"] for row in rows]
    assert daily["feed_g"].tolist() == [row["feed_g"] for row in rows]
    np.testing.assert_allclose(daily["mean_weight_g"], [row["weight"] for row in rows], atol=6e-5)
    np.testing.assert_allclose(daily["weight_cv"], [row["cv"] for row in rows], atol=6e-5)
    for name in ("temperature_c", "oxygen_mg_l", "salinity_psu", "ph"):
        np.testing.assert_allclose(
            daily[name], [row[name] for row in rows], atol=6e-4, err_msg=name
        )
    assert harvests
    booking = plan.batches[0].bookings[-1]
    last = harvests[-1]["date"]
    assert (last < booking.end - timedelta(days=5)) == (harvest_at is not None)
    assert len(harvests) > 3 or line is None
    for event, told_event in zip(history.harvests, harvests, strict=True):
        assert (event.date, event.count) == (told_event["date"], told_event["count"])
        assert event.mean_weight_g == pytest.approx(told_event["weight"], abs=2e-4)


@pytest.mark.parametrize(
    ("geography", "exposure", "seed"), [("FO", "exposed", 5), ("SC", "sheltered", 6)]
)
def test_the_fast_sea_and_its_events_agree_with_the_plain_ones(geography, exposure, seed):
    # Given a pen at an open or at a sheltered site, in a world where bad water is common
    plan = small_plan(
        Sketch(start=date(2015, 1, 5), days=(15, 15, 15, 15, 15, 1200), geography=geography)
    )
    sites = tuple(replace(site, exposure=exposure) for site in plan.world.site)
    plan = replace(plan, world=replace(plan.world, site=sites))
    world = Nature(seed, troubled(healthy(biology())), well_stocked(economy()))
    period = Period(Month(2015, 1), Month(2017, 6))

    # When it is simulated, and told in plain loops
    history = simulate(world, one_feed(plan), geography, period, None)
    assert history.feed.shortages["date"].size == 0
    plain = PlainLife(world, plan)
    rows, _ = plain.live(period)

    # Then the fish fare alike, and the same events did the same to them
    assert history.daily["population"].tolist() == [row["population"] for row in rows]
    assert history.daily["is_fasting"].tolist() == [row["is_fasting"] for row in rows]
    for name, column in history.site_days.items():
        if name not in {"site_id", "date"}:
            expected = [day[name] for day in plain.around.days]
            np.testing.assert_allclose(column, expected, atol=6e-4, err_msg=name)
    assert len({event.kind for event in history.site_events}) >= len(SiteEventKind) - 1
    told = sorted(plain.around.events, key=lambda event: (event.start, event.kind))
    found = sorted(history.site_events, key=lambda event: (event.start_date, event.kind))
    for event, other in zip(found, told, strict=True):
        assert (event.kind, event.start_date, event.end_date) == (
            other.kind,
            other.start,
            other.end,
        )
        assert event.fasting_days == other.fasting_days
        assert event.severity == pytest.approx(other.severity, abs=1e-3)
        assert event.deaths == pytest.approx(other.deaths, abs=1.001)


def troubled(given: Biology) -> Biology:
    """The project's biology with ten spells a year, and fish that suffer from little."""
    events = given.events
    more = {
        name: getattr(events, name).model_copy(
            update={"per_year": dict.fromkeys(("FO", "SC"), 10.0), "sharpness": 1.0}
        )
        for name in ("hypoxia", "algal_bloom", "jellyfish")
    }
    stress = events.stress.model_copy(update={"daily_dip": 25.0, "heat_from": 11.0})
    worse = events.model_copy(update={**more, "stress": stress})
    return given.model_copy(update={"events": worse})
