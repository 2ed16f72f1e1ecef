-- How far the work is. Reads, never writes.

-- sessions --
-- Every submitted session with what is planned and done. Rows a simulation made count as planned
-- once they are there, so that done never exceeds planned.
SELECT s.session, s.years, s.status, s.scenario_name, s.seed, s.fingerprint, s.started, s.completed,
       coalesce(s.runtime_s, extract(epoch FROM clock_timestamp() - s.started))::double precision,
       coalesce(s.memory_peak_mb, m.peak_mb, 0), coalesce(s.rows, c.rows, 0)::bigint,
       coalesce(c.planned_rows, 0)::bigint, c.planned, c.committed, c.failed, s.reason
  FROM ops.session AS s
  LEFT JOIN ops.session_memory AS m USING (session)
  CROSS JOIN LATERAL (
      SELECT sum(k.rows_total) AS rows,
             sum(CASE WHEN c.month IS NULL THEN k.rows_total ELSE c.planned_total END)
                 AS planned_rows,
             count(*) AS planned,
             count(*) FILTER (WHERE c.state = 'committed') AS committed,
             count(*) FILTER (WHERE c.state = 'failed') AS failed
        FROM ops.chunk AS c LEFT JOIN ops.chunk_commit AS k USING (session, chunk)
       WHERE c.session = s.session
  ) AS c
 ORDER BY s.session;

-- chunks --
-- Every chunk of a session and where it stands.
SELECT chunk, state FROM ops.chunk WHERE session = %(session)s ORDER BY month NULLS FIRST, chunk;

-- months --
-- The months of a session, where they stand and how long their indexes took.
SELECT month, state, close_s FROM ops.month WHERE session = %(session)s ORDER BY month;

-- months_closed --
-- How many months of each session are closed, and how many it has.
SELECT session, count(*) FILTER (WHERE state = 'closed'), count(*)
  FROM ops.month GROUP BY session ORDER BY session;

-- landmarks --
-- What differs once a session has moved, a month closed, or somebody counted or checked the data.
SELECT (SELECT string_agg(concat(session, status, completed), ',' ORDER BY session)
          FROM ops.session),
       (SELECT count(*) FROM ops.month WHERE state = 'closed'),
       (SELECT count(*) FROM ops.metric), (SELECT max(run_time) FROM ops.check_result);

-- failures --
-- Chunks that failed for good, with what they recorded.
SELECT chunk, attempts, coalesce(error_kind, ''), coalesce(error, '')
  FROM ops.chunk
 WHERE state = 'failed' AND (%(session)s::int IS NULL OR session = %(session)s)
 ORDER BY session, month NULLS FIRST, chunk;

-- rows_by_table --
-- Committed rows by table, of one session or of all.
SELECT t.key, sum(t.value::bigint)::bigint
  FROM ops.chunk_commit AS k CROSS JOIN LATERAL jsonb_each_text(k.rows) AS t
 WHERE %(session)s::int IS NULL OR k.session = %(session)s
 GROUP BY t.key
 ORDER BY t.key;

-- recent_rows --
-- Rows committed in the last seconds.
SELECT coalesce(sum(rows_total), 0)::bigint
  FROM ops.chunk_commit
 WHERE committed_at > clock_timestamp() - make_interval(secs => %(seconds)s);

-- at_work --
-- What living workers are doing right now, and since how many seconds.
SELECT worker, chunk, extract(epoch FROM clock_timestamp() - claimed)::double precision
  FROM ops.living_claim
 ORDER BY worker, chunk;

-- seconds_by_step --
-- Where the workers' time went, of one session or of all.
SELECT coalesce(sum(read_s), 0), coalesce(sum(make_s), 0), coalesce(sum(encode_s), 0),
       coalesce(sum(copy_s), 0),
       coalesce((SELECT sum(close_s) FROM ops.month
                  WHERE %(session)s::int IS NULL OR session = %(session)s), 0)
  FROM ops.chunk_commit
 WHERE %(session)s::int IS NULL OR session = %(session)s;
