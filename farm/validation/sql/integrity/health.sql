-- What is recorded about health agrees with the history, and with itself.

-- diseases_of_the_catalogue --
-- Every day names a disease of the catalogue or none, and has a number for each cause of death
-- Sick fish have a disease and healthy ones have none.
-- Source: disease, mortality_cause
-- By: year
WITH catalogue AS (
    SELECT (SELECT array_agg(id) FROM disease) AS diseases,
           (SELECT count(*) FROM mortality_cause) AS causes
)
SELECT d.assignment_id, d.date, d.disease_id, d.sick_percent,
       cardinality(d.deaths_by_cause) AS causes
  FROM daily_state AS d, catalogue AS c
 WHERE d.date >= %(first)s AND d.date < %(after)s
   AND (d.disease_id <> ALL (c.diseases) OR (d.disease_id IS NULL) <> (d.sick_percent = 0)
        OR cardinality(d.deaths_by_cause) <> c.causes);

-- outbreak_dates --
-- The dates of an outbreak follow each other
-- First case, onset, diagnosis; the peak and all of them before the end. It strikes at least one
-- assignment and no more than there were.
-- Source: definition of an outbreak
SELECT o.outbreak_id, o.disease, o.first_case_date, o.onset_date, o.diagnosed_date, o.peak_date,
       o.end_date, o.assignments_affected, there.n AS assignments
  FROM outbreak AS o
  CROSS JOIN LATERAL (SELECT count(*) AS n FROM stay AS s
                       WHERE s.place = o.place AND s.start_date < o.over
                         AND s.gone > o.first_case_date) AS there
 WHERE o.onset_date < o.first_case_date OR o.diagnosed_date < o.onset_date
    OR (o.diagnosed_date IS NOT NULL AND o.onset_date IS NULL)
    OR o.peak_date < o.first_case_date OR o.end_date <= o.first_case_date
    OR greatest(o.onset_date, o.peak_date) > o.over
    OR o.assignments_affected NOT BETWEEN 1 AND there.n;

-- outbreaks_do_not_overlap --
-- A place has one outbreak of a disease at a time
-- The next begins after the last sick container has recovered.
-- Source: definition of an outbreak
SELECT a.outbreak_id, a.disease, a.place, a.end_date, b.outbreak_id AS other_outbreak_id,
       b.first_case_date AS other_first_case
  FROM outbreak AS a
  JOIN outbreak AS b ON b.place = a.place AND b.disease_id = a.disease_id
                    AND (b.first_case_date, b.outbreak_id) > (a.first_case_date, a.outbreak_id)
 WHERE b.first_case_date < a.over;

-- sick_days_in_outbreaks --
-- Whoever is sick is so in an outbreak of the disease at the place
-- From the first case to the day before the end.
-- Source: definition of an outbreak
-- By: year
SELECT d.assignment_id, d.date, d.disease_id
  FROM daily_state AS d JOIN stay AS s USING (assignment_id)
 WHERE d.date >= %(first)s AND d.date < %(after)s AND d.disease_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM outbreak AS o
                    WHERE o.place = s.place AND o.disease_id = d.disease_id
                      AND d.date >= o.first_case_date AND d.date < o.over);

-- disease_deaths_in_outbreaks --
-- Every death of a disease lies in an outbreak of it at the place
-- From the first case to the day before the end.
-- Source: definition of an outbreak
SELECT n.assignment_id, n.date, n.cause, n.deaths
  FROM named_death AS n
 WHERE n.disease_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM outbreak AS o
                    WHERE o.place = n.place AND o.disease_id = n.disease_id
                      AND n.date >= o.first_case_date AND n.date < o.over);

-- deaths_of_outbreaks --
-- The deaths of an outbreak are those of its disease at its place in its days
-- As in mortality events.
-- Source: conservation of fish
WITH died AS (
    SELECT o.outbreak_id, sum(n.deaths) AS deaths
      FROM outbreak AS o
      JOIN named_death AS n ON n.place = o.place AND n.disease_id = o.disease_id
                           AND n.date >= o.first_case_date AND n.date < o.over
     GROUP BY 1
)
SELECT o.outbreak_id, o.disease, o.first_case_date, o.end_date, o.deaths,
       coalesce(d.deaths, 0) AS died
  FROM outbreak AS o LEFT JOIN died AS d USING (outbreak_id)
 WHERE o.deaths <> coalesce(d.deaths, 0);

