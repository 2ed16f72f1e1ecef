-- The commit protocol: rows and marker together or not at all.

-- check_chunk --
-- The session's epoch, held so that whoever raises it waits for this commit; what is planned; and
-- whether the marker is there. Only under the chunk's lock: then nobody can write a marker meanwhile.
SELECT s.epoch, c.planned_rows,
       EXISTS (SELECT FROM ops.chunk_commit AS m
                WHERE m.session = c.session AND m.chunk = c.chunk) AS is_committed
  FROM ops.session AS s JOIN ops.chunk AS c USING (session)
 WHERE c.session = %(session)s AND c.chunk = %(chunk)s
   FOR SHARE OF s;

-- commit_chunk --
-- -> committed, with the marker.
WITH marker AS (
    INSERT INTO ops.chunk_commit (session, chunk, epoch, rows, rows_total, sha256,
                                  generator_version, worker, read_s, make_s, encode_s, copy_s,
                                  peak_rss_mb, committed_at)
    SELECT c.session, c.chunk, %(epoch)s, %(rows)s, %(rows_total)s, %(sha256)s,
           s.generator_version, coalesce(c.worker, ''), %(read_s)s, %(make_s)s, %(encode_s)s,
           %(copy_s)s, %(peak_rss_mb)s, clock_timestamp()
      FROM ops.chunk AS c JOIN ops.session AS s USING (session)
     WHERE c.session = %(session)s AND c.chunk = %(chunk)s
)
UPDATE ops.chunk
   SET state = 'committed', error = NULL, error_kind = NULL
 WHERE session = %(session)s AND chunk = %(chunk)s;

-- note_commit_time --
-- How long the commit itself took, known only afterwards.
UPDATE ops.chunk_commit SET commit_s = %(commit_s)s
 WHERE session = %(session)s AND chunk = %(chunk)s;

-- known_records --
-- Which of these rows an earlier session wrote.
SELECT id FROM {table} WHERE id = ANY (%(ids)s);

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
