-- What people do about health: treatments, vaccination, samples.

-- treatment_mortality --
-- Fish that a treatment kills
-- Of the fish treated, by container: 25th percentile, median and 95th, within a factor of three.
-- Unit: per cent
-- Needs: 200 treatments
-- Source: MO33 for thermal, MO35 for fresh water [from memory, to be verified] right-skewed (Sviland Walde 2021)
WITH limits (method, p25, median, p95) AS (VALUES
    ('thermal', 0.1, 0.5, 3.0), ('freshwater_bath', 0.02, 0.1, 0.7)
), figure AS (
    SELECT l.*, count(*) AS had,
           percentile_cont(ARRAY[0.25, 0.5, 0.95])
               WITHIN GROUP (ORDER BY 100.0 * t.deaths / t.fish) AS p
      FROM treatment AS t
      JOIN treatment_type AS y ON y.id = t.treatment_type_id
      JOIN limits AS l USING (method)
     WHERE t.status = 'completed'
     GROUP BY 1, 2, 3, 4
)
SELECT method || ' ' || part.subject AS subject, part.measured, part.published / 3 AS low,
       part.published * 3 AS high, had
  FROM figure, LATERAL (VALUES ('p25', p[1], p25), ('median', p[2], median), ('p95', p[3], p95))
                       AS part (subject, measured, published)
 ORDER BY 1;

-- withholding_days --
-- Days for which a medicine is withheld
-- Median, by its degree-days: what they come to at 6 to 14 degrees.
-- Unit: days
-- Needs: 10 withholding periods
-- Source: treatment_type.withdrawal_degree_days, over the temperature of the water
SELECT y.code AS subject, count(*) AS had, floor(y.withdrawal_degree_days / 14) AS low,
       ceil(y.withdrawal_degree_days / 6) + 1 AS high,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY w.end_date - w.start_date) AS measured
  FROM withholding_period AS w
  JOIN treatment AS t ON t.id = w.treatment_id
  JOIN treatment_type AS y ON y.id = t.treatment_type_id
 WHERE w.end_date IS NOT NULL AND w.required_degree_days IS NOT NULL
 GROUP BY y.id, y.code, y.withdrawal_degree_days ORDER BY 1;

-- vaccination_to_sea --
-- Degree-days from vaccination to the sea
-- Mean of the batches: protection takes its time.
-- Needs: 5 batches
WITH sent AS (
    SELECT s.geography, s.batch_id,
           sum(t.count * (t.date - DATE '2000-01-01')) / sum(t.count) AS day
      FROM transfer AS t JOIN stay AS s ON s.assignment_id = t.to_assignment_id
     WHERE t.kind = 'sea' GROUP BY 1, 2
), vaccinated AS (
    SELECT a.batch_id, sum(v.count * (v.date - DATE '2000-01-01')::bigint) / sum(v.count) AS day
      FROM vaccination AS v JOIN assignment AS a ON a.id = v.assignment_id GROUP BY 1
), water AS (
    SELECT v.batch_id, d.date, avg(d.temperature_c) AS t
      FROM vaccinated AS v
      JOIN sent AS s USING (batch_id)
      JOIN daily_state AS d ON d.batch_id = v.batch_id AND d.salinity_psu IS NULL
                           AND d.date - DATE '2000-01-01' >= v.day
                           AND d.date - DATE '2000-01-01' < s.day
     GROUP BY 1, 2
), batch AS (
    SELECT s.geography, s.batch_id, sum(w.t) AS degree_days
      FROM sent AS s JOIN water AS w USING (batch_id) GROUP BY 1, 2
)
SELECT geography AS subject, 'SA07' AS band, avg(degree_days) AS measured, count(*) AS had
  FROM batch GROUP BY 1 ORDER BY 1;

-- side_effects_at_harvest --
-- Side effects of vaccination at harvest
-- Mean Speilberg score of the samples of fish above 3 kg.
-- Needs: 50 samples
SELECT s.geography AS subject, 'SA08' AS band, avg(h.side_effect_score) AS measured, count(*) AS had
  FROM health_sample AS h
  JOIN stay AS s USING (assignment_id)
  JOIN daily_state AS d ON d.assignment_id = h.assignment_id AND d.date = h.sampled_on
 WHERE s.site_id IS NOT NULL AND d.mean_weight_g > 3000
   AND h.sampled_on >= %(first)s AND h.sampled_on < %(after)s
   AND d.date >= %(first)s AND d.date < %(after)s
 GROUP BY 1 ORDER BY 1;

-- gills_are_looked_at --
-- Fish of a health sample at sea, and days to the next
-- Median.
-- Unit: fish, days
-- Needs: 200 samples
-- Source: SA09 [computed from open data] Szewczyk et al. 2023: 20 fish per pen, weekly to fortnightly; monthly out of season is judgement
WITH sample AS (
    SELECT h.n, h.sampled_on - lag(h.sampled_on) OVER (PARTITION BY h.assignment_id
                                                        ORDER BY h.sampled_on) AS gap
      FROM health_sample AS h JOIN stay AS s USING (assignment_id)
     WHERE s.site_id IS NOT NULL AND h.sampled_on >= %(first)s AND h.sampled_on < %(after)s
), figure AS (
    SELECT count(*) AS had, percentile_cont(0.5) WITHIN GROUP (ORDER BY n) AS n,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS gap
      FROM sample
)
SELECT part.*, had
  FROM figure, LATERAL (VALUES ('fish', n, 10, 30), ('days', gap, 7, 31))
      AS part (subject, measured, low, high);

-- gills_by_days_at_sea --
-- Gill score of pens by days at sea
-- Mean of the weeks of pens in Scotland: gills are clean after transfer, and get worse.
-- Unit: score 0 to 5
-- Needs: 1000 weeks of pens
-- Source: DI16 [computed from open data] Szewczyk et al. 2023: above 0.1 at 60-90 days, 0.35 at 90-120, 0.66 at 120-180; within a factor of five
WITH class (from_age, to_age, published) AS (
    VALUES (60, 90, 0.1), (90, 120, 0.35), (120, 180, 0.66)
)
SELECT c.from_age || '-' || c.to_age AS subject, avg(p.gill_score) AS measured,
       c.published / 5 AS low, c.published * 5 AS high, count(*) AS had
  FROM pen_week AS p JOIN class AS c ON p.age >= c.from_age AND p.age < c.to_age
 WHERE p.geography = 'SC'
 GROUP BY c.from_age, c.to_age, c.published ORDER BY c.from_age;
