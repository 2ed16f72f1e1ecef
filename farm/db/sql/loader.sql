-- The commit protocol: rows and marker together or not at all.

-- try_lock --
-- Whether nobody else commits this chunk now.
SELECT pg_try_advisory_xact_lock(%(lock)s::bigint);

-- check_chunk --
-- The session's epoch, held so that whoever raises it waits for this commit; and whether the marker
-- is there. Only under the chunk's lock: then nobody can write a marker meanwhile.
SELECT s.epoch, EXISTS (SELECT FROM ops.chunk_commit WHERE session = %(session)s AND chunk = %(chunk)s)
  FROM ops.session AS s
 WHERE s.session = %(session)s
   FOR SHARE;

-- commit_chunk --
-- -> committed, with the marker. How long a commit took nobody can write before it is over: here
-- the one before it is noted.
WITH done AS (
    UPDATE ops.chunk
       SET state = 'committed', error = NULL, error_kind = NULL
     WHERE session = %(session)s AND chunk = %(chunk)s
    RETURNING session, chunk, worker
), before AS (
    UPDATE ops.chunk_commit
       SET commit_s = %(before_s)s
     WHERE session = %(before_session)s AND chunk = %(before_chunk)s
)
INSERT INTO ops.chunk_commit (session, chunk, epoch, rows, rows_total, sha256, generator_version,
                              worker, read_s, make_s, encode_s, copy_s, peak_rss_mb, committed_at)
SELECT done.session, done.chunk, %(epoch)s, %(rows)s, %(rows_total)s, %(sha256)s,
       s.generator_version, coalesce(done.worker, ''), %(read_s)s, %(make_s)s, %(encode_s)s,
       %(copy_s)s, %(peak_rss_mb)s, clock_timestamp()
  FROM done JOIN ops.session AS s USING (session);

-- check_keys_by_index --
-- Hundreds of thousands of references are checked, each by itself. How is settled once for each
-- constraint and connection: what is in a single page now, or was when it was looked at last, would
-- be read from its beginning for each of them.
SET LOCAL enable_seqscan = off;

-- note_commit_time --
-- The same for a commit that none follows.
UPDATE ops.chunk_commit SET commit_s = %(before_s)s
 WHERE session = %(before_session)s AND chunk = %(before_chunk)s;

-- known_records --
-- Which of these rows an earlier session wrote.
SELECT id FROM {table} WHERE id = ANY (%(ids)s::integer[]);

-- update_records --
-- Rows that an earlier session wrote, as they stand now. First of all: containers become free.
UPDATE {table} AS t
   SET ({columns}) = ROW({given})
  FROM jsonb_populate_recordset(NULL::{table}, %(rows)s) AS r
 WHERE t.id = r.id;

-- write_snapshot --
-- What the next session starts from.
INSERT INTO ops.snapshot (session, geography, day, state, sha256)
VALUES (%(session)s, %(geography)s, %(day)s, %(state)s::json, %(sha256)s);

-- plan_chunks --
-- The batch-months that the history asks for, with the rows it promises.
INSERT INTO ops.chunk (session, chunk, batch, month, planned_rows, planned_total, state)
SELECT %(session)s, chunk, batch, month, planned_rows, planned_total, 'planned'
  FROM unnest(%(chunks)s::text[], %(batches)s::text[], %(months)s::date[],
              %(planned_rows)s::jsonb[], %(planned_totals)s::bigint[])
       AS given (chunk, batch, month, planned_rows, planned_total);

-- copy_slices --
-- What each of them is rendered from.
COPY ops.slice (session, chunk, data) FROM STDIN (FORMAT BINARY);
