-- A commit takes some microseconds; noting them took a statement of its own for each chunk.

ALTER TABLE ops.chunk_commit DROP COLUMN commit_s;
