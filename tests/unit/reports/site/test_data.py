"""Rows become CSV files, values become words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from farm.reports.site.data import SIGNIFICANT, Column, Data, Mark, number, text
from farm.reports.site.wording import change, joined, several, short, shown


def test_a_csv_has_the_names_of_the_columns_and_every_row(tmp_path) -> None:
    rows = [
        {"day": date(2024, 3, 1), "kg": 1234.56789, "note": None, "more": 1},
        {"day": date(2024, 3, 2), "kg": 7.0, "note": 'a "b", c', "more": 2},
    ]
    shape = [text("day", "Day"), number("kg", "Feed", "kg", 1), text("note", "Note")]
    Data("feed", shape, rows).save(tmp_path / "feed.csv")
    assert (tmp_path / "feed.csv").read_text().splitlines() == [
        "day,kg,note",
        "2024-03-01,1234.568,",
        '2024-03-02,7,"a ""b"", c"',
    ]


@pytest.mark.parametrize(
    ("value", "digits", "kept"),
    [
        (0.123456, 0, "0.12"),
        (0.123456, 3, "0.1235"),
        (0.123456, SIGNIFICANT, "0.1235"),
        (123456.789, 1, "123456.8"),
        (1234567890.6, 1, "1234567891"),
        (-98765.4321, 2, "-98765.43"),
        (0.0, 2, "0"),
    ],
)
def test_a_csv_keeps_more_digits_than_are_shown_and_none_that_mean_nothing(
    tmp_path, value: float, digits: int, kept: str
) -> None:
    Data("one", [number("v", "V", "", digits)], [{"v": value}]).save(tmp_path / "one.csv")
    assert (tmp_path / "one.csv").read_text().splitlines() == ["v", kept]


def test_what_is_drawn_is_not_in_the_csv(tmp_path) -> None:
    rows = [{"name": "a", "mark": Mark(0.5, 0.2, 0.8, good=True)}]
    shape = [text("name", "Name"), Column("mark", "Mark", drawn=True)]
    Data("marks", shape, rows).save(tmp_path / "marks.csv")
    assert (tmp_path / "marks.csv").read_text() == "name\na\n"


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (1234.56, 1, "1,234.6"),
        (-1234.56, 0, "\N{MINUS SIGN}1,235"),
        (-0.001, 1, "0.0"),
        (None, 2, "\N{EN DASH}"),
        (date(2024, 3, 1), None, "2024-03-01"),
        (datetime(2024, 3, 1, 12, 5, tzinfo=UTC), None, "2024-03-01 12:05"),
        (2024, None, "2024"),
        (True, None, "yes"),
        (0.0456789, SIGNIFICANT, "0.046"),
        (2.71828, SIGNIFICANT, "2.72"),
        (31.4159, SIGNIFICANT, "31.4"),
        (12345.6, SIGNIFICANT, "12,346"),
        (80.0, SIGNIFICANT, "80"),
        (0.0, SIGNIFICANT, "0"),
    ],
)
def test_a_cell_reads(value: object, digits: int | None, said: str) -> None:
    assert shown(value, digits) == said


def test_words() -> None:
    assert several(1, "batch", "batches") == "1 batch"
    assert several(1200, "batch", "batches") == "1,200 batches"
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert short(45_300) == "45,300"
    assert short(1_240_000) == "1.24 M"
    assert change(2.0, 2.5) == "up 25 %"
    assert change(2.0, 2.004) == "unchanged"
