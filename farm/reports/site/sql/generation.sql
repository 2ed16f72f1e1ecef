-- How the data was made.

-- tables --
-- Rows by table and session, as the chunks' markers have them; only what workers wrote.
SELECT r.key AS table_name, sum(r.value::bigint)::float8 AS rows,
       sum(r.value::bigint) FILTER (WHERE c.session = 1)::float8 AS session_1,
       sum(r.value::bigint) FILTER (WHERE c.session = 2)::float8 AS session_2,
       sum(r.value::bigint) FILTER (WHERE c.session = 3)::float8 AS session_3,
       sum(r.value::bigint) FILTER (WHERE c.session = 4)::float8 AS session_4
  FROM ops.chunk_commit AS c CROSS JOIN LATERAL jsonb_each_text(c.rows) AS r
 GROUP BY 1 HAVING sum(r.value::bigint) > 0 ORDER BY 2 DESC;

-- chunks --
-- What the workers' time went into.
SELECT c.session, count(*) AS chunks, sum(c.rows_total)::float8 AS rows, sum(c.read_s) AS read_s,
       sum(c.make_s) AS make_s, sum(c.encode_s) AS encode_s, sum(c.copy_s) AS copy_s,
       coalesce(sum(c.commit_s), 0) AS commit_s, max(c.peak_rss_mb) AS peak_mb,
       count(DISTINCT c.worker) AS workers,
       sum(c.rows_total) / nullif(extract(epoch FROM max(c.committed_at) - min(c.committed_at)), 0)::float8
           AS rows_per_s
  FROM ops.chunk_commit AS c GROUP BY 1 ORDER BY 1;

-- months --
-- When each month was closed, in seconds from the first session's start.
SELECT m.session, m.month, extract(epoch FROM m.closed - (SELECT min(started) FROM ops.session))::float8
           AS closed_after_s, m.close_s
  FROM ops.month AS m WHERE m.closed IS NOT NULL ORDER BY m.month;

-- attempts --
-- Chunks that needed more than one attempt.
SELECT session, chunk, attempts, worker, error FROM ops.chunk
 WHERE attempts > 1 ORDER BY attempts DESC, session, chunk LIMIT 100;
