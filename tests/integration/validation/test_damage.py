"""Honest data passes; whatever is damaged is found by its check, and by no other."""

from __future__ import annotations

from dataclasses import fields

import pytest

from farm.db.tables import DATA_TABLES
from farm.domain.world import World
from farm.validation.verdict import Skipped
from tests.integration.validation.damage import Damage, a_day, a_reading, damage, first
from tests.integration.validation.feed_damage import FEED_DAMAGES
from tests.integration.validation.finished_farm import CHECKS, Finished, failed, reads
from tests.integration.validation.health_damage import HEALTH_DAMAGES
from tests.integration.validation.money_damage import MONEY_DAMAGES
from tests.integration.validation.record_damage import RECORD_DAMAGES
from tests.integration.validation.trade_damage import TRADE_DAMAGES

pytestmark = pytest.mark.services

OFFENCES = {name: check for name, check in CHECKS.items() if not check.measures}


_FEEDING = (
    "(assignment_id, fed_at) ="
    " (SELECT assignment_id, fed_at FROM feeding_event ORDER BY 1, 2 LIMIT 1)"
)
_TRANSFER = first("transfer", key="from_assignment_id")

#: What notices a change of the history's feed, beside what is meant to.
_FED = "fed_as_drawn batch_months_of_the_days site_months_of_the_days"

