-- One batch's life; asked of all batches at once, each in the order of its time.

-- weeks --
-- The batch at the end of each week, with the sums of the week.
WITH daily AS (
    SELECT batch_id, date, sum(population)::float8 AS fish, sum(biomass_kg) AS kg,
           sum(deaths) AS deaths, sum(feed_kg) AS feed_kg, max(density_share) AS density_share,
           sum(temperature_c * population) / greatest(sum(population), 1)::float8 AS temperature_c,
           sum(oxygen_mg_l * population) / greatest(sum(population), 1)::float8 AS oxygen_mg_l,
           sum(lice * population) FILTER (WHERE lice IS NOT NULL)
               / nullif(sum(population) FILTER (WHERE lice IS NOT NULL), 0)::float8 AS lice
      FROM day GROUP BY 1, 2
), weekly AS (
    SELECT batch_id, date_trunc('week', date)::date AS week, max(date) AS date,
           sum(deaths) AS deaths, sum(feed_kg) AS feed_kg, avg(temperature_c) AS temperature_c,
           avg(oxygen_mg_l) AS oxygen_mg_l, max(density_share) AS density_share,
           100 * sum(deaths) / nullif(avg(fish), 0) AS mortality
      FROM daily GROUP BY 1, 2
)
SELECT b.code AS batch, w.date, d.fish, d.kg / 1000 AS biomass_t,
       1000 * d.kg / nullif(d.fish, 0) AS mean_weight_g, w.deaths::float8 AS deaths, w.mortality,
       w.feed_kg, w.temperature_c, w.oxygen_mg_l, 100 * w.density_share AS density_share, d.lice
  FROM weekly AS w JOIN daily AS d USING (batch_id, date) JOIN batch AS b ON b.id = w.batch_id
 ORDER BY b.code, w.date;

-- samples --
-- Weighed samples, the containers of a place and week together; the lightest and heaviest fish are
-- those of all places within two weeks.
WITH week AS (
    SELECT s.batch, s.place, max(g.sampled_on) AS date, sum(g.n) AS n,
           sum(g.n * g.mean_weight_g) / sum(g.n)::float8 AS mean_weight_g,
           min(g.min_weight_g) AS lightest_g, max(g.max_weight_g) AS heaviest_g,
           sum(g.n * g.condition_factor) / sum(g.n)::float8 AS condition_factor
      FROM growth_sample AS g JOIN stay AS s USING (assignment_id)
     WHERE g.sampled_on <= %(last_day)s AND (%(batch)s::integer IS NULL OR s.batch_id = %(batch)s)
     GROUP BY s.batch, s.place, date_trunc('week', g.sampled_on)
)
SELECT w.batch, w.date, p.code AS place, w.n, w.mean_weight_g,
       min(w.lightest_g) OVER near AS lightest_g, max(w.heaviest_g) OVER near AS heaviest_g,
       w.condition_factor
  FROM week AS w JOIN place AS p USING (place)
WINDOW near AS (PARTITION BY w.batch ORDER BY w.date
                RANGE BETWEEN interval '14 days' PRECEDING AND interval '14 days' FOLLOWING)
 ORDER BY 1, 2, 3;

-- months --
-- The figures of each month.
SELECT b.code AS batch, m.month, st.name AS stage, m.end_population, m.mean_weight_g, m.deaths,
       m.mortality_percent, m.feed_kg, m.growth_kg, m.fcr_biological, m.fcr_economic,
       m.sgr_percent_day, m.tgc, m.degree_days, m.treatments, m.harvested_kg,
       m.egg_cost + m.feed_cost + m.treatment_cost + m.vaccination_cost + m.operating_cost AS cost,
       m.feed_cost, m.book_value
  FROM batch_month AS m JOIN batch AS b ON b.id = m.batch_id
  JOIN lifecycle_stage AS st ON st.id = m.lifecycle_stage_id
 WHERE m.month <= %(last_day)s AND (%(batch)s::integer IS NULL OR m.batch_id = %(batch)s)
 ORDER BY 1, 2;

-- stages --
-- Each stage at each place.
SELECT s.batch, s.stage, p.code AS place, p.name, count(DISTINCT s.container_id) AS containers,
       min(s.start_date) AS first,
       CASE WHEN count(*) = count(s.end_date) THEN max(s.end_date) END AS last,
       sum(s.start_count * s.start_weight_g) / nullif(sum(s.start_count), 0) AS from_g,
       sum(s.end_count * s.end_weight_g) / nullif(sum(s.end_count), 0) AS to_g
  FROM stay AS s JOIN place AS p USING (place)
 WHERE s.start_date <= %(last_day)s AND (%(batch)s::integer IS NULL OR s.batch_id = %(batch)s)
 GROUP BY s.batch, s.stage_id, s.stage, p.code, p.name ORDER BY s.batch, s.stage_id, min(s.start_date);

-- lice --
-- Lice counts of the sites where the batch was.
SELECT b.code AS batch, c.date, p.code AS place, c.fish::float8 AS n, c.adult_female, c.mobile,
       c.attached, c.treat_from
  FROM (SELECT DISTINCT batch_id, place, date FROM day WHERE place > 0) AS d
  JOIN counted AS c USING (place, date) JOIN batch AS b ON b.id = d.batch_id
  JOIN place AS p USING (place)
 ORDER BY 1, 2;

