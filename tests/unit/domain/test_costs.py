"""Promises of the price and cost parameters, and of their formulas."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from farm.domain import exact
from farm.domain.calendar import Month
from farm.domain.costs import Costs, by_year, salmon_price, whole_cents
from farm.domain.harvest import Quality
from farm.domain.quantity import PLAIN
from tests.reference.small_farm import biology, economy


@pytest.fixture
def costs() -> Costs:
    return economy().costs


def changed(costs: Costs, **salmon: object) -> Costs:
    data = costs.model_dump()
    data["salmon"] |= salmon
    return Costs.model_validate(data, context=PLAIN)


def test_values_by_year_are_joined_in_the_middle_of_years_and_stand_still_outside():
    values = (10.0, 22.0, 4.0)
    mean = (by_year(values, 2015, Month(2015, 6)) + by_year(values, 2015, Month(2015, 7))) / 2
    assert mean == pytest.approx(10.25)  # the line begins to rise in the very middle
    step = by_year(values, 2015, Month(2016, 3)) - by_year(values, 2015, Month(2016, 2))
    assert step == pytest.approx(1.0)
    assert by_year(values, 2015, Month(1990, 1)) == 10.0
    assert by_year(values, 2015, Month(2015, 1)) == 10.0
    assert by_year(values, 2015, Month(2030, 1)) == 4.0
    assert by_year((7.0,), 2015, Month(2016, 5)) == 7.0


def test_salmon_is_dear_in_2016_and_2022_and_cheap_in_2020(costs):
    for code in ("FO", "SC"):
        july = {y: salmon_price(costs, code, Month(y, 7), 1.0) for y in range(2015, 2025)}
        assert july[2016] > 1.4 * july[2015]
        assert july[2020] < 0.8 * july[2017]
        assert july[2022] > 1.5 * july[2020]


def test_salmon_is_dearest_in_spring_and_cheapest_in_autumn(costs):
    year = [salmon_price(costs, "FO", Month(2018, m), 1.0) for m in range(1, 13)]
    assert 3 <= 1 + year.index(max(year)) <= 5
    assert 8 <= 1 + year.index(min(year)) <= 10


def test_large_and_superior_fish_bring_more(costs):
    factors = costs.salmon.classes
    assert list(factors) == sorted(factors)
    assert len(factors) == len(biology().harvest.grades.names)
    worth = [costs.salmon.quality(quality) for quality in Quality]
    assert worth == sorted(worth, reverse=True)
    assert worth[0] == 1.0


def test_a_season_that_changes_the_mean_of_the_year_is_refused(costs):
    with pytest.raises(ValidationError, match=r"the mean of season must be 1, not 1\.1"):
        changed(costs, season=[1.1] * 12)


def test_what_stands_for_no_geography_or_class_is_named(costs):
    known = biology().harvest.grades.names
    assert not list(costs.strangers(geographies={"FO", "SC"}, weight_classes=known))
    problems = dict(costs.strangers(geographies={"FO"}, weight_classes=known))
    assert set(problems) == {"egg", "operation", "harvest", "salmon.level"}
    short = changed(costs, classes=[1.0, 1.1])
    problems = dict(short.strangers(geographies={"FO", "SC"}, weight_classes=known))
    assert problems == {"salmon.classes": "needs a factor for each of 10 classes"}


def test_money_goes_through_whole_cents_unchanged():
    assert whole_cents(np.asarray([12.344999, -0.125])).tolist() == [1234, -12]
    for cents in (0, 1, -250, 123_456_789_012_345):
        assert exact.cents(exact.money(cents)) == cents
