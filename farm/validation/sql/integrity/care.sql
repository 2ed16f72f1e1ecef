-- What people did about health can be worked out again from the fish, the catalogue and the days.

-- treatments_of_their_fish --
-- A treatment is of the fish that were there the evening before
-- All of them, and what they weighed together, as it is rounded.
-- Source: definition of a treatment
SELECT t.id AS treatment_id, t.assignment_id, t.start_date, t.fish, e.population, t.biomass_kg,
       e.biomass_kg AS there_kg
  FROM treatment AS t
  LEFT JOIN evening AS e ON e.assignment_id = t.assignment_id AND e.date = t.start_date - 1
 WHERE (t.fish = e.population
        AND abs(t.biomass_kg - e.biomass_kg) <= 0.0501 + 0.00005 * t.fish / 1000) IS NOT TRUE;

-- treatments_last_as_long --
-- A treatment lasts as long as its kind does
-- What is given with the feed takes longer where fish fast, up to twice as long; functional feed is
-- broken off for anything else. Any treatment ends with the stay.
-- Source: scenario, treatments.duration
SELECT t.id AS treatment_id, y.code, t.start_date, t.end_date, y.duration, s.gone
  FROM treatment AS t
  JOIN treatment_type AS k ON k.id = t.treatment_type_id
  JOIN stay AS s USING (assignment_id)
  LEFT JOIN jsonb_to_recordset(%(treatments)s::jsonb)
       AS y (code text, method text, duration integer, in_feed boolean) ON y.code = k.code
 WHERE y.code IS NULL
    OR coalesce(t.end_date, %(after_horizon)s) - t.start_date
       > y.duration * CASE WHEN y.in_feed THEN 2 ELSE 1 END
    OR (t.end_date - t.start_date < y.duration AND t.end_date < s.gone
        AND y.method <> 'functional_feed');

-- treatments_dosed_and_charged --
-- A treatment's dose and cost are those of its biomass or water
-- Dose by kilogram of fish and day, or by volume: of the tank, or at sea of the water that so many
-- fish are crowded into. Both within a part in ten thousand, and what the rounding of biomass takes.
-- Source: scenario, treatments.dose, treatments.cost, care.treating.density
WITH given AS (
    SELECT t.*, k.code, y.dose, (y.cost ->> s.geography)::double precision AS per_tonne,
           (y.dose ->> 'amount')::double precision * y.duration AS amount,
           CASE WHEN s.site_id IS NULL THEN s.volume_m3
                ELSE least(s.volume_m3, t.biomass_kg / %(bath_density)s) END AS m3
      FROM treatment AS t
      JOIN treatment_type AS k ON k.id = t.treatment_type_id
      JOIN stay AS s USING (assignment_id)
      LEFT JOIN jsonb_to_recordset(%(treatments)s::jsonb)
           AS y (code text, duration integer, dose jsonb, cost jsonb) ON y.code = k.code
), expected AS (
    SELECT g.*, per_tonne * biomass_kg / 1000 AS money,
           CASE dose ->> 'unit' WHEN 'mg/kg/day' THEN amount * biomass_kg / 1e6
                                WHEN 'mL/m3' THEN amount * m3 / 1e3
                                WHEN 'mg/L' THEN amount * m3 / 1e3
                                WHEN 'g/L' THEN amount * m3 END AS total,
           CASE dose ->> 'unit' WHEN 'mL/m3' THEN 'L' ELSE 'kg' END AS total_unit
      FROM given AS g
)
SELECT id AS treatment_id, code, biomass_kg, dose_total, dose_total_unit, total, total_unit, cost,
       money
  FROM expected
 WHERE (abs(cost - money) <= 0.006 + per_tonne * 0.0001 + 1e-4 * money) IS NOT TRUE
    OR (total IS NULL) <> (dose_total IS NULL) OR (total IS NULL) <> (dose_total_unit IS NULL)
    OR abs(dose_total - total) > 0.0001 + 1e-4 * total + 0.05 * total / biomass_kg
    OR dose_total_unit <> total_unit;

