-- Figures of sessions, counted from the database.

-- record --
-- Count a completed session, and everything up to its end. Rows of chunks are read off their markers,
-- fish and feed off the figures of batches and sites by month, all else by its date: what a later
-- session has written already changes nothing. Mortality is deaths over the fish there were at first
-- and those that came (eggs laid, smolts put to sea); a treatment succeeded when deaths (of one for an
-- outbreak) or adult female lice (of any other) fell by the per cent that the yardsticks ask for.
WITH span AS (
    SELECT scope, CASE scope WHEN 'session' THEN s.first ELSE m.first END AS first, s.after,
           CASE scope WHEN 'session' THEN s.session ELSE 1 END AS first_session, s.session
      FROM unnest(ARRAY['session', 'cumulative']) AS scope
     CROSS JOIN (SELECT session, min(month) AS first,
                        (max(month) + interval '1 month')::date AS after
                   FROM ops.month WHERE session = %(session)s GROUP BY session) AS s
     CROSS JOIN (SELECT min(month) AS first FROM ops.month) AS m
), made AS (
    SELECT p.scope, sum(n.rows) AS rows, sum(n.readings) AS readings, sum(n.feedings) AS feedings,
           sum(n.mortalities) AS mortalities
      FROM span AS p
      JOIN (SELECT session, sum(rows_total) AS rows,
                   sum((rows ->> 'environmental_reading')::bigint) AS readings,
                   sum((rows ->> 'feeding_event')::bigint) AS feedings,
                   sum((rows ->> 'mortality_event')::bigint) AS mortalities
              FROM ops.chunk_commit WHERE session <= %(session)s GROUP BY session) AS n
        ON n.session BETWEEN p.first_session AND p.session
     GROUP BY 1
), began AS (
    SELECT p.scope, count(*) AS batches, sum(b.eggs) AS eggs
      FROM span AS p JOIN batch AS b ON b.start_date >= p.first AND b.start_date < p.after
     GROUP BY 1
), lived AS (
    SELECT p.scope, sum(m.start_population) FILTER (WHERE m.month = p.first) AS fish_before,
           sum(m.end_population) FILTER (WHERE m.month >= p.after - 31) AS fish,
           sum(m.end_biomass_kg) FILTER (WHERE m.month >= p.after - 31) AS biomass_kg,
           sum(m.deaths) AS deaths, sum(m.harvested) AS harvested,
           sum(m.harvested_kg) AS harvested_kg, sum(m.feed_kg)::double precision AS feed_kg,
           sum(m.growth_kg) AS growth_kg, sum(m.growth_kg - m.dead_kg) AS kept_kg
      FROM span AS p JOIN batch_month AS m ON m.month >= p.first AND m.month < p.after
     GROUP BY 1
), used AS (
    SELECT p.scope, 100.0 * sum(u.days) / sum(u.of_days) AS everywhere,
           100.0 * sum(u.days) FILTER (WHERE u.at_sea) / sum(u.of_days) FILTER (WHERE u.at_sea)
               AS sea,
           100.0 * sum(u.days) FILTER (WHERE NOT u.at_sea)
               / sum(u.of_days) FILTER (WHERE NOT u.at_sea) AS land,
           sum(u.deaths) FILTER (WHERE u.at_sea) AS sea_deaths
      FROM span AS p
      JOIN (SELECT month, site_id IS NOT NULL AS at_sea, deaths, occupied_container_days AS days,
                   containers * extract(day FROM month + interval '1 month' - interval '1 day')
                       AS of_days
              FROM site_month) AS u
        ON u.month >= p.first AND u.month < p.after
     GROUP BY 1
), at_sea AS (
    SELECT p.scope, (SELECT sum(m.end_population) FROM site_month AS m
                      WHERE m.site_id IS NOT NULL AND m.month = p.first - interval '1 month')
                        AS before,
           (SELECT sum(t.count) FROM transfer AS t
             WHERE t.kind = 'sea' AND t.date >= p.first AND t.date < p.after) AS smolts
      FROM span AS p
), gutted AS (
    SELECT p.scope, sum(l.gutted_kg) AS kg
      FROM span AS p JOIN harvest_lot AS l ON l.date >= p.first AND l.date < p.after
     GROUP BY 1
), struck AS (
    SELECT p.scope, d.code, count(*) AS outbreaks
      FROM span AS p
      JOIN disease_outbreak AS o ON o.first_case_date >= p.first AND o.first_case_date < p.after
      JOIN disease AS d ON d.id = o.disease_id
     GROUP BY GROUPING SETS ((1, 2), (1))
), treated AS (
    SELECT p.scope, count(*) FILTER (WHERE t.start_date >= p.first AND t.start_date < p.after) AS n,
           count(*) FILTER (WHERE is_measured) AS measured,
           count(*) FILTER (
               WHERE is_measured
                 AND t.effect_percent >= CASE t.reason WHEN 'outbreak' THEN %(deaths_fall)s
                                                       ELSE %(lice_fall)s END) AS succeeded
      FROM span AS p CROSS JOIN treatment AS t
     CROSS JOIN LATERAL (
          SELECT t.reason <> 'preventive' AND t.effect_percent IS NOT NULL
                 AND t.after_date >= p.first AND t.after_date < p.after AS is_measured) AS m
     GROUP BY 1
), active AS (
    SELECT count(DISTINCT a.batch_id) AS batches
      FROM span AS p
      JOIN assignment AS a
        ON a.start_date < p.after AND (a.end_date IS NULL OR a.end_date >= p.after)
     WHERE p.scope = 'session'
), figure AS (
    SELECT p.scope, f.*
      FROM span AS p
      LEFT JOIN made USING (scope)
      LEFT JOIN began USING (scope)
      LEFT JOIN lived USING (scope)
      LEFT JOIN used USING (scope)
      LEFT JOIN at_sea USING (scope)
      LEFT JOIN gutted USING (scope)
      LEFT JOIN treated USING (scope)
     CROSS JOIN LATERAL (VALUES
          ('batches_created', coalesce(began.batches, 0)::double precision, 'batches'),
          ('records_generated', coalesce(made.rows, 0)::double precision, 'rows'),
          ('readings', coalesce(made.readings, 0)::double precision, 'rows'),
          ('feeding_events', coalesce(made.feedings, 0)::double precision, 'rows'),
          ('mortality_events', coalesce(made.mortalities, 0)::double precision, 'rows'),
          ('treatments', coalesce(treated.n, 0)::double precision, 'treatments'),
          ('treatments_measured', coalesce(treated.measured, 0)::double precision, 'treatments'),
          ('treatment_success', 100.0 * treated.succeeded / nullif(treated.measured, 0), '%%'),
          ('fish_harvested', coalesce(lived.harvested, 0)::double precision, 'fish'),
          ('harvested_live', coalesce(lived.harvested_kg, 0) / 1000, 't'),
          ('harvested_gutted', coalesce(gutted.kg, 0) / 1000, 't'),
          ('deaths', coalesce(lived.deaths, 0)::double precision, 'fish'),
          ('mortality', 100.0 * lived.deaths
               / nullif(coalesce(lived.fish_before, 0) + coalesce(began.eggs, 0), 0), '%%'),
          ('mortality_at_sea', 100.0 * used.sea_deaths
               / nullif(coalesce(at_sea.before, 0) + coalesce(at_sea.smolts, 0), 0), '%%'),
          ('feed', coalesce(lived.feed_kg, 0) / 1000, 't'),
          ('fcr_biological', lived.feed_kg / nullif(lived.growth_kg, 0), 'kg/kg'),
          ('fcr_economic', lived.feed_kg / nullif(lived.kept_kg, 0), 'kg/kg'),
          ('utilisation', used.everywhere::double precision, '%%'),
          ('utilisation_at_sea', used.sea::double precision, '%%'),
          ('utilisation_on_land', used.land::double precision, '%%')
     ) AS f (name, value, unit)
    UNION ALL
    SELECT scope, coalesce('outbreaks.' || code, 'outbreaks'), outbreaks, 'outbreaks' FROM struck
    UNION ALL
    SELECT 'session', f.name, f.value, f.unit
      FROM ops.session AS s
     CROSS JOIN LATERAL (VALUES ('memory_peak', s.memory_peak_mb, 'MB'),
                                ('execution_time', s.runtime_s, 's')) AS f (name, value, unit)
     WHERE s.session = %(session)s
    UNION ALL
    SELECT 'cumulative', f.name, f.value, f.unit
      FROM active CROSS JOIN lived
     CROSS JOIN LATERAL (VALUES
          ('active_batches', active.batches::double precision, 'batches'),
          ('fish_alive', coalesce(lived.fish, 0)::double precision, 'fish'),
          ('biomass', coalesce(lived.biomass_kg, 0) / 1000, 't')) AS f (name, value, unit)
     WHERE lived.scope = 'cumulative'
)
INSERT INTO {target} (session, scope, name, value, unit)
SELECT s.session, f.scope, f.name, f.value, f.unit
  FROM figure AS f JOIN ops.session AS s ON s.session = %(session)s AND s.status = 'completed'
 WHERE f.value IS NOT NULL;

-- lock --
-- Whoever else counts the session meanwhile waits. A statement of its own: the ones that follow must
-- see what was counted then.
SELECT FROM ops.session WHERE session = %(session)s FOR NO KEY UPDATE;

-- forget --
-- Drop the figures of a session, to count it anew.
DELETE FROM ops.metric WHERE session = %(session)s;

-- uncounted --
-- Completed sessions that nobody has counted.
SELECT session FROM ops.session AS s
 WHERE status = 'completed' AND NOT EXISTS (SELECT FROM ops.metric WHERE session = s.session)
 ORDER BY session;

-- metrics --
-- All figures there are.
SELECT session, scope, name, value, unit FROM ops.metric ORDER BY session, scope DESC, name;
