"""Charts made of letters."""

from __future__ import annotations

import pytest

from farm.cli import charts


def test_a_sparkline_has_one_letter_per_value_and_nothing_for_zero():
    assert charts.sparkline([0, 1, 4, 8], width=10) == " ▂▅█"


def test_a_sparkline_of_many_values_keeps_to_its_width():
    line = charts.sparkline(list(range(1, 121)), width=24)
    assert len(line) == 24
    assert (line[0], line[-1]) == ("▁", "█")


def test_a_given_top_makes_sparklines_comparable():
    assert charts.sparkline([0.5, 0.5], width=2, top=1.0) == "▅▅"


def test_nothing_at_all_is_a_line_of_spaces():
    assert charts.sparkline([0, 0, 0], width=5) == "   "
    assert not charts.sparkline([], width=5)


def test_condensing_keeps_the_mean():
    values = [float(v) for v in range(37)]
    shown = charts.condensed(values, 37)
    assert shown == values
    assert charts.condensed([1.0, 3.0, 5.0, 7.0], 2) == [2.0, 6.0]


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "    "),
        (1, "████"),
        (2, "████"),
        (-1, "    "),
        (0.5, "██  "),
        (0.28125, "█▏  "),
    ],
)
def test_a_bar_has_exactly_its_width(share, text):
    assert charts.bar(share, width=4) == text


def months(number: int) -> list[str]:
    return [f"{2015 + at // 12}-{at % 12 + 1:02d}" for at in range(number)]


def test_years_stand_where_they_begin():
    assert charts.years_above(months(30), 30) == "2015        2016        2017"


def test_years_that_would_touch_are_left_out():
    assert charts.years_above(months(60), 20) == "2015    2017    2019"


def test_years_are_never_wider_than_what_they_stand_over():
    for number in range(1, 140):
        for width in (1, 7, 40):
            assert len(charts.years_above(months(number), width)) <= min(number, width)
