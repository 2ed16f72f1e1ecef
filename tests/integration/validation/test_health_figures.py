"""Each figure about the living fish notices what goes wrong, however little data there is."""

from __future__ import annotations

import pytest

from farm.validation.scope import Scope
from tests.integration.validation.feed_figures import WRONG_FEED
from tests.integration.validation.finished_farm import CHECKS, Answers, Finished, eager, failed
from tests.integration.validation.health_damage import PEN, SAMPLE, outbreak, treatment

pytestmark = pytest.mark.services

#: A number from 0 to 1 that has nothing to do with anything.
_NOISE = "abs(hashtext(assignment_id || ' ' || date)::float8) / 2147483648"

#: The days of one pen.
_ONE = f"assignment_id = {PEN}"

_DEATHS = "UPDATE daily_state SET deaths = "
_AT_SEA = " WHERE salinity_psu IS NOT NULL"


def at_sea(change: str) -> str:
    """Return a change of all days at sea."""
    return f"UPDATE daily_state SET {change}{_AT_SEA}"


def sick(*more: str, disease: str = "winter_ulcer") -> tuple[str, ...]:
    """Return an outbreak at the place of a pen, whose fish are sick for its days, and changes."""
    return (
        outbreak(disease=disease),
        f"""UPDATE daily_state AS d SET disease_id = o.disease_id, sick_percent = 10
              FROM disease_outbreak AS o, assignment AS a
             WHERE o.id = 1 AND a.id = {PEN} AND d.assignment_id = a.id
               AND d.date >= o.first_case_date AND d.date < o.end_date""",
        *more,
    )


def against_lice(code: str, *more: str, number: int = 1) -> tuple[str, ...]:
    """Return a treatment against lice, with what was counted before and after, and changes."""
    counted = "before_value = 1, after_value = 0.3, effect_percent = 70"
    return (
        treatment(code, number, day=30 + 5 * number),
        f"UPDATE treatment SET reason = 'lice', {counted} WHERE id = {number}",
        *more,
    )


def wrong(check: str, *changes: str) -> tuple[str, tuple[str, ...]]:
    """Return a check and statements that it must notice."""
    return check, changes


#: Fish that put on so much on each day of a week, and are at the old weight on Monday.
_IN_WEEK = "mean_weight_g = 3000 + {} * extract(isodow FROM date)"

#: 1 in every other week, else 0.
_ODD_WEEK = "((date - DATE '2015-01-05') / 7 % 2)"

#: On the days after a batch's last vaccination.
_VACCINATED = """FROM (SELECT a.batch_id, max(v.date) AS day FROM vaccination v
    JOIN assignment a ON a.id = v.assignment_id GROUP BY 1) AS v
    WHERE v.batch_id = d.batch_id AND d.date > v.day"""

#: A thousandth of the fish more dies from day to day.
_EVER_MORE = f"{_DEATHS}population * (date - DATE '2015-01-01') / 1000{_AT_SEA}"

_DYING = f"{_DEATHS}population / 20{_AT_SEA}"

