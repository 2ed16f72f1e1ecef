-- Figures of sessions, counted when they are completed; the generator whose data were checked. The
-- views of where the company stands are made after the migrations: see sql/standing.sql.

CREATE TABLE ops.metric (
    session INTEGER NOT NULL,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    unit TEXT NOT NULL,
    CONSTRAINT metric_pkey PRIMARY KEY (session, scope, name),
    CONSTRAINT metric_scope_check CHECK (scope IN ('session', 'cumulative')),
    CONSTRAINT metric_session_fkey FOREIGN KEY(session) REFERENCES ops.session (session)
);

ALTER TABLE ops.check_result ADD COLUMN generator_version INTEGER;
