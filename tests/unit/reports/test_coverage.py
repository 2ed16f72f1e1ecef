"""Rows by table and year, and what has none."""

from __future__ import annotations

from farm.reports.coverage import Coverage, coverage

ROWS: dict[str, dict[int | None, int]] = {
    "site": {None: 12},
    "treatment": {},
    "lice_count": {2016: 40, 2018: 60},
    "batch": {2015: 3},
}
DATED = {"treatment": "start_date", "lice_count": "counted_on", "batch": "start_date"}


def found() -> Coverage:
    return coverage(ROWS, DATED)


def test_tables_with_years_come_first_each_part_by_name():
    assert [one.name for one in found().tables] == ["batch", "lice_count", "treatment", "site"]


def test_years_have_no_gaps_and_add_up():
    seen = found()

    assert seen.years == (2015, 2016, 2017, 2018)
    assert [seen.rows_of(year) for year in seen.years] == [3, 40, 0, 60]
    assert seen.rows == 115


def test_a_table_without_rows_is_named():
    assert found().empty == ("treatment",)


def test_the_answer_says_every_year_of_tables_that_have_years():
    told = found().as_json()

    assert told["years"] == [2015, 2016, 2017, 2018]
    assert told["tables"]["lice_count"] == {
        "rows": 100,
        "by_year": {"2015": 0, "2016": 40, "2017": 0, "2018": 60},
    }
    assert told["tables"]["site"] == {"rows": 12, "by_year": None}
    assert told["empty"] == ["treatment"]


def test_an_empty_database_has_no_years():
    seen = coverage({name: {} for name in ROWS}, DATED)

    assert (seen.years, seen.rows) == ((), 0)
    assert set(seen.empty) == set(ROWS)
