-- What the coordinator of a session took.

-- add_own_peak --
-- Memory peak of the coordinator, on top of its workers'. Only an ended session has their sum.
UPDATE ops.session
   SET memory_peak_mb = coalesce(memory_peak_mb, 0) + %(own_peak_mb)s
 WHERE session = %(session)s AND status IN ('completed', 'failed');
