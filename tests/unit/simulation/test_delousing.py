"""Delousing: from a lice count and the limit to an order, or to none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from farm.domain.biology import Biology
from farm.domain.delousing import in_year
from farm.domain.quantity import PLAIN
from farm.simulation.care.delousing import Delousing, treatment_limit
from farm.simulation.care.facts import Counts, Note, NoteKind, Order
from farm.simulation.process import Today
from farm.simulation.state import State
from tests.reference.small_farm import biology
from tests.unit.simulation.lice_bench import LIMITS, LiceBench
from tests.unit.simulation.mornings import reopened


def with_delousing(**changes: Any) -> Biology:
    """The project's biology, but for the rules of delousing."""
    given = biology()
    care = given.care
    delousing = care.delousing.model_copy(update=changes)
    return given.model_copy(update={"care": care.model_copy(update={"delousing": delousing})})


def only(code: str) -> Biology:
    """One way to delouse, and no programmes."""
    years = biology().care.delousing.years
    methods = {"FO": {code: (1.0,) * len(years)}}
    return with_delousing(methods=methods, programmes={})


class Site(LiceBench):
    """Two sites, and people who decide."""

    def __init__(self, nature: Biology | None = None, first: date = date(2020, 3, 1)) -> None:
        super().__init__(nature or with_delousing(programmes={}), first=first)
        self.impossible: set[int] = set()
        self.urgent: list[bool] = []
        self.hire()
        self.state.own[self.delousing.name] = self.delousing.begin()
        self.orders: list[Order] = []
        self.notes: list[Note] = []
        # Yesterday the fish were here already.
        self.decide(None)

    def hire(self) -> None:
        self.delousing = Delousing(self.biology, self.frame, self.dice, self.possible)

    def possible(
        self,
        kind: int,  # noqa: ARG002
        containers: Sequence[int],
        today: Today,  # noqa: ARG002
        state: State,
        *,
        urgent: bool,
    ) -> list[int]:
        """Everything with fish, but for the pens that somebody ruled out."""
        self.urgent.append(urgent)
        return [i for i in containers if i not in self.impossible and state.population[i] > 0]

    def decide(
        self,
        females: float | None,
        fish: int = 20,
        warmth: float = 9.0,
        gills: float = 0.0,
        site: int = 0,
    ) -> list[Order]:
        """A day on which so many adult females per fish are counted at a site, None: no count."""
        morning = self.morning(warmth=warmth)
        morning.signs.gill_score[self.pens] = gills
        counts = Counts.none(self.frame.size)
        if females is not None:
            pens = self.frame.places[site].members
            counts.fish[pens] = fish
            counts.adult_female[pens] = round(fish * females)
        orders, notes = self.delousing.decide(morning, counts)
        self.orders += orders
        self.notes += notes
        self.date += timedelta(days=1)
        return orders

    def rest(self, days: int) -> list[Order]:
        """Days without counts."""
        return [order for _ in range(days) for order in self.decide(None)]

    def code(self, order: Order) -> str:
        return self.biology.treatments[order.kind].code


def act_from(day: date) -> float:
    care = biology().care.delousing
    limit = treatment_limit(LIMITS, day)
    assert limit is not None
    return limit * in_year(care.years, care.act_at["FO"], day)


def test_the_limit_is_that_of_the_day_and_its_season():
    assert treatment_limit(LIMITS, date(2020, 1, 15)) == 1.5
    assert treatment_limit(LIMITS, date(2020, 5, 1)) == 1.0
    assert treatment_limit(LIMITS, date(2020, 8, 1)) == 1.5
    assert treatment_limit(LIMITS, date(2009, 1, 1)) is None
    reported = LIMITS[0].__class__(9, 1, "report", date(2000, 1, 1), None, 1, 12, 0.1)
    assert treatment_limit((reported,), date(2020, 1, 1)) is None


