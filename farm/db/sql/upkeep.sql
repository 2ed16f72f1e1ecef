-- Clearing away.

-- terminate_stalled --
-- Backends of the farm in this database whose COPY waits for its client since too long.
SELECT pid
  FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
   AND application_name LIKE %(application)s
   AND wait_event = 'ClientRead' AND state = 'active' AND query ILIKE 'COPY %%'
   AND query_start < clock_timestamp() - make_interval(secs => %(older_than_s)s)
   AND pg_terminate_backend(pid);

-- public_tables --
-- Every table of schema public, partitions included.
SELECT relname
  FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
 ORDER BY relname;
