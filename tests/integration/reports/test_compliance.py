"""Counts above a limit and losses to be notified, against plain loops over the rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from farm.settings.yardsticks import Yardsticks
from tests.integration.reports.written import Written

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def rows(farm_url: str):
    """Asks the farm's database."""
    with psycopg.connect(farm_url) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_counts_are_compared_with_the_limit_of_their_day(rows, written: Written) -> None:
    limits = rows(
        "SELECT geography_id, from_date, to_date, first_month, last_month, adult_female"
        " FROM lice_limit WHERE kind = 'treat'"
    )
    counts = rows(
        "SELECT s.code, r.geography_id, l.counted_on, sum(l.n * l.adult_female) / sum(l.n)"
        " FROM lice_count l JOIN assignment a ON a.id = l.assignment_id"
        " JOIN container c ON c.id = a.container_id JOIN site s ON s.id = c.site_id"
        " JOIN area r ON r.id = s.area_id GROUP BY 1, 2, 3"
    )

    def limit(geography: int, day: date) -> float:
        (found,) = (
            value
            for of, since, until, first, last, value in limits
            if of == geography
            and since <= day <= (until or date.max)
            and (day.month - first) % 12 <= (last - first) % 12
        )
        return float(found)

    shares: dict[tuple[str, date], float] = defaultdict(float)
    for site, geography, day, lice in counts:
        month = site, day.replace(day=1)
        shares[month] = max(shares[month], float(lice) / limit(geography, day))
    told = {
        (row["place"], date.fromisoformat(row["month"])): float(row["percent"])
        for row in written.csv("lice/months.csv")
    }
    assert told == {
        month: pytest.approx(100 * share, abs=0.005001) for month, share in shares.items()
    }


def test_a_notice_is_due_where_too_many_fish_died(
    rows, written: Written, yardsticks: Yardsticks
) -> None:
    expected: dict[tuple[str, date], int] = defaultdict(int)
    for site, days in _days_of_sites(rows).items():
        for month in _notices(days, yardsticks):
            expected[site, month] += 1
    told = {
        (row["place"], date.fromisoformat(row["month"])): int(row["notices"])
        for row in written.csv("compliance/months.csv")
    }
    assert {month: n for month, n in told.items() if n} == expected
    assert expected, "a farm in which it never happens proves nothing"


def _days_of_sites(rows) -> dict[str, dict[date, tuple[int, int, float]]]:
    """Return fish, deaths and kilograms of each site and day."""
    found: dict[str, dict[date, tuple[int, int, float]]] = defaultdict(dict)
    for site, day, *figures in rows(
        "SELECT s.code, d.date, sum(d.population)::int, sum(d.deaths)::int, sum(d.biomass_kg)"
        " FROM daily_state d JOIN assignment a ON a.id = d.assignment_id"
        " JOIN container c ON c.id = a.container_id JOIN site s ON s.id = c.site_id GROUP BY 1, 2"
    ):
        found[site][day] = tuple(figures)
    return found


def _notices(days: dict[date, Any], yardsticks: Yardsticks) -> list[date]:
    """Return the months of the weeks for which a notice is due."""
    rule = yardsticks.mortality_notice
    weeks: dict[date, list[tuple[int, int, float]]] = defaultdict(list)
    for day, figures in days.items():
        weeks[day - timedelta(days=day.weekday())].append(figures)
    known = {
        monday: (max(f + d for f, d, _ in of), sum(d for _, d, _ in of), of)
        for monday, of in weeks.items()
        if max(f + d for f, d, _ in of)
    }
    due = []
    for monday, (fish, dead, of) in sorted(known.items()):
        heads = max(f for f, _, _ in of)
        small = heads > 0 and 1000 * max(kg for _, _, kg in of) / heads < rule.small_below_g
        five = [w for w in sorted(known) if monday - timedelta(days=28) <= w <= monday]
        five_dead = sum(known[w][1] for w in five)
        of_week = rule.week_small if small else rule.week_large
        of_five = rule.five_weeks_small if small else rule.five_weeks_large
        if 100 * dead / fish >= of_week or 100 * five_dead / known[five[0]][0] >= of_five:
            due.append(monday.replace(day=1))
    return due
