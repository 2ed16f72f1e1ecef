-- What the checks found.

-- record_run --
-- A row for each check of one run; the run is known by its time.
INSERT INTO ops.check_result (run_time, session, check_id, check_group, title, passed, measured,
                              low, high, unit, source, offenders)
SELECT now(), %(session)s, c.id, c."group", c.title, c.passed, c.measured, c.low, c.high, c.unit,
       c.source, c.offenders
  FROM jsonb_to_recordset(%(checks)s::jsonb) AS c (
       id text, "group" text, title text, passed boolean, measured double precision,
       low double precision, high double precision, unit text, source text, offenders jsonb);