def test_people_act_at_their_share_of_the_limit_and_not_below():
    site = Site()
    threshold = act_from(site.date)
    assert site.decide(threshold - 0.05, fish=1000) == []
    assert site.notes == []
    (order,) = site.decide(threshold + 0.05, fish=1000)
    assert order.containers == tuple(site.frame.places[0].members.tolist())
    assert (order.place, order.reason, order.outbreak) == (0, "lice", 0)
    prepared = site.biology.care.delousing.preparation
    assert order.day == (site.date - timedelta(days=1)).toordinal() + prepared


def test_the_mean_of_a_site_is_weighted_by_the_fish_of_its_pens():
    site = Site()
    pens = site.frame.places[0].members
    site.state.population[pens] = [1_000_000, 1000, 1000]
    counts = Counts.none(site.frame.size)
    counts.fish[pens] = 20
    counts.adult_female[pens] = [1, 400, 400]
    assert site.delousing.decide(site.morning(), counts) == ([], [])


def test_a_decision_says_what_was_counted_what_the_limit_is_and_what_is_done():
    site = Site()
    (order,) = site.decide(1.2, fish=100)
    lice, decision = site.notes
    assert (lice.kind, decision.kind) == (NoteKind.LICE, NoteKind.DECISION)
    assert lice.facts["adult_female"] == pytest.approx(1.2)
    assert (lice.facts["limit"], lice.facts["pens"], lice.facts["answer"]) == (1.5, 3, "treat")
    assert decision.facts["treatment"] == site.biology.treatments[order.kind].name
    assert decision.facts["reason"] == "lice"
    assert decision.facts["day"] == date.fromordinal(order.day).isoformat()


def test_a_treatment_is_given_time_before_the_next_is_decided_on():
    site = Site()
    pause = site.biology.care.delousing.pause
    assert site.decide(2.0)
    site.rest(pause - 2)
    assert site.decide(2.0) == []
    assert site.notes[-1].facts["answer"] == "wait"
    assert site.decide(2.0)
    assert site.decide(2.0, site=1), "the other site decides for itself"


def test_fish_that_are_to_be_harvested_soon_are_not_treated_any_more():
    site = Site()
    soon = site.date.toordinal() + site.biology.care.delousing.harvest_instead - 3
    first, second, third = site.frame.places[0].members.tolist()
    site.state.empty_by[first] = soon
    site.state.leaves[second] = soon
    (order,) = site.decide(1.2)
    assert order.containers == (third,)
    assert not any(site.urgent)
    site = Site()
    site.state.empty_by[:] = soon
    assert site.decide(1.2) == []
    assert site.notes[-1].facts["answer"] == "harvest"


def test_harvests_wait_where_the_law_wants_fish_treated_but_for_those_of_the_next_days():
    site = Site()
    rules, today = site.biology.care.delousing, site.date.toordinal()
    pens = site.frame.places[0].members
    first, second, third = pens.tolist()
    site.state.empty_by[[first, second]] = today + rules.harvest_instead - 3
    site.state.leaves[first] = today + rules.harvest_at_once - 2
    (order,) = site.decide(2.0)
    assert order.containers == (second, third)
    assert all(site.urgent)


def test_a_method_must_fit_the_water_the_fish_and_most_pens():
    warm = Site(only("thermal"))
    warmest = warm.biology.treatments[warm.kind("thermal")].warmest
    assert warm.decide(2.0, warmth=warmest + 1.0) == []
    assert warm.notes[-1].facts["answer"] == "nothing fits"
    assert warm.decide(2.0, warmth=warmest - 1.0)
    small = Site(only("thermal"))
    small.state.weight_g[small.pens] = 150.0
    assert small.decide(2.0) == []
    busy = Site(only("thermal"))
    busy.impossible = set(busy.pens[:2].tolist())
    assert busy.decide(2.0) == []
    busy.impossible = {int(busy.pens[0])}
    (order,) = busy.decide(2.0)
    assert order.containers == tuple(busy.pens[1:3].tolist())


