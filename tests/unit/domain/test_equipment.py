from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import dates, floats, integers
from pydantic import ValidationError

from farm.domain.equipment import FittingOut, Instrument, installed_on
from farm.domain.quantity import PLAIN

FIRST_DAY = date(2015, 1, 1)
FITTING_OUT = FittingOut.model_validate(
    {
        "oldest_station_days": 6940,
        "stations_apart_days": 410,
        "oldest_site_days": 7300,
        "sites_apart_days": 75,
        "newest_days": 220,
        "commissioning_days": 60,
    },
    context=PLAIN,
)


def instrument(*years: int) -> Instrument:
    return Instrument.model_validate_json(
        '{"life_years": 5, "mounts": {"pen": {"position": "pen centre", "depth_m": 5}}, "models": ['
        + ", ".join(f'{{"from_year": {year}, "name": "made from {year}"}}' for year in years)
        + "]}",
        context=PLAIN,
    )


@given(
    bought=dates(date(1990, 1, 1), date(2014, 12, 1)),
    life=floats(0.5, 40),
    later=integers(0, 9000),
)
def test_what_serves_today_is_no_older_than_its_life(bought, life, later):
    today = bought + timedelta(days=later)
    installed = installed_on(bought, life, today)
    assert bought <= installed <= today
    assert (today - installed).days < round(life * 365.25)


def test_what_is_bought_is_what_was_usual_in_that_year():
    optical = instrument(1995, 2008)
    assert optical.model(date(2007, 12, 31)) == "made from 1995"
    assert optical.model(date(2008, 1, 1)) == "made from 2008"
    assert optical.model(date(1980, 1, 1)) == "made from 1995"


def test_models_out_of_order_are_refused():
    with pytest.raises(ValidationError, match="models must rise in from_year"):
        instrument(2008, 1995)


def test_places_open_one_after_another_and_none_just_before_the_fish_come():
    for place in ("station", "site"):
        opened = [FITTING_OUT.opened_on(FIRST_DAY, place, number) for number in range(1, 100)]
        assert opened == sorted(opened)
        assert len(set(opened)) > 15
        assert max(opened) == FIRST_DAY - timedelta(days=220)
