"""Words on the command line become values, or one clear line."""

from __future__ import annotations

import click
import pytest

from farm.cli.options import MonthType, SessionRange
from farm.domain.calendar import Month


@pytest.mark.parametrize(
    ("text", "value"), [("1", (1, 1)), ("1-4", (1, 4)), ("12-12", (12, 12)), ("03", (3, 3))]
)
def test_sessions_are_one_or_a_range(text, value):
    assert SessionRange()(text) == value
    assert SessionRange()(value) == value


@pytest.mark.parametrize("text", ["", "x", "1-", "-4", "4-1", "0", "1-2-3", "1,2", "²"])
def test_anything_else_is_refused(text):
    with pytest.raises(click.BadParameter):
        SessionRange()(text)


def test_a_month_is_written_year_dash_month():
    assert MonthType()("2016-03") == Month(2016, 3)
    assert MonthType()(Month(2016, 3)) == Month(2016, 3)


@pytest.mark.parametrize("text", ["", "2016", "2016-13", "2016-3", "16-03", "2016-03-01", "x"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(click.BadParameter):
        MonthType()(text)
