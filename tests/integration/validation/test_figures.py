"""Figures: each notices what goes wrong, and is left alone where there is too little to tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from farm.domain import water
from farm.validation.checks import Needs
from farm.validation.verdict import Skipped
from tests.integration.validation.finished_farm import CHECKS, Finished, failed, ten_years

pytestmark = pytest.mark.services

#: All batches from the company's own broodstock.
INTERNAL = "broodstock_id = 101, egg_supplier_id = NULL, egg_source = 'internal'"


def test_too_little_data_is_skipped_and_says_what_is_missing(finished: Finished) -> None:
    answers = finished.asked([CHECKS["sea_temperature_persistence"]])
    (one, _) = answers.values()
    assert isinstance(one, Skipped)
    assert one.reason == "needs 5 years, the data has 3"


@pytest.mark.parametrize(
    ("check", "table", "change"),
    [
        ("oxygen_in_pens", "daily_state", "oxygen_mg_l = 0.5 * oxygen_mg_l"),
        ("oxygen_supersaturation", "daily_state", "oxygen_mg_l = 1.5 * oxygen_mg_l"),
        ("ph", "site_day", "ph = 7.9"),
        ("hatchery_temperature", "daily_state", "temperature_c = temperature_c + 5"),
        ("carbon_dioxide", "environmental_reading", "value = value / 10"),
        ("readings_follow_the_truth", "environmental_reading", "value = value + 0.5"),
        ("outliers", "environmental_reading", "quality_flag_id = 3 - sensor_id % 2"),
        ("drifting", "environmental_reading", "quality_flag_id = 2 - sensor_id % 2"),
        ("missing_readings", "environmental_reading", "assignment_id = NULL"),
        ("smolt_weight", "transfer", "mean_weight_g = 10 * mean_weight_g"),
        ("external_eggs", "batch", INTERNAL),
        ("starts_in_winter_and_spring", "batch", "start_date = '2016-08-01'"),
    ],
)
def test_a_figure_notices_what_goes_wrong(
    finished: Finished, check: str, table: str, change: str
) -> None:
    # Given a check that asks however little there is
    eager = replace(CHECKS[check], needs=Needs(0, "anything"))
    assert failed(finished.asked([eager], f"UPDATE {table} SET {change}"))


def test_a_programme_without_enough_batches_or_harvests_is_found_out(finished: Finished) -> None:
    programme = [CHECKS[x] for x in ("first_year", "active_batches", "months_without_harvest")]
    eager = [replace(check, needs=Needs(0, "anything")) for check in programme]
    assert failed(finished.asked(eager, scope=ten_years(finished.scenario))) == {
        "first_year",
        "active_batches.fewest",
        "active_batches.most",
        "months_without_harvest",
    }
    # A small company is not asked at all
    answers = finished.asked(programme, scope=ten_years(finished.scenario))
    assert all(isinstance(one, Skipped) for one in answers.values())


def test_less_oxygen_in_the_afternoon_than_at_dawn_is_found_out(finished: Finished) -> None:
    # Given readings of midnight moved to dawn, and of noon to the afternoon
    hours = "UPDATE environmental_reading SET reading_time = reading_time + interval '6 hours'"
    less = "UPDATE environmental_reading SET value = 5 WHERE extract(hour FROM reading_time) = 18"
    eager = replace(CHECKS["oxygen_at_dawn"], needs=Needs(0, "anything"))
    assert failed(finished.asked([eager], hours)) == set()
    assert failed(finished.asked([eager], hours, less)) == {"oxygen_at_dawn"}


def test_oxygen_of_the_checks_is_that_of_the_simulation(finished: Finished) -> None:
    for temperature in (4.0, 12.0, 16.0):
        for salinity in (0.0, 35.0):
            (asked,) = finished.connection.execute(
                "SELECT pg_temp.oxygen_saturation(%s, %s)", (temperature, salinity)
            ).fetchone() or (0.0,)
            assert asked == pytest.approx(water.oxygen_saturation(temperature, salinity), rel=1e-9)
