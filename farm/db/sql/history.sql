-- What chunks start from.

-- snapshot --
-- The state a session left of one geography.
SELECT day, state::text, sha256 FROM ops.snapshot
 WHERE session = %(session)s AND geography = %(geography)s;

-- slice --
-- What a chunk is rendered from.
SELECT data FROM ops.slice WHERE session = %(session)s AND chunk = %(chunk)s;
