"""Ways to damage what is recorded about health, in rows put in by hand where chance may leave none.

A row put in breaks no promise but that nobody puts in rows, and those of rows that were worked out
from the days; the statement after it does.
"""

from __future__ import annotations

from tests.integration.validation.damage import a_day, damage, first

#: The first assignment of a Scottish and of a Faroese pen, and of a tray.
PEN, FAROESE_PEN, TRAY = (
    "(SELECT min(a.id) FROM assignment a JOIN container c ON c.id = a.container_id"
    f" JOIN batch b ON b.id = a.batch_id WHERE c.kind = '{kind}' AND b.geography_id = {geography})"
    for kind, geography in (("pen", 2), ("pen", 1), ("tray", 2))
)


def outbreak(number: int = 1, disease: str = "srs", pen: str = PEN, first_case: int = 10) -> str:
    """Return an outbreak of a disease that the farm does not have, at the place of a pen."""
    return f"""INSERT INTO disease_outbreak (id, disease_id, site_id, first_case_date, onset_date,
            peak_date, end_date, assignments_affected, deaths)
        SELECT {number}, (SELECT id FROM disease WHERE code = '{disease}'), c.site_id,
               a.start_date + {first_case}, a.start_date + {first_case} + 1,
               a.start_date + {first_case} + 2, a.start_date + {first_case} + 3, 1, 0
          FROM assignment a JOIN container c ON c.id = a.container_id WHERE a.id = {pen}"""


def treatment(code: str = "functional_feed", number: int = 1, pen: str = PEN, day: int = 12) -> str:
    """Return a treatment that lasts a day, counted in the figures of its month."""
    return f"""INSERT INTO treatment (id, treatment_type_id, assignment_id, reason, start_date,
            end_date, fish, biomass_kg, cost, deaths, status)
        SELECT {number}, (SELECT id FROM treatment_type WHERE code = '{code}'), a.id, 'preventive',
               a.start_date + {day}, a.start_date + {day} + 1, 1, 1, 0, 0, 'completed'
          FROM assignment a WHERE a.id = {pen};
        {counted(number)}"""


def counted(number: int) -> str:
    """Return statements that count a treatment in the figures of its month."""
    given = f"""treatment AS t JOIN assignment AS a ON a.id = t.assignment_id
          JOIN container AS c ON c.id = a.container_id LEFT JOIN hall AS h ON h.id = c.hall_id
         WHERE t.id = {number} AND m.month = date_trunc('month', t.start_date)"""
    return f"""UPDATE batch_month AS m SET treatments = m.treatments + 1
          FROM {given} AND m.batch_id = a.batch_id;
        UPDATE site_month AS m SET treatments = m.treatments + 1
          FROM {given} AND (m.site_id = c.site_id OR m.station_id = h.station_id)"""


def withheld(code: str = "azamethiphos") -> tuple[str, ...]:
    """Return a treatment of fish on land with a medicine, and all that follows from it."""
    day = "d.assignment_id = a.id AND d.date"
    return (
        treatment(code, pen=TRAY),
        f"""INSERT INTO withholding_period (id, treatment_id, assignment_id, start_date, end_date,
                required_degree_days, degree_days)
            SELECT 1, 1, a.id, a.start_date + 13, a.start_date + 15, y.withdrawal_degree_days,
                   (SELECT sum(d.temperature_c) FROM daily_state d
                     WHERE {day} IN (a.start_date + 13, a.start_date + 14))
              FROM assignment a, treatment_type y WHERE a.id = {TRAY} AND y.code = '{code}'""",
        f"""UPDATE daily_state AS d SET is_withheld = true FROM assignment AS a
             WHERE a.id = {TRAY} AND {day} BETWEEN a.start_date + 12 AND a.start_date + 14""",
    )


SAMPLE = f"""INSERT INTO lab_sample (id, lab_test_id, assignment_id, reason, sampled_on, sent_on,
        received_on, n, positive, result)
    SELECT 1, 1, a.id, 'screening', a.start_date + 5, a.start_date + 6, a.start_date + 9, 10, 0,
           'negative' FROM assignment a WHERE a.id = {PEN}"""

