-- What the fish fell ill with, died of and were treated with.

-- outbreaks --
-- Outbreaks by disease and the year of their first case.
SELECT extract(year FROM o.first_case_date)::int AS year, d.name AS disease, d.kind,
       count(*) AS outbreaks, sum(o.assignments_affected) AS containers, sum(o.deaths)::float8 AS deaths,
       avg(o.onset_date - o.first_case_date)::float8 AS days_to_notice,
       avg(o.end_date - o.first_case_date)::float8 AS days_long
  FROM disease_outbreak AS o JOIN disease AS d ON d.id = o.disease_id
 WHERE o.first_case_date <= %(last_day)s
 GROUP BY 1, d.id ORDER BY 1, 2;

-- diseases --
-- The diseases over all years, at sea and on land, by what they killed.
SELECT d.name AS disease, d.kind, d.agent, count(*) AS outbreaks,
       count(*) FILTER (WHERE o.site_id IS NOT NULL) AS at_sea,
       count(o.diagnosed_date) AS diagnosed, sum(o.deaths)::float8 AS deaths,
       max(o.deaths)::float8 AS worst,
       avg(o.onset_date - o.first_case_date)::float8 AS days_to_notice,
       avg(o.diagnosed_date - o.onset_date)::float8 AS days_to_diagnose,
       avg(o.end_date - o.first_case_date)::float8 AS days_long
  FROM disease_outbreak AS o JOIN disease AS d ON d.id = o.disease_id
 WHERE o.first_case_date <= %(last_day)s
 GROUP BY d.id ORDER BY sum(o.deaths) DESC;

-- causes --
-- Deaths by cause and quarter, on land and at sea.
SELECT date_trunc('quarter', m.month)::date AS quarter, c.name AS cause,
       CASE st.code WHEN 'adult' THEN 'at sea' ELSE 'on land' END AS waters, sum(x.n)::float8 AS deaths
  FROM batch_month AS m
  CROSS JOIN LATERAL unnest(m.deaths_by_cause) WITH ORDINALITY AS x (n, cause)
  JOIN mortality_cause AS c ON c.id = x.cause
  JOIN lifecycle_stage AS st ON st.id = m.lifecycle_stage_id
 WHERE x.n > 0 AND m.month <= %(last_day)s
 GROUP BY 1, 2, 3 ORDER BY 1, 2;

-- mortality --
-- Deaths per hundred fish and month, by geography, on land and at sea.
SELECT date_trunc('month', d.date)::date AS month, p.geography,
       CASE p.kind WHEN 'site' THEN 'at sea' ELSE 'on land' END AS waters,
       sum(d.deaths)::float8 AS deaths,
       100 * sum(d.deaths) / nullif(sum(d.population) / 30.4, 0)::float8 AS percent_month
  FROM day AS d JOIN place AS p USING (place)
 GROUP BY 1, 2, 3 ORDER BY 2, 3, 1;

-- treatments --
-- Treatments by type: how often, how much, and how often they worked. For lice: adult females fell
-- by `lice_fall` per cent and more; else deaths fell by `deaths_fall` and more. Judged where both were known.
SELECT y.name AS treatment, replace(y.method, '_', ' ') AS method, t.reason, count(*) AS containers, sum(t.fish)::float8 AS fish,
       sum(t.biomass_kg) / 1000 AS biomass_t,
       count(t.effect_percent) AS judged,
       100.0 * count(*) FILTER (WHERE t.effect_percent >= CASE t.reason WHEN 'outbreak'
           THEN %(deaths_fall)s ELSE %(lice_fall)s END) / nullif(count(t.effect_percent), 0) AS worked,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY t.effect_percent) AS median_effect,
       100 * sum(t.deaths) / nullif(sum(t.fish), 0)::float8 AS deaths_percent
  FROM treatment AS t JOIN treatment_type AS y ON y.id = t.treatment_type_id
 WHERE t.start_date <= %(last_day)s
 GROUP BY y.id, t.reason ORDER BY t.reason, count(*) DESC;

-- methods --
-- Treatments of containers by year, method and reason.
SELECT extract(year FROM t.start_date)::int AS year, replace(y.method, '_', ' ') AS method, t.reason, count(*) AS containers,
       100.0 * count(*) FILTER (WHERE t.effect_percent >= CASE t.reason WHEN 'outbreak'
           THEN %(deaths_fall)s ELSE %(lice_fall)s END) / nullif(count(t.effect_percent), 0) AS worked
  FROM treatment AS t JOIN treatment_type AS y ON y.id = t.treatment_type_id
 WHERE t.start_date <= %(last_day)s
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- antibiotics --
-- Antibiotics by year and geography, in kilograms and grams per tonne harvested.
WITH given AS (
    SELECT extract(year FROM t.start_date)::int AS year, p.geography, y.substance,
           count(*) AS containers, sum(t.dose_total) AS kg
      FROM treatment AS t JOIN treatment_type AS y ON y.id = t.treatment_type_id
      JOIN stay AS s USING (assignment_id) JOIN place AS p USING (place)
     WHERE y.substance IN ('florfenicol', 'oxytetracycline', 'amoxicillin')
       AND t.start_date <= %(last_day)s
     GROUP BY 1, 2, 3
), cut AS (
    SELECT extract(year FROM h.date)::int AS year, p.geography, sum(h.biomass_kg) / 1000 AS live_t
      FROM harvest_event AS h JOIN stay AS s USING (assignment_id) JOIN place AS p USING (place)
     WHERE h.date <= %(last_day)s GROUP BY 1, 2
)
SELECT given.*, cut.live_t, 1000 * given.kg / nullif(cut.live_t, 0) AS g_per_t
  FROM given LEFT JOIN cut USING (year, geography) ORDER BY 1, 2, 3;

-- withholding --
-- Withholding periods by medicine: how long they took, and harvests inside one (never any).
SELECT y.name AS treatment, count(*) AS periods,
       min(coalesce(w.required_degree_days, w.required_days))::float8 AS required,
       CASE WHEN min(w.required_degree_days) IS NULL THEN 'days' ELSE 'degree-days' END AS rule,
       avg(w.end_date - w.start_date)::float8 AS mean_days, max(w.end_date - w.start_date) AS longest,
       count(*) FILTER (WHERE w.end_date IS NULL OR w.end_date > %(last_day)s) AS open,
       (SELECT count(*) FROM withholding_period AS x
          JOIN treatment AS u ON u.id = x.treatment_id
          JOIN harvest_event AS h ON h.assignment_id = x.assignment_id
           AND h.date >= x.start_date AND (x.end_date IS NULL OR h.date < x.end_date)
         WHERE u.treatment_type_id = y.id AND h.date <= %(last_day)s) AS harvested_inside
  FROM withholding_period AS w JOIN treatment AS t ON t.id = w.treatment_id
  JOIN treatment_type AS y ON y.id = t.treatment_type_id
 WHERE w.start_date <= %(last_day)s
 GROUP BY y.id ORDER BY count(*) DESC;

-- laboratory --
-- Samples of the laboratory by disease.
SELECT d.name AS disease, l.name AS test, l.method, count(*) AS samples,
       count(*) FILTER (WHERE s.result = 'positive') AS positive,
       count(*) FILTER (WHERE s.reason = 'screening') AS screening,
       avg(s.received_on - s.sampled_on)::float8 AS days_to_result
  FROM lab_sample AS s JOIN lab_test AS l ON l.id = s.lab_test_id
  JOIN disease AS d ON d.id = l.disease_id
 WHERE s.sampled_on <= %(last_day)s
 GROUP BY d.id, l.id ORDER BY count(*) DESC;
