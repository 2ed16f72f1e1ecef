"""Counting: when lice are counted, on how many fish, and what is found."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from farm.domain.delousing import CountingRule
from farm.domain.quantity import PLAIN
from farm.simulation.care.counting import Counting, lice_found
from farm.simulation.care.facts import Counts
from farm.simulation.process import Morning
from tests.unit.simulation.lice_bench import LiceBench
from tests.unit.simulation.mornings import reopened


class Site(LiceBench):
    """Lice that never change, and people who count them."""

    def __init__(self, first: date, geography: str = "FO") -> None:
        super().__init__(first=first, geography=geography)
        self.counting = Counting(self.biology, self.frame, self.dice)
        self.state.own[self.counting.name] = self.counting.begin()
        self.found: list[tuple[date, Counts]] = []

    def count(
        self, days: int, wanted: bool = False, storm: bool = False, females: float = 0.3
    ) -> list[date]:
        """Live through some days; returns those on which somebody counted."""
        asked = self.pens if wanted else self.pens[:0]
        counted = []
        for _ in range(days):
            morning = self.morning(storm=storm)
            self.seen(morning, females)
            counts = self.counting.count(morning, asked)
            if counts.fish.any():
                self.found.append((self.date, counts))
                counted.append(self.date)
                asked = self.pens[:0]
            self.date += timedelta(days=1)
        return counted

    def seen(self, morning: Morning, females: float) -> None:
        morning.signs.lice_adult_female[self.pens] = females
        morning.signs.lice_mobile[self.pens] = 4.0 * females
        morning.signs.lice_attached[self.pens] = females


def days_between(days: list[date]) -> set[int]:
    return {(b - a).days for a, b in pairwise(days)}


def test_the_faroese_count_every_fortnight_on_twenty_fish_of_each_pen():
    site = Site(date(2018, 1, 1))
    days = site.count(120)
    assert days[0] == date(2018, 1, 15)
    assert days_between(days) == {14}
    for _, counts in site.found:
        assert (counts.fish[site.pens] == 20).all()
        assert not counts.fish[site.frame.tanks].any()


def test_the_scots_count_weekly_in_the_season_and_always_since_the_law_wants_it():
    assert days_between(Site(date(2019, 1, 1), "SC").count(90)) == {14}
    assert days_between(Site(date(2019, 7, 10), "SC").count(90)) == {7}
    around = Site(date(2021, 2, 1), "SC").count(120)
    assert days_between([day for day in around if day < date(2021, 3, 29)]) == {14}
    assert days_between([day for day in around if day >= date(2021, 4, 4)]) == {7}


def test_nobody_counts_in_a_storm_and_the_count_is_made_up_for_soon():
    site = Site(date(2018, 1, 1))
    assert site.count(20, storm=True) == []
    assert site.count(3) == [date(2018, 1, 21)]


def test_after_a_treatment_a_site_is_counted_as_soon_as_its_pens_can_be_counted_together():
    site = Site(date(2018, 1, 1))
    site.count(16)
    gather = site.biology.care.gather
    assert site.count(gather + 2, wanted=True) == [date(2018, 1, 17) + timedelta(days=gather)]


def test_empty_pens_and_fish_that_came_today_are_not_counted():
    site = Site(date(2018, 1, 1))
    empty, new, few = site.pens[:3].tolist()
    site.state.population[empty] = 0
    site.state.population[few] = 7
    site.count(14)
    site.state.arrived[new] = site.date.toordinal()
    site.count(1)
    (_, counts), *_ = site.found
    assert counts.fish[[empty, new, few]].tolist() == [0, 0, 7]
    assert counts.adult_female[[empty, new]].tolist() == [0, 0]


def test_a_new_generation_is_counted_when_an_interval_has_gone():
    site = Site(date(2018, 1, 1))
    site.count(17)
    site.state.population[:] = 0
    assert site.count(100) == []
    site.state.population[site.pens] = 1000
    begun = site.date
    assert site.count(20) == [begun + timedelta(days=14)]


@pytest.mark.parametrize("mean", [0.02, 0.3, 4.0])
def test_totals_are_negative_binomial_as_sums_over_single_fish_are(mean):
    # Given many samples of 20 fish with k = 0.8: variance of a sum is n (mean + mean^2 / k)
    fish, k = np.full(20_000, 20), 0.8
    chance = np.random.default_rng(5)
    found = lice_found([chance], [fish.size], fish, np.full((3, fish.size), mean), k)
    expected = 20.0 * (mean + mean * mean / k)
    assert found.mean(axis=1) == pytest.approx(20.0 * mean, rel=0.05)
    assert found.var(axis=1) == pytest.approx(expected, rel=0.1)
    # Fish with many lice of one group have more of the others
    if mean >= 0.3:
        assert np.corrcoef(found[0], found[1])[0, 1] > 0.1


def test_lice_of_several_sites_are_those_of_each():
    chance = np.random.default_rng(8)
    sizes = [3, 1, 6]
    fish, means = chance.choice([0, 7, 20], 10), chance.random((3, 10)) * 4.0

    together = lice_found([np.random.default_rng(n) for n in sizes], sizes, fish, means, 0.8)

    first = 0
    for size in sizes:
        site = slice(first, first + size)
        alone = lice_found([np.random.default_rng(size)], [size], fish[site], means[:, site], 0.8)
        np.testing.assert_array_equal(together[:, site], alone)
        first += size


def test_people_miss_most_attached_lice():
    site = Site(date(2018, 1, 1))
    site.count(700, females=2.0)
    fish = sum(int(counts.fish.sum()) for _, counts in site.found)
    attached = sum(int(counts.attached.sum()) for _, counts in site.found) / fish
    females = sum(int(counts.adult_female.sum()) for _, counts in site.found) / fish
    assert females == pytest.approx(2.0, rel=0.1)
    assert attached == pytest.approx(2.0 * site.biology.lice.attached_seen, rel=0.15)


def test_counts_are_the_same_wherever_a_session_is_cut():
    whole, cut = Site(date(2018, 1, 1)), Site(date(2018, 1, 1))
    whole.count(200)
    cut.count(101)
    cut.counting = Counting(cut.biology, cut.frame, cut.dice)
    cut.state = reopened(cut.state, cut.state)
    cut.count(99)
    assert [day for day, _ in whole.found] == [day for day, _ in cut.found]
    for (_, one), (_, other) in zip(whole.found, cut.found, strict=True):
        np.testing.assert_array_equal(one.adult_female, other.adult_female)
        np.testing.assert_array_equal(one.mobile, other.mobile)


def test_a_season_may_go_over_the_new_year():
    rule = CountingRule.model_validate(
        {
            "since": "2015-01-01",
            "interval": 14,
            "season_interval": 7,
            "season_from": 11,
            "season_to": 2,
            "fish_per_pen": 10,
        },
        context=PLAIN,
    )
    assert [rule.days_between(month) for month in (10, 11, 12, 1, 2, 3)] == [14, 7, 7, 7, 7, 14]
