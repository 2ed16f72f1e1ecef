"""How diseases break out, spread, run their course, and what they leave."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.domain.disease import DiseaseProfile
from farm.domain.world import disease_cause_id
from farm.settings.scenarios import load_scenario
from farm.simulation.engine import simulate
from farm.simulation.scheduler import make_plan
from farm.simulation.streams import Streams
from tests.reference.plain_disease import PlainDisease
from tests.reference.small_farm import CONFIG, Nature, Sketch, biology, healthy, small_plan
from tests.unit.simulation.disease_bench import DiseaseBench, profile_of, quick_to_strike


def dormant(code: str = "agd", **changes: Any) -> DiseaseProfile:
    """A disease that never begins by itself."""
    phases = {"onsets_per_year": {}, **changes.pop("phases", {})}
    return quick_to_strike(code, phases=phases, **changes)


def factor_of(profile: DiseaseProfile, stressor: str) -> float:
    return profile.stressors.factors.get(stressor, 1.0) if profile.stressors else 1.0


def steady(**changes: Any) -> DiseaseProfile:
    """A course of 5, 10, 20 and 15 days, of severity 1."""
    return dormant(
        course={"incubation": 5.0, "rise": 10.0, "plateau": 20.0, "decline": 15.0, "log_sd": 0.0},
        effects={"outbreak_log_sd": 0.0, "container_log_sd": 0.0, **changes.pop("effects", {})},
        **changes,
    )


@pytest.mark.parametrize("code", ["agd", "winter_ulcer", "ipn"])
def test_a_pen_alone_fares_as_plain_loops_say(code):
    # Given one pen in its years at sea, with storms, a vaccine and a treatment now and then
    disease = profile_of(
        code,
        phases={"onsets_per_year": {"FO": 15.0}, "age": (10.0, 60.0, 900.0, 1500.0)},
        contagion={"within": 0.0, "between": 0.0, "place_log_sd": 0.5},
        carriers=None,
        immunity=50.0,
    )
    bench = DiseaseBench({code: disease}, pens=1)
    pen = int(bench.pens[0])
    bench.state.population[bench.pens[1:]] = 0
    plain = PlainDisease(
        code,
        disease,
        Streams(7),
        "FO",
        bench.frame.sites[0].id,
        int(bench.state.assignment[pen]),
        bench.date - timedelta(days=200),
    )
    treatment = next(t for t in bench.biology.treatments if t.code == "freshwater_bath")
    cure = treatment.cures.get(code, 0.0)
    courses = 0
    for day in range(700):
        # When a day passes in both
        today = bench.date
        warmth = 8.0 - 5.0 * np.cos(2 * np.pi * (today.timetuple().tm_yday - 50) / 365.25)
        stress = {"storm": 0.7} if day % 60 == 10 else {}
        protection = 0.4 if day > 300 else 0.0
        morning = bench.live(warmth=float(warmth), protection=protection, stress=stress)
        found = plain.live(today, float(warmth), protection, stress)
        courses += found.runs and not plain.seen[-2].runs if len(plain.seen) > 1 else found.runs
        # Then they agree
        signs, rates = morning.signs, morning.rates
        seen = (
            rates.hazard[-1, pen],
            rates.appetite[pen],
            rates.tgc[pen],
            signs.sick[0, pen],
            signs.infected[0, pen],
            signs.intensity[0, pen],
            signs.gill_score[pen],
            signs.wounded[pen],
            signs.scarred[pen],
            signs.course[0, pen],
        )
        wanted = (
            found.hazard,
            found.appetite,
            found.growth,
            found.sick,
            found.infected,
            found.intensity,
            found.gills,
            found.wounded,
            found.scars,
            found.runs,
        )
        assert seen == pytest.approx(wanted, abs=1e-12), today
        if day % 90 == 45 and cure:
            bench.treat(np.asarray([pen]), "freshwater_bath", 77 + day, morning)
            plain.treat(cure, 77 + day)
            factor = factor_of(disease, "freshwater_bath")
            plain.strain = max(plain.strain, factor - 1.0)
    assert courses >= 2


def test_a_course_is_silent_first_then_rises_stays_and_declines():
    bench = DiseaseBench({"agd": steady()})
    pen = int(bench.pens[0])
    bench.infect(pen)

    heights = []
    for _ in range(52):
        morning = bench.live()
        heights.append(morning.signs.intensity[0, pen])
        assert bool(morning.signs.course[0, pen]) == (len(heights) <= 50)

    assert not any(heights[:6])
    assert all(a < b for a, b in pairwise(heights[5:16]))
    assert heights[15:35] == [1.0] * 20
    assert all(a > b for a, b in pairwise(heights[35:50]))
    assert heights[50:] == [0.0, 0.0]


def test_the_fish_are_immune_afterwards_and_not_for_ever():
    # Given a disease that is everywhere, all the time
    bench = DiseaseBench({"agd": steady(immunity=30.0, contagion={"within": 5.0})})
    first, second = bench.pens[:2]
    bench.infect(int(first))
    bench.live(50)

    assert bench.own["since"][0, first] > 0
    bench.live(1)
    assert bench.own["since"][0, first] == 0
    until = bench.own["immune"][0, first]
    bench.infect(int(second))
    days = int(until) - bench.date.toordinal()
    bench.live(days)
    assert bench.own["since"][0, first] == 0
    bench.live(20)
    assert bench.own["since"][0, first] > 0


def test_deaths_and_lost_appetite_grow_with_severity_and_shares_stay_below_one():
    bench = DiseaseBench({"agd": steady()})
    mild, bad = bench.pens[:2].tolist()
    for pen in (mild, bad):
        bench.infect(pen)
    bench.own["severity"][0, bad] = 20.0

    morning = bench.live(25)

    effects = bench.biology.diseases["agd"].effects
    assert morning.rates.hazard[-1, mild] == pytest.approx(effects.mortality / 100)
    assert morning.rates.hazard[-1, bad] == pytest.approx(20 * effects.mortality / 100)
    assert morning.rates.appetite[mild] == pytest.approx(1 - effects.appetite_lost)
    assert 0 < morning.rates.appetite[bad] < 0.01
    assert morning.signs.gill_score[mild] == pytest.approx(effects.gill_score)
    assert 4.9 < morning.signs.gill_score[bad] < 5
    assert 0.99 < morning.signs.sick[0, bad] < 1


def test_scars_stay_when_the_disease_is_gone():
    bench = DiseaseBench({"winter_ulcer": steady(code="winter_ulcer")})
    pen = int(bench.pens[0])
    bench.infect(pen)

    effects = bench.biology.diseases["winter_ulcer"].effects
    during = bench.live(30).signs
    after = bench.live(100).signs
    assert during.wounded[pen] > after.wounded[pen] == 0
    for signs in (during, after):
        assert signs.scarred[pen] == pytest.approx(effects.scarred * effects.sick)


def test_it_spreads_within_the_site_and_more_slowly_to_the_neighbours():
    # Given two sites five kilometres apart, and one sick pen
    catching = steady(contagion={"within": 0.05, "between": 0.01, "reach": 5.0})
    here, there = 0, 0
    for seed in range(20):
        bench = DiseaseBench({"agd": catching}, seed=seed)
        bench.infect(int(bench.pens[0]))
        bench.live(49)
        ill = bench.own["since"][0, bench.pens] > 0
        here += int(ill[1:3].sum())
        there += int(ill[3:].sum())

    assert 20 < here <= 40
    assert 0 < there < here


def test_it_spreads_to_nobody_out_of_its_season():
    summer = {"peak": 180.0, "amplitude": 3.0}
    disease = profile_of(
        "agd",
        phases={"onsets_per_year": {}, "temperature": (-5.0, -4.0, 30.0, 31.0)},
        season=summer,
        contagion={"within": 5.0, "between": 5.0},
    )
    bench = DiseaseBench({"agd": disease}, first=date(2018, 12, 1))
    bench.infect(int(bench.pens[0]))
    bench.live(60)

    assert (bench.own["since"][0] > 0).sum() <= 1


@pytest.mark.parametrize(
    ("phases", "day"),
    [
        ({"age": (500.0, 501.0, 600.0, 601.0)}, {}),
        ({"temperature": (20.0, 21.0, 22.0, 23.0)}, {}),
        ({"stages": ("fry",)}, {}),
        ({"onsets_per_year": {"SC": 20.0}}, {}),
        ({}, {"protection": 1.0}),
    ],
)
def test_nothing_begins_outside_its_windows_or_geography_or_in_protected_fish(phases, day):
    bench = DiseaseBench({"agd": quick_to_strike(phases=phases)})
    bench.live(150, **day)

    assert not bench.own["since"].any()


def test_outbreaks_begin_as_often_as_configured_and_less_often_in_vaccinated_fish():
    # Given four years of two sites whose courses are over in a day and leave no immunity
    brief = {"incubation": 0.1, "rise": 0.1, "plateau": 0.1, "decline": 0.1, "log_sd": 0.0}
    begun = {}
    for protection in (0.0, 0.75):
        bench = DiseaseBench({"agd": quick_to_strike(course=brief, immunity=0.1)}, pens=1)
        begun[protection] = 0
        for _ in range(365 * 4):
            before = bench.own["since"].copy()
            bench.live(protection=protection)
            begun[protection] += int((bench.own["since"] > before).sum())

    # 20 a year and site, less the days on which the one pen has it
    assert begun[0.0] == pytest.approx(20 * 2 * 4, rel=0.25)
    assert begun[0.75] == pytest.approx(0.25 * begun[0.0], rel=0.4)


def test_stress_makes_an_outbreak_deadlier_and_fades():
    bench = DiseaseBench({"cms": steady(code="cms")})
    pen = int(bench.pens[0])
    bench.infect(pen)
    bench.live(20)
    quiet = bench.live().rates.hazard[-1, pen]

    stormy = bench.live(stress={"storm": 1.0}).rates.hazard[-1, pen]
    after = bench.live(7).rates.hazard[-1, pen]

    factor = factor_of(bench.biology.diseases["cms"], "storm")
    assert stormy == pytest.approx(factor * quiet)
    assert quiet < after < stormy


def test_a_treatment_takes_its_share_of_the_rest_and_varies():
    bench = DiseaseBench({"agd": steady()}, pens=3)
    pens = bench.pens[:3]
    for pen in pens.tolist():
        bench.infect(pen)
    morning = bench.live(20)
    bench.treat(pens[:2], "freshwater_bath", 100, morning)

    heights = bench.live(14).signs.intensity[0, pens]

    assert heights[2] == 1.0
    assert 0 < heights[0] < 0.7
    assert 0 < heights[1] < 0.7
    assert heights[0] != heights[1]


def test_fish_bring_along_their_disease_their_immunity_and_their_scars():
    bench = DiseaseBench({"agd": dormant(), "winter_ulcer": dormant("winter_ulcer")}, pens=4)
    sick, immune, well, target = bench.pens[:4].tolist()
    bench.state.population[target] = 0
    bench.own["fish"][target] = 0
    bench.infect(sick)
    bench.own["immune"][1, immune] = 900_000
    bench.own["scars"][immune] = 0.3
    morning = bench.live()

    # When most newcomers are immune and healthy, and a few have a disease
    bench.move([(sick, target, 1000), (immune, target, 3000), (well, target, 500)], morning)

    # Then they have that disease, are immune from the other, and scars are mixed
    own = bench.own
    assert own["since"][0, target] == own["since"][0, sick] > 0
    assert own["severity"][0, target] == own["severity"][0, sick]
    assert own["immune"][1, target] == 900_000
    assert own["scars"][target] == pytest.approx(0.3 * 3000 / 4500)
    assert morning.signs.scarred[target] == pytest.approx(0.3 * 3000 / 4500)
    assert morning.signs.course[0, target]


def test_eggs_and_new_fish_know_nothing_of_the_fish_before_them():
    bench = DiseaseBench({"agd": dormant()})
    pen = int(bench.pens[0])
    bench.infect(pen)
    bench.own["scars"][pen] = 0.5
    bench.live()
    bench.state.population[pen] = 0
    morning = bench.live()
    assert not bench.own["since"][0, pen]
    assert not morning.signs.course[0, pen]

    bench.infect(pen)
    bench.own["scars"][pen] = 0.5
    bench.move([(-1, pen, 5000)], morning)

    assert not bench.own["since"][0, pen]
    assert bench.own["scars"][pen] == 0


def test_carriers_are_found_without_being_sick():
    bench = DiseaseBench(
        {
            "hsmi": dormant("hsmi").model_copy(
                update={"carriers": biology().diseases["hsmi"].carriers}
            )
        }
    )
    pens = bench.pens
    bench.state.sea_since[pens] = bench.date.toordinal() - 400
    morning = bench.live()

    assert (morning.signs.infected[0, pens] > 0.8).all()
    assert not morning.signs.sick.any()
    assert not morning.signs.course.any()
    assert not morning.rates.hazard.any()


def test_severity_is_shared_by_an_outbreak_and_differs_between_outbreaks():
    disease = steady(effects={"outbreak_log_sd": 1.0, "container_log_sd": 0.0})
    bench = DiseaseBench({"agd": disease})
    first, second, other = bench.pens[[0, 1, 3]].tolist()
    for pen in (first, second, other):
        bench.infect(pen)

    severity = bench.own["severity"][0]
    assert severity[first] == severity[second] != severity[other]


def test_one_disease_more_leaves_the_others_their_chances():
    alone = DiseaseBench({"winter_ulcer": quick_to_strike("winter_ulcer")})
    joined = DiseaseBench(
        {"agd": quick_to_strike(), "winter_ulcer": quick_to_strike("winter_ulcer")}
    )
    for _ in range(120):
        lonely = alone.live().signs.intensity
        both = joined.live().signs.intensity
        assert np.array_equal(lonely[0], both[1])


def test_a_session_may_end_at_any_month():
    def fresh() -> DiseaseBench:
        catching = quick_to_strike(contagion={"within": 0.05, "between": 0.01})
        return DiseaseBench({"agd": catching, "cms": quick_to_strike("cms")})

    whole, cut = fresh(), fresh()
    died = 0.0
    for day in range(150):
        stress = {"storm": 1.0} if day % 20 == 0 else {}
        if cut.date.day == 1:
            cut.sleep()
        one, two = whole.live(stress=stress), cut.live(stress=stress)
        assert np.array_equal(one.rates.hazard, two.rates.hazard)
        died += one.rates.hazard.sum()
    assert died > 0


def test_a_farm_without_any_disease_has_none():
    bench = DiseaseBench({})
    morning = bench.live(40)

    assert not morning.rates.hazard.any()


def test_a_new_file_brings_a_new_disease_and_a_death_cause(tmp_path):
    # Given a copy of the configuration with one file more
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    text = (config / "diseases" / "furunculosis.toml").read_text(encoding="utf-8")
    text = text.replace('name = "Furunculosis"', 'name = "Test plague"')
    text = text.replace(
        "onsets_per_year.FO = { value = 0.05", "onsets_per_year.FO = { value = 20.0"
    )
    (config / "diseases" / "plague.toml").write_text(text, encoding="utf-8")

    # When its scenario is planned and its fish are struck
    scenario = load_scenario("smoke", config)
    world = make_plan(scenario).world
    given = healthy(biology())
    plague = scenario.biology.diseases["plague"]
    wide = plague.phases[0].model_copy(update={"temperature": (-9.0, -8.0, 30.0, 31.0)})
    plague = plague.model_copy(update={"phases": (wide,)})
    nature = Nature(1, given.model_copy(update={"diseases": {**given.diseases, "plague": plague}}))
    days = (15, 15, 15, 15, 15, 300)
    plan = small_plan(Sketch(days=days))
    history = simulate(nature, plan, "FO", Period(Month(2015, 1), Month(2015, 12)), None)

    # Then the catalogue names it, and fish die of it and of no other disease
    number = sorted(scenario.biology.diseases).index("plague") + 1
    assert [d.name for d in world.disease if d.code == "plague"] == ["Test plague"]
    cause = disease_cause_id(number)
    assert [c.code for c in world.mortality_cause if c.id == cause] == ["plague"]
    dead = history.daily["deaths_by_cause"].sum(axis=0)
    assert dead[cause - 1] > 0
    assert dead[disease_cause_id(1) - 1 :].sum() == dead[cause - 1]