DAMAGES = [
    damage(
        "fish_balance_of_assignments",
        f"UPDATE assignment SET end_count = 1 WHERE {first('assignment', 'end_count = 0')}",
    ),
    damage(
        "fish_balance_of_batches",
        f"UPDATE batch SET eggs = eggs + 1 WHERE {first('batch', 'end_date IS NULL')}",
    ),
    damage(
        "population_falls_by_deaths",
        "UPDATE daily_state SET population = population - 1,"
        f" biomass_kg = (population - 1) * mean_weight_g / 1000 WHERE {a_day(2)}",
        also="feed_in_events",
    ),
    damage(
        "nothing_below_zero",
        f"UPDATE daily_state SET feed_kg = -0.001 WHERE {a_day(1)}",
        also=f"{_FED} days_within_their_scales",
    ),
    damage(
        "deaths_by_cause",
        "UPDATE mortality_event SET count = count + 1 WHERE mortality_cause_id = 1"
        f" AND {a_day(2, 'd.deaths_by_cause[1] > 0')}",
        "UPDATE daily_state SET deaths_by_cause[1] = deaths_by_cause[1] + 1"
        f" WHERE {a_day(2, 'd.deaths_by_cause[1] > 0')}",
        also="deaths_of_batch_months",
    ),
    damage(
        "deaths_in_events",
        "UPDATE mortality_event SET count = count + 1 WHERE mortality_cause_id = 1"
        f" AND {a_day(2, 'd.deaths_by_cause[1] > 0')}",
        also="deaths_of_batch_months",
    ),
    damage(
        "feed_in_events",
        f"UPDATE feeding_event SET amount_kg = amount_kg + 0.001 WHERE {_FEEDING}",
    ),
    damage(
        "feed_in_events",
        f"UPDATE feeding_event SET cost = cost + 0.01 WHERE {_FEEDING}",
    ),
    damage(
        "feed_in_events",
        f"UPDATE feeding_event SET feed_type_id = feed_type_id + 1 WHERE {_FEEDING}",
    ),
    damage(
        "biomass_of_days",
        f"UPDATE daily_state SET biomass_kg = biomass_kg * 1.00005 WHERE {a_day(3)}",
        also="feed_in_events",
    ),
    damage(
        "biomass_of_moves",
        f"UPDATE transfer SET biomass_kg = 0 WHERE {_TRANSFER}",
        also="site_months_of_the_days",
    ),
    damage(
        "density_of_days",
        f"UPDATE daily_state SET density_kg_m3 = density_kg_m3 * 1.001 WHERE {a_day(3)}",
    ),
    damage(
        "transfers_move_what_they_say",
        "ALTER TABLE transfer DROP CONSTRAINT transfer_counts_check",
        f"UPDATE transfer SET mortality_count = count + 1 WHERE {_TRANSFER}",
        also="handling_on_arrival",
    ),
    damage(
        "history_of_every_day",
        "UPDATE assignment SET start_date = start_date - 1 WHERE id = (SELECT min(id)"
        " FROM assignment WHERE lifecycle_stage_id = 1 AND start_date > '2015-02-01')",
        also="readings_of_stocked_linked batches_by_their_rules",
    ),
    damage(
        "history_of_its_assignment",
        f"UPDATE daily_state SET lifecycle_stage_id = 2 WHERE {a_day(3)}",
    ),
    damage(
        "water_of_every_day",
        "INSERT INTO site SELECT 9, area_id, 'X', 'X', latitude, longitude, 1, exposure FROM site"
        f" WHERE {first('site')}",
    ),
    damage(
        "readings_of_stocked_linked",
        "UPDATE environmental_reading SET assignment_id = NULL"
        f" WHERE {a_reading('assignment_id IS NOT NULL')}",
    ),
    damage(
        "readings_inside_assignment",
        "UPDATE environmental_reading AS e SET assignment_id = a.id FROM assignment AS a"
        " WHERE a.container_id = e.container_id AND e.assignment_id IS NULL AND "
        + a_reading(
            "assignment_id IS NULL AND EXISTS"
            " (SELECT FROM assignment b WHERE b.container_id = r.container_id)"
        ),
    ),
    damage(
        "readings_of_their_sensor",
        "UPDATE environmental_reading SET environmental_parameter_id = 2"
        f" WHERE {a_reading('environmental_parameter_id = 1')}",
        also="readings_near_the_truth",
    ),
    damage(
        "readings_of_the_world",
        "UPDATE environmental_reading SET value = -1.5"
        f" WHERE {a_reading('environmental_parameter_id = 1 AND quality_flag_id = 1')}",
        also="readings_near_the_truth",
    ),
    damage(
        "readings_not_doubled",
        "INSERT INTO environmental_reading (reading_time, value, sensor_id, container_id,"
        " assignment_id, environmental_parameter_id, quality_flag_id)"
        " SELECT reading_time + interval '1 minute', value, sensor_id, container_id, assignment_id,"
        " environmental_parameter_id, quality_flag_id FROM environmental_reading"
        " WHERE reading_time = '2015-03-10'",
        also="rows_as_marked readings_on_time",
    ),
    damage("natural_keys", "ALTER TABLE growth_sample DROP CONSTRAINT growth_sample_pkey"),
    damage(
        "feedings_inside_assignment",
        "UPDATE feeding_event AS e SET fed_at = a.end_date::timestamptz + interval '9 hours'"
        f" FROM assignment AS a WHERE a.id = e.assignment_id AND {_FEEDING}",
        also="feed_in_events",
    ),
    damage(
        "deaths_inside_assignment",
        "UPDATE mortality_event AS e SET date = a.end_date FROM assignment AS a"
        " WHERE a.id = e.assignment_id AND e.mortality_cause_id = 1"
        f" AND {a_day(2, 'd.deaths_by_cause[1] > 0')}".replace(
            "(assignment_id, date) =", "(e.assignment_id, e.date) ="
        ),
        also="deaths_in_events deaths_of_batch_months",
    ),
    damage(
        "samples_inside_assignment",
        *(
            f"UPDATE {table} AS e SET sampled_on = a.end_date FROM assignment AS a"
            " WHERE a.id = e.assignment_id AND a.lifecycle_stage_id = 2"
            " AND sampled_on = (SELECT max(sampled_on) FROM growth_sample AS g"
            " WHERE g.assignment_id = e.assignment_id AND g.sampled_on < a.end_date)"
            f" AND e.assignment_id = (SELECT min(id) FROM assignment WHERE lifecycle_stage_id = 2)"
            for table in ("fish_observation", "growth_sample")
        ),
    ),
    damage(
        "samples_are_their_fish",
        "UPDATE growth_sample SET mean_weight_g = mean_weight_g * 1.1",
        also="samples_follow_the_history",
    ),
    damage(
        "status_follows_facts",
        "UPDATE batch SET status = 'active', end_date = NULL"
        f" WHERE {first('batch', 'end_date IS NOT NULL')}",
        also="accounts_of_harvested_batches",
    ),
    damage(
        "assignments_end_complete",
        f"UPDATE assignment SET end_weight_g = NULL WHERE {first('assignment', 'end_count = 0')}",
        also="weights_of_assignments",
    ),
    damage(
        "nothing_after_the_end",
        f"UPDATE batch SET start_date = '2014-12-31' WHERE {first('batch')}",
        also="batch_months_follow_each_other batches_by_their_rules",
    ),
    damage(
        "rows_as_planned",
        "UPDATE ops.chunk SET planned_rows = planned_rows || '{\"growth_sample\": 9999}'"
        " WHERE chunk = '1/FO-2015-01/2015-03'",
    ),
    damage(
        "rows_as_marked",
        "UPDATE ops.chunk_commit SET rows = rows || '{\"daily_state\": 9999}'"
        " WHERE chunk = '1/FO/simulate'",
    ),
    damage(
        "one_batch_per_container",
        "ALTER TABLE assignment DROP CONSTRAINT assignment_one_batch_per_container_excl",
        "UPDATE assignment AS a SET container_id = b.container_id FROM assignment AS b"
        " WHERE b.batch_id = a.batch_id AND b.lifecycle_stage_id = 1 AND a.lifecycle_stage_id = 1"
        " AND b.id = a.id - 1 AND a.batch_id = 1000001",
        also="readings_inside_assignment",
    ),
    damage(
        "stages_in_order", "UPDATE lifecycle_stage SET stage_order = 9 WHERE code = 'post_smolt'"
    ),
    damage(
        "stage_in_its_container",
        "UPDATE lifecycle_stage SET container_kind = 'raceway' WHERE code = 'fry'",
    ),
    damage(
        "stage_in_its_hall",
        "UPDATE hall SET lifecycle_stage_id = 3 WHERE id = (SELECT min(h.id) FROM hall h"
        " JOIN container c ON c.hall_id = h.id JOIN assignment a ON a.container_id = c.id"
        " WHERE h.lifecycle_stage_id = 2)",
    ),
    damage(
        "batch_stays_in_its_geography",
        f"UPDATE batch SET geography_id = 2 WHERE {first('batch')}",
        also="revenue_of_harvest_lots costs_of_batch_months costs_add_up_over_sites_and_batches"
        " batches_by_their_rules",
    ),
    damage(
        "salinity_only_at_sea",
        "UPDATE sensor SET environmental_parameter_id = 4 WHERE id = (SELECT min(s.id)"
        " FROM sensor s JOIN container c ON c.id = s.container_id WHERE c.hall_id IS NOT NULL)",
        also="readings_of_their_sensor",
    ),
    damage(
        "fish_fit_their_container",
        "UPDATE container SET capacity_fish = 1"
        " WHERE id = (SELECT min(container_id) FROM assignment)",
    ),
    damage(
        "density_within_container",
        "UPDATE container SET max_density_kg_m3 = 0.001"
        " WHERE id = (SELECT min(container_id) FROM assignment)",
    ),
    damage(
        "density_within_the_law",
        "UPDATE density_limit SET limit_kg_m3 = 0.001 WHERE geography_id = 2",
    ),
    damage("biomass_within_site", "UPDATE site SET max_biomass_t = 0.001"),
    damage(
        "eggs_are_not_fed",
        f"UPDATE daily_state SET feed_kg = 0.001 WHERE {a_day(1)}",
        also=f"feed_in_events {_FED} days_within_their_scales",
    ),
    damage(
        "fasting_fish_get_no_feed",
        f"UPDATE daily_state SET is_fasting = true WHERE {a_day(2, 'd.feed_kg > 0')}",
    ),
    damage(
        "feed_from_its_place",
        "UPDATE feeding_event SET feed_store_id = (SELECT max(id) FROM feed_store)"
        f" WHERE {_FEEDING}",
    ),
    damage(
        "sensors_calibrated_in_time",
        "UPDATE sensor_calibration SET calibrated_on = calibrated_on + 5"
        " WHERE calibrated_on = (SELECT max(calibrated_on) FROM sensor_calibration"
        " WHERE calibrated_on < '2015-06-20')",
    ),
    damage(
        "equipment_serviced_in_time",
        f"UPDATE equipment SET service_interval_days = 10 WHERE {first('equipment')}",
    ),
    damage(
        "events_do_not_overlap",
        "INSERT INTO site_event SELECT 1, site_id, kind, start_date, end_date, severity,"
        f" fasting_days, deaths FROM site_event WHERE {first('site_event')}",
        also="records_as_marked records_of_their_place",
    ),
    damage(
        "events_cause_what_they_say",
        f"UPDATE site_event SET fasting_days = 999 WHERE {first('site_event')}",
    ),
]

