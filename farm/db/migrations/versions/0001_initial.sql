-- The first schema. Frozen: later changes are migrations of their own.
-- public holds the farm's data, ops the generation itself.

-- For the exclusion constraint of assignment: equality of integers inside a gist index.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE egg_supplier (
    id integer PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    country text NOT NULL
);

CREATE TABLE environmental_parameter (
    id smallint PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    unit text NOT NULL,
    minimum double precision NOT NULL,
    maximum double precision NOT NULL,
    optimum double precision NOT NULL
);

CREATE TABLE feed_supplier (
    id integer PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    lead_time_days integer NOT NULL,
    reliability double precision NOT NULL
);

CREATE TABLE feed_type (
    id smallint PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    pellet_mm double precision NOT NULL,
    protein_percent double precision NOT NULL,
    fat_percent double precision NOT NULL,
    min_weight_g double precision NOT NULL,
    max_weight_g double precision NOT NULL
);

CREATE TABLE geography (
    id smallint PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    currency text NOT NULL,
    timezone text NOT NULL
);

CREATE TABLE lifecycle_stage (
    id smallint PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    stage_order integer NOT NULL,
    container_kind text NOT NULL,
    typical_days integer NOT NULL,
    min_weight_g double precision NOT NULL,
    max_weight_g double precision NOT NULL
);

CREATE TABLE mortality_cause (
    id smallint PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL
);

CREATE TABLE quality_flag (
    id smallint PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL
);

CREATE TABLE strain (
    id integer PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL
);

CREATE TABLE area (
    id integer PRIMARY KEY,
    geography_id smallint NOT NULL REFERENCES geography,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL
);

CREATE TABLE broodstock (
    id integer PRIMARY KEY,
    geography_id smallint NOT NULL REFERENCES geography,
    strain_id integer NOT NULL REFERENCES strain,
    code text NOT NULL UNIQUE,
    name text NOT NULL
);

CREATE TABLE batch (
    id integer PRIMARY KEY,
    geography_id smallint NOT NULL REFERENCES geography,
    code text NOT NULL UNIQUE,
    species text NOT NULL,
    strain_id integer NOT NULL REFERENCES strain,
    egg_source text NOT NULL,
    egg_supplier_id integer REFERENCES egg_supplier,
    broodstock_id integer REFERENCES broodstock,
    eggs integer NOT NULL,
    start_date date NOT NULL,
    expected_harvest date NOT NULL,
    status text NOT NULL,
    end_date date,
    CONSTRAINT batch_egg_source_check
        CHECK (CASE egg_source
            WHEN 'external' THEN egg_supplier_id IS NOT NULL AND broodstock_id IS NULL
            WHEN 'internal' THEN broodstock_id IS NOT NULL AND egg_supplier_id IS NULL
            ELSE false END),
    CONSTRAINT batch_status_check
        CHECK ((status = 'harvested') = (end_date IS NOT NULL))
);

CREATE TABLE site (
    id integer PRIMARY KEY,
    area_id integer NOT NULL REFERENCES area,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    max_biomass_t double precision NOT NULL,
    exposure text NOT NULL
);

CREATE TABLE station (
    id integer PRIMARY KEY,
    area_id integer NOT NULL REFERENCES area,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    kind text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    water_source text NOT NULL
);

CREATE TABLE feed_store (
    id integer PRIMARY KEY,
    station_id integer REFERENCES station,
    site_id integer REFERENCES site,
    code text NOT NULL UNIQUE,
    kind text NOT NULL,
    capacity_kg double precision NOT NULL,
    CONSTRAINT feed_store_place_check
        CHECK (num_nonnulls(station_id, site_id) = 1)
);

CREATE TABLE hall (
    id integer PRIMARY KEY,
    station_id integer NOT NULL REFERENCES station,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    lifecycle_stage_id smallint NOT NULL REFERENCES lifecycle_stage
);

CREATE TABLE container (
    id integer PRIMARY KEY,
    hall_id integer REFERENCES hall,
    site_id integer REFERENCES site,
    code text NOT NULL UNIQUE,
    kind text NOT NULL,
    volume_m3 double precision NOT NULL,
    max_density_kg_m3 double precision NOT NULL,
    capacity_fish integer NOT NULL,
    CONSTRAINT container_place_check
        CHECK (num_nonnulls(hall_id, site_id) = 1)
);

CREATE TABLE assignment (
    id integer PRIMARY KEY,
    batch_id integer NOT NULL REFERENCES batch,
    container_id integer NOT NULL REFERENCES container,
    lifecycle_stage_id smallint NOT NULL REFERENCES lifecycle_stage,
    start_date date NOT NULL,
    end_date date,
    start_count integer NOT NULL,
    start_weight_g double precision NOT NULL,
    end_count integer,
    end_weight_g double precision,
    CONSTRAINT assignment_counts_check
        CHECK (start_count >= 0 AND end_count >= 0),
    CONSTRAINT assignment_dates_check
        CHECK (end_date > start_date),
    CONSTRAINT assignment_one_batch_per_container_excl
        EXCLUDE USING gist (container_id WITH =, daterange(start_date, end_date) WITH &&)
);

