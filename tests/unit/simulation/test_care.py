"""What people do about health in the life of two Scottish batches."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from farm.domain.calendar import Month, Period
from farm.domain.world import Cause, LiceLimit
from farm.simulation.engine import simulate
from farm.simulation.history import History
from tests.reference.small_farm import Nature, Sketch, biology, small_plan

PERIOD = Period(Month(2018, 1), Month(2019, 10))
SPECS = biology().treatments


@pytest.fixture(scope="module")
def lived() -> History:
    """A short life on land and at sea, in years in which lice and diseases are common."""
    given = biology()
    often = {
        code: profile.model_copy(
            update={
                "phases": tuple(
                    phase.model_copy(
                        update={
                            "onsets_per_year": {
                                where: min(6 * rate, 20.0)
                                for where, rate in phase.onsets_per_year.items()
                            }
                        }
                    )
                    for phase in profile.phases
                )
            }
        )
        for code, profile in given.diseases.items()
    }
    wild = {code: 20 * rate for code, rate in given.lice.external.items()}
    nature = given.model_copy(
        update={
            "diseases": often,
            "lice": given.lice.model_copy(update={"external": wild}),
        }
    )
    days = (30, 40, 40, 35, 35, 480)
    sketches = [
        Sketch(
            start=date(2018, 1, 5), geography="SC", site=site, days=days, eggs=300_000,
            containers=(1, 1, 1, 1, 1, 4),
        )
        for site in (1, 2)
    ]  # fmt: skip
    plan = small_plan(*sketches)
    limit = LiceLimit(1, 2, "treat", date(2010, 1, 1), None, 1, 12, 0.5)
    plan = replace(plan, world=replace(plan.world, lice_limit=(limit,)))
    return simulate(Nature(5, nature), plan, "SC", PERIOD, None)


def days_of(lived: History, assignment: int, name: str) -> dict[date, object]:
    here = lived.daily["assignment_id"] == assignment
    days = lived.daily["date"][here].astype(object).tolist()
    return dict(zip(days, lived.daily[name][here].tolist(), strict=True))


def test_much_is_treated_for_lice_and_for_diseases(lived):
    reasons = Counter(treatment.reason for treatment in lived.health.treatments)

    assert reasons["lice"] > 10
    assert reasons["outbreak"] > 10
    assert len({t.treatment_type_id for t in lived.health.treatments}) > 4


def test_the_deaths_of_treatments_are_the_deaths_of_cause_treatment(lived):
    told: Counter[int] = Counter()
    for treatment in lived.health.treatments:
        told[treatment.assignment_id] += treatment.deaths
    died: Counter[int] = Counter()
    causes = lived.daily["deaths_by_cause"][:, Cause.TREATMENT.id - 1]
    for assignment, deaths in zip(lived.daily["assignment_id"].tolist(), causes, strict=True):
        died[assignment] += int(deaths)

    assert sum(told.values()) > 0
    assert +told == +died


def test_no_fish_are_harvested_that_are_withheld(lived):
    withheld = {
        (w.assignment_id, w.start_date + timedelta(days=n))
        for w in lived.health.withholdings
        for n in range(((w.end_date or PERIOD.last_day) - w.start_date).days)
    }

    assert withheld
    assert lived.harvests
    assert not withheld & {(h.assignment_id, h.date) for h in lived.harvests}


def test_every_medicine_with_a_withdrawal_that_has_ended_has_its_period(lived):
    periods = {w.treatment_id: w for w in lived.health.withholdings}
    for treatment in lived.health.treatments:
        spec = SPECS[treatment.treatment_type_id - 1]
        period = periods.pop(treatment.id, None)
        if not spec.is_withheld or treatment.end_date is None:
            assert period is None
            continue
        assert period is not None
        assert period.start_date == treatment.end_date
        assert period.assignment_id == treatment.assignment_id
        temperature = days_of(lived, treatment.assignment_id, "temperature_c")
        counted = [
            max(float(str(degrees)), 0.0)
            for day, degrees in temperature.items()
            if period.start_date <= day and (period.end_date is None or day < period.end_date)
        ]
        assert period.degree_days == pytest.approx(sum(counted), abs=0.01 + 0.001 * len(counted))
    assert periods == {}


def test_fish_that_were_treated_were_there_and_fasted_before(lived):
    fed = {a.id: days_of(lived, a.id, "feed_g") for a in lived.assignments}
    for treatment in lived.health.treatments:
        meals = fed[treatment.assignment_id]
        assert treatment.start_date in meals
        for ahead in range(1, SPECS[treatment.treatment_type_id - 1].fasting + 1):
            assert meals.get(treatment.start_date - timedelta(days=ahead), 0) == 0


def test_courses_of_a_container_do_not_overlap(lived):
    by_assignment: dict[int, list[tuple[date, date]]] = {}
    for t in lived.health.treatments:
        end = t.end_date or PERIOD.last_day + timedelta(days=1)
        by_assignment.setdefault(t.assignment_id, []).append((t.start_date, end))
    for courses in by_assignment.values():
        courses.sort()
        assert all(first[1] <= second[0] for first, second in pairwise(courses))


def test_treatments_of_an_outbreak_come_after_it_was_noticed_and_at_its_place(lived):
    outbreaks = {outbreak.id: outbreak for outbreak in lived.health.outbreaks}
    answered = [t for t in lived.health.treatments if t.disease_outbreak_id is not None]

    for treatment in answered:
        outbreak = outbreaks[treatment.disease_outbreak_id or 0]
        assert treatment.reason == "outbreak"
        assert outbreak.onset_date is not None
        assert treatment.start_date > outbreak.onset_date


def test_ids_are_unique_and_records_in_their_order(lived):
    health = lived.health
    for records in (health.treatments, health.withholdings, health.outbreaks, health.journal):
        ids = [record.id for record in records]
        assert ids == sorted(set(ids))
        assert np.max(ids) < 2**31
