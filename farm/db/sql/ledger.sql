-- The ledger: sessions, months, chunks. docs/states.md draws the moves; every move is here.

-- sessions --
-- All submitted sessions, in order.
SELECT session, years, status, epoch, fingerprint, scenario_name, seed, started, completed, reason,
       generator_version, numpy_version
  FROM ops.session
 ORDER BY session;

-- scenario --
-- The scenario a session was submitted with.
SELECT scenario FROM ops.session WHERE session = %(session)s;

-- committed --
-- The markers of a session: chunk and rows by table.
SELECT chunk, rows FROM ops.chunk_commit WHERE session = %(session)s;

-- open_session --
-- not_started -> planning. No row: it was there already. Epochs begin at the clock (in
-- microseconds), so that they go on rising even after everything was dropped.
INSERT INTO ops.session (session, years, status, scenario_name, scenario, seed, fingerprint,
                         generator_version, numpy_version, epoch, started)
VALUES (%(session)s, %(years)s, 'planning', %(scenario_name)s, %(scenario)s, %(seed)s,
        %(fingerprint)s, %(generator_version)s, %(numpy_version)s,
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, clock_timestamp())
ON CONFLICT (session) DO NOTHING
RETURNING session;

-- plan_simulations --
-- A session's simulation chunks, one per geography.
INSERT INTO ops.chunk (session, chunk, batch, month, planned_rows, planned_total, state)
SELECT %(session)s, chunk, geography, NULL, '{}', 0, 'planned'
  FROM unnest(%(chunks)s::text[], %(geographies)s::text[]) AS given (chunk, geography);

-- lock_session --
-- The session's status, held against every other change. Waits for running commits.
SELECT status FROM ops.session WHERE session = %(session)s FOR NO KEY UPDATE;

-- move_session --
-- To planning, running or paused: not (or no longer) ended.
UPDATE ops.session
   SET status = %(status)s, reason = %(reason)s,
       completed = NULL, runtime_s = NULL, memory_peak_mb = NULL, rows = NULL
 WHERE session = %(session)s;

-- end_session --
-- To completed or failed, with what it took.
UPDATE ops.session
   SET status = %(status)s, reason = %(reason)s, completed = clock_timestamp(),
       runtime_s = extract(epoch FROM clock_timestamp() - started),
       memory_peak_mb = coalesce((SELECT peak_mb FROM ops.session_memory
                                   WHERE session = %(session)s), 0),
       rows = coalesce((SELECT sum(rows_total) FROM ops.chunk_commit
                         WHERE session = %(session)s), 0)
 WHERE session = %(session)s;

-- fail_months --
-- planned, running -> failed, where a chunk failed for good and the session has ended.
UPDATE ops.month AS m
   SET state = 'failed'
 WHERE session = %(session)s AND state IN ('planned', 'running')
   AND EXISTS (SELECT FROM ops.chunk AS c
                WHERE c.session = m.session AND c.month = m.month AND c.state = 'failed');

