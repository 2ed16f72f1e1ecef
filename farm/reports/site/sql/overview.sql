-- The company as a whole, session by session, and where it stands on the last day.

-- geographies --
-- Each geography: what it made over the years, and what is in its water on the last day.
WITH lived AS (
    SELECT p.geography_id, sum(d.deaths) AS deaths, sum(d.population) / 30.4 AS fish_months,
           sum(d.feed_kg) / 1000 AS feed_t
      FROM day AS d JOIN place AS p USING (place) GROUP BY 1
), now AS (
    SELECT p.geography_id, count(DISTINCT d.batch_id) AS batches, sum(d.population) AS fish,
           sum(d.biomass_kg) / 1000 AS biomass_t,
           count(DISTINCT d.place) FILTER (WHERE d.place > 0) AS sites
      FROM day AS d JOIN place AS p USING (place) WHERE d.date = %(last_day)s GROUP BY 1
), made AS (
    SELECT b.geography_id, sum(h.count) AS harvested, sum(h.biomass_kg) / 1000 AS harvested_t
      FROM harvest_event AS h JOIN assignment AS a ON a.id = h.assignment_id
      JOIN batch AS b ON b.id = a.batch_id
     WHERE h.date <= %(last_day)s GROUP BY 1
)
SELECT g.name AS geography, g.currency,
       (SELECT count(*) FROM batch AS b
         WHERE b.geography_id = g.id AND b.start_date <= %(last_day)s) AS started,
       coalesce(now.batches, 0) AS batches, coalesce(now.fish, 0)::float8 AS fish,
       coalesce(now.biomass_t, 0) AS biomass_t, coalesce(now.sites, 0) AS sites,
       coalesce(made.harvested, 0)::float8 AS harvested,
       coalesce(made.harvested_t, 0) AS harvested_t, lived.deaths::float8 AS deaths,
       lived.feed_t, 100 * lived.deaths / nullif(lived.fish_months, 0)::float8 AS monthly_mortality
  FROM geography AS g
  JOIN lived ON lived.geography_id = g.id
  LEFT JOIN now ON now.geography_id = g.id
  LEFT JOIN made ON made.geography_id = g.id
 ORDER BY g.id;

-- accounts --
-- What the harvested batches earned, by geography.
SELECT g.name AS geography, g.currency, count(*) AS batches, sum(a.revenue) AS revenue,
       sum(a.total_cost) AS cost, sum(a.profit) AS profit,
       sum(a.total_cost) / nullif(sum(a.gutted_kg), 0) AS cost_per_kg,
       sum(a.feed_kg) / nullif(sum(a.harvested_kg), 0) AS fcr
  FROM batch_account AS a JOIN batch AS b ON b.id = a.batch_id
  JOIN geography AS g ON g.id = b.geography_id
 WHERE a.closed_on <= %(last_day)s
 GROUP BY g.id ORDER BY g.id;

-- sessions --
-- What each session wrote and what happened in it.
WITH span AS (
    SELECT session, min(month) AS first_day,
           (max(month) + interval '1 month' - interval '1 day')::date AS last_day
      FROM ops.month GROUP BY 1
), written AS (
    SELECT session, sum((rows ->> 'environmental_reading')::bigint) AS readings,
           sum((rows ->> 'feeding_event')::bigint) AS feedings,
           sum((rows ->> 'mortality_event')::bigint) AS mortality_events
      FROM ops.chunk_commit GROUP BY 1
)
SELECT s.session, s.years, s.status, s.started, s.completed, s.runtime_s, s.memory_peak_mb, s.rows,
       written.readings::float8 AS readings, written.feedings::float8 AS feedings,
       written.mortality_events::float8 AS mortality_events,
       (SELECT count(*) FROM batch WHERE start_date BETWEEN span.first_day AND span.last_day)
           AS batches,
       (SELECT count(*) FROM treatment WHERE start_date BETWEEN span.first_day AND span.last_day)
           AS treatments,
       (SELECT count(*) FROM disease_outbreak
         WHERE first_case_date BETWEEN span.first_day AND span.last_day) AS outbreaks,
       coalesce((SELECT sum(biomass_kg) / 1000 FROM harvest_event
         WHERE date BETWEEN span.first_day AND span.last_day), 0) AS harvested_t
  FROM ops.session AS s
  JOIN span USING (session) LEFT JOIN written USING (session)
 ORDER BY s.session;

-- months --
-- Biomass and fish at the end of each month, by geography.
SELECT p.geography, d.date, sum(d.population)::float8 AS fish, sum(d.biomass_kg) / 1000 AS biomass_t,
       count(DISTINCT d.batch_id) AS batches
  FROM day AS d JOIN place AS p USING (place)
 WHERE d.date = (date_trunc('month', d.date) + interval '1 month' - interval '1 day')::date
 GROUP BY 1, 2 ORDER BY 1, 2;

-- current_batches --
-- Batches with fish on the last day: where they are and how big.
SELECT b.code AS batch, g.name AS geography, string_agg(DISTINCT s.name, ', ') AS stages,
       string_agg(DISTINCT p.code, ', ') AS places, sum(d.containers)::int AS containers,
       sum(d.population)::float8 AS fish, sum(d.biomass_kg) / 1000 AS biomass_t,
       1000 * sum(d.biomass_kg) / nullif(sum(d.population), 0)::float8 AS mean_weight_g,
       b.start_date, b.expected_harvest, %(last_day)s - b.start_date AS age_days
  FROM day AS d
  JOIN batch AS b ON b.id = d.batch_id JOIN geography AS g ON g.id = b.geography_id
  JOIN place AS p USING (place) JOIN lifecycle_stage AS s ON s.id = d.stage_id
 WHERE d.date = %(last_day)s
 GROUP BY b.id, g.id ORDER BY b.start_date, b.code;