-- treatments_measured --
-- What a treatment was measured by is what was seen before and after
-- Against lice, unless it is for an outbreak: the last count of the container before it, and the
-- first from so many days after it. Else the deaths of a week in a thousand fish, on the first day
-- and so many days after the last. To the third decimal. Fish may be counted on the morning on which
-- they go.
-- Source: definition of an effect
WITH given AS (
    SELECT t.*, s.gone, y.lice IS NOT NULL AND t.reason <> 'outbreak' AS by_lice,
           t.end_date + CASE WHEN y.lice IS NOT NULL AND t.reason <> 'outbreak' THEN %(lice_after)s
                             ELSE %(deaths_after)s END AS shows_from
      FROM treatment AS t
      JOIN treatment_type AS k ON k.id = t.treatment_type_id
      JOIN stay AS s USING (assignment_id)
      LEFT JOIN jsonb_to_recordset(%(treatments)s::jsonb) AS y (code text, lice jsonb)
             ON y.code = k.code
), look AS (
    SELECT g.id, x.what, g.assignment_id, g.gone, g.by_lice, x.date, x.value, x.first_day,
           x.last_day
      FROM given AS g
     CROSS JOIN LATERAL (VALUES
         ('before', before_date, before_value, before_date, start_date - 1),
         ('after', after_date, after_value, shows_from, after_date - 1))
           AS x (what, date, value, first_day, last_day)
     WHERE x.date IS NOT NULL OR x.value IS NOT NULL
), died AS (
    SELECT l.id, l.what, sum(e.deaths) AS deaths,
           sum(e.population) FILTER (WHERE e.date = l.date - 1) AS alive
      FROM look AS l
      JOIN evening AS e ON e.assignment_id = l.assignment_id AND e.date >= l.date - 7
                       AND e.date < l.date
     WHERE NOT l.by_lice
     GROUP BY 1, 2
), seen AS (
    SELECT l.*, CASE WHEN l.by_lice AND l.date = l.gone THEN l.value
                     WHEN l.by_lice THEN c.adult_female
                     ELSE 1000.0 * d.deaths / greatest(d.alive + d.deaths, 1) END AS seen,
           l.by_lice AND EXISTS (
               SELECT FROM lice_count AS o
                WHERE o.assignment_id = l.assignment_id AND o.counted_on <> l.date
                  AND o.counted_on BETWEEN l.first_day AND l.last_day) AS another_count
      FROM look AS l
      LEFT JOIN lice_count AS c
             ON l.by_lice AND c.assignment_id = l.assignment_id AND c.counted_on = l.date
      LEFT JOIN died AS d ON d.id = l.id AND d.what = l.what
)
SELECT id AS treatment_id, what, by_lice, date, value, seen, another_count
  FROM seen
 WHERE (abs(value - seen) <= 0.000501 AND NOT another_count
        AND CASE WHEN by_lice AND what = 'before' THEN date <= last_day + 1
                 WHEN by_lice THEN date >= first_day
                 WHEN what = 'before' THEN date = last_day + 1
                 ELSE date = first_day END) IS NOT TRUE;

-- treatment_status_follows_facts --
-- A treatment runs until it ends, waits until its effect is known, and is completed then
-- Also when nobody counts any more, for the fish have gone or it is too late to tell.
-- Source: status follows facts
WITH given AS (
    SELECT t.id, t.status, t.start_date, t.end_date, t.after_date, s.gone,
           t.end_date + %(recount)s
           + CASE WHEN y.lice IS NOT NULL AND t.reason <> 'outbreak' THEN %(lice_after)s
                  ELSE %(deaths_after)s END AS given_up
      FROM treatment AS t
      JOIN treatment_type AS k ON k.id = t.treatment_type_id
      JOIN stay AS s USING (assignment_id)
      LEFT JOIN jsonb_to_recordset(%(treatments)s::jsonb) AS y (code text, lice jsonb)
             ON y.code = k.code
)
SELECT id AS treatment_id, status, start_date, end_date, after_date, given_up, gone
  FROM given
 WHERE status <> CASE
           WHEN end_date IS NULL THEN 'running'
           WHEN after_date IS NOT NULL OR gone < %(after_horizon)s
                OR greatest(given_up, start_date + %(fading_days)s + 1) < %(after_horizon)s
               THEN 'completed'
           ELSE 'waiting' END;

