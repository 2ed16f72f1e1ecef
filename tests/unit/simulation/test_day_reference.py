"""The vectorised day agrees with a life told in plain loops."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.simulation.engine import simulate
from tests.reference.plain_life import PlainLife
from tests.reference.small_farm import Sketch, nature, small_plan


@pytest.mark.parametrize(
    ("geography", "seed", "eggs", "room", "harvest_at"),
    [
        ("FO", 1, 120_000, 1.0, None),
        ("SC", 2, 120_000, 1.0, 1000.0),
        ("SC", 3, 3_000, 1.0, 1000.0),
        ("FO", 4, 90_000, 0.05, None),
    ],
)
def test_the_fast_day_agrees_with_the_plain_one(geography, seed, eggs, room, harvest_at):
    # Given one batch with one container in each stage; little room makes crowding bite
    days = (40, 45, 50, 40, 40, 330)
    plan = small_plan(
        Sketch(eggs=eggs, start=date(2015, 3, 20), days=days, geography=geography), room=room
    )
    period = Period(Month(2015, 2), Month(2016, 10))

    # When it is simulated, and told in plain loops
    world = nature(seed, harvest_at)
    history = simulate(world, plan, geography, period, None)
    rows, harvest = PlainLife(world, plan).live(period)

    # Then whole numbers are equal, and the others to the last digits that are published
    daily = history.daily
    assert daily["assignment_id"].tolist() == [row["assignment_id"] for row in rows]
    assert daily["date"].astype(object).tolist() == [row["date"] for row in rows]
    assert daily["population"].tolist() == [row["population"] for row in rows]
    assert daily["deaths_by_cause"].tolist() == [row["deaths_by_cause"] for row in rows]
    assert daily["is_fasting"].tolist() == [row["is_fasting"] for row in rows]
    assert daily["feed_g"].tolist() == [row["feed_g"] for row in rows]
    np.testing.assert_allclose(daily["mean_weight_g"], [row["weight"] for row in rows], atol=6e-5)
    for name in ("temperature_c", "oxygen_mg_l", "salinity_psu", "ph"):
        np.testing.assert_allclose(
            daily[name], [row[name] for row in rows], atol=6e-4, err_msg=name
        )
    assert harvest is not None
    booking = plan.batches[0].bookings[-1]
    assert (harvest["date"] < booking.end - timedelta(days=5)) == (harvest_at is not None)
    (event,) = history.harvests
    assert (event.date, event.count) == (harvest["date"], harvest["count"])
    assert event.mean_weight_g == pytest.approx(harvest["weight"], abs=2e-4)