ALL = DAMAGES + HEALTH_DAMAGES + RECORD_DAMAGES + FEED_DAMAGES + MONEY_DAMAGES + TRADE_DAMAGES

#: Rules about what follows what in time; see test_rules.py.
ELSEWHERE = {"cleaning_days", "fallow_days", "one_generation_per_site"}


OPS_TABLES = {"chunk", "chunk_commit", "metric", "session", "snapshot"}

#: Tables that follow from the scenario alone: any change of them is noticed.
WORLD = {field.name for field in fields(World)}


def noticed(broken: Damage) -> set[str]:
    """Return the checks that must notice a damage."""
    of_world = {"world_as_built"} if broken.tables & WORLD else set()
    return {broken.check} | broken.also | of_world


def test_every_check_of_offenders_is_put_to_the_test() -> None:
    assert {d.check for d in ALL} | ELSEWHERE == set(OFFENCES)


def test_honest_data_passes_every_check(finished: Finished) -> None:
    answers = finished.asked(CHECKS.values())
    assert failed(answers) == set()
    assert set(OFFENCES) <= set(answers)


@pytest.mark.parametrize("broken", ALL, ids=lambda broken: broken.check)
def test_damage_is_found_by_its_check_and_by_no_other(finished: Finished, broken: Damage) -> None:
    tables = broken.tables
    assert tables
    assert tables <= set(DATA_TABLES) | OPS_TABLES
    checks = [check for check in OFFENCES.values() if reads(check, tables)]
    answers = finished.asked(checks, *broken.changes)
    assert failed(answers) == noticed(broken)
    verdict = answers[broken.check]
    assert not isinstance(verdict, Skipped)
    assert verdict.measured >= len(verdict.offenders) >= 1