-- outbreaks --
-- Outbreaks that the batch's fish were sick in.
WITH sick AS (
    SELECT s.batch_id, s.place, d.disease_id, d.date, count(*) AS containers,
           max(d.sick_percent) AS sick_percent
      FROM daily_state AS d JOIN stay AS s USING (assignment_id)
     WHERE d.disease_id IS NOT NULL AND d.date <= %(last_day)s
       AND (%(batch)s::integer IS NULL OR s.batch_id = %(batch)s)
     GROUP BY 1, 2, 3, 4
)
SELECT b.code AS batch, y.name AS disease,
       CASE WHEN length(y.code) < 5 THEN upper(y.code) ELSE replace(y.code, '_', ' ') END AS short,
       p.code AS place,
       min(k.date) AS first,
       max(k.date) + 1 AS last, o.onset_date, o.diagnosed_date,
       max(k.containers) AS containers, max(k.sick_percent) AS most_sick,
       o.deaths AS deaths_of_place
  FROM disease_outbreak AS o
  JOIN sick AS k ON k.place = coalesce(o.site_id, -o.station_id) AND k.disease_id = o.disease_id
   AND k.date >= o.first_case_date AND (o.end_date IS NULL OR k.date < o.end_date)
  JOIN batch AS b ON b.id = k.batch_id JOIN disease AS y ON y.id = o.disease_id
  JOIN place AS p ON p.place = k.place
 GROUP BY o.id, b.code, y.id, p.code ORDER BY 1, 4;

-- treatments --
-- Treatments, the containers of one day together, and vaccinations.
SELECT s.batch, t.start_date AS date, max(t.end_date) AS until, y.name AS treatment, t.reason,
       p.code AS place, count(*) AS containers, sum(t.fish)::float8 AS fish, sum(t.deaths) AS deaths,
       avg(t.before_value) AS before_value, avg(t.after_value) AS after_value, sum(t.cost) AS cost,
       max(w.end_date) AS withheld_until
  FROM treatment AS t JOIN treatment_type AS y ON y.id = t.treatment_type_id
  JOIN stay AS s USING (assignment_id) JOIN place AS p USING (place)
  LEFT JOIN withholding_period AS w ON w.treatment_id = t.id
 WHERE t.start_date <= %(last_day)s AND (%(batch)s::integer IS NULL OR s.batch_id = %(batch)s)
 GROUP BY s.batch, t.start_date, y.name, t.reason, p.code
UNION ALL
SELECT s.batch, v.date, NULL, y.name, 'vaccination', p.code, count(*), sum(v.count)::float8, NULL,
       NULL, NULL, sum(v.cost), NULL
  FROM vaccination AS v JOIN vaccine AS y ON y.id = v.vaccine_id
  JOIN stay AS s USING (assignment_id) JOIN place AS p USING (place)
 WHERE v.date <= %(last_day)s AND (%(batch)s::integer IS NULL OR s.batch_id = %(batch)s)
 GROUP BY s.batch, v.date, y.name, p.code
 ORDER BY 1, 2;

-- harvests --
-- The harvest by weight class and quality.
SELECT s.batch, l.weight_class, l.quality, sum(l.count)::float8 AS fish, sum(l.live_kg) / 1000 AS live_t,
       sum(l.gutted_kg) / 1000 AS gutted_t, sum(l.revenue) AS revenue
  FROM harvest_lot AS l JOIN stay AS s USING (assignment_id)
 WHERE l.date <= %(last_day)s AND (%(batch)s::integer IS NULL OR s.batch_id = %(batch)s)
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- causes --
-- Deaths by cause, on land and at sea.
SELECT b.code AS batch, c.name AS cause, sum(x.n) FILTER (WHERE st.code <> 'adult')::float8 AS on_land,
       sum(x.n) FILTER (WHERE st.code = 'adult')::float8 AS at_sea, sum(x.n)::float8 AS deaths
  FROM batch_month AS m
  CROSS JOIN LATERAL unnest(m.deaths_by_cause) WITH ORDINALITY AS x (n, cause)
  JOIN mortality_cause AS c ON c.id = x.cause
  JOIN batch AS b ON b.id = m.batch_id
  JOIN lifecycle_stage AS st ON st.id = m.lifecycle_stage_id
 WHERE x.n > 0 AND m.month <= %(last_day)s
   AND (%(batch)s::integer IS NULL OR m.batch_id = %(batch)s)
 GROUP BY 1, c.id ORDER BY 1, 5 DESC;

-- accounts --
-- What each harvested batch cost and brought, a row for each item.
SELECT b.code AS batch, g.currency, x.item, x.amount,
       x.amount / nullif(a.gutted_kg, 0)::numeric AS per_kg,
       100 * x.amount / nullif(a.total_cost, 0) AS of_cost
  FROM batch_account AS a JOIN batch AS b ON b.id = a.batch_id
  JOIN geography AS g ON g.id = b.geography_id
  CROSS JOIN LATERAL (VALUES
      (1, 'Eggs', a.egg_cost), (2, 'Feed', a.feed_cost), (3, 'Treatments', a.treatment_cost),
      (4, 'Vaccination', a.vaccination_cost), (5, 'Operation', a.operating_cost),
      (6, 'Harvest', a.harvest_cost), (7, 'All costs', a.total_cost), (8, 'Revenue', a.revenue),
      (9, 'Profit', a.profit), (10, 'Spent on fish that died (within the costs)', a.mortality_cost))
      AS x (place, item, amount)
 WHERE a.closed_on <= %(last_day)s AND (%(batch)s::integer IS NULL OR a.batch_id = %(batch)s)
 ORDER BY 1, x.place;