-- withholding_ends_in_time --
-- A withholding period ends when it has enough, or when the fish go
-- None is open though it was over before the last morning.
-- Source: withholding_period
SELECT w.id AS withholding_id, w.start_date, w.required_degree_days, w.degree_days,
       w.required_days, s.gone
  FROM withholding_period AS w
  JOIN stay AS s USING (assignment_id)
  LEFT JOIN daily_state AS d
         ON d.assignment_id = w.assignment_id AND d.date = %(after_horizon)s::date - 1
 WHERE w.end_date IS NULL
   AND (s.gone < %(after_horizon)s
        OR w.degree_days - greatest(d.temperature_c, 0) >= w.required_degree_days + 0.02
        OR w.start_date + w.required_days < %(after_horizon)s);

-- vaccinations_of_their_fish --
-- A vaccination is of all the fish of a container, at their weight of the evening before
-- It costs what the vaccine does for so many, and is one of those in use.
-- Source: scenario, vaccines
WITH used AS (
    SELECT v.code, v.component, g.key AS geography, v.number, g.value::integer AS since,
           (v.cost_per_fish ->> g.key)::numeric AS per_fish
      FROM ROWS FROM (jsonb_to_recordset(%(vaccines)s::jsonb)
                      AS (code text, component text, used_since jsonb, cost_per_fish jsonb))
           WITH ORDINALITY AS v (code, component, used_since, cost_per_fish, number),
           jsonb_each_text(v.used_since) AS g
)
SELECT v.id AS vaccination_id, v.date, c.code, v.count, e.population, v.mean_weight_g,
       e.mean_weight_g AS weight_of_the_evening, v.cost, u.per_fish
  FROM vaccination AS v
  JOIN vaccine AS c ON c.id = v.vaccine_id
  JOIN stay AS s USING (assignment_id)
  LEFT JOIN used AS u ON u.code = c.code AND u.geography = s.geography
  LEFT JOIN evening AS e ON e.assignment_id = v.assignment_id AND e.date = v.date - 1
 WHERE (v.count = e.population AND abs(v.mean_weight_g - e.mean_weight_g) <= 0.00501
        AND v.cost = round(v.count * u.per_fish, 2)
        AND u.since <= extract(year FROM v.date)) IS NOT TRUE
    OR EXISTS (SELECT FROM used AS later
                WHERE later.geography = u.geography AND later.component = u.component
                  AND (later.since, later.number) > (u.since, u.number)
                  AND later.since <= extract(year FROM v.date));

-- side_effects_of_vaccinations --
-- Side effects come as strong as the vaccinations of a tank, and as fast as its water is warm
-- Three days after, before fish move on: the scores of all vaccines that they got, times the share
-- that has developed, half of it after so many degree-days.
-- Source: scenario, vaccines.practice.score_half
WITH given AS (
    SELECT assignment_id, date, sum(side_effect_score) AS score, count(*) AS vaccines
      FROM vaccination GROUP BY 1, 2
), seen AS (
    SELECT g.*, d.side_effect_score AS seen,
           (SELECT sum(greatest(h.temperature_c, 0)) FROM hall_day AS h
             WHERE h.hall_id = c.hall_id AND h.date >= g.date AND h.date < g.date + 3)
               AS degree_days
      FROM given AS g
      JOIN assignment AS a ON a.id = g.assignment_id
      JOIN container AS c ON c.id = a.container_id
      JOIN daily_state AS d ON d.assignment_id = g.assignment_id AND d.date = g.date + 3
     WHERE NOT EXISTS (SELECT FROM transfer AS t
                        WHERE t.to_assignment_id = g.assignment_id AND t.date > g.date
                          AND t.date <= g.date + 3)
)
SELECT assignment_id, date, score, degree_days, seen, score * share AS expected
  FROM seen, LATERAL (SELECT 1 - 0.5 ^ (degree_days / %(score_half)s)) AS x (share)
 WHERE abs(seen - score * share) > 0.0002 + 0.0051 * vaccines * share;

-- lab_samples_in_time --
-- A sample is sent and answered within the time its laboratory takes
-- Nothing is open that ought to be known by the last day.
-- Source: scenario, laboratory.tests
SELECT l.id AS lab_sample_id, t.code, l.sampled_on, l.sent_on, l.received_on, x.days_to_send,
       x.days_in_laboratory, x.days_spread
  FROM lab_sample AS l
  JOIN lab_test AS t ON t.id = l.lab_test_id
  LEFT JOIN jsonb_to_recordset(%(lab_tests)s::jsonb)
       AS x (code text, days_to_send integer, days_in_laboratory integer, days_spread integer)
         ON x.code = t.code
 WHERE x.code IS NULL
    OR coalesce(l.sent_on, %(after_horizon)s)
       <> least(l.sampled_on + x.days_to_send, %(after_horizon)s)
    OR l.received_on < l.sampled_on + x.days_to_send + x.days_in_laboratory
    OR coalesce(l.received_on, %(after_horizon)s)
       > l.sampled_on + x.days_to_send + x.days_in_laboratory + x.days_spread;

