-- What each chunk is rendered from. The bytes are compressed when they come.

CREATE TABLE ops.slice (
    session INTEGER NOT NULL,
    chunk TEXT NOT NULL,
    data BYTEA NOT NULL,
    CONSTRAINT slice_pkey PRIMARY KEY (session, chunk),
    CONSTRAINT slice_session_fkey FOREIGN KEY(session) REFERENCES ops.session (session)
);

ALTER TABLE ops.slice ALTER COLUMN data SET STORAGE EXTERNAL;

-- Each lot is of a harvest event, and that one is of an assignment: looking for the assignment as
-- well took as long as everything else about a lot.
ALTER TABLE harvest_lot DROP CONSTRAINT harvest_lot_assignment_id_fkey;
