-- Nothing was added, lost or changed since it was written. Every query returns offenders.

-- records_as_marked --
-- Every table that the simulation writes holds the rows that its markers add up to
-- Batches, stays, moves, harvests, site events and all that was done about health.
-- Source: exactly-once loading
WITH marked AS (
    SELECT t.key AS name, sum(t.value::bigint) AS rows
      FROM ops.chunk_commit AS m CROSS JOIN LATERAL jsonb_each_text(m.rows) AS t
     GROUP BY 1
), held (name, rows) AS (
    SELECT 'batch', count(*) FROM batch
    UNION ALL
    SELECT 'assignment', count(*) FROM assignment
    UNION ALL
    SELECT 'transfer', count(*) FROM transfer
    UNION ALL
    SELECT 'harvest_event', count(*) FROM harvest_event
    UNION ALL
    SELECT 'harvest_lot', count(*) FROM harvest_lot
    UNION ALL
    SELECT 'site_event', count(*) FROM site_event
    UNION ALL
    SELECT 'disease_outbreak', count(*) FROM disease_outbreak
    UNION ALL
    SELECT 'treatment', count(*) FROM treatment
    UNION ALL
    SELECT 'withholding_period', count(*) FROM withholding_period
    UNION ALL
    SELECT 'vaccination', count(*) FROM vaccination
    UNION ALL
    SELECT 'lab_sample', count(*) FROM lab_sample
    UNION ALL
    SELECT 'journal_entry', count(*) FROM journal_entry
)
SELECT h.name AS "table", coalesce(m.rows, 0) AS marked, h.rows AS held
  FROM held AS h LEFT JOIN marked AS m USING (name)
 WHERE coalesce(m.rows, 0) <> h.rows;

-- records_of_their_place --
-- What is recorded of a place bears its number, and is counted there without a gap
-- Events of a site, and a place's outbreaks, treatments, vaccinations, samples and entries: each from
-- 1. An outbreak may be missing: one whose fish left on its first day is struck off.
-- Source: ids are arithmetic from the plan
WITH record AS (
    SELECT 'site_event' AS what, id, id / 10000 AS told, site_id AS place, id %% 10000 AS number
      FROM site_event
    UNION ALL
    SELECT x.what, x.id, CASE WHEN x.id / 100000 %% 2 = 0 THEN x.id / 200000 ELSE -(x.id / 200000) END,
           x.place, x.id %% 100000
      FROM (SELECT 'disease_outbreak' AS what, id, coalesce(site_id, -station_id) AS place
              FROM disease_outbreak
            UNION ALL
            SELECT 'journal_entry', id, coalesce(site_id, -station_id) FROM journal_entry
            UNION ALL
            SELECT 'treatment', t.id, s.place FROM treatment AS t JOIN stay AS s USING (assignment_id)
            UNION ALL
            SELECT 'vaccination', v.id, s.place
              FROM vaccination AS v JOIN stay AS s USING (assignment_id)
            UNION ALL
            SELECT 'lab_sample', l.id, s.place
              FROM lab_sample AS l JOIN stay AS s USING (assignment_id)) AS x
), counted AS (
    SELECT what, told, count(*) AS rows, max(number) AS last FROM record GROUP BY 1, 2
)
SELECT what, id, place, told AS place_of_id, NULL AS missing FROM record WHERE place <> told
UNION ALL
SELECT what, NULL, NULL, told, last - rows FROM counted
 WHERE last <> rows AND what <> 'disease_outbreak';