-- treatments_inside_assignment --
-- Treatments lie inside their assignment's dates
-- So do the measurements before and after; no more fish are treated than there were.
-- Source: events belong to an assignment
WITH given AS (
    SELECT t.*, s.start_date AS came, s.gone,
           coalesce((SELECT d.population FROM daily_state AS d
                      WHERE d.assignment_id = t.assignment_id AND d.date = t.start_date - 1),
                    s.start_count) AS there
      FROM treatment AS t JOIN stay AS s USING (assignment_id)
)
SELECT id AS treatment_id, assignment_id, start_date, end_date, before_date, after_date, fish, there
  FROM given
 WHERE start_date < came OR start_date >= gone OR end_date > gone OR before_date < came
    OR after_date > gone OR before_date > start_date OR after_date < end_date OR fish > there;

-- treatment_effects --
-- The effect of a treatment is the fall from before to after
-- In per cent; there is none while it runs or waits.
-- Source: definition of an effect
SELECT id AS treatment_id, status, before_value, after_value, effect_percent
  FROM treatment
 WHERE (effect_percent IS NOT NULL AND before_value > 0
        AND abs(effect_percent - 100 * (1 - after_value / before_value)) > 0.1)
    OR (effect_percent IS NOT NULL) <> (before_value > 0 AND after_value IS NOT NULL) IS TRUE
    OR (before_date IS NULL) <> (before_value IS NULL) OR (after_date IS NULL) <> (after_value IS NULL)
    OR (status <> 'completed' AND after_value IS NOT NULL)
    OR (status = 'running') <> (end_date IS NULL);

-- treatment_deaths --
-- Treatments have killed the fish that died of treatment
-- By assignment, no more and no fewer.
-- Source: conservation of fish
WITH told AS (
    SELECT assignment_id, sum(deaths) AS deaths FROM treatment GROUP BY 1
), died AS (
    SELECT assignment_id, sum(deaths) AS deaths FROM named_death
     WHERE cause = 'treatment' GROUP BY 1
)
SELECT assignment_id, coalesce(t.deaths, 0) AS of_treatments,
       coalesce(d.deaths, 0) AS died_of_treatment
  FROM told AS t FULL JOIN died AS d USING (assignment_id)
 WHERE coalesce(t.deaths, 0) <> coalesce(d.deaths, 0);

-- medicines_are_withheld --
-- Every medicine with a withdrawal has its withholding period, and nothing else has one
-- It asks what the catalogue says, and begins when the treatment ends.
-- Source: treatment_type
SELECT t.id AS treatment_id, y.code, t.end_date, y.withdrawal_degree_days, y.withdrawal_days,
       w.start_date, w.required_degree_days, w.required_days
  FROM treatment AS t
  JOIN treatment_type AS y ON y.id = t.treatment_type_id
  JOIN stay AS s USING (assignment_id)
  LEFT JOIN withholding_period AS w ON w.treatment_id = t.id
 WHERE CASE WHEN num_nonnulls(y.withdrawal_degree_days, y.withdrawal_days) = 0 OR t.end_date IS NULL
            THEN w.id IS NOT NULL
            WHEN t.end_date < s.gone
            THEN w.start_date IS DISTINCT FROM t.end_date
                 OR w.assignment_id IS DISTINCT FROM t.assignment_id
                 OR w.required_degree_days IS DISTINCT FROM y.withdrawal_degree_days
                 OR w.required_days IS DISTINCT FROM y.withdrawal_days END;

-- withholding_counts_its_water --
-- A withholding period counts the degrees of its own water, and ends when it has enough
-- The sum of the container's daily temperatures over its days, to a hundredth of a degree and day;
-- enough at its end and not a day before, unless the fish had gone. Days are counted likewise.
-- Source: withholding_period
WITH counted AS (
    SELECT w.id, s.gone, count(*) AS days, sum(greatest(d.temperature_c, 0)) AS degree_days,
           max(greatest(d.temperature_c, 0)) FILTER (WHERE d.date = w.end_date - 1) AS last_day
      FROM withholding_period AS w
      JOIN stay AS s USING (assignment_id)
      JOIN daily_state AS d ON d.assignment_id = w.assignment_id AND d.date >= w.start_date
                           AND d.date < coalesce(w.end_date, 'infinity')
     GROUP BY 1, 2
)
SELECT w.id AS withholding_id, w.start_date, w.end_date, w.required_degree_days, w.degree_days,
       c.degree_days AS counted, w.required_days, c.days
  FROM withholding_period AS w LEFT JOIN counted AS c USING (id)
 WHERE abs(w.degree_days - coalesce(c.degree_days, 0)) > 0.01 + 0.0006 * coalesce(c.days, 0)
    OR (w.end_date < c.gone
        AND (w.required_degree_days NOT BETWEEN w.degree_days - c.last_day - 0.02
                                            AND w.degree_days + 0.02
             OR w.required_days <> c.days));

