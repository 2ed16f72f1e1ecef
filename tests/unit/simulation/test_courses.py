"""Courses of treatment: what is ordered is prepared, carried out, paid for, measured and told."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest

from farm.domain.biology import Biology
from farm.domain.world import Cause
from farm.simulation.care.course_table import SLOTS
from farm.simulation.care.facts import Note, NoteKind
from farm.simulation.care.numbering import record_id
from tests.reference.plain_care import PlainCourse, plain_day
from tests.reference.small_farm import biology
from tests.unit.simulation.care_bench import FIRST, Bench


def harmful(percent: float, log_sd: float = 0.0) -> Biology:
    """The project's biology with treatments that all kill the same share of healthy fish."""
    given = biology()
    treatments = tuple(
        spec.model_copy(update={"mortality": percent, "mortality_log_sd": log_sd})
        for spec in given.treatments
    )
    return given.model_copy(update={"treatments": treatments})


def test_fish_fast_for_the_days_that_a_treatment_asks_for_and_on_its_day():
    bench = Bench()
    spec = bench.spec("thermal")
    hungry = []
    for day in range(8):
        orders = [bench.order("thermal", bench.pens[:1], after=4)] if day == 0 else []
        morning, _ = bench.live(*orders)
        hungry.append(bool(morning.rates.fasting[bench.pens[0]]))
        assert not morning.rates.fasting[bench.pens[1]]

    (record,) = bench.treatments()
    assert record.start_date == FIRST + timedelta(days=4)
    assert [day for day, fasts in enumerate(hungry) if fasts] == list(range(4 - spec.fasting, 5))