CREATE INDEX assignment_batch_id_idx ON assignment (batch_id);

CREATE TABLE equipment (
    id integer PRIMARY KEY,
    container_id integer REFERENCES container,
    site_id integer REFERENCES site,
    kind text NOT NULL,
    model text NOT NULL,
    installed_on date NOT NULL,
    CONSTRAINT equipment_place_check
        CHECK (num_nonnulls(container_id, site_id) = 1)
);

CREATE TABLE sensor (
    id integer PRIMARY KEY,
    container_id integer REFERENCES container,
    site_id integer REFERENCES site,
    environmental_parameter_id smallint NOT NULL REFERENCES environmental_parameter,
    code text NOT NULL UNIQUE,
    model text NOT NULL,
    installed_on date NOT NULL,
    calibrated_on date NOT NULL,
    CONSTRAINT sensor_place_check
        CHECK (num_nonnulls(container_id, site_id) = 1)
);

CREATE TABLE harvest_event (
    assignment_id integer NOT NULL REFERENCES assignment,
    date date NOT NULL,
    count integer NOT NULL,
    mean_weight_g double precision NOT NULL,
    biomass_kg double precision NOT NULL,
    PRIMARY KEY (assignment_id, date),
    CONSTRAINT harvest_event_count_check
        CHECK (count > 0)
);

CREATE TABLE transfer (
    date date NOT NULL,
    from_assignment_id integer NOT NULL REFERENCES assignment,
    to_assignment_id integer NOT NULL REFERENCES assignment,
    count integer NOT NULL,
    mean_weight_g double precision NOT NULL,
    biomass_kg double precision NOT NULL,
    mortality_count integer NOT NULL,
    kind text NOT NULL,
    PRIMARY KEY (from_assignment_id, to_assignment_id, date),
    CONSTRAINT transfer_counts_check
        CHECK (count > 0 AND mortality_count BETWEEN 0 AND count)
);

CREATE TABLE daily_state (
    assignment_id integer NOT NULL,
    batch_id integer NOT NULL,
    date date NOT NULL,
    lifecycle_stage_id smallint NOT NULL,
    population integer NOT NULL,
    mean_weight_g double precision NOT NULL,
    biomass_kg double precision NOT NULL,
    deaths integer NOT NULL,
    deaths_by_cause integer[] NOT NULL,
    feed_kg numeric(12, 3) NOT NULL,
    temperature_c double precision NOT NULL,
    oxygen_mg_l double precision NOT NULL,
    salinity_psu double precision,
    ph double precision NOT NULL,
    density_kg_m3 double precision NOT NULL,
    is_fasting boolean NOT NULL,
    PRIMARY KEY (assignment_id, date)
) PARTITION BY RANGE (date);

CREATE TABLE environmental_reading (
    reading_time timestamptz NOT NULL,
    value double precision NOT NULL,
    sensor_id integer NOT NULL,
    container_id integer NOT NULL,
    assignment_id integer,
    environmental_parameter_id smallint NOT NULL,
    quality_flag_id smallint NOT NULL,
    PRIMARY KEY (sensor_id, reading_time)
) PARTITION BY RANGE (reading_time);

CREATE TABLE feeding_event (
    fed_at timestamptz NOT NULL,
    assignment_id integer NOT NULL,
    feed_store_id integer NOT NULL,
    feed_type_id smallint NOT NULL,
    amount_kg numeric(12, 3) NOT NULL,
    feeding_percent double precision NOT NULL,
    method text NOT NULL,
    PRIMARY KEY (assignment_id, fed_at)
) PARTITION BY RANGE (fed_at);

CREATE TABLE fish_observation (
    sampled_on date NOT NULL,
    assignment_id integer NOT NULL,
    fish_no smallint NOT NULL,
    weight_g double precision NOT NULL,
    length_cm double precision NOT NULL,
    PRIMARY KEY (assignment_id, sampled_on, fish_no)
) PARTITION BY RANGE (sampled_on);

CREATE TABLE growth_sample (
    sampled_on date NOT NULL,
    assignment_id integer NOT NULL,
    n integer NOT NULL,
    mean_weight_g double precision NOT NULL,
    sd_weight_g double precision NOT NULL,
    min_weight_g double precision NOT NULL,
    max_weight_g double precision NOT NULL,
    mean_length_cm double precision NOT NULL,
    condition_factor double precision NOT NULL,
    PRIMARY KEY (assignment_id, sampled_on)
) PARTITION BY RANGE (sampled_on);

