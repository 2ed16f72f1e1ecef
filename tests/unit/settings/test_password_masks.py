"""Passwords never reach an eye."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farm.settings.secrets import mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:pw@h:5432/db", "postgresql://u:***@h:5432/db"),
        ("redis://:pw@h/0", "redis://:***@h/0"),
        ("two: redis://:a@h postgresql://u:b@h/db", "two: redis://:***@h postgresql://u:***@h/db"),
        ("postgresql://u:with@at@h/db", "postgresql://u:***@h/db"),
        ("host=h password=pw user=u", "host=h password=*** user=u"),
        ("postgresql://h/db?user=u&password=pw&x=1", "postgresql://h/db?user=u&password=***&x=1"),
        ("postgresql://u@h/db", "postgresql://u@h/db"),
        ("at 12:30:01 nothing@all", "at 12:30:01 nothing@all"),
    ],
)
def test_only_passwords_are_masked(text: str, shown: str):
    assert mask(text) == shown


def test_nothing_stays_nothing():
    assert mask(None) is None


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "S"]), min_size=1))
def test_no_password_of_a_url_survives(password: str):
    assert mask(f"x postgresql://user:{password}@host/db y") == "x postgresql://user:***@host/db y"