WRONG = dict([
    # life and growth
    wrong("degree_days_of_eggs", "UPDATE daily_state SET temperature_c = 2 * temperature_c"),
    wrong("first_feeding_weight", "UPDATE transfer SET mean_weight_g = 3 * mean_weight_g"),
    wrong(
        "age_of_young_fish",
        "UPDATE transfer AS t SET date = t.date + 300 * a.lifecycle_stage_id FROM assignment AS a"
        " WHERE a.id = t.to_assignment_id",
    ),
    wrong("months_at_sea", "UPDATE assignment SET start_weight_g = 400"),
    wrong("best_cycles", "UPDATE assignment SET start_weight_g = 100, end_weight_g = 12000"),
    wrong("harvest_weight", "UPDATE harvest_lot SET count = 2 * count"),
    wrong("gutted_yield", "UPDATE harvest_lot SET gutted_kg = 0.7 * live_kg"),
    wrong("survival_to_sea", "UPDATE batch SET eggs = 3 * eggs"),
    wrong("growth_at_sea", "UPDATE assignment SET end_weight_g = 3 * end_weight_g"),
    wrong("growth_on_land", "UPDATE assignment SET end_weight_g = 1.2 * start_weight_g"),
    wrong("growth_by_age", at_sea("temperature_c = 4 * temperature_c")),
    wrong("growth_rate_in_summer", at_sea("biomass_kg = 0.2 * biomass_kg")),
    wrong("weight_spread", "UPDATE daily_state SET weight_cv = 0.6"),
    wrong("condition_factor", "UPDATE growth_sample SET condition_factor = 2 * condition_factor"),
    wrong("feed_conversion", at_sea("feed_kg = 2 * feed_kg")),
    wrong("feed_by_month", at_sea("feed_kg = 4 * feed_kg")),
    wrong("fish_weighed", "UPDATE growth_sample SET n = 300"),
    wrong("biomass_estimates", "UPDATE growth_sample SET biomass_estimate_kg = 0"),
    wrong(
        "fish_counts",
        "UPDATE growth_sample SET biomass_estimate_kg = biomass_estimate_kg"
        " * (0.5 + abs(hashtext(assignment_id::text)::float8) / 2147483648)",
    ),
    # what growth hangs on
    wrong("growth_has_a_season", at_sea(f"temperature_c = 10, {_IN_WEEK.format('10')}")),
    wrong(
        "warm_water_slows_growth",
        at_sea(f"temperature_c = 12 + 3 * {_ODD_WEEK}"),
        at_sea(_IN_WEEK.format(f"(10 + 50 * {_ODD_WEEK})")),
    ),
    wrong(
        "weeks_after_vaccination",
        "UPDATE daily_state AS d SET appetite = 1 - 0.5 * exp((v.day - d.date) / 4.0)"
        f" {_VACCINATED}",
    ),
    wrong(
        "vaccination_slows_growth",
        "UPDATE vaccination SET date = date - 10",
        f"UPDATE daily_state AS d SET mean_weight_g = 100 + 10 * (d.date - v.day) {_VACCINATED}",
    ),
    wrong(
        "side_effects_cost_growth",
        at_sea(_IN_WEEK.format("(10 + assignment_id % 97)")),
        at_sea("side_effect_score = assignment_id % 97"),
    ),
    # mortality
    wrong("weekly_mortality", _DYING),
    wrong("daily_mortality", _DYING),
    wrong("mortality_by_days_at_sea", _DYING),
    wrong("mortality_is_u_shaped", f"{_DEATHS}population / 100{_AT_SEA}"),
    wrong("mortality_after_transfer", _DYING),
    wrong("monthly_mortality", _DYING),
    wrong("annual_mortality", _DYING),
    wrong("mortality_of_single_years", _DYING),
    wrong("cycle_loss", "UPDATE assignment SET start_count = 3 * start_count"),
    wrong("cumulative_mortality", _DYING),
    wrong("extreme_months", _DYING),
    wrong("deaths_are_concentrated", f"{_DEATHS}population / 1000{_AT_SEA}"),
    wrong("mortality_persists", f"{_DEATHS}population * {_NOISE} / 100{_AT_SEA}"),
    wrong("mortality_varies", f"{_DEATHS}population / 1000{_AT_SEA}"),
    wrong("mortality_is_shared", f"{_DEATHS}population * {_NOISE} / 100{_AT_SEA}"),
    wrong(
        "deaths_by_named_cause",
        "UPDATE mortality_cause SET code = 'x' WHERE code = 'treatment'",
        "UPDATE mortality_cause SET code = 'treatment' WHERE code = 'background'",
        "UPDATE daily_state SET deaths = deaths_by_cause[1]",
    ),
    # disease
    wrong("disease_incidence", outbreak(disease="srs")),
    wrong("disease_onset", outbreak(disease="ipn")),
    wrong("disease_duration", outbreak(disease="pd")),
    wrong("disease_mortality", outbreak(disease="pd")),
    wrong("disease_season", outbreak(disease="pd")),
    wrong(
        "winter_ulcer_temperature",
        outbreak(disease="winter_ulcer"),
        "UPDATE site_day SET temperature_c = 13",
    ),
    wrong("pancreas_disease", outbreak(disease="pd")),
    wrong("disease_spreads", outbreak(), "UPDATE disease_outbreak SET assignments_affected = 100"),
    wrong(
        "outbreaks_are_diagnosed",
        outbreak(),
        "UPDATE disease_outbreak SET diagnosed_date = NULL",
    ),
    wrong(
        "carriers_late_at_sea",
        SAMPLE,
        "UPDATE lab_sample SET sampled_on = sampled_on + 301, received_on = received_on + 301,"
        " sent_on = sent_on + 301, lab_test_id = (SELECT id FROM lab_test WHERE code ~ 'prv')"
        " WHERE id = 1",
        "UPDATE lab_sample SET positive = 0, result = 'negative' WHERE received_on IS NOT NULL",
    ),
    wrong(
        "healthy_fish_test_negative",
        SAMPLE,
        "UPDATE lab_sample SET positive = n, result = 'positive' WHERE received_on IS NOT NULL",
        "UPDATE lab_sample SET lab_test_id = (SELECT t.id FROM lab_test t JOIN disease d"
        " ON d.id = t.disease_id WHERE d.code = 'srs' ORDER BY 1 LIMIT 1) WHERE id = 1",
    ),
    wrong(
        "laboratories_take_time",
        SAMPLE,
        "UPDATE lab_sample SET received_on = sampled_on + 60 WHERE received_on IS NOT NULL",
    ),
    # lice
    wrong("lice_of_sites", "UPDATE lice_count SET mobile = 30 + mobile"),
    wrong("lice_of_pens", "UPDATE lice_count SET mobile = 40"),
    wrong(
        "lice_by_season",
        "UPDATE lice_count SET adult_female = CASE WHEN extract(month FROM counted_on)"
        " BETWEEN 4 AND 6 THEN 1 ELSE 0.1 END",
    ),
    wrong(
        "lice_between_fish",
        "UPDATE lice_observation SET adult_female = CASE fish_no WHEN 1 THEN 90 ELSE 0 END",
    ),
    wrong("lice_persist", at_sea(f"lice_adult_female = {_NOISE}")),
    wrong("lice_between_pens", at_sea("lice_adult_female = 1")),
    wrong("lice_grow_up", at_sea("lice_attached = lice_adult_female")),
    wrong(
        "delousing_per_year",
        *(one for n in range(14, 44) for one in against_lice("thermal", number=n)),
    ),
    wrong(
        "delousing_turns_away_from_medicine",
        "UPDATE treatment SET reason = 'preventive'",
        *against_lice("azamethiphos", number=20),
        "UPDATE treatment SET start_date = '2015-03-01', end_date = '2015-03-02' WHERE id = 20",
    ),
    wrong(
        "delousing_effect",
        *against_lice("thermal"),
        "UPDATE treatment SET after_value = 2, effect_percent = -100 WHERE before_value > 0",
    ),
    wrong(
        "lice_above_the_limit",
        "UPDATE treatment SET reason = 'preventive'",
        at_sea("lice_adult_female_counted = 20 * lice_fish_counted"),
    ),
    wrong(
        "lice_treatments_follow_counts",
        *against_lice("thermal"),
        at_sea("lice_adult_female_counted = 0"),
    ),
    # care
    wrong("treatment_mortality", *against_lice("thermal"), "UPDATE treatment SET deaths = fish"),
    wrong(
        "withholding_days",
        treatment("florfenicol"),
        f"""INSERT INTO withholding_period (id, treatment_id, assignment_id, start_date, end_date,
                required_degree_days, degree_days)
            SELECT 1, 1, a.id, a.start_date + 13, a.start_date + 14, 150, 10
              FROM assignment a WHERE a.id = {PEN}""",
    ),
    wrong("withdrawal_as_labelled", "UPDATE treatment_type SET withdrawal_degree_days = 1"),
    wrong("vaccination_to_sea", "UPDATE daily_state SET temperature_c = 3 * temperature_c"),
    wrong("side_effects_at_harvest", "UPDATE health_sample SET side_effect_score = 5"),
    wrong("gills_are_looked_at", "UPDATE health_sample SET n = 100"),
    wrong("gills_by_days_at_sea", at_sea("gill_score = 4")),
    # cause and effect
    wrong(
        "sickness_costs_appetite",
        at_sea("disease_id = NULL, appetite = 1"),
        f"UPDATE daily_state SET disease_id = 1 WHERE {_ONE}",
    ),
    wrong("outbreaks_raise_deaths", *sick(at_sea("deaths = 1"))),
    wrong(
        "sickness_slows_growth",
        at_sea("disease_id = NULL, mean_weight_g = 1000 + 10 * (date - DATE '2015-01-01')"),
        f"UPDATE daily_state SET disease_id = 1 WHERE {_ONE}",
    ),
    wrong("delousing_brings_lice_down", *against_lice("thermal", at_sea("lice_mobile = 1"))),
    wrong("delousing_raises_deaths", *against_lice("azamethiphos"), _EVER_MORE),
    wrong("treatments_cost_fish", *against_lice("thermal", at_sea("deaths = 5"))),
    wrong(
        "treated_outbreaks_decline",
        *sick(treatment(day=20)),
        "UPDATE treatment SET disease_outbreak_id = NULL",
            "UPDATE treatment SET disease_outbreak_id = 1 WHERE id = 1",
        "UPDATE mortality_cause SET code = 'x' WHERE code = 'winter_ulcer'",
        "UPDATE mortality_cause SET code = 'winter_ulcer' WHERE code = 'background'",
        "UPDATE mortality_event SET count = 9"
        " * 2 ^ greatest(least((date - DATE '2016-01-01') / 7, 25), 1)",
    ),
    wrong(
        "withholding_moves_harvests",
        *(treatment("azamethiphos", number) for number in range(1, 5)),
        f"""INSERT INTO withholding_period (id, treatment_id, assignment_id, start_date, end_date,
                required_degree_days, degree_days)
            SELECT n, n, a.id, a.start_date + 13, a.start_date + 14, 10, 10
              FROM assignment a, generate_series(1, 4) AS n WHERE a.id = {PEN}""",
    ),
])  # fmt: skip