ENTRY = f"""INSERT INTO journal_entry (id, date, site_id, assignment_id, kind, author, text)
    SELECT 1, a.start_date + 5, c.site_id, a.id, 'visit', 'A', 'All well.'
      FROM assignment a JOIN container c ON c.id = a.container_id WHERE a.id = {PEN}"""

#: A day of a pen on which lice were counted, and one with deaths.
_COUNTED = "(assignment_id, counted_on) = (SELECT assignment_id, min(counted_on) FROM lice_count {}"
_COUNTED += " GROUP BY 1 ORDER BY 1 LIMIT 1)"

_DIED = "d.deaths_by_cause[1] > 0"

_HARVEST = (
    "(assignment_id, date) = (SELECT assignment_id, date FROM harvest_event ORDER BY 1, 2 LIMIT 1)"
)

#: Of an assignment in a pen that ended, while others of its batch went on.
_LAST = (
    "lifecycle_stage_id = 6 AND end_date < (SELECT max(coalesce(x.end_date, 'infinity'))"
    " FROM assignment x WHERE x.batch_id = assignment.batch_id)"
)

#: What notices any row put in, and outbreaks and treatments that the days know nothing of.
_PUT_IN = "records_as_marked records_of_their_place"
_OUTBREAK = f"{_PUT_IN} journal_tells_of_outbreaks outbreaks_peak_where_most_die"
_TREATMENT = f"{_PUT_IN} treatments_dosed_and_charged treatments_of_their_fish"

