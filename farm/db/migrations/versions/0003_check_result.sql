-- What `farm validate` found: one row for each check and run.

CREATE TABLE ops.check_result (
    run_time timestamptz NOT NULL,
    session integer,
    check_id text NOT NULL,
    check_group text NOT NULL,
    title text NOT NULL,
    passed boolean NOT NULL,
    measured double precision NOT NULL,
    low double precision NOT NULL,
    high double precision NOT NULL,
    unit text NOT NULL,
    source text NOT NULL,
    offenders jsonb NOT NULL,
    PRIMARY KEY (run_time, check_id),
    CONSTRAINT check_result_check_group_check
        CHECK (check_group IN ('integrity', 'business', 'statistics'))
);