-- withheld_days --
-- The history says of each day whether the fish are withheld
-- From the first dose of a medicine with a withdrawal to the day before its period ends.
-- Source: withholding_period
-- By: year
WITH spell AS (
    SELECT t.assignment_id, t.start_date,
           least(coalesce(w.end_date, 'infinity'), s.gone, %(after_horizon)s) AS until
      FROM treatment AS t
      JOIN treatment_type AS y ON y.id = t.treatment_type_id
                              AND num_nonnulls(y.withdrawal_degree_days, y.withdrawal_days) > 0
      JOIN stay AS s USING (assignment_id)
      LEFT JOIN withholding_period AS w ON w.treatment_id = t.id
), expected AS (
    SELECT DISTINCT assignment_id, d::date AS date
      FROM spell, generate_series(start_date::timestamp, until - 1, '1 day') AS d
     WHERE d >= %(first)s AND d < %(after)s
), held AS (
    SELECT assignment_id, date FROM daily_state
     WHERE date >= %(first)s AND date < %(after)s AND is_withheld
)
SELECT assignment_id, date, e.assignment_id IS NOT NULL AS must_be,
       h.assignment_id IS NOT NULL AS is_so
  FROM expected AS e FULL JOIN held AS h USING (assignment_id, date)
 WHERE e.assignment_id IS NULL OR h.assignment_id IS NULL;

-- vaccinations_inside_assignment --
-- Fish are vaccinated where they are
-- On a day of the assignment, no more than were there.
-- Source: events belong to an assignment
SELECT v.id AS vaccination_id, v.assignment_id, v.date, v.count, s.start_date, s.end_date,
       d.population, d.deaths
  FROM vaccination AS v
  JOIN stay AS s USING (assignment_id)
  LEFT JOIN daily_state AS d ON d.assignment_id = v.assignment_id AND d.date = v.date
 WHERE d.date IS NULL OR v.count > d.population + d.deaths
    OR v.side_effect_score NOT BETWEEN 0 AND 6;

-- lab_samples_agree --
-- A laboratory's answer agrees with the sample
-- Taken inside the assignment, sent and received after; positive exactly if a fish was; an outbreak
-- it belongs to is of the place, and what was found confirms only the disease that was tested for.
-- Source: definition of a sample
SELECT l.id AS lab_sample_id, l.assignment_id, l.sampled_on, l.sent_on, l.received_on, l.n,
       l.positive, l.result, o.disease, o.place
  FROM lab_sample AS l
  JOIN stay AS s USING (assignment_id)
  LEFT JOIN outbreak AS o ON o.outbreak_id = l.disease_outbreak_id
 WHERE l.sampled_on < s.start_date OR l.sampled_on >= s.gone OR l.sent_on < l.sampled_on
    OR l.received_on < l.sent_on OR (l.received_on IS NOT NULL AND l.sent_on IS NULL)
    OR (l.result = 'positive') <> (l.positive > 0) OR l.positive > l.n
    OR o.place <> s.place OR l.sampled_on < o.first_case_date;

-- lice_counts_are_their_fish --
-- A lice count is the mean of what was found on its fish
-- Number of fish, and lice of each group.
-- Source: definition of a count
-- By: year
WITH fish AS (
    SELECT assignment_id, counted_on, count(*) AS n,
           avg(adult_female)::double precision AS adult_female,
           avg(mobile)::double precision AS mobile, avg(attached)::double precision AS attached
      FROM lice_observation
     WHERE counted_on >= %(first)s AND counted_on < %(after)s
     GROUP BY 1, 2
), counted AS (
    SELECT * FROM lice_count WHERE counted_on >= %(first)s AND counted_on < %(after)s
)
SELECT assignment_id, counted_on, c.n, f.n AS fish, c.adult_female, f.adult_female AS on_fish
  FROM counted AS c FULL JOIN fish AS f USING (assignment_id, counted_on)
 WHERE c.n IS DISTINCT FROM f.n
    OR greatest(abs(c.adult_female - f.adult_female), abs(c.mobile - f.mobile),
                abs(c.attached - f.attached)) > 1e-9;

-- lice_counts_of_the_history --
-- Lice counts are those of the history
-- By assignment and day: fish looked at, and lice found.
-- Source: the history is one row per assignment and day
-- By: year
WITH counted AS (
    SELECT assignment_id, counted_on AS date, n, round(n * adult_female) AS adult_female,
           round(n * mobile) AS mobile, round(n * attached) AS attached
      FROM lice_count WHERE counted_on >= %(first)s AND counted_on < %(after)s
), history AS (
    SELECT assignment_id, date, lice_fish_counted AS n, lice_adult_female_counted AS adult_female,
           lice_mobile_counted AS mobile, lice_attached_counted AS attached
      FROM daily_state
     WHERE date >= %(first)s AND date < %(after)s AND lice_fish_counted > 0
)
SELECT assignment_id, date, c.n, h.n AS fish_of_history, c.adult_female,
       h.adult_female AS adult_female_of_history
  FROM counted AS c FULL JOIN history AS h USING (assignment_id, date)
 WHERE (c.n, c.adult_female, c.mobile, c.attached)
       IS DISTINCT FROM (h.n, h.adult_female, h.mobile, h.attached);

