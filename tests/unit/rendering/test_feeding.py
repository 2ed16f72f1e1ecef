"""Meals sum to the history's feed by gram and cent, and are given when fish can see them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from farm.domain.calendar import Month
from farm.errors import ContractBroken
from farm.rendering.feeding import feeding_day
from farm.rendering.render import render_chunk
from tests.unit.rendering import farm_builder as build
from tests.unit.rendering.farm_builder import PEN_1, PEN_2, TANK_FLOW, TANK_RAS, TRAY
from tests.unit.rendering.rendered import rows_of


def meals(columns, layout=None) -> list[dict[str, Any]]:
    history = build.history(columns, Month.of(columns["date"][0].astype(date)))
    return rows_of(render_chunk(layout or build.layout(), history), "feeding_event")


def grams(rows) -> dict[tuple[int, date], int]:
    total: dict[tuple[int, date], int] = {}
    for row in rows:
        key = row["assignment_id"], row["fed_at"].date()
        total[key] = total.get(key, 0) + int(row["amount_kg"] * 1000)
    return total


def test_the_meals_of_a_day_sum_to_its_feed_to_the_gram():
    columns = build.daily()

    fed = columns["feed_g"] > 0
    promised = {
        (int(a), d.astype(date)): int(g)
        for a, d, g in zip(
            columns["assignment_id"][fed], columns["date"][fed], columns["feed_g"][fed], strict=True
        )
    }

    assert grams(meals(columns)) == promised


@pytest.mark.parametrize("feed_g", [1, 2, 3, 7, 8, 9, 999_999_999])
def test_any_amount_is_split_without_loss_and_without_an_empty_meal(feed_g):
    columns = build.daily((TANK_RAS,))
    columns["feed_g"][:], columns["feed_type_id"][:] = feed_g, 1

    rows = meals(columns)

    assert set(grams(rows).values()) == {feed_g}
    assert len(rows) == 31 * min(8, feed_g)
    assert all(row["amount_kg"] > 0 for row in rows)


@pytest.mark.parametrize("cents", [0, 1, 7, 123_456_789, 2_000_000_000])
def test_the_meals_of_a_day_cost_what_its_feed_cost_to_the_cent(cents):
    columns = build.daily()
    columns["feed_cents"][:] = cents

    rows = meals(columns)

    paid: dict[tuple[int, date], Decimal] = {}
    for row in rows:
        key = row["assignment_id"], row["fed_at"].date()
        paid[key] = paid.get(key, Decimal(0)) + row["cost"]
    assert set(paid.values()) == {Decimal(cents).scaleb(-2)}
    given = dict(zip(_keys(columns), columns["feed_g"].tolist(), strict=True))
    for row in rows:
        share = row["amount_kg"] * 1000 / given[row["assignment_id"], row["fed_at"].date()]
        assert abs(row["cost"] * 100 - share * cents) < 1


def _keys(columns) -> list[tuple[int, date]]:
    return list(zip(columns["assignment_id"].tolist(), columns["date"].tolist(), strict=True))


def test_nothing_is_fed_on_a_fasting_day():
    columns = build.daily((PEN_2,))
    columns["feed_g"][:] = 0

    assert meals(columns) == []


def test_meals_are_in_order_and_no_two_at_one_time():
    rows = meals(build.daily())

    keys = [(row["assignment_id"], row["fed_at"]) for row in rows]

    assert keys == sorted(set(keys))


def test_meals_at_sea_lie_between_sunrise_and_sunset():
    # In the Faroes the sun rises at about 6:30 and sets at about 18:30 UTC in the middle of March.
    rows = meals(build.daily((PEN_2,), date(2016, 3, 14), date(2016, 3, 18)))

    hours = [row["fed_at"].hour + row["fed_at"].minute / 60 for row in rows]

    assert min(hours) > 6.2
    assert max(hours) < 18.8


@pytest.mark.parametrize(
    ("day", "sunrise", "sunset"),
    [(date(2016, 3, 20), 6.4, 18.6), (date(2016, 11, 1), 8.0, 16.6), (date(2016, 9, 1), 5.4, 19.5)],
)
def test_the_feeding_day_is_the_almanacs_day(day, sunrise, sunset):
    """Sunrise and sunset at 62.3 N, 6.7 W, to half an hour: without the equation of time."""
    layout = build.layout()
    pen = layout.container_rows(np.array([build.assignment_of(PEN_2)]))

    month = layout.almanac.of(Month.of(day))
    dawn, hours = feeding_day(layout, month, pen, np.array([day.day - 1]))

    assert dawn[0] == pytest.approx(sunrise, abs=0.5)
    assert dawn[0] + hours[0] == pytest.approx(sunset, abs=0.5)


def test_meals_never_leave_their_day_even_at_the_pole_and_at_the_date_line():
    light = build.observation().light.model_copy(
        update={"longest_feeding_day": 24.0, "shortest_feeding_day": 4.0}
    )
    layout = build.layout(light=light)
    layout.containers.latitude[:] = 89.0
    layout.containers.longitude[:] = 179.0
    columns = build.daily((PEN_1, PEN_2), date(2016, 6, 20), date(2016, 6, 24))

    rows = meals(columns, layout)

    assert {row["fed_at"].date() for row in rows} <= {d.astype(date) for d in columns["date"]}
    assert set(grams(rows).values()) <= set(columns["feed_g"].tolist())


def test_fish_get_the_feed_that_the_history_says():
    columns = build.daily((TANK_RAS, TANK_FLOW, PEN_2))
    columns["feed_type_id"][::2] = 7
    types = dict(zip(_keys(columns), columns["feed_type_id"].tolist(), strict=True))

    rows = meals(columns)

    assert {row["feed_type_id"] for row in rows} == {1, 2, 3, 7}
    assert all(
        row["feed_type_id"] == types[row["assignment_id"], row["fed_at"].date()] for row in rows
    )


def mean_shares(columns) -> list[float]:
    """Return what the meals of a day have of it on average, first to last."""
    rows = meals(columns)
    of_day = grams(rows)
    shares: dict[int, list[float]] = {}
    seen: dict[tuple[int, date], int] = {}
    for row in rows:
        key = row["assignment_id"], row["fed_at"].date()
        seen[key] = seen.get(key, -1) + 1
        shares.setdefault(seen[key], []).append(float(row["amount_kg"]) * 1000 / of_day[key])
    return [float(np.mean(shares[meal])) for meal in sorted(shares)]


def test_fish_at_sea_eat_most_in_the_morning_and_more_in_the_evening_than_at_noon():
    columns = build.daily((PEN_1, PEN_2), date(2016, 6, 1), date(2016, 6, 30))
    columns["appetite"][:] = 1.0

    # Four meals for post-smolts, three for large fish.
    for container in (PEN_1, PEN_2):
        own = columns["assignment_id"] == build.assignment_of(container)
        shares = mean_shares({name: column[own] for name, column in columns.items()})
        assert shares[0] == max(shares)
        assert shares[-1] > min(shares[1:-1])


def test_in_short_days_the_peaks_of_appetite_run_into_one_another():
    summer, winter = (
        build.daily((PEN_2,), date(2016, month, 1), date(2016, month, 30)) for month in (6, 12)
    )

    spread = [np.ptp(mean_shares(columns)) for columns in (summer, winter)]

    assert spread[1] < spread[0]


def test_fish_under_lamps_eat_alike_all_day():
    columns = build.daily((TANK_RAS,))
    columns["appetite"][:] = 1.0

    assert mean_shares(columns) == pytest.approx([1 / 8] * 8, rel=0.2)


def test_poor_appetite_costs_the_later_meals_first():
    columns = build.daily((build.TANK_SMOLT,))
    columns["appetite"][:] = 0.3

    shares = mean_shares(columns)

    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.8 * shares[0]


def test_feed_of_no_type_is_refused():
    columns = build.daily((PEN_2,))
    columns["feed_type_id"][:] = 0

    with pytest.raises(ContractBroken, match="no type of feed"):
        meals(columns)


def test_feed_comes_from_the_store_of_the_station_or_site():
    rows = meals(build.daily())

    stores = {(row["assignment_id"], row["feed_store_id"]) for row in rows}

    assert stores == {
        (build.assignment_of(TANK_RAS), 1),
        (build.assignment_of(TANK_FLOW), 2),
        (build.assignment_of(build.TANK_SMOLT), 2),
        # Two barges share the pens of a site.
        (build.assignment_of(PEN_1), 4),
        (build.assignment_of(PEN_2), 3),
    }


def test_feeding_percent_is_the_meals_share_of_the_biomass():
    columns = build.daily((PEN_2,))

    for row in meals(columns):
        biomass = columns["biomass_kg"][columns["date"] == np.datetime64(row["fed_at"].date())][0]
        assert row["feeding_percent"] == pytest.approx(float(row["amount_kg"]) / biomass * 100)


def test_feed_given_to_fish_that_died_the_same_day_has_no_percentage():
    columns = build.daily((PEN_2,))
    columns["biomass_kg"][:] = 0.0

    assert {row["feeding_percent"] for row in meals(columns)} == {0.0}


def test_fry_are_fed_by_hand_and_pens_from_the_barge():
    methods = {(row["assignment_id"], row["method"]) for row in meals(build.daily())}

    assert (build.assignment_of(TANK_RAS), "hand") in methods
    assert (build.assignment_of(PEN_2), "pneumatic") in methods
    assert len(methods) == 5


def test_feeding_eggs_is_refused():
    columns = build.daily((TRAY,))
    columns["feed_g"][3] = 5

    with pytest.raises(ContractBroken, match="eggs or alevins were fed"):
        meals(columns)


def test_feeding_without_a_store_is_refused():
    layout = build.layout()
    layout.containers.feed_store_id[:] = -1

    with pytest.raises(ContractBroken, match="no feed store"):
        meals(build.daily((PEN_2,)), layout)
