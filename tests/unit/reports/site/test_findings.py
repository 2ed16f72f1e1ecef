"""What a caption says is what the rows hold."""

from __future__ import annotations

from datetime import date

from farm.reports.site import findings
from farm.reports.site.chart import REST
from farm.reports.site.data import Row
from farm.reports.site.grouping import largest, totals

YEARS = [
    {"month": date(year, month, 1), "c": (month if month < 9 else 16 - month) + year - 2020}
    for year in (2020, 2021)
    for month in range(1, 13)
]


def test_the_season_is_that_of_the_means_of_all_years() -> None:
    found = findings.season(YEARS, "month", "c")
    assert found == findings.Season(high="August", low="January", highest=8.5, lowest=1.5)


def test_less_than_a_year_has_no_season() -> None:
    assert findings.season(YEARS[:11], "month", "c") is None


def test_what_is_not_known_is_neither_the_highest_nor_the_lowest() -> None:
    rows: list[Row] = [{"v": None}, {"v": 2.0}, {"v": 1.0}]
    assert findings.top(rows, "v") == {"v": 2.0}
    assert findings.bottom(rows, "v") == {"v": 1.0}
    assert findings.top([{"v": None}], "v") is None


def test_places_add_up_month_by_month() -> None:
    rows: list[Row] = [
        {"at": 2, "t": 1.0},
        {"at": 1, "t": 2.0},
        {"at": 2, "t": None},
        {"at": 2, "t": 3.0},
    ]
    assert findings.summed(rows, "at", "t") == [{"at": 1, "t": 2.0}, {"at": 2, "t": 4.0}]


def test_small_groups_are_drawn_together_and_nothing_is_lost() -> None:
    rows: list[Row] = [
        {"who": who, "at": at, "n": n}
        for who, at, n in (("a", 1, 5), ("b", 1, 9), ("c", 1, 1), ("d", 2, 2), ("b", 2, 1))
    ]
    drawn, names = largest(rows, "who", "at", "n", most=3)
    assert names == ["b", "a", REST]
    assert [row["n"] for row in drawn if row["who"] == REST] == [1, 2]
    assert sum(row["n"] for row in drawn) == sum(row["n"] for row in rows)
    assert list(totals(rows, "who", "n")) == ["b", "a", "d", "c"]


def test_a_few_groups_all_keep_their_names() -> None:
    rows: list[Row] = [{"who": who, "at": 1, "n": 1} for who in "ab"]
    assert largest(rows, "who", "at", "n", most=2)[1] == ["a", "b"]