-- current_stages --
-- The same fish by stage of life.
SELECT s.name AS stage, count(DISTINCT d.batch_id) AS batches, sum(d.containers)::int AS containers,
       sum(d.population)::float8 AS fish, sum(d.biomass_kg) / 1000 AS biomass_t,
       1000 * sum(d.biomass_kg) / nullif(sum(d.population), 0)::float8 AS mean_weight_g
  FROM day AS d JOIN lifecycle_stage AS s ON s.id = d.stage_id
 WHERE d.date = %(last_day)s GROUP BY s.id ORDER BY s.stage_order;

-- current_outbreaks --
-- Outbreaks that are not over.
SELECT p.code AS place, p.name, d.name AS disease, o.first_case_date, o.onset_date, o.diagnosed_date,
       o.assignments_affected, o.deaths
  FROM disease_outbreak AS o JOIN disease AS d ON d.id = o.disease_id
  JOIN place AS p ON p.place = coalesce(o.site_id, -o.station_id)
 WHERE o.first_case_date <= %(last_day)s AND (o.end_date IS NULL OR o.end_date > %(last_day)s)
 ORDER BY o.deaths DESC, p.code;

-- current_treatments --
-- Treatments that run, and withholding periods: pens that may not be harvested yet.
SELECT p.code AS place, s.batch, y.name AS treatment, t.reason, min(t.start_date) AS since,
       count(*) AS containers, sum(t.fish)::float8 AS fish,
       count(*) FILTER (WHERE t.end_date IS NULL OR t.end_date > %(last_day)s) AS running,
       count(*) FILTER (WHERE w.id IS NOT NULL) AS withheld
  FROM treatment AS t JOIN treatment_type AS y ON y.id = t.treatment_type_id
  JOIN stay AS s USING (assignment_id) JOIN place AS p USING (place)
  LEFT JOIN withholding_period AS w ON w.treatment_id = t.id
       AND w.start_date <= %(last_day)s AND (w.end_date IS NULL OR w.end_date > %(last_day)s)
 WHERE t.start_date <= %(last_day)s
   AND (t.end_date IS NULL OR t.end_date > %(last_day)s OR w.id IS NOT NULL)
   AND (s.end_date IS NULL OR s.end_date > %(last_day)s)
 GROUP BY p.code, s.batch, y.name, t.reason ORDER BY 1, 2, 3;

-- current_stock --
-- Feed in the stores at the end of the last month, and on its way.
SELECT p.geography, f.name AS feed, t.stock_t, o.orders, o.ordered_t
  FROM (SELECT DISTINCT geography_id, geography FROM place) AS p
  CROSS JOIN feed_type AS f
  LEFT JOIN LATERAL (
      SELECT sum(b.closing_kg) / 1000 AS stock_t
        FROM stock_balance AS b JOIN feed_store AS s ON s.id = b.feed_store_id
        LEFT JOIN hall AS h ON h.id = s.hall_id
        JOIN place AS q ON q.place = coalesce(s.site_id, -coalesce(s.station_id, h.station_id))
       WHERE b.feed_type_id = f.id AND q.geography_id = p.geography_id
         AND b.month = date_trunc('month', %(last_day)s::date)) AS t ON true
  LEFT JOIN LATERAL (
      SELECT count(*) AS orders, sum(u.quantity_kg) / 1000 AS ordered_t
        FROM purchase_order AS u JOIN feed_store AS s ON s.id = u.feed_store_id
        LEFT JOIN hall AS h ON h.id = s.hall_id
        JOIN place AS q ON q.place = coalesce(s.site_id, -coalesce(s.station_id, h.station_id))
       WHERE u.feed_type_id = f.id AND q.geography_id = p.geography_id
         AND u.ordered_on <= %(last_day)s
         AND (u.delivered_on IS NULL OR u.delivered_on > %(last_day)s)) AS o ON true
 WHERE t.stock_t > 0 OR o.orders > 0
 ORDER BY p.geography, f.id;

-- recent_harvests --
-- Harvests of the last ninety days, by site and batch.
SELECT p.code AS place, p.name, s.batch, min(h.date) AS first, max(h.date) AS last,
       count(DISTINCT s.container_id) AS pens, sum(h.count)::float8 AS fish,
       sum(h.biomass_kg) / 1000 AS live_t, 1000 * sum(h.biomass_kg) / sum(h.count)::float8 AS mean_weight_g
  FROM harvest_event AS h JOIN stay AS s USING (assignment_id) JOIN place AS p USING (place)
 WHERE h.date BETWEEN %(last_day)s - 89 AND %(last_day)s
 GROUP BY 1, 2, 3 ORDER BY max(h.date) DESC, 1;

-- harvest --
-- Harvest by quarter and geography.
SELECT date_trunc('quarter', h.date)::date AS quarter, p.geography, sum(h.biomass_kg) / 1000 AS live_t
  FROM harvest_event AS h JOIN stay AS s USING (assignment_id) JOIN place AS p USING (place)
 WHERE h.date <= %(last_day)s GROUP BY 1, 2 ORDER BY 1, 2;

-- checks --
-- The last run of `farm validate`.
SELECT count(*) AS checks, count(*) FILTER (WHERE passed) AS passed, max(run_time) AS run_time
  FROM ops.check_result WHERE run_time = (SELECT max(run_time) FROM ops.check_result);