@pytest.fixture(scope="module")
def before(finished: Finished) -> Answers:
    """What the figures are before anything is changed: a small farm is no average one."""
    return finished.asked([eager(name) for name in WRONG])


@pytest.mark.parametrize("check", WRONG)
def test_a_figure_notices_what_goes_wrong(finished: Finished, before: Answers, check: str) -> None:
    after = finished.asked([eager(check)], *WRONG[check])
    assert any(after[name] != before.get(name) for name in failed(after))


def test_every_figure_of_the_living_fish_is_put_to_the_test() -> None:
    parts = ("stay", "outbreak", "pen_week", "named_death", "treatment_type", "lice_observation")
    measuring = {c.id for c in CHECKS.values() if c.measures and any(map(c.uses, parts))}
    elsewhere = {"mature_years_do_better", "smolt_weight", *WRONG_FEED}
    assert measuring <= set(WRONG) | elsewhere


def test_mature_years_that_are_no_better_are_found_out(finished: Finished) -> None:
    # Given a second generation that does as the first, but of which three times as many die
    copies = (
        "ALTER TABLE assignment DROP CONSTRAINT assignment_one_batch_per_container_excl",
        """INSERT INTO assignment SELECT a.id + 500000, a.batch_id, a.container_id,
            a.lifecycle_stage_id, a.start_date + 300, NULL, a.start_count, a.start_weight_g, NULL,
            NULL FROM assignment a WHERE a.lifecycle_stage_id = 6""",
        """CREATE TEMPORARY TABLE copy ON COMMIT DROP AS SELECT * FROM daily_state
            WHERE salinity_psu IS NOT NULL AND date < '2016-09-01'""",
        """UPDATE copy SET assignment_id = assignment_id + 500000, date = date + 300,
            deaths = 3 * deaths""",
        "INSERT INTO daily_state SELECT * FROM copy",
    )
    # When the company counts as mature from the time of the second on
    outline = finished.scenario.outline.model_copy(update={"sessions": (20, 1, 11)})
    scenario = finished.scenario.model_copy(update={"outline": outline})
    found = finished.asked(
        [eager("mature_years_do_better")], *copies, scope=Scope(scenario, scenario.session_numbers)
    )
    assert {"FO mortality", "SC growth"} <= {name.partition(".")[2] for name in failed(found)}