CREATE TABLE mortality_event (
    date date NOT NULL,
    assignment_id integer NOT NULL,
    mortality_cause_id smallint NOT NULL,
    count integer NOT NULL,
    mean_weight_g double precision NOT NULL,
    PRIMARY KEY (assignment_id, date, mortality_cause_id),
    CONSTRAINT mortality_event_count_check
        CHECK (count > 0)
) PARTITION BY RANGE (date);

CREATE TABLE ops.session (
    session integer PRIMARY KEY,
    years text NOT NULL,
    status text NOT NULL,
    scenario_name text NOT NULL,
    scenario jsonb NOT NULL,
    seed bigint NOT NULL,
    fingerprint text NOT NULL,
    generator_version integer NOT NULL,
    numpy_version text NOT NULL,
    epoch bigint NOT NULL,
    started timestamptz NOT NULL,
    completed timestamptz,
    runtime_s double precision,
    memory_peak_mb double precision,
    rows bigint,
    reason text,
    CONSTRAINT session_status_check
        CHECK (status IN ('planning', 'running', 'paused', 'completed', 'failed'))
);

CREATE TABLE ops.chunk (
    session integer NOT NULL REFERENCES ops.session,
    chunk text NOT NULL,
    batch text NOT NULL,
    month date,
    planned_rows jsonb NOT NULL,
    planned_total bigint NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    epoch bigint,
    worker text,
    backend_pid integer,
    backend_start timestamptz,
    published timestamptz,
    claimed timestamptz,
    error text,
    error_kind text,
    PRIMARY KEY (session, chunk),
    CONSTRAINT chunk_state_check
        CHECK (state IN ('planned', 'published', 'running', 'committed', 'failed'))
);

CREATE INDEX chunk_session_month_idx ON ops.chunk (session, month);

CREATE TABLE ops.month (
    session integer NOT NULL REFERENCES ops.session,
    month date NOT NULL,
    state text NOT NULL,
    opened timestamptz,
    closed timestamptz,
    close_s double precision,
    PRIMARY KEY (session, month),
    CONSTRAINT month_month_check
        CHECK (extract(day FROM month) = 1),
    CONSTRAINT month_state_check
        CHECK (state IN ('planned', 'running', 'loaded', 'closed', 'failed'))
);

CREATE TABLE ops.snapshot (
    session integer NOT NULL REFERENCES ops.session,
    geography text NOT NULL,
    day date NOT NULL,
    state json NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (session, geography)
);

CREATE TABLE ops.chunk_commit (
    session integer NOT NULL,
    chunk text NOT NULL,
    epoch bigint NOT NULL,
    rows jsonb NOT NULL,
    rows_total bigint NOT NULL,
    sha256 text NOT NULL,
    generator_version integer NOT NULL,
    worker text NOT NULL,
    read_s double precision NOT NULL,
    make_s double precision NOT NULL,
    encode_s double precision NOT NULL,
    copy_s double precision NOT NULL,
    commit_s double precision,
    peak_rss_mb double precision NOT NULL,
    committed_at timestamptz NOT NULL,
    PRIMARY KEY (session, chunk),
    CONSTRAINT chunk_commit_session_fkey
        FOREIGN KEY (session, chunk) REFERENCES ops.chunk
);

-- Claims that may still come to an end: the worker's connection lives, and no other took the
-- session over. A backend start that may not be seen (another user's) counts as the same.
CREATE VIEW ops.living_claim AS
SELECT c.session, c.chunk, c.worker, c.backend_pid, c.claimed
  FROM ops.chunk AS c
  JOIN ops.session AS s ON s.session = c.session AND s.epoch = c.epoch
  JOIN pg_stat_activity AS a ON a.pid = c.backend_pid
 WHERE c.state = 'running' AND (a.backend_start = c.backend_start OR a.backend_start IS NULL);

-- Memory of the workers of a session: at each worker's start, the peaks of all workers at work at
-- that moment; the largest such sum. Workers that followed one another are not added up.
CREATE VIEW ops.session_memory AS
WITH worker AS (
    SELECT session, worker, max(peak_rss_mb) AS peak_mb, max(committed_at) AS until,
           min(committed_at - make_interval(secs => read_s + make_s + encode_s + copy_s)) AS since
      FROM ops.chunk_commit
     GROUP BY session, worker
), together AS (
    SELECT worker.session, sum(other.peak_mb) AS peak_mb
      FROM worker
      JOIN worker AS other
        ON other.session = worker.session AND worker.since BETWEEN other.since AND other.until
     GROUP BY worker.session, worker.worker
)
SELECT session, max(peak_mb) AS peak_mb FROM together GROUP BY session;
