"""Withholding periods: counted in the container's own water, and never in the way of a harvest."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from farm.domain.water import normal_sea_temperature, sea_temperature_sd
from farm.simulation.care.facts import NoteKind
from farm.simulation.process import Today
from tests.unit.simulation.care_bench import FIRST, Bench


def water(pen: int, day: int) -> float:
    """The temperature of a pen: every pen and day has its own."""
    return 8.0 + 1.5 * pen + 2.0 * math.sin(0.2 * day) + (-9.0 if pen == 0 and day < 20 else 0.0)


def plain_period(required: float, pen: int, start: int) -> tuple[int, float]:
    """Reference: the day on which enough degree-days are counted, and how many they are."""
    counted, day = 0.0, start
    while counted < required:
        counted += max(water(pen, day), 0.0)
        day += 1
    return day, counted


def test_each_container_counts_the_degree_days_of_its_own_water():
    bench = Bench(geography="SC")
    spec = bench.spec("florfenicol")
    assert spec.withdrawal_degree_days is not None
    for day in range(80):
        warmth = np.full(bench.frame.size, 10.0)
        warmth[bench.pens] = [water(pen, day) for pen in range(3)]
        orders = [bench.order("florfenicol", reason="outbreak", after=1)] if day == 0 else []
        # Medicine is given in any water, so that only the counting differs.
        bench.live(*orders, warmth=np.maximum(warmth, 0.0).tolist())

    records = bench.withholdings()
    assert len(records) == 3
    for record in records:
        pen = [int(a) for a in bench.state.assignment[bench.pens]].index(record.assignment_id)
        start = (record.start_date - FIRST).days
        end, counted = plain_period(spec.withdrawal_degree_days, pen, start)
        assert start == 1 + spec.duration
        assert record.end_date == FIRST + timedelta(days=end)
        assert record.degree_days == pytest.approx(counted, abs=0.01)
        assert record.required_days is None
    assert len({record.end_date for record in records}) == 3


def test_fish_are_withheld_from_the_first_day_of_the_course_to_the_end_of_the_period():
    bench = Bench(pens=1)
    spec = bench.spec("azamethiphos")
    withheld = []
    for day in range(8):
        bench.live(*([bench.order("azamethiphos", after=2)] if day == 0 else []), warmth=6.0)
        withheld.append(int(bench.state.withheld[bench.pens[0]]))

    # The bath on day 2, then ten degree-days in water of 6 °C: days 3 and 4.
    assert spec.withdrawal_degree_days == 10.0
    assert withheld == [0, 0, 1, 1, 1, 0, 0, 0]
    (record,) = bench.withholdings()
    assert (record.start_date, record.end_date) == (
        FIRST + timedelta(days=3),
        FIRST + timedelta(days=5),
    )


def test_several_periods_can_run_at_once():
    bench = Bench(pens=1, geography="SC")
    bench.live(bench.order("florfenicol", reason="outbreak", after=1))
    bench.rest(13, warmth=8.0)
    bench.live(bench.order("azamethiphos", after=1), warmth=8.0)
    bench.live(warmth=8.0)

    assert bench.state.withheld[bench.pens[0]] == 2
    assert len(bench.withholdings()) == 1
    bench.rest(40, warmth=8.0)
    assert bench.state.withheld[bench.pens[0]] == 0
    assert [w.treatment_id for w in bench.withholdings()] == [t.id for t in bench.treatments()]


def test_what_is_no_medicine_withholds_nothing():
    bench = Bench(pens=1)
    bench.live(bench.order("thermal", after=2))
    bench.rest(6)

    assert len(bench.treatments()) == 1
    assert bench.withholdings() == []
    assert bench.state.withheld.sum() == 0


def cold_year(bench: Bench, day: date) -> float:
    """The water at the bench's site in a cold year."""
    parameters = bench.biology.water
    sea, site = parameters.sea["SC"], bench.frame.sites[0]
    amplitude = parameters.sea_common.amplitude.of(site.exposure)
    normal = float(normal_sea_temperature(sea, site.latitude, amplitude, day.timetuple().tm_yday))
    return normal - 2.0 * math.hypot(sea_temperature_sd(sea), sea.offset_sd)


def may_use(bench: Bench, kind: int, today: Today, *, urgent: bool) -> bool:
    """Whether a treatment leaves time for its withdrawal in the first pen."""
    return bench.withholding.may_use(kind, bench.pens[0], today, bench.state, urgent=urgent)


@pytest.mark.parametrize("urgent", [False, True])
@pytest.mark.parametrize("deadline", [date(2018, 10, 31), date(2019, 4, 10), date(2019, 7, 1)])
@pytest.mark.parametrize("code", ["azamethiphos", "florfenicol", "oxytetracycline", "amoxicillin"])
def test_a_medicine_is_never_given_when_its_withdrawal_could_meet_the_last_day(
    code, deadline, urgent
):
    bench = Bench(pens=4, geography="SC")
    pen, spec, kind = bench.pens[0], bench.spec(code), bench.kind(code)
    bench.state.empty_by[pen] = deadline.toordinal()

    def may(left: int) -> bool:
        today = Today.of(deadline - timedelta(days=left))
        return may_use(bench, kind, today, urgent=urgent)

    soonest = next(left for left in range(365) if may(left))
    assert all(may(left) for left in range(soonest, soonest + 60))
    counted, day = 0.0, deadline - timedelta(days=soonest - spec.duration)
    while counted < (spec.withdrawal_degree_days or 0.0):
        counted += cold_year(bench, day)
        day += timedelta(days=1)
    # What is urgent keeps no margin, and no day for each pen of the site.
    spare = bench.biology.feeding.fasting_before_harvest
    spare += 0 if urgent else bench.biology.care.treating.margin + 4
    assert 0 <= (deadline - day).days - spare <= 1


def test_a_medicine_is_not_given_to_fish_that_move_before_its_withdrawal_is_over():
    bench = Bench(pens=1, geography="SC")
    pen, today = bench.pens[0], Today.of(FIRST)
    kind = bench.kind("florfenicol")
    assert may_use(bench, kind, today, urgent=False)

    bench.state.leaves[pen] = bench.ordinal + 25
    assert not may_use(bench, kind, today, urgent=True)
    assert may_use(bench, bench.kind("thermal"), today, urgent=False)


def test_the_journal_hears_of_the_beginning_and_the_end():
    bench = Bench(pens=2)
    bench.live(bench.order("azamethiphos", after=1))
    bench.rest(6, warmth=6.0)

    told = [n.facts for n in bench.notes if n.kind is NoteKind.WITHHOLDING]
    assert [facts["phase"] for facts in told] == ["begins", "ends"]
    assert told[0]["degree_days"] == 10.0
    assert told[1]["degree_days"] == 12.0
    assert all(facts["containers"] == 2 for facts in told)