HEALTH_DAMAGES = [
    damage(
        "diseases_of_the_catalogue",
        f"UPDATE daily_state SET sick_percent = 1 WHERE {a_day(6, 'd.disease_id IS NULL')}",
    ),
    damage(
        "outbreak_dates",
        outbreak(),
        "UPDATE disease_outbreak SET peak_date = end_date + 1 WHERE id = 1",
        also=_OUTBREAK,
    ),
    damage("outbreaks_do_not_overlap", outbreak(1), outbreak(2, first_case=12), also=_OUTBREAK),
    damage(
        "sick_days_in_outbreaks",
        "UPDATE daily_state SET sick_percent = 1,"
        " disease_id = (SELECT id FROM disease WHERE code = 'srs')"
        f" WHERE {a_day(6, 'd.disease_id IS NULL')}",
    ),
    damage(
        "disease_deaths_in_outbreaks",
        "UPDATE mortality_event SET mortality_cause_id = (SELECT id FROM mortality_cause"
        f" WHERE code = 'srs') WHERE mortality_cause_id = 1 AND {a_day(6, _DIED)}",
        also="deaths_in_events deaths_of_batch_months",
    ),
    damage(
        "deaths_of_outbreaks",
        outbreak(),
        "UPDATE disease_outbreak SET deaths = 1 WHERE id = 1",
        also=_OUTBREAK,
    ),
    damage(
        "treatments_inside_assignment",
        treatment(),
        "UPDATE treatment SET before_date = start_date - 100 WHERE id = 1",
        also=f"{_TREATMENT} treatments_measured treatment_effects",
    ),
    damage(
        "treatment_effects",
        treatment(),
        "UPDATE treatment SET before_value = 1, after_value = 0.5, effect_percent = 40",
        also=f"{_TREATMENT} treatments_measured",
    ),
    damage(
        "treatment_deaths",
        f"UPDATE treatment SET deaths = deaths + 1 WHERE {first('treatment')}",
    ),
    damage(
        "medicines_are_withheld",
        *withheld(),
        "UPDATE withholding_period SET required_degree_days = 9 WHERE id = 1",
        also=_TREATMENT,
    ),
    damage(
        "withholding_counts_its_water",
        *withheld(),
        "UPDATE withholding_period SET degree_days = degree_days + 0.1 WHERE id = 1",
        also=_TREATMENT,
    ),
    damage(
        "withheld_days",
        f"UPDATE daily_state SET is_withheld = NOT is_withheld WHERE {a_day(2)}",
    ),
    damage(
        "vaccinations_inside_assignment",
        f"UPDATE vaccination SET side_effect_score = 6.1 WHERE {first('vaccination')}",
        also="side_effects_of_vaccinations",
    ),
    damage(
        "lab_samples_agree",
        SAMPLE,
        "UPDATE lab_sample SET positive = 1 WHERE id = 1",
        also=f"{_PUT_IN} lab_samples_ask_a_question",
    ),
    damage(
        "lice_counts_are_their_fish",
        "UPDATE lice_observation SET attached = attached + 1"
        f" WHERE fish_no = 1 AND {_COUNTED.format('')}",
    ),
    damage(
        "lice_counts_of_the_history",
        "UPDATE daily_state SET lice_mobile_counted = lice_mobile_counted + 1"
        f" WHERE {a_day(6, 'd.lice_fish_counted > 0')}",
    ),
    damage(
        "lice_only_at_sea",
        f"UPDATE daily_state SET lice_mobile = 0 WHERE {a_day(2)}",
    ),
    damage(
        "health_samples_inside_assignment",
        "UPDATE health_sample SET wounded = n + 1",
    ),
    damage(
        "lots_are_their_harvest",
        "UPDATE harvest_lot SET count = count + 1, mean_weight_g = 1000 * live_kg / (count + 1)"
        f" WHERE {_HARVEST}",
        also="downgraded_fish_are_small harvest_lots_in_their_weight_class",
    ),
    damage(
        "lots_in_their_class",
        f"UPDATE harvest_lot SET mean_weight_g = mean_weight_g + 1 WHERE {_HARVEST}",
    ),
    damage(
        "journal_of_its_place",
        ENTRY,
        "UPDATE journal_entry SET date = date - 6 WHERE id = 1",
        also=f"{_PUT_IN} journal_names_fish_and_outbreaks journal_of_its_people visited_in_time"
        " journal_reads_the_water",
    ),
    damage(
        "nothing_harvested_while_withheld",
        "UPDATE treatment_type SET withdrawal_degree_days = 500 WHERE code = 'functional_feed'",
        f"""INSERT INTO treatment (id, treatment_type_id, assignment_id, reason, start_date, fish,
                biomass_kg, cost, deaths, status)
            SELECT 1, y.id, h.assignment_id, 'preventive', h.date - 1, 1, 1, 0, 0, 'running'
              FROM harvest_event h JOIN treatment_type y ON y.code = 'functional_feed'
             WHERE {_HARVEST};
            {counted(1)}""",
        also=f"withheld_days {_TREATMENT}",
    ),
    damage(
        "no_antibiotics_at_faroese_sea",
        "UPDATE treatment_type SET substance = 'oxolinic acid' WHERE code = 'functional_feed'",
        treatment(pen=FAROESE_PEN),
        also=_TREATMENT,
    ),
    damage("no_foreign_diseases", outbreak(pen=FAROESE_PEN), also=_OUTBREAK),
    damage(
        "vaccinated_before_sea",
        "DELETE FROM vaccination WHERE assignment_id IN"
        " (SELECT id FROM assignment WHERE batch_id = (SELECT min(batch_id) FROM assignment))",
        also="costs_of_batch_months journal_tells_of_vaccinations records_as_marked",
    ),
    damage("vaccinated_as_labelled", "UPDATE vaccine SET min_weight_g = 1000"),
    damage(
        "fish_fast_before_treatment",
        treatment(),
        "UPDATE treatment_type SET fasting_days = 7",
        also=_TREATMENT,
    ),
    damage(
        "treatments_one_at_a_time",
        treatment("bronopol"),
        treatment("bronopol", number=2),
        also=f"{_TREATMENT} treatments_last_as_long",
    ),
    damage(
        "outbreak_treatments_answer_it",
        outbreak(),
        treatment(),
        "UPDATE treatment SET reason = 'outbreak', disease_outbreak_id = 1,"
        " start_date = start_date - 6, end_date = end_date - 6 WHERE id = 1",
        also=f"{_OUTBREAK} treatments_dosed_and_charged treatments_of_their_fish",
    ),
    damage(
        "lice_are_counted_in_time",
        "UPDATE daily_state SET lice_fish_counted = 0, lice_adult_female_counted = 0,"
        " lice_mobile_counted = 0, lice_attached_counted = 0 WHERE lice_fish_counted > 0"
        " AND extract(month FROM date) = 2",
        also="lice_counts_of_the_history batch_months_of_the_days site_months_of_the_days",
    ),
    damage(
        "harvest_ends_the_stay",
        f"UPDATE assignment SET end_date = end_date + 1 WHERE {first('assignment', _LAST)}",
        also="history_of_every_day readings_of_stocked_linked weights_of_assignments",
    ),
]
