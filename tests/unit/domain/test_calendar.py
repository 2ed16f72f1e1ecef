"""Days, as the simulation keeps them."""

from __future__ import annotations

from datetime import date

from farm.domain.calendar import day_of


def test_a_day_is_found_again_by_its_ordinal():
    assert day_of(date(2016, 2, 29).toordinal()) == date(2016, 2, 29)


def test_what_never_happened_has_no_day():
    assert day_of(0) is None
