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

-- harvest --
-- Harvest by quarter and geography.
SELECT date_trunc('quarter', h.date)::date AS quarter, p.geography, sum(h.biomass_kg) / 1000 AS live_t
  FROM harvest_event AS h JOIN stay AS s USING (assignment_id) JOIN place AS p USING (place)
 WHERE h.date <= %(last_day)s GROUP BY 1, 2 ORDER BY 1, 2;

-- checks --
-- The last run of `farm validate`.
SELECT count(*) AS checks, count(*) FILTER (WHERE passed) AS passed, max(run_time) AS run_time
  FROM ops.check_result WHERE run_time = (SELECT max(run_time) FROM ops.check_result);

-- metrics --
-- The figures of each completed session, and of everything up to its end.
SELECT session, scope, name, value, unit FROM ops.metric WHERE session <= %(last_session)s;

-- diseases --
-- What the diseases are called.
SELECT code, name FROM disease;
