-- What the checks found.

-- record_run --
-- A row for each check of one run; the run is known by its time.
INSERT INTO ops.check_result (run_time, session, check_id, check_group, title, passed, measured,
                              low, high, unit, source, offenders, generator_version)
SELECT now(), %(session)s, c.id, c."group", c.title, c.passed, c.measured, c.low, c.high, c.unit,
       c.source, c.offenders, %(generator_version)s
  FROM jsonb_to_recordset(%(checks)s::jsonb) AS c (
       id text, "group" text, title text, passed boolean, measured double precision,
       low double precision, high double precision, unit text, source text, offenders jsonb);

-- newest_run --
-- The newest run over all sessions: when, by which generator, how many checks passed, which failed,
-- and whether every session was completed before it.
SELECT run_time, max(generator_version), count(*) FILTER (WHERE passed),
       coalesce(array_agg(check_id ORDER BY check_id) FILTER (WHERE NOT passed), '{}'),
       NOT EXISTS (SELECT FROM ops.session WHERE status <> 'completed' OR completed > run_time)
  FROM ops.check_result
 WHERE session IS NULL
   AND run_time = (SELECT max(run_time) FROM ops.check_result WHERE session IS NULL)
 GROUP BY run_time;
