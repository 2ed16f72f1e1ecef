"""Pens are emptied as fast as the line takes, in time, never while their fish are withheld."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import groupby

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.simulation.chronicle import Chronicle
from farm.simulation.dice import Dice
from farm.simulation.engine import simulate
from farm.simulation.flows import Flows
from farm.simulation.frame import Frame
from farm.simulation.harvest_lots import Sorting
from farm.simulation.harvesting import Harvesting
from farm.simulation.process import Signs, Today
from farm.simulation.salmon_market import SalmonMarket
from farm.simulation.state import State
from farm.simulation.streams import Streams
from tests.reference.harvest_lots import lots_of
from tests.reference.small_farm import (
    Nature,
    Sketch,
    biology,
    economy,
    healthy,
    ordered,
    slaughtered,
    small_plan,
)

BRIEF = (30, 32, 34, 36, 38, 300)
PERIOD = Period(Month(2015, 1), Month(2016, 6))

#: A day in the middle of `PERIOD`, and the fish of a pen on it.
TODAY, FISH, WEIGHT = date(2016, 1, 10), 40_000, 5_600.0


class Site:
    """A site of four pens full of fish that weigh what is ordered, and its slaughter line."""

    def __init__(self, *, line: float = 100.0, weight: float = WEIGHT, days_left: int = 60):
        plan = small_plan(Sketch(eggs=60_000, containers=(1, 1, 1, 1, 1, 4)))
        self.biology = slaughtered(ordered(biology(), 5_000.0), line)
        self.frame = Frame.of(plan.world, "FO")
        dice = Dice(Streams(1), self.frame)
        market = SalmonMarket(economy().costs, self.biology.harvest.grades.names, dice)
        self.sorting = Sorting(self.biology.harvest, market, dice)
        self.harvesting = Harvesting(self.biology, self.frame, dice)
        self.state, self.pens = State.empty(self.frame), self.frame.pens
        self.chronicle = Chronicle(PERIOD, self.frame, 0)
        self.signs = Signs(self.frame.size, 0)
        self.today = TODAY
        pens, state = self.pens, self.state
        state.assignment[pens] = 1 + np.arange(pens.size)
        state.population[pens], state.weight_g[pens], state.weight_cv[pens] = FISH, weight, 0.25
        state.arrived[pens] = TODAY.toordinal() - 300
        state.ready_from[pens] = TODAY.toordinal() - 10
        state.empty_by[pens] = TODAY.toordinal() + days_left

    def live(self, days: int) -> None:
        for _ in range(days):
            flows = Flows.none(self.frame.size)
            self.harvesting.work(
                Today.of(self.today), self.state, self.signs, self.chronicle, flows
            )
            self.today += timedelta(days=1)

    def days_of(self, pen: int) -> list[date]:
        return [h.date for h in self.chronicle.harvests if h.assignment_id == pen + 1]


def test_a_pen_is_emptied_over_the_days_that_the_line_needs():
    # Given pens of 224 t and a line of 100 t a day
    site = Site()
    site.live(20)

    # Then each takes three days in a row, no more than the line takes, and the next one follows
    for pen in range(4):
        taken = [h for h in site.chronicle.harvests if h.assignment_id == pen + 1]
        assert sum(h.count for h in taken) == FISH
        assert len(taken) == 3
        assert max(h.biomass_kg for h in taken) <= 100_000
    days = sorted(h.date for h in site.chronicle.harvests)
    assert days == [days[0] + timedelta(days=n) for n in range(12)]


def test_fish_fast_before_the_first_of_them_is_taken():
    site = Site()
    site.live(20)
    assert min(site.days_of(pen)[0] for pen in range(4)) == TODAY + timedelta(
        days=site.biology.feeding.fasting_before_harvest + 1
    )


def test_the_last_pen_is_empty_on_its_last_day_even_where_the_line_is_too_slow():
    site = Site(line=10.0, weight=4_000.0, days_left=30)
    site.live(32)
    assert not site.state.population.any()
    assert max(h.date for h in site.chronicle.harvests) <= TODAY + timedelta(days=30)


def test_light_fish_wait_until_there_is_just_enough_time():
    # Given pens of 80 t that nobody ordered yet: a day each
    site = Site(weight=2_000.0, days_left=30)
    site.live(32)
    days = sorted(h.date for h in site.chronicle.harvests)
    assert days == [TODAY + timedelta(days=n) for n in range(27, 31)]


def test_nothing_is_taken_while_fish_are_withheld_and_the_days_lost_are_counted():
    site = Site()
    site.state.withheld[site.pens[:2]] = 1
    site.live(15)
    assert {h.assignment_id for h in site.chronicle.harvests} == {3, 4}
    assert site.state.postponed[site.pens].tolist() == [15, 15, 0, 0]
    site.state.withheld[:] = 0
    site.live(20)
    assert not site.state.population.any()
    assert min(site.days_of(0) + site.days_of(1)) >= TODAY + timedelta(days=15)


def test_a_harvest_stops_where_withholding_begins_and_the_fish_are_fed_again():
    site = Site()
    site.live(4)
    begun = site.pens[site.state.population[site.pens] < FISH]
    assert begun.size == 1
    site.state.withheld[begun] = 1
    left = site.state.population[begun].copy()
    site.live(10)
    assert site.state.population[begun] == left
    assert site.state.leaves[begun] == 0


def test_a_pen_that_is_withheld_beyond_its_last_day_is_emptied_as_soon_as_fish_have_fasted():
    site = Site(days_left=5)
    site.state.withheld[site.pens] = 1
    site.live(10)
    assert not site.chronicle.harvests
    site.state.withheld[:] = 0
    site.live(5)
    assert not site.state.population.any()


def test_fish_that_must_go_early_go_first_whatever_they_weigh():
    site = Site(weight=3_000.0)
    site.state.ready_from[site.pens] = TODAY.toordinal() + 50
    site.state.early[site.pens[2]] = 1
    site.live(10)
    assert {h.assignment_id for h in site.chronicle.harvests} == {3}


def test_fish_heavier_than_anybody_orders_do_not_wait_for_their_turn():
    site = Site()
    site.state.ready_from[site.pens] = TODAY.toordinal() + 50
    site.state.weight_g[site.pens[1]] = 7_000.0
    site.live(10)
    assert {h.assignment_id for h in site.chronicle.harvests} == {2}


def test_a_pen_without_fish_is_closed_without_a_harvest():
    site = Site()
    site.state.population[site.pens[0]] = 0
    site.live(20)
    assert not site.days_of(0)
    assert 1 in {a.id for a in site.chronicle.assignments}


def test_wounded_fish_are_sold_as_production_fish():
    site = Site()
    site.signs.wounded[site.pens[0]] = 0.3
    site.live(20)
    lots = lots_of(site.sorting.lots(site.chronicle.catches))
    share = {
        pen: sum(
            lot.count
            for lot in lots
            if lot.assignment_id == pen + 1 and lot.quality == "production"
        )
        / FISH
        for pen in range(4)
    }
    assert share[0] > max(share[1], share[2], share[3]) + 0.2


@pytest.fixture(scope="module")
def history():
    plan = small_plan(Sketch(days=BRIEF, containers=(1, 1, 1, 1, 1, 3)))
    world = Nature(3, slaughtered(healthy(biology()), 8.0))
    return simulate(world, plan, "FO", PERIOD, None)


def test_lots_add_up_to_their_event(history):
    lots = {
        key: list(group)
        for key, group in groupby(
            lots_of(history.harvest_lots), key=lambda x: (x.date, x.assignment_id)
        )
    }
    assert len(history.harvests) > 6
    for event in history.harvests:
        mine = lots.pop((event.date, event.assignment_id))
        assert sum(lot.count for lot in mine) == event.count
        live = math.fsum(lot.live_kg for lot in mine)
        assert live == pytest.approx(event.biomass_kg, rel=1e-14)
        assert len({(lot.weight_class, lot.quality) for lot in mine}) == len(mine)
        for lot in mine:
            assert lot.live_kg == pytest.approx(lot.count * lot.mean_weight_g / 1000)
            assert 0.8 < lot.gutted_kg / lot.live_kg < 0.88
    assert not lots


def test_the_population_falls_by_what_is_harvested(history):
    daily, taken = history.daily, {(h.assignment_id, h.date): h.count for h in history.harvests}
    keys = zip(daily["assignment_id"].tolist(), daily["date"].astype(object), strict=True)
    gone = np.array([taken.get(key, 0) for key in keys])
    assert (gone > 0).any()
    before, after = daily["population"][:-1], daily["population"][1:]
    during = gone[1:] > 0
    assert np.array_equal(before[during] - after[during], (gone[1:] + daily["deaths"][1:])[during])
    # What is left of a pen gets no feed from the days before the first fish is taken to the last.
    assert not daily["feed_g"][gone > 0].any()