-- bump_epoch --
-- Fence every claim made so far. Waits for the commits of claims that are being written.
UPDATE ops.session
   SET epoch = greatest(epoch + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
 WHERE session = %(session)s
RETURNING epoch;

-- view_session --
-- Status, that of the session before and the geographies it is simulated of, epoch, whether all
-- months are listed (or there are none to list), and seconds since anything happened.
SELECT s.status, (SELECT status FROM ops.session WHERE session = s.session - 1),
       ARRAY(SELECT geography FROM ops.snapshot WHERE session = s.session - 1), s.epoch,
       EXISTS (SELECT FROM ops.month WHERE session = s.session)
           OR NOT EXISTS (SELECT FROM ops.chunk
                           WHERE session = s.session AND (month IS NOT NULL OR state <> 'committed'))
           AS expanded,
       extract(epoch FROM clock_timestamp() - greatest(
           s.started,
           (SELECT greatest(max(published), max(claimed)) FROM ops.chunk WHERE session = s.session),
           (SELECT max(committed_at) FROM ops.chunk_commit WHERE session = s.session)
       ))::double precision AS quiet_s
  FROM ops.session AS s
 WHERE s.session = %(session)s;

-- view_months --
-- A session's months, in order.
SELECT month, state FROM ops.month WHERE session = %(session)s ORDER BY month;

-- months_at_rest --
-- The months of this and all completed sessions before it; none while another session is at work:
-- autovacuum would take a twentieth of its time.
SELECT m.month
  FROM ops.month AS m JOIN ops.session AS s USING (session)
 WHERE s.status = 'completed' AND s.session <= %(session)s
   AND NOT EXISTS (SELECT FROM ops.session WHERE status IN ('planning', 'running'))
 ORDER BY m.month;

-- view_chunks --
-- Chunks that still matter: simulations, and those of the given months.
SELECT c.chunk, c.state, c.attempts,
       c.state = 'running' AND EXISTS (
           SELECT FROM ops.living_claim AS l
            WHERE l.session = c.session AND l.chunk = c.chunk
              AND l.claimed > clock_timestamp() - make_interval(secs => %(lease_s)s)
              AND l.backend_pid <> pg_backend_pid()) AS held
  FROM ops.chunk AS c
 WHERE c.session = %(session)s AND (c.month IS NULL OR c.month = ANY (%(months)s::date[]))
 ORDER BY c.month, c.chunk;

-- months_to_expand --
-- The months that the session's chunks lie in.
SELECT DISTINCT month FROM ops.chunk
 WHERE session = %(session)s AND month IS NOT NULL
 ORDER BY month;

-- simulations_missing --
-- Simulations of the session that are not committed.
SELECT chunk FROM ops.chunk
 WHERE session = %(session)s AND month IS NULL AND state <> 'committed'
 ORDER BY chunk;

-- plan_months --
-- A session's months, as planned.
INSERT INTO ops.month (session, month, state)
SELECT %(session)s, month, 'planned' FROM unnest(%(months)s::date[]) AS given (month);

-- start_session --
-- planning -> running. A paused session stays paused.
UPDATE ops.session SET status = 'running'
 WHERE session = %(session)s AND status = 'planning';

-- open_months --
-- planned, failed -> running, for the months of chunks that were published.
UPDATE ops.month
   SET state = 'running', opened = coalesce(opened, clock_timestamp())
 WHERE session = %(session)s AND month = ANY (%(months)s::date[]) AND state IN ('planned', 'failed');

-- lock_chunks --
-- Wait for whoever is claiming or publishing these chunks, and keep others out. A statement of its
-- own: the one that follows must see what those who were waited for have written.
SELECT FROM ops.chunk
 WHERE session = %(session)s AND chunk = ANY (%(chunks)s::text[])
 ORDER BY chunk
   FOR UPDATE;

-- publish_chunks --
-- planned, running (its worker gone), published (its message lost) -> published: those that are
-- still in a given state and not held. Only under lock_chunks.
UPDATE ops.chunk AS c
   SET state = 'published', published = clock_timestamp()
 WHERE c.session = %(session)s AND c.chunk = ANY (%(chunks)s::text[])
   AND c.state = ANY (%(states)s::text[])
   AND NOT (c.state = 'running' AND EXISTS (
                SELECT FROM ops.living_claim AS l
                 WHERE l.session = c.session AND l.chunk = c.chunk
                   AND l.claimed > clock_timestamp() - make_interval(secs => %(lease_s)s)
                   AND l.backend_pid <> pg_backend_pid()))
RETURNING c.chunk;

-- claim_free_chunk --
-- planned, published -> running: one more attempt, by this backend. No row: look why. Whoever waits
-- for another's claim here finds the chunk running, and no row. Nor does a worker that goes by
-- another scenario than the session's. What the worker needs next comes along.
UPDATE ops.chunk AS c
   SET state = 'running', attempts = attempts + 1, epoch = s.epoch, worker = %(worker)s,
       backend_pid = pg_backend_pid(), claimed = clock_timestamp(),
       backend_start = current_setting('farm.backend_start')::timestamptz
  FROM ops.session AS s
 WHERE c.session = %(session)s AND c.chunk = %(chunk)s AND s.session = c.session
   AND c.state IN ('planned', 'published') AND c.attempts < %(max_attempts)s
   AND s.status IN ('planning', 'running')
   AND s.fingerprint = coalesce(%(fingerprint)s::text, s.fingerprint)
RETURNING c.epoch, c.attempts, c.planned_rows,
          (SELECT data FROM ops.slice AS d WHERE d.session = c.session AND d.chunk = c.chunk);

-- lock_chunk_row --
-- As lock_chunks, for one.
SELECT FROM ops.chunk WHERE session = %(session)s AND chunk = %(chunk)s FOR UPDATE;

-- chunk_to_claim --
-- What a worker must know before it may claim a chunk. Only under lock_chunk_row.
SELECT c.state, c.attempts, c.error, s.status, s.epoch, s.fingerprint,
       c.state = 'running' AND EXISTS (
           SELECT FROM ops.living_claim AS l
            WHERE l.session = c.session AND l.chunk = c.chunk
              AND l.claimed > clock_timestamp() - make_interval(secs => %(lease_s)s)
              AND l.backend_pid <> pg_backend_pid()) AS held
  FROM ops.chunk AS c JOIN ops.session AS s USING (session)
 WHERE c.session = %(session)s AND c.chunk = %(chunk)s;

-- claim_chunk --
-- planned, published, running (its worker gone) -> running: one more attempt, by this backend.
UPDATE ops.chunk
   SET state = 'running', attempts = attempts + 1, epoch = %(epoch)s, worker = %(worker)s,
       backend_pid = pg_backend_pid(), claimed = clock_timestamp(),
       backend_start = current_setting('farm.backend_start')::timestamptz
 WHERE session = %(session)s AND chunk = %(chunk)s
RETURNING epoch, attempts, planned_rows;

-- exhaust_chunk --
-- -> failed: it used up its attempts without ever reporting back.
UPDATE ops.chunk
   SET state = 'failed', error = %(error)s, error_kind = %(error_kind)s
 WHERE session = %(session)s AND chunk = %(chunk)s;

-- release_chunk --
-- running -> planned, by the claim that holds it; an attempt may be given back. Published again
-- meanwhile (an outage outlived the claim): only the attempt is given back.
UPDATE ops.chunk
   SET state = CASE state WHEN 'running' THEN 'planned' ELSE state END,
       attempts = attempts - %(given_back)s,
       error = %(error)s, error_kind = %(error_kind)s
 WHERE session = %(session)s AND chunk = %(chunk)s
   AND state IN ('running', 'published') AND epoch = %(epoch)s AND attempts = %(attempt)s;

-- fail_chunk --
-- running -> failed, by the claim that holds it, unless the session was taken over meanwhile.
UPDATE ops.chunk AS c
   SET state = 'failed', error = %(error)s, error_kind = %(error_kind)s
  FROM ops.session AS s
 WHERE c.session = %(session)s AND c.chunk = %(chunk)s
   AND c.state = 'running' AND c.epoch = %(epoch)s AND c.attempts = %(attempt)s
   AND s.session = c.session AND s.epoch = c.epoch;

-- reset_failed_chunks --
-- failed -> planned, with fresh attempts. Returns those that were failed.
WITH failed AS (
    SELECT chunk FROM ops.chunk
     WHERE session = %(session)s AND chunk = ANY (%(chunks)s::text[]) AND state = 'failed'
     ORDER BY chunk
       FOR UPDATE
)
UPDATE ops.chunk AS c
   SET state = 'planned', attempts = 0, error = NULL, error_kind = NULL
  FROM failed
 WHERE c.session = %(session)s AND c.chunk = failed.chunk
RETURNING c.chunk;

-- load_month --
-- planned, running, failed -> loaded, when every chunk of the month is committed.
UPDATE ops.month AS m
   SET state = 'loaded'
 WHERE session = %(session)s AND month = %(month)s AND state NOT IN ('loaded', 'closed')
   AND NOT EXISTS (SELECT FROM ops.chunk AS c
                    WHERE c.session = m.session AND c.month = m.month AND c.state <> 'committed');

-- month_is_loaded --
-- A row when the month waits for its indexes; locked until they are built.
SELECT state FROM ops.month
 WHERE session = %(session)s AND month = %(month)s AND state = 'loaded'
   FOR UPDATE;

-- close_month --
-- loaded -> closed, in the transaction that attached its leaves.
UPDATE ops.month
   SET state = 'closed', closed = clock_timestamp(), close_s = %(close_s)s
 WHERE session = %(session)s AND month = %(month)s;

-- try_lock --
-- Whether this transaction got the lock of that number.
SELECT pg_try_advisory_xact_lock(%(key)s::bigint);
