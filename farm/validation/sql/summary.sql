-- What several checks share, made once in the checks' own connection and gone with it.

-- container_place --
-- Containers with the stage, site and geography they belong to.
CREATE TEMPORARY VIEW container_place AS
SELECT c.id AS container_id, c.code, c.kind, c.volume_m3, c.max_density_kg_m3, c.capacity_fish,
       c.hall_id, c.site_id, h.station_id, h.lifecycle_stage_id AS hall_stage_id,
       a.geography_id, g.code AS geography
  FROM public.container AS c
  LEFT JOIN public.hall AS h ON h.id = c.hall_id
  LEFT JOIN public.station AS t ON t.id = h.station_id
  LEFT JOIN public.site AS s ON s.id = c.site_id
  JOIN public.area AS a ON a.id = coalesce(t.area_id, s.area_id)
  JOIN public.geography AS g ON g.id = a.geography_id;

-- oxygen_saturation --
-- Oxygen in mg/L that water in balance with air holds, from its temperature (°C) and salinity (PSU):
-- Garcia & Gordon 1992, eq. 8, Benson & Krause columns; written so that PostgreSQL inlines it.
CREATE FUNCTION pg_temp.oxygen_saturation(t double precision, s double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT 1.42903 * exp(
    2.00907 + ln((298.15 - t) / (273.15 + t)) * (
    3.22014 + ln((298.15 - t) / (273.15 + t)) * (
    4.05010 + ln((298.15 - t) / (273.15 + t)) * (
    4.94457 + ln((298.15 - t) / (273.15 + t)) * (
    -0.256847 + ln((298.15 - t) / (273.15 + t)) * 3.88767))))
    + s * (-0.00624523 + ln((298.15 - t) / (273.15 + t)) * (
    -0.00737614 + ln((298.15 - t) / (273.15 + t)) * (
    -0.0103410 + ln((298.15 - t) / (273.15 + t)) * -0.00817083)))
    - 0.000000488682 * s * s)
$$;

-- reading_month --
-- The readings of each sensor, month and assignment in one row: they are read once, not by each
-- check. Means leave outliers out; dawn is 3 to 8 UTC, afternoon 15 to 20.
CREATE TEMPORARY TABLE reading_month (
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    readings bigint NOT NULL,
    drifting bigint NOT NULL,
    outliers bigint NOT NULL,
    mean_value double precision,
    lowest double precision NOT NULL,
    highest double precision NOT NULL,
    dawn_oxygen double precision,
    afternoon_oxygen double precision,
    month date NOT NULL,
    sensor_id integer NOT NULL,
    container_id integer,
    assignment_id integer,
    environmental_parameter_id smallint NOT NULL
);

-- fill_reading_month --
-- The rows of one month: one scan of its leaf.
INSERT INTO reading_month
SELECT min(reading_time), max(reading_time), count(*),
       count(*) FILTER (WHERE quality_flag_id = 2),
       count(*) FILTER (WHERE quality_flag_id = 3),
       avg(value) FILTER (WHERE quality_flag_id <> 3),
       min(value), max(value),
       avg(value) FILTER (WHERE environmental_parameter_id = 2 AND quality_flag_id <> 3
                          AND date_part('hour', reading_time) BETWEEN 3 AND 8),
       avg(value) FILTER (WHERE environmental_parameter_id = 2 AND quality_flag_id <> 3
                          AND date_part('hour', reading_time) BETWEEN 15 AND 20),
       %(month)s::date, sensor_id, container_id, assignment_id, environmental_parameter_id
  FROM public.environmental_reading
 WHERE reading_time >= %(first_at)s::timestamptz AND reading_time < %(after)s::timestamptz
 GROUP BY sensor_id, container_id, assignment_id, environmental_parameter_id;

-- analyze_reading_month --
-- So that the checks are planned for what is there.
ANALYZE reading_month;