-- world_as_built --
-- Places, containers, sensors and catalogues are those that the scenario makes
-- Row by row and column by column. Data of another generator is not asked.
-- Source: the world follows from the scenario alone
SELECT name AS "table", b.row AS built, h.row AS held
  FROM built_row AS b
  FULL JOIN (
    SELECT 'geography' AS name, to_jsonb(t) AS row FROM geography AS t
    UNION ALL
    SELECT 'density_limit', to_jsonb(t) FROM density_limit AS t
    UNION ALL
    SELECT 'area', to_jsonb(t) FROM area AS t
    UNION ALL
    SELECT 'station', to_jsonb(t) FROM station AS t
    UNION ALL
    SELECT 'hall', to_jsonb(t) FROM hall AS t
    UNION ALL
    SELECT 'site', to_jsonb(t) FROM site AS t
    UNION ALL
    SELECT 'environmental_parameter', to_jsonb(t) FROM environmental_parameter AS t
    UNION ALL
    SELECT 'lifecycle_stage', to_jsonb(t) FROM lifecycle_stage AS t
    UNION ALL
    SELECT 'container', to_jsonb(t) FROM container AS t
    UNION ALL
    SELECT 'sensor', to_jsonb(t) FROM sensor AS t
    UNION ALL
    SELECT 'equipment', to_jsonb(t) FROM equipment AS t
    UNION ALL
    SELECT 'feed_store', to_jsonb(t) FROM feed_store AS t
    UNION ALL
    SELECT 'strain', to_jsonb(t) FROM strain AS t
    UNION ALL
    SELECT 'egg_supplier', to_jsonb(t) FROM egg_supplier AS t
    UNION ALL
    SELECT 'broodstock', to_jsonb(t) FROM broodstock AS t
    UNION ALL
    SELECT 'feed_type', to_jsonb(t) FROM feed_type AS t
    UNION ALL
    SELECT 'feed_supplier', to_jsonb(t) FROM feed_supplier AS t
    UNION ALL
    SELECT 'mortality_cause', to_jsonb(t) FROM mortality_cause AS t
    UNION ALL
    SELECT 'quality_flag', to_jsonb(t) FROM quality_flag AS t
    UNION ALL
    SELECT 'disease', to_jsonb(t) FROM disease AS t
    UNION ALL
    SELECT 'treatment_type', to_jsonb(t) FROM treatment_type AS t
    UNION ALL
    SELECT 'vaccine', to_jsonb(t) FROM vaccine AS t
    UNION ALL
    SELECT 'vaccine_protection', to_jsonb(t) FROM vaccine_protection AS t
    UNION ALL
    SELECT 'lab_test', to_jsonb(t) FROM lab_test AS t
    UNION ALL
    SELECT 'lice_limit', to_jsonb(t) FROM lice_limit AS t) AS h USING (name, row)
 WHERE (b.row IS NULL OR h.row IS NULL) AND EXISTS (SELECT FROM built_row);

-- snapshots_unchanged --
-- The state that a session left for the next is the one it wrote
-- One of each geography, of the session's last day, by its SHA-256.
-- Source: a session starts from what the one before it wrote
SELECT session, geography, n.day, x.last_day
  FROM (SELECT session, g.code AS geography, max(month + interval '1 month')::date - 1 AS last_day
          FROM ops.month CROSS JOIN geography AS g
         WHERE session <= %(last_session)s GROUP BY 1, 2) AS x
  FULL JOIN (SELECT * FROM ops.snapshot WHERE session <= %(last_session)s) AS n
       USING (session, geography)
 WHERE (n.day = x.last_day
        AND encode(sha256(convert_to(n.state::text, 'UTF8')), 'hex') = n.sha256) IS NOT TRUE;

-- sessions_are_done --
-- A completed session has every chunk committed, every month closed, and the rows of its markers
-- And it was made from the scenario that it says, by the same generator and numpy as all others.
-- Source: a session is completed when all of it is
WITH made AS (
    SELECT s.session, s.status, s.completed, s.rows, s.started, s.scenario_name, s.seed, s.scenario,
           count(*) OVER () - count(*) OVER (PARTITION BY s.seed, s.fingerprint, s.numpy_version,
                                             s.generator_version) AS made_otherwise,
           (SELECT count(*) FROM ops.chunk AS c
             WHERE c.session = s.session AND c.state <> 'committed') AS open_chunks,
           (SELECT count(*) FROM ops.month AS m
             WHERE m.session = s.session AND (m.state <> 'closed' OR m.closed IS NULL)) AS open_months,
           (SELECT sum(m.rows_total) FROM ops.chunk_commit AS m
             WHERE m.session = s.session) AS marked
      FROM ops.session AS s WHERE s.session <= %(last_session)s
)
SELECT session, status, started, completed, rows, marked, open_chunks, open_months, made_otherwise
  FROM made
 WHERE status <> 'completed' OR (completed >= started) IS NOT TRUE OR open_chunks > 0
    OR open_months > 0 OR rows IS DISTINCT FROM marked OR made_otherwise > 0
    OR scenario_name <> scenario -> 'outline' ->> 'name'
    OR seed <> (scenario -> 'outline' ->> 'seed')::bigint;

-- metrics_recounted --
-- The figures of sessions are what they count
-- Every figure of each session that was counted, and no other.
-- Source: ops.metric is counted from the tables
SELECT session, scope, name, m.value, c.value AS counted, m.unit
  FROM ops.metric AS m
  FULL JOIN counted_metric AS c USING (session, scope, name)
 WHERE session IN (SELECT x.session FROM ops.metric AS x)
   AND (abs(m.value - c.value) <= 1e-9 * greatest(abs(c.value), 1) AND m.unit = c.unit) IS NOT TRUE;
