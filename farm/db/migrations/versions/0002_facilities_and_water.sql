-- Facilities in detail, the water of every day, site events, calibrations and services.
-- What an earlier generator wrote stays readable; it is told apart by its generator version.

ALTER TABLE container
    ADD COLUMN circumference_m double precision,
    ADD COLUMN depth_m double precision,
    ADD COLUMN latitude double precision,
    ADD COLUMN longitude double precision;

ALTER TABLE sensor
    ADD COLUMN position text NOT NULL DEFAULT 'unknown',
    ADD COLUMN depth_m double precision;
ALTER TABLE sensor ALTER COLUMN position DROP DEFAULT;

ALTER TABLE equipment
    ADD COLUMN code text UNIQUE,
    ADD COLUMN service_interval_days integer NOT NULL DEFAULT 365;
UPDATE equipment SET code = kind || '-' || id;
ALTER TABLE equipment
    ALTER COLUMN code SET NOT NULL,
    ALTER COLUMN service_interval_days DROP DEFAULT,
    ADD COLUMN station_id integer REFERENCES station (id),
    DROP CONSTRAINT equipment_place_check,
    ADD CONSTRAINT equipment_place_check
        CHECK (num_nonnulls(container_id, site_id, station_id) = 1);

ALTER TABLE feed_store
    ADD COLUMN hall_id integer REFERENCES hall (id),
    DROP CONSTRAINT feed_store_place_check,
    ADD CONSTRAINT feed_store_place_check CHECK (num_nonnulls(station_id, hall_id, site_id) = 1);

-- The law of a geography by weight of the fish, for checks in SQL.
CREATE TABLE density_limit (
    id integer PRIMARY KEY,
    geography_id smallint NOT NULL REFERENCES geography (id),
    from_weight_g double precision NOT NULL,
    limit_kg_m3 double precision NOT NULL,
    UNIQUE (geography_id, from_weight_g)
);

ALTER TABLE environmental_reading ALTER COLUMN container_id DROP NOT NULL;

CREATE TABLE site_day (
    site_id integer NOT NULL,
    date date NOT NULL,
    temperature_c double precision NOT NULL,
    salinity_psu double precision NOT NULL,
    oxygen_mg_l double precision NOT NULL,
    ph double precision NOT NULL,
    current_m_s double precision NOT NULL,
    wind_m_s double precision NOT NULL,
    wave_height_m double precision NOT NULL,
    air_temperature_c double precision NOT NULL,
    PRIMARY KEY (site_id, date)
) PARTITION BY RANGE (date);

CREATE TABLE hall_day (
    hall_id integer NOT NULL,
    date date NOT NULL,
    temperature_c double precision NOT NULL,
    oxygen_mg_l double precision NOT NULL,
    ph double precision NOT NULL,
    PRIMARY KEY (hall_id, date)
) PARTITION BY RANGE (date);

CREATE TABLE site_event (
    id integer PRIMARY KEY,
    site_id integer NOT NULL REFERENCES site (id),
    kind text NOT NULL,
    start_date date NOT NULL,
    end_date date,
    severity double precision NOT NULL,
    fasting_days integer NOT NULL,
    deaths integer NOT NULL,
    CONSTRAINT site_event_kind_check CHECK (kind IN
        ('storm', 'heat_wave', 'cold_spell', 'hypoxia', 'algal_bloom', 'jellyfish')),
    CONSTRAINT site_event_dates_check CHECK (end_date > start_date),
    CONSTRAINT site_event_severity_check CHECK (severity > 0 AND severity <= 1)
);

CREATE TABLE sensor_calibration (
    calibrated_on date NOT NULL,
    sensor_id integer NOT NULL,
    deviation double precision NOT NULL,
    PRIMARY KEY (sensor_id, calibrated_on)
) PARTITION BY RANGE (calibrated_on);

CREATE TABLE equipment_service (
    serviced_on date NOT NULL,
    equipment_id integer NOT NULL,
    kind text NOT NULL,
    PRIMARY KEY (equipment_id, serviced_on)
) PARTITION BY RANGE (serviced_on);
