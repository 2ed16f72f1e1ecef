"""Ways to damage what can be worked out again: from the days, from the scenario, from the rest."""

from __future__ import annotations

from tests.integration.validation.damage import a_day, a_reading, damage, first

_TREATED = first("treatment")
_BATHED = first("treatment", "reason = 'outbreak'")
_DELOUSED = first("treatment", "reason = 'lice'")
_VACCINATED = first("vaccination")
_SAMPLED = first("lab_sample", "reason = 'screening'")
_FOLLOWED = first("lab_sample", "reason = 'follow_up'")
_DIAGNOSED = first("disease_outbreak", "diagnosed_date IS NOT NULL")
_STORM = first("site_event", "kind = 'storm'")


def _entry(kind: str) -> str:
    return first("journal_entry", f"kind = '{kind}'")


#: A transfer to sea, and a month of a sensor of temperature in a pen that has fish.
_TO_SEA = """(from_assignment_id, to_assignment_id) = (SELECT from_assignment_id, to_assignment_id
    FROM transfer WHERE kind = 'sea' ORDER BY 1, 2 LIMIT 1)"""

_A_MONTH = """sensor_id = (SELECT min(s.id) FROM sensor s JOIN assignment a USING (container_id)
        WHERE a.lifecycle_stage_id = 6 AND s.environmental_parameter_id = 1)
    AND reading_time >= '2016-08-01' AND reading_time < '2016-09-01'"""

_AT_SEA = "assignment_id IN (SELECT id FROM assignment WHERE lifecycle_stage_id = 6)"

#: Deaths of pens, smoothed over a week.
_SMOOTH = f"""UPDATE daily_state AS d SET deaths = s.deaths
    FROM (SELECT assignment_id, date, round(avg(deaths) OVER (
              PARTITION BY assignment_id ORDER BY date
              ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING)) AS deaths
            FROM daily_state WHERE {_AT_SEA}) AS s
   WHERE s.assignment_id = d.assignment_id AND s.date = d.date"""