def test_pens_of_a_site_follow_one_another_as_fast_as_the_type_allows():
    bench = Bench(pens=5)
    a_day = bench.spec("thermal").containers_a_day
    bench.live(bench.order("thermal"))
    bench.rest(8)

    days = [(r.start_date - FIRST).days for r in bench.treatments()]
    assert days == [3 + turn // a_day for turn in range(5)]


def test_a_storm_puts_a_treatment_off_and_a_long_one_prevents_it():
    patience = biology().care.treating.patience
    for days, waits in ((2, True), (patience + 1, False)):
        bench = Bench()
        bench.live(bench.order("thermal", bench.pens[:1], after=2))
        bench.live()
        bench.rest(days, storm=True)
        bench.rest(3)
        starts = [r.start_date for r in bench.treatments()]
        assert starts == ([FIRST + timedelta(days=2 + days)] if waits else [])


def test_medicated_feed_is_given_on_days_with_feed_only():
    bench = Bench(geography="SC")
    spec = bench.spec("florfenicol")
    bench.live(bench.order("florfenicol", bench.pens[:1], "outbreak", after=1))
    bench.live(hungry=True)
    bench.rest(3)
    bench.rest(2, hungry=True)
    bench.rest(spec.duration + 5)

    (record,) = bench.treatments()
    assert record.start_date == FIRST + timedelta(days=2)
    assert record.end_date == record.start_date + timedelta(days=spec.duration + 2)
    assert record.disease_outbreak_id == 7


def test_processes_hear_of_a_treatment_on_its_first_day_and_never_again():
    bench = Bench()
    heard = []
    for day in range(60):
        orders = [bench.order("functional_feed", reason="preventive")] if day == 0 else []
        _, work = bench.live(*orders)
        if work.therapy is not None:
            heard.append((day, work.therapy.container.tolist(), work.therapy.kind.tolist()))

    assert heard == [(3, bench.pens, [bench.kind("functional_feed")] * 3)]


def test_a_treatment_kills_its_share_most_of_it_at_once_and_nothing_later():
    bench = Bench(nature=harmful(1.0))
    treating = bench.biology.care.treating
    bench.live(bench.order("thermal", bench.pens[:1], after=2))
    bench.live()
    hazards = []
    for _ in range(treating.fading_days + 3):
        morning, _ = bench.live(warmth=treating.temperature)
        hazards.append(float(morning.rates.hazard[Cause.TREATMENT.id - 1, bench.pens[0]]))
        assert morning.rates.hazard[:, bench.pens[1]].sum() == 0.0

    parts = [treating.fading**k for k in range(treating.fading_days + 1)]
    expected = [0.01 * part / sum(parts) for part in parts] + [0.0, 0.0]
    assert hazards == pytest.approx(expected)
    assert math.fsum(hazards) == pytest.approx(0.01)


def test_every_death_of_cause_treatment_is_of_one_treatment():
    bench = Bench(nature=harmful(2.0, 0.8), pens=4)
    before = bench.state.population.sum()
    bench.live(bench.order("thermal"), killed=True)
    bench.rest(20, killed=True, counted=0.5)
    bench.live(bench.order("freshwater_bath"), killed=True)
    bench.rest(25, killed=True, counted=0.2)

    records = bench.treatments()
    assert len(records) == 8
    assert sum(r.deaths for r in records) == before - bench.state.population.sum() > 0
    assert len({r.deaths for r in records}) > 4


def test_an_operation_has_a_good_or_a_bad_day_with_all_its_pens():
    """Pens of one operation are more alike than pens of different ones."""
    given = harmful(1.0, 1.0)

    def shares(seed: int) -> list[float]:
        bench = Bench(pens=3, nature=given, seed=seed)
        bench.live(bench.order("thermal"))
        bench.rest(6)
        own = bench.state.own["courses"]
        return [math.log(hazard) for hazard in own["hazard"].ravel().tolist() if hazard > 0]

    found = np.asarray([shares(seed) for seed in range(60)])
    within = found.var(axis=1, ddof=1).mean()
    total = found.var()
    assert 1.0 - within / total == pytest.approx(given.care.treating.shared, abs=0.2)


def test_appetite_is_lost_during_a_course_and_comes_back_afterwards():
    bench = Bench()
    spec = bench.spec("thermal")
    bench.live(bench.order("thermal", bench.pens[:1], after=2))
    bench.live()
    appetite = []
    for _ in range(int(spec.recovery) + 3):
        morning, _ = bench.live()
        appetite.append(float(morning.rates.appetite[bench.pens[0]]))

    assert appetite[0] == pytest.approx(1.0 - spec.appetite_lost)
    assert appetite[1:] == sorted(appetite[1:])
    assert appetite[-1] == 1.0


def test_a_delousing_is_measured_by_the_counts_before_and_after_it():
    bench = Bench(pens=1)
    after = bench.biology.care.measured_after
    bench.live(bench.order("thermal", after=2), counted=1.6)
    bench.rest(2)
    bench.rest(3, counted=0.1)  # too early to say
    bench.rest(after - 3)
    wanted = bench.courses.unmeasured(bench.morning().today, bench.state)
    bench.live(counted=0.4)
    satisfied = bench.courses.unmeasured(bench.morning().today, bench.state)
    bench.rest(bench.biology.care.treating.fading_days, counted=3.0)

    assert wanted.tolist() == bench.pens
    assert satisfied.tolist() == []
    (record,) = bench.treatments()
    assert (record.before_date, record.before_value) == (FIRST, 1.6)
    assert record.after_date == FIRST + timedelta(days=after + 3)
    assert (record.after_value, record.effect_percent) == (0.4, 75.0)
    assert record.status == "completed"
    assert [n.facts["effect_percent"] for n in bench.notes if n.kind is NoteKind.EFFECT] == [75.0]


def test_other_treatments_are_measured_by_the_deaths_of_the_week_before_and_after():
    bench = Bench(pens=1, geography="SC")
    bench.rest(7, died={Cause.BACKGROUND: 100})
    bench.live(bench.order("florfenicol", reason="outbreak", after=1), died={Cause.BACKGROUND: 100})
    bench.rest(bench.spec("florfenicol").duration)
    bench.rest(bench.biology.care.treating.deaths_after + 2, died={Cause.BACKGROUND: 20})

    (record,) = bench.treatments()
    assert record.before_value == pytest.approx(1000 * 700 / 9_900, abs=0.01)
    assert record.after_value == pytest.approx(1000 * 140 / 8_920, rel=0.01)
    assert record.effect_percent is not None
    assert 70 < record.effect_percent < 85


def test_a_treatment_without_a_later_count_stays_unmeasured():
    bench = Bench(pens=1)
    bench.live(bench.order("thermal", after=2), counted=1.6)
    bench.rest(60)

    (record,) = bench.treatments()
    assert record.status == "completed"
    assert (record.after_date, record.after_value, record.effect_percent) == (None, None, None)


def test_cost_and_dose_follow_from_the_fish_that_are_treated():
    bench = Bench(pens=1, geography="SC")
    bench.live(bench.order("azamethiphos", after=1))
    bench.rest(30, counted=0.1)
    bench.live(bench.order("florfenicol", reason="outbreak", after=1))
    bench.rest(3)

    bath, feed = bench.treatments()
    spec, biomass = bench.spec("azamethiphos"), 20_000.0
    assert bath.biomass_kg == biomass
    assert bath.cost == f"{spec.cost['SC'] * 20:.2f}"
    # 0.1 g/m3 in the water that 20 t are crowded into, or in all there is.
    volume = min(biomass / bench.biology.care.treating.density, float(bench.frame.volume_m3[-1]))
    assert bath.dose_total == pytest.approx(volume * 1e-4, abs=1e-4)
    # 10 mg/kg on each of 10 days.
    assert feed.dose_total == pytest.approx(2.0)
    assert bath.dose_total_unit == feed.dose_total_unit == "kg"


def test_fish_that_are_about_to_leave_are_not_treated():
    bench = Bench()
    first, second, third = bench.pens
    bench.state.leaves[first] = bench.ordinal + 4
    bench.state.population[second] = 0
    bench.live(bench.order("thermal"))
    bench.rest(10)

    started = {record.assignment_id for record in bench.treatments()}
    assert started == {int(bench.state.assignment[third])}


def test_a_harvest_that_is_booked_meanwhile_cancels_a_planned_treatment():
    bench = Bench(pens=1)
    bench.live(bench.order("functional_feed", reason="preventive", after=3))
    bench.state.leaves[bench.pens] = bench.ordinal + 6
    bench.rest(4)

    assert bench.treatments() == []


def test_a_course_ends_on_the_day_on_which_its_fish_leave():
    bench = Bench(pens=2)
    bench.live(bench.order("functional_feed", reason="preventive", after=1))
    bench.rest(9)
    bench.harvest(bench.pens[0])
    bench.live()

    gone, there = bench.treatments()
    assert (gone.status, gone.end_date) == ("completed", FIRST + timedelta(days=10))
    assert (there.status, there.end_date) == ("running", None)


def test_one_course_at_a_time_and_functional_feed_gives_way():
    bench = Bench(pens=1)
    bench.live(bench.order("functional_feed", reason="preventive", after=1))
    bench.rest(4)
    bench.live(bench.order("thermal", after=3), bench.order("mechanical", after=3))
    bench.rest(6)

    feed, heat = bench.treatments()
    codes = [bench.biology.treatments[r.treatment_type_id - 1].code for r in (feed, heat)]
    assert codes == ["functional_feed", "thermal"]
    assert feed.end_date == heat.start_date == FIRST + timedelta(days=8)


def test_what_is_planned_against_an_outbreak_is_dropped_when_it_is_over():
    bench = Bench(pens=2, geography="SC")
    bench.live(bench.order("florfenicol", reason="outbreak", after=4))
    bench.rest(3)
    bench.rest(5, outbreaks=[8])

    assert bench.treatments() == []


def test_every_treatment_has_an_id_of_its_own_that_counts_up_at_its_place():
    bench = Bench(pens=2)
    for _ in range(3):
        bench.live(bench.order("azamethiphos", after=1))
        bench.rest(40, counted=0.1)

    ids = [record.id for record in bench.treatments()]
    place = bench.frame.places[int(bench.frame.place_of[bench.pens[0]])]
    assert ids == [record_id(place, number) for number in range(1, 7)]


@pytest.mark.parametrize("cuts", [(7,), (3, 9, 21), (12, 13, 30)])
def test_sessions_cut_anywhere_tell_the_same_as_one_long_one(cuts):
    def told(at: tuple[int, ...]) -> tuple[dict[int, object], dict[int, object], list[Note]]:
        bench = Bench(pens=3, geography="SC", nature=harmful(1.5, 1.0), seed=4)
        treatments: dict[int, object] = {}
        withholdings: dict[int, object] = {}
        for day in range(60):
            if day in at:
                # What was told at the end of a session is told again, as it then stands.
                treatments |= {r.id: r for r in bench.treatments()}
                withholdings |= {r.id: r for r in bench.withholdings()}
                bench.cut()
            orders = {
                0: [bench.order("thermal")],
                5: [bench.order("functional_feed", reason="preventive")],
                15: [bench.order("florfenicol", bench.pens[:2], "outbreak")],
            }.get(day, [])
            bench.live(*orders, counted=0.5 if day % 7 == 0 else None, killed=True)
        treatments |= {r.id: r for r in bench.treatments()}
        withholdings |= {r.id: r for r in bench.withholdings()}
        return treatments, withholdings, list(bench.notes)

    assert told(cuts) == told(())


def test_nothing_is_dated_after_today():
    bench = Bench(pens=2, geography="SC")
    for day in range(50):
        orders = [bench.order("florfenicol", reason="outbreak")] if day == 2 else []
        bench.live(*orders)
        yesterday = bench.date - timedelta(days=1)
        dates = [
            known
            for r in bench.treatments()
            for known in (r.start_date, r.end_date, r.before_date, r.after_date)
        ]
        dates += [known for w in bench.withholdings() for known in (w.start_date, w.end_date)]
        assert all(d <= yesterday for d in dates if d is not None)


def test_a_container_can_hold_as_many_courses_as_follow_each_other():
    """Measuring one treatment does not keep people from the next."""
    bench = Bench(pens=1)
    for _ in range(SLOTS - 1):
        bench.live(bench.order("azamethiphos", after=1))
        bench.rest(2)

    assert [r.status for r in bench.treatments()] == ["waiting"] * (SLOTS - 1)


def test_day_by_day_fish_suffer_what_the_plain_reference_says():
    nature = harmful(0.7)
    bench = Bench(pens=3, nature=nature)
    treating = nature.care.treating
    plan = {0: "azamethiphos", 4: "thermal", 13: "emamectin", 26: "mechanical"}
    days = {}
    for day in range(60):
        orders = [bench.order(plan[day], after=5)] if day in plan else []
        days[day] = bench.live(*orders, warmth=treating.temperature)[0].rates

    for pen in bench.pens:
        assignment = int(bench.state.assignment[pen])
        courses = [
            PlainCourse(
                nature.treatments[record.treatment_type_id - 1],
                (record.start_date - FIRST).days,
                nature.treatments[record.treatment_type_id - 1].duration,
                0.007,
            )
            for record in bench.treatments()
            if record.assignment_id == assignment
        ]
        assert len(courses) == 3  # the heat was ordered while the bath was planned
        for day, rates in days.items():
            expected = plain_day(courses, treating, day)
            assert rates.fasting[pen] == expected.fasting, (pen, day)
            assert rates.appetite[pen] == pytest.approx(expected.appetite)
            hazard = rates.hazard[Cause.TREATMENT.id - 1, pen]
            assert hazard == pytest.approx(expected.hazard, abs=1e-12)
