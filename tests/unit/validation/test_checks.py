"""The checks as they are written: complete, explained, and in step with the published bands."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from farm.validation.checks import Group, Needs, load_checks, parse
from farm.validation.summary import READING_MONTH

ROOT = Path(__file__).parents[3]
CHECKS = load_checks()
FIGURES = [check for check in CHECKS if check.measures]
BANDS_FILE = (ROOT / "config/reference/bands.csv").read_text(encoding="utf-8")
BANDS = {row["id"] for row in csv.DictReader(BANDS_FILE.splitlines())}

ONE = """
-- fish --
-- Every fish is one.
-- None is two.
-- Source: arithmetic
SELECT 1 AS fish;
"""


def test_there_are_checks_of_every_group() -> None:
    assert {check.group for check in CHECKS} == set(Group)
    assert len(CHECKS) >= 45


def test_ids_are_unique_over_all_groups() -> None:
    names = [check.id for check in CHECKS]
    assert len(set(names)) == len(names)


def test_a_query_is_a_check_and_its_comment_says_everything_about_it() -> None:
    (check,) = parse(Group.BUSINESS, ONE)
    assert (check.id, check.group, check.title) == ("fish", Group.BUSINESS, "Every fish is one")
    assert (check.explanation, check.source, check.unit) == (
        "None is two.",
        "arithmetic",
        "offenders",
    )
    assert not check.measures


def test_a_query_that_measures_has_its_own_unit_and_says_what_it_needs() -> None:
    text = ONE.replace("AS fish", "AS measured").replace(
        "-- Source: arithmetic", "-- Source: arithmetic\n-- Unit: fish\n-- Needs: 3 years of data"
    )
    (check,) = parse(Group.STATISTICS, text)
    assert check.measures
    assert (check.unit, check.needs) == ("fish", Needs(3, "years of data"))


def test_words_of_the_comment_do_not_count_as_code() -> None:
    (check,) = parse(Group.BUSINESS, ONE.replace("None is two", "None is measured in a band"))
    assert not check.measures
    assert not check.uses("arithmetic")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("-- Every fish is one.\n-- None is two.\n", "fish has no title"),
        ("-- None is two.\n", "fish has no explanation"),
        ("-- Source: arithmetic\n", "fish has no source"),
    ],
)
def test_a_query_that_is_not_explained_is_refused(line: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse(Group.BUSINESS, ONE.replace(line, ""))


def test_needs_that_cannot_be_counted_are_refused() -> None:
    with pytest.raises(ValueError, match="Needs must read like"):
        parse(Group.STATISTICS, ONE.replace("-- Source", "-- Needs: some years\n-- Source"))


def test_a_check_of_days_may_be_asked_by_year() -> None:
    days = ONE.replace("SELECT 1 AS fish", "SELECT %(first)s AS fish, %(after)s AS other")
    by_year = days.replace("-- Source", "-- By: year\n-- Source")
    assert [parse(Group.BUSINESS, text)[0].by_year for text in (days, by_year)] == [False, True]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"-- Source": "-- By: month\n-- Source"}, "By must say `year`, not `month`"),
        ({"-- Source": "-- By: year\n-- Source"}, "only offenders from `first` to `after`"),
        (
            {
                "-- Source": "-- By: year\n-- Source",
                "1 AS fish": "%(first)s AS measured, %(after)s AS had",
            },
            "only offenders from `first` to `after`",
        ),
    ],
)
def test_what_cannot_be_asked_by_year_is_refused(changes: dict[str, str], problem: str) -> None:
    text = ONE
    for old, new in changes.items():
        text = text.replace(old, new)
    with pytest.raises(ValueError, match=problem):
        parse(Group.BUSINESS, text)


@pytest.mark.parametrize("check", FIGURES, ids=lambda check: check.id)
def test_a_figure_names_what_it_rests_on_and_a_band_or_its_limits(check) -> None:
    lines = check.query.as_string().splitlines()
    code = "\n".join(line for line in lines if not line.startswith("--"))
    assert check.needs is not None
    assert re.search(r"\bhad\b", code)
    if re.search(r"\bband\b", code):
        assert (check.unit, check.source) == ("", ""), "the band has both"
    else:
        assert all(re.search(rf"\b{word}\b", code) for word in ("low", "high"))
        assert check.unit
        assert check.source


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_comments_hold_nothing_that_a_driver_takes_for_a_place(check) -> None:
    places = re.findall(r"%.?", check.query.as_string())
    assert set(places) <= {"%(", "%%"}


def test_every_published_band_is_used_and_every_used_band_is_published() -> None:
    text = "".join(check.query.as_string() for check in FIGURES)
    used = set(re.findall(r"'([A-Z]{2}\d{2}[a-z]?)(?:\.\w+)?'", text))
    assert used == BANDS


def test_checks_of_the_readings_read_their_summary_and_never_all_of_them() -> None:
    readers = {check.id for check in CHECKS if check.uses("environmental_reading")}
    # one looks up single readings by their key; the other only names the table
    assert readers == {"readings_of_stocked_linked", "rows_as_marked"}
    assert sum(check.uses(READING_MONTH) for check in CHECKS) >= 10