RECORD_DAMAGES = [
    # What people did about health.
    damage(
        "treatments_of_their_fish",
        f"UPDATE treatment SET fish = fish - 1 WHERE {_TREATED}",
    ),
    damage(
        "treatments_last_as_long",
        f"UPDATE treatment SET end_date = end_date + 2 WHERE {_BATHED}",
        also="treatments_measured",
    ),
    damage(
        "treatments_dosed_and_charged",
        f"UPDATE treatment SET dose_total = dose_total * 1.3 WHERE {_TREATED}",
    ),
    damage(
        "treatments_dosed_and_charged",
        f"UPDATE treatment SET cost = cost * 1.3 WHERE {_TREATED}",
        also="costs_of_batch_months",
    ),
    damage(
        "treatments_measured",
        "UPDATE treatment SET before_value = before_value * 2,"
        f" effect_percent = 100 * (1 - after_value / (2 * before_value)) WHERE {_BATHED}",
    ),
    damage(
        "treatments_measured",
        f"UPDATE treatment SET after_date = after_date + 1 WHERE {_DELOUSED}",
    ),
    damage(
        "treatment_status_follows_facts",
        "UPDATE treatment SET status = 'waiting', after_date = NULL, after_value = NULL,"
        f" effect_percent = NULL WHERE {_DELOUSED}",
    ),
    damage(
        "withholding_ends_in_time",
        f"UPDATE withholding_period SET end_date = NULL WHERE {first('withholding_period')}",
        also="withheld_days withholding_counts_its_water nothing_harvested_while_withheld",
    ),
    damage(
        "vaccinations_of_their_fish",
        f"UPDATE vaccination SET mean_weight_g = mean_weight_g * 1.3 WHERE {_VACCINATED}",
    ),
    damage(
        "vaccinations_of_their_fish",
        f"UPDATE vaccination SET cost = cost + 1 WHERE {_VACCINATED}",
        also="costs_of_batch_months",
    ),
    damage(
        "side_effects_of_vaccinations",
        "UPDATE vaccination SET side_effect_score = least(side_effect_score * 2, 6)",
    ),
    damage(
        "lab_samples_in_time",
        "UPDATE lab_sample SET received_on = NULL, positive = NULL, result = NULL"
        f" WHERE {_SAMPLED}",
        also="journal_tells_what_happened",
    ),
    damage(
        "lab_samples_ask_a_question",
        f"UPDATE lab_sample SET disease_outbreak_id = NULL WHERE {_FOLLOWED}",
    ),
    damage("lab_samples_ask_a_question", f"UPDATE lab_sample SET n = n + 1 WHERE {_SAMPLED}"),
    damage(
        "diagnosed_by_a_sample",
        f"UPDATE disease_outbreak SET diagnosed_date = diagnosed_date + 1 WHERE {_DIAGNOSED}",
        also="journal_tells_of_outbreaks",
    ),
    damage(
        "outbreaks_peak_where_most_die",
        f"UPDATE disease_outbreak SET peak_date = peak_date - 1 WHERE {_DIAGNOSED}",
    ),
    damage(
        "outbreaks_begin_and_end_with_illness",
        f"UPDATE disease_outbreak SET first_case_date = first_case_date - 120 WHERE {_DIAGNOSED}",
    ),
    damage(
        "outbreaks_end_with_their_fish",
        f"UPDATE disease_outbreak SET end_date = NULL WHERE {_DIAGNOSED}",
        also="journal_tells_of_outbreaks",
    ),
    # The journal.
    damage(
        "journal_of_its_people",
        f"UPDATE journal_entry SET author = 'N. Nobody, veterinarian' WHERE {_entry('visit')}",
    ),
    damage(
        "journal_of_its_people",
        f"UPDATE journal_entry SET text = lower(text) || ' and' WHERE {_entry('event')}",
    ),
    damage(
        "journal_tells_of_outbreaks",
        f"UPDATE journal_entry SET date = date + 1 WHERE {_entry('recovery')}",
    ),
    damage(
        "journal_tells_of_losses",
        f"UPDATE journal_entry SET date = date + 1 WHERE {_entry('mortality')}",
        also="journal_reads_the_water",
    ),
    damage(
        "journal_tells_of_vaccinations",
        f"UPDATE journal_entry SET date = date + 1 WHERE {_entry('vaccination')}",
    ),
    damage(
        "journal_tells_what_happened",
        f"UPDATE journal_entry SET date = date + 5 WHERE {_entry('treatment')}",
        also="journal_reads_the_water",
    ),
    damage(
        "journal_reads_the_water",
        f"UPDATE journal_entry SET text = 'All is well. No action needed.' WHERE {_entry('visit')}",
    ),
    damage(
        "journal_names_fish_and_outbreaks",
        f"UPDATE journal_entry SET assignment_id = NULL WHERE {_entry('result')}",
    ),
    damage(
        "visited_in_time",
        f"UPDATE journal_entry SET kind = 'event' WHERE {_entry('visit')}",
        also="journal_of_its_people journal_tells_what_happened",
    ),
    # What was written, and how much of it.
    damage(
        "records_as_marked",
        f"DELETE FROM journal_entry WHERE {_entry('decision')}",
        also="records_of_their_place",
    ),
    damage(
        "records_of_their_place",
        f"UPDATE site_event SET id = id + 5000 WHERE {first('site_event')}",
    ),
    damage("world_as_built", "UPDATE strain SET name = name || '!'"),
    damage("snapshots_unchanged", "UPDATE ops.snapshot SET state = '{}' WHERE session = 1"),
    damage("sessions_are_done", "UPDATE ops.session SET rows = rows + 1 WHERE session = 1"),
    damage(
        "metrics_recounted",
        "INSERT INTO ops.metric (session, scope, name, value, unit)"
        " VALUES (1, 'session', 'batches_created', 99, 'batches')"
        " ON CONFLICT (session, scope, name) DO UPDATE SET value = 99",
    ),
    # Batches, stays and moves.
    damage(
        "weights_of_assignments",
        "UPDATE assignment SET end_weight_g = end_weight_g * 1.3"
        f" WHERE {first('assignment', 'end_date IS NOT NULL AND lifecycle_stage_id = 2')}",
    ),
    damage(
        "weights_of_moves",
        "UPDATE transfer SET mean_weight_g = mean_weight_g * 1.01,"
        f" biomass_kg = biomass_kg * 1.01 WHERE {_TO_SEA}",
        also="weights_of_assignments site_months_of_the_days",
    ),
    damage("transfers_of_their_kind", f"UPDATE transfer SET kind = 'stage' WHERE {_TO_SEA}"),
    damage(
        "handling_on_arrival",
        f"UPDATE transfer SET mortality_count = mortality_count + 1000 WHERE {_TO_SEA}",
    ),
    damage(
        "batches_by_their_rules",
        f"UPDATE batch SET species = 'Salmo trutta' WHERE {first('batch')}",
    ),
    damage(
        "no_assignment_without_fish",
        "UPDATE daily_state SET population = 0, biomass_kg = 0, density_kg_m3 = 0"
        " WHERE (assignment_id, date) = (SELECT d.assignment_id, max(d.date) FROM daily_state AS d"
        " JOIN assignment AS a ON a.id = d.assignment_id WHERE a.end_date IS NULL"
        " GROUP BY 1 ORDER BY 1 LIMIT 1)",
        also="population_falls_by_deaths fish_balance_of_assignments fish_balance_of_batches"
        " batch_months_of_the_days site_months_of_the_days",
    ),
    # Days.
    damage(
        "days_change_slowly",
        f"UPDATE daily_state SET weight_cv = weight_cv * 1.3 WHERE {a_day(6)}",
    ),
    damage(
        "days_within_their_scales",
        f"UPDATE daily_state SET appetite = 0 WHERE {a_day(6, 'd.feed_kg > 0')}",
    ),
    damage(
        "water_of_their_place",
        f"UPDATE daily_state SET salinity_psu = salinity_psu + 0.001 WHERE {a_day(6)}",
    ),
    damage(
        "deaths_scatter_from_day_to_day",
        _SMOOTH,
        also="population_falls_by_deaths deaths_by_cause deaths_in_events treatments_measured"
        " fish_balance_of_assignments fish_balance_of_batches batch_months_of_the_days"
        " site_months_of_the_days",
    ),
    damage(
        "events_do_not_last_for_ever",
        "UPDATE site_event AS v SET end_date = NULL WHERE kind <> 'storm' AND NOT EXISTS"
        " (SELECT FROM site_event AS o WHERE o.site_id = v.site_id AND o.kind = v.kind"
        " AND o.start_date > v.start_date)",
    ),
    damage(
        "water_changes_slowly",
        "UPDATE site_day SET oxygen_mg_l = oxygen_mg_l + 7 WHERE (site_id, date) IN"
        " (SELECT site_id, date FROM site_day WHERE date = '2015-03-01' LIMIT 1)",
    ),
    damage(
        "storms_are_gales",
        f"UPDATE site_event SET end_date = end_date + 1 WHERE {_STORM}",
    ),
    damage(
        "every_year_has_its_season",
        "UPDATE site_day SET air_temperature_c = -air_temperature_c"
        " WHERE date >= '2016-01-01' AND date < '2017-01-01'",
        also="readings_near_the_truth water_changes_slowly",
    ),
    # Samples and sensors.
    damage(
        "health_samples_are_whole_fish",
        "UPDATE health_sample SET fin_score = fin_score * 1.01 WHERE fin_score > 0",
    ),
    damage(
        "health_samples_on_their_days",
        "DELETE FROM health_sample WHERE (assignment_id, sampled_on) = (SELECT assignment_id,"
        " sampled_on FROM health_sample WHERE assignment_id IN (SELECT id FROM assignment"
        " WHERE lifecycle_stage_id = 6) ORDER BY 2, 1 LIMIT 1)",
        also="rows_as_marked",
    ),
    damage(
        "lice_fish_are_numbered",
        "UPDATE lice_observation SET fish_no = -fish_no",
    ),
    damage(
        "lice_crowd_on_some_fish",
        "UPDATE lice_observation AS o SET adult_female = round(c.adult_female),"
        " mobile = round(c.mobile), attached = round(c.attached) FROM lice_count AS c"
        " WHERE c.assignment_id = o.assignment_id AND c.counted_on = o.counted_on",
        also="lice_counts_are_their_fish",
    ),
    damage(
        "samples_follow_the_history",
        "UPDATE growth_sample SET biomass_estimate_kg = biomass_estimate_kg * 1.2",
    ),
    damage(
        "estimates_go_with_the_samples",
        "UPDATE growth_sample SET biomass_estimate_kg = biomass_estimate_kg * 1.3 WHERE"
        " (assignment_id, sampled_on) = (SELECT assignment_id, min(sampled_on) FROM growth_sample"
        " WHERE assignment_id IN (SELECT id FROM assignment WHERE lifecycle_stage_id = 6)"
        " GROUP BY 1 ORDER BY 1 LIMIT 1)",
    ),
    damage(
        "readings_on_time",
        "UPDATE environmental_reading SET reading_time = reading_time + interval '1 hour'"
        f" WHERE {_A_MONTH}",
    ),
    damage("readings_vary", f"UPDATE environmental_reading SET value = 12 WHERE {_A_MONTH}"),
    damage(
        "readings_near_the_truth",
        "UPDATE environmental_reading SET value = value + 6 WHERE "
        + a_reading(
            "environmental_parameter_id = 1 AND quality_flag_id = 1 AND EXISTS"
            " (SELECT FROM assignment a WHERE a.id = r.assignment_id"
            " AND a.lifecycle_stage_id = 6)"
        ),
    ),
    damage("deviations_of_a_drift", "UPDATE sensor_calibration SET deviation = deviation + 5"),
    damage("services_by_kind", "UPDATE equipment_service SET kind = 'x' WHERE kind = 'repair'"),
]