def test_fish_with_sore_gills_are_spared_heat_and_pumps_unless_the_law_wants_treatment():
    sore = biology().care.delousing.sore_gills + 0.5
    site = Site(only("mechanical"))
    below = act_from(site.date) + 0.1
    assert site.decide(below, fish=1000, gills=sore) == []
    assert site.decide(1.6, fish=1000, gills=sore)
    bath = Site(only("freshwater_bath"))
    assert bath.decide(below, fish=1000, gills=sore)


def test_the_same_medicine_is_not_given_again_and_again():
    site = Site(only("azamethiphos"))
    care = site.biology.care.delousing
    assert site.decide(2.0)
    site.rest(care.medicine_rest - 2)
    assert site.decide(2.0) == []
    site.rest(1)
    assert site.decide(2.0)
    heat = Site(only("thermal"))
    assert heat.decide(2.0)
    heat.rest(care.pause)
    assert heat.decide(2.0)


def test_medicines_give_way_to_machines_over_the_years():
    shares = {}
    for year in (2015, 2017, 2020, 2023):
        methods: Counter[bool] = Counter()
        for day in range(0, 360, 12):
            site = Site(first=date(year, 1, 1) + timedelta(days=day))
            (order,) = site.decide(2.5)
            methods[site.biology.treatments[order.kind].is_medicine] += 1
        shares[year] = methods[True] / methods.total()
    assert shares[2015] > 0.75
    assert shares[2015] > shares[2017] > shares[2020]
    assert shares[2023] < 0.4


def test_what_is_not_allowed_any_more_is_not_used():
    site = Site(only("hydrogen_peroxide"), first=date(2022, 3, 1))
    assert site.decide(2.0) == []
    assert Site(only("hydrogen_peroxide"), first=date(2017, 3, 1)).decide(2.0)


def test_a_programme_is_given_once_to_a_generation_on_its_day():
    years = biology().care.delousing.years
    programme = biology().care.delousing.programmes["FO"]["emamectin"]
    always = programme.model_copy(update={"share": (1.0,) * len(years)})
    site = Site(with_delousing(programmes={"FO": {"emamectin": always}}))
    orders = site.rest(300)
    assert [(site.code(o), o.reason, o.place) for o in orders] == [
        ("emamectin", "preventive", 0),
        ("emamectin", "preventive", 1),
    ]
    assert orders[0].containers == tuple(site.frame.places[0].members.tolist())
    # The next generation gets it again
    site.state.population[:] = 0
    site.rest(60)
    site.state.population[site.pens] = 1000
    begun = site.date
    again = site.rest(programme.after + 1)
    assert len(again) == 2
    day = (begun + timedelta(days=programme.after)).toordinal()
    assert again[0].day == day + site.biology.care.delousing.preparation


def test_fewer_and_fewer_generations_get_a_programme():
    given = biology().care.delousing
    for programme in given.programmes["FO"].values():
        assert programme.share[-1] <= max(programme.share)
    never = {
        code: programme.model_copy(update={"share": (0.0,) * len(given.years)})
        for code, programme in given.programmes["FO"].items()
    }
    assert Site(with_delousing(programmes={"FO": never})).rest(100) == []


def test_decisions_are_the_same_wherever_a_session_is_cut():
    def year(site: Site, days: range) -> None:
        for day in days:
            site.decide(1.5 if day % 7 == 0 else None, site=day % 2)

    whole, cut = Site(biology()), Site(biology())
    year(whole, range(200))
    year(cut, range(90))
    cut.hire()
    cut.state = reopened(cut.state, cut.state)
    year(cut, range(90, 200))
    assert whole.orders == cut.orders
    assert len(whole.orders) > 8
    assert whole.notes == cut.notes


def test_ways_that_kill_no_lice_are_refused():
    given = biology()
    data = given.model_dump()
    years = given.care.delousing.years
    data["care"]["delousing"]["methods"]["FO"]["florfenicol"] = (1.0,) * len(years)
    with pytest.raises(ValueError, match='"florfenicol" is no treatment against lice'):
        Biology.model_validate(data, context=PLAIN)