-- lab_samples_ask_a_question --
-- A sample has the fish and the outbreak that its reason asks for
-- Screening is of no outbreak, a follow-up of one; of an outbreak its disease is tested, while it
-- goes on. Of the fish of a container as many are taken as the test or the screening wants.
-- Source: scenario, laboratory
SELECT l.id AS lab_sample_id, t.code, l.reason, l.sampled_on, l.n, e.population, o.disease,
       o.first_case_date, o.end_date
  FROM lab_sample AS l
  JOIN lab_test AS t ON t.id = l.lab_test_id
  JOIN stay AS s USING (assignment_id)
  LEFT JOIN jsonb_to_recordset(%(lab_tests)s::jsonb) AS x (code text, fish integer)
         ON x.code = t.code
  LEFT JOIN jsonb_to_recordset(%(screenings)s::jsonb)
       AS r (geography text, test text, fish integer)
         ON r.test = t.code AND r.geography = s.geography AND l.reason = 'screening'
        AND s.site_id IS NOT NULL
  LEFT JOIN outbreak AS o ON o.outbreak_id = l.disease_outbreak_id
  LEFT JOIN evening AS e ON e.assignment_id = l.assignment_id AND e.date = l.sampled_on - 1
 WHERE (l.n = least(coalesce(r.fish, x.fish), coalesce(e.population, s.start_count))) IS NOT TRUE
    OR (l.reason = 'screening' AND l.disease_outbreak_id IS NOT NULL)
    OR (l.reason = 'follow_up' AND l.disease_outbreak_id IS NULL)
    OR (l.reason = 'screening' AND s.site_id IS NOT NULL AND r.test IS NULL)
    OR (o.outbreak_id IS NOT NULL
        AND (o.disease_id = t.disease_id AND l.sampled_on >= o.onset_date
             AND l.sampled_on < o.over) IS NOT TRUE);

-- diagnosed_by_a_sample --
-- An outbreak is diagnosed on the day its test comes back positive
-- The first answer of the test that settles its disease, while it goes on; what is looked at on the
-- spot is known the next morning.
-- Source: definition of a diagnosis
WITH answered AS (
    SELECT o.outbreak_id, min(greatest(l.received_on, l.sampled_on + 1)) AS first_on
      FROM outbreak AS o
      JOIN jsonb_to_recordset(%(settling_tests)s::jsonb) AS x (disease text, test text)
           USING (disease)
      JOIN lab_test AS t ON t.code = x.test
      JOIN lab_sample AS l ON l.disease_outbreak_id = o.outbreak_id AND l.lab_test_id = t.id
                          AND l.result = 'positive'
                          AND greatest(l.received_on, l.sampled_on + 1) < o.over
     GROUP BY 1
)
SELECT o.outbreak_id, o.disease, o.diagnosed_date, a.first_on
  FROM outbreak AS o LEFT JOIN answered AS a USING (outbreak_id)
 WHERE o.diagnosed_date IS DISTINCT FROM a.first_on;

-- outbreaks_peak_where_most_die --
-- The peak of an outbreak is the first of its days on which most fish died of it
-- None where nothing died.
-- Source: definition of an outbreak
WITH died AS (
    SELECT o.outbreak_id, n.date, sum(n.deaths) AS deaths
      FROM outbreak AS o
      JOIN named_death AS n ON n.place = o.place AND n.disease_id = o.disease_id
                           AND n.date >= o.first_case_date AND n.date < o.over
     GROUP BY 1, 2
), worst AS (
    SELECT DISTINCT ON (outbreak_id) outbreak_id, date FROM died
     ORDER BY outbreak_id, deaths DESC, date
)
SELECT o.outbreak_id, o.disease, o.peak_date, w.date AS most_died_on
  FROM outbreak AS o LEFT JOIN worst AS w USING (outbreak_id)
 WHERE o.peak_date IS DISTINCT FROM w.date;