-- lice_only_at_sea --
-- Lice are found at sea and nowhere else
-- The history knows them in pens alone, every day; counts are of pens inside their assignment's
-- dates.
-- Source: Lepeophtheirus salmonis lives in the sea
-- By: year
SELECT 'daily_state' AS what, d.assignment_id, d.date
  FROM daily_state AS d JOIN stay AS s USING (assignment_id)
 WHERE d.date >= %(first)s AND d.date < %(after)s
   AND (num_nonnulls(d.lice_adult_female, d.lice_mobile, d.lice_attached)
            <> CASE WHEN s.site_id IS NULL THEN 0 ELSE 3 END
        OR (s.site_id IS NULL AND d.lice_fish_counted > 0))
UNION ALL
SELECT 'lice_count', c.assignment_id, c.counted_on
  FROM lice_count AS c LEFT JOIN stay AS s USING (assignment_id)
 WHERE c.counted_on >= %(first)s AND c.counted_on < %(after)s
   AND (s.site_id IS NULL OR c.counted_on < s.start_date OR c.counted_on >= s.gone);

-- health_samples_inside_assignment --
-- Health samples lie inside their assignment's dates and look at the fish they say
-- No more affected or wounded than looked at; no score above its scale.
-- Source: events belong to an assignment
SELECT h.assignment_id, h.sampled_on, h.n, h.gill_score, h.gills_affected, h.wounded, h.fin_score,
       h.side_effect_score
  FROM health_sample AS h LEFT JOIN stay AS s USING (assignment_id)
 WHERE h.sampled_on >= %(first)s AND h.sampled_on < %(after)s
   AND ((h.sampled_on >= s.start_date AND h.sampled_on < s.gone) IS NOT TRUE
        OR h.n <= 0 OR greatest(h.gills_affected, h.wounded) > h.n
        OR h.gill_score NOT BETWEEN 0 AND h.gill_score_max OR h.gill_score_max > 5
        OR h.fin_score NOT BETWEEN 0 AND 5 OR h.side_effect_score NOT BETWEEN 0 AND 6);

-- lots_are_their_harvest --
-- The lots of a harvest add up to it
-- Fish exactly, live weight to a millionth.
-- Source: conservation of fish
WITH lot AS (
    SELECT assignment_id, date, sum(count) AS count, sum(live_kg) AS live_kg
      FROM harvest_lot GROUP BY 1, 2
)
SELECT assignment_id, date, h.count, l.count AS in_lots, h.biomass_kg, l.live_kg
  FROM harvest_event AS h FULL JOIN lot AS l USING (assignment_id, date)
 WHERE h.count IS DISTINCT FROM l.count
    OR abs(h.biomass_kg - l.live_kg) > 1e-6 * h.biomass_kg;

-- lots_in_their_class --
-- Fish of a lot weigh what their lot says, and less when gutted
-- Live weight is count times mean weight.
-- Source: definition of a lot
SELECT assignment_id, date, weight_class, quality, count, mean_weight_g, live_kg, gutted_kg
  FROM harvest_lot
 WHERE abs(live_kg - count * mean_weight_g / 1000.0) > 1e-6 * live_kg OR gutted_kg >= live_kg
    OR gutted_kg <= 0;

-- journal_of_its_place --
-- The journal speaks of fish and outbreaks that were there
-- Of an assignment of the place and of an outbreak there, on its days or up to three months after,
-- when results have come and effects are measured; of a place with fish in the last month.
-- Source: events belong to a place
WITH entry AS (
    SELECT j.*, coalesce(j.site_id, -j.station_id) AS place FROM journal_entry AS j
)
SELECT e.id AS journal_entry_id, e.date, e.kind, e.place, e.assignment_id, e.disease_outbreak_id
  FROM entry AS e
  LEFT JOIN stay AS s USING (assignment_id)
  LEFT JOIN outbreak AS o ON o.outbreak_id = e.disease_outbreak_id
 WHERE s.place <> e.place OR e.date < s.start_date OR e.date > s.gone + 90
    OR o.place <> e.place OR e.date < o.first_case_date OR e.date > o.over + 90
    OR NOT EXISTS (SELECT FROM stay AS x WHERE x.place = e.place AND x.start_date <= e.date
                                           AND x.gone > e.date - 30)
    OR e.text = '';
