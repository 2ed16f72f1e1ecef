-- Clearing away.

-- terminate_stalled --
-- Backends of the farm in this database that wait for their client inside a transaction since too
-- long: in the middle of a COPY, or between two statements. No transaction of the farm waits for
-- anything but the database.
-- Materialized: the planner is free to call pg_terminate_backend before it looks at the rest.
WITH stalled AS MATERIALIZED (
    SELECT pid
      FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND application_name LIKE %(application)s
       AND wait_event = 'ClientRead'
       AND (state = 'active' OR state LIKE 'idle in transaction%%')
       AND state_change < clock_timestamp() - make_interval(secs => %(older_than_s)s)
)
SELECT pid FROM stalled WHERE pg_terminate_backend(pid);

-- public_tables --
-- Every table of schema public, partitions included.
SELECT relname
  FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
 ORDER BY relname;
