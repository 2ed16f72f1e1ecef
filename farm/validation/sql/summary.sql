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

-- site_place --
-- Sites with the area and geography they belong to.
CREATE TEMPORARY VIEW site_place AS
SELECT s.id AS site_id, s.code, s.area_id, a.code AS area, g.code AS geography, s.latitude,
       s.longitude
  FROM public.site AS s
  JOIN public.area AS a ON a.id = s.area_id
  JOIN public.geography AS g ON g.id = a.geography_id;

-- store_place --
-- Feed stores with the site or hall that they serve, and the geography.
CREATE TEMPORARY VIEW store_place AS
SELECT f.id AS feed_store_id, f.code, f.kind, f.capacity_kg, f.site_id, f.hall_id, a.geography_id,
       g.code AS geography
  FROM public.feed_store AS f
  LEFT JOIN public.hall AS h ON h.id = f.hall_id
  LEFT JOIN public.station AS t ON t.id = coalesce(f.station_id, h.station_id)
  LEFT JOIN public.site AS s ON s.id = f.site_id
  JOIN public.area AS a ON a.id = coalesce(s.area_id, t.area_id)
  JOIN public.geography AS g ON g.id = a.geography_id;

-- stay --
-- Assignments with their stage and place. A place is a site, or a station with its id below zero;
-- `gone` is the day by which the fish had left, infinity where they are still there.
CREATE TEMPORARY VIEW stay AS
SELECT a.id AS assignment_id, a.batch_id, p.container_id, p.code AS container, p.site_id,
       p.station_id, coalesce(p.site_id, -p.station_id) AS place, p.geography, s.code AS stage,
       s.stage_order, a.start_date, a.end_date, coalesce(a.end_date, 'infinity') AS gone,
       a.start_count, a.start_weight_g, a.end_weight_g, p.volume_m3
  FROM public.assignment AS a
  JOIN public.lifecycle_stage AS s ON s.id = a.lifecycle_stage_id
  JOIN container_place AS p USING (container_id);

-- outbreak --
-- Outbreaks with their disease and place; `over` is infinity where it is not over.
CREATE TEMPORARY VIEW outbreak AS
SELECT o.id AS outbreak_id, o.disease_id, d.code AS disease, o.site_id,
       coalesce(o.site_id, -o.station_id) AS place, g.code AS geography, o.first_case_date,
       o.onset_date, o.diagnosed_date, o.peak_date, o.end_date,
       coalesce(o.end_date, 'infinity') AS over, o.assignments_affected, o.deaths
  FROM public.disease_outbreak AS o
  JOIN public.disease AS d ON d.id = o.disease_id
  LEFT JOIN public.site AS s ON s.id = o.site_id
  LEFT JOIN public.station AS t ON t.id = o.station_id
  JOIN public.area AS a ON a.id = coalesce(s.area_id, t.area_id)
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

-- named_death --
-- Deaths of the causes that have a name: treatment, and each disease.
CREATE TEMPORARY TABLE named_death (
    assignment_id integer NOT NULL,
    place integer NOT NULL,
    date date NOT NULL,
    deaths integer NOT NULL,
    disease_id smallint,
    cause text NOT NULL
);

-- fill_named_death --
-- Of all months: outbreaks and assignments are looked at as a whole.
INSERT INTO named_death
SELECT m.assignment_id, s.place, m.date, m.count, d.id, c.code
  FROM public.mortality_event AS m
  JOIN public.mortality_cause AS c ON c.id = m.mortality_cause_id
  LEFT JOIN public.disease AS d ON d.code = c.code
  JOIN stay AS s USING (assignment_id)
 WHERE c.code = 'treatment' OR d.id IS NOT NULL;

-- pen_week --
-- The weeks of each assignment at sea, from Monday: most statistics are of these, so the history is
-- read once. `age`: days since the fish came to sea, on the first day; `fish`: those there before
-- the week's deaths; `appetite`: of days with feed; lice per fish are the true means.
CREATE TEMPORARY TABLE pen_week (
    geography text NOT NULL,
    assignment_id integer NOT NULL,
    batch_id integer NOT NULL,
    site_id integer NOT NULL,
    week date NOT NULL,
    age integer NOT NULL,
    days smallint NOT NULL,
    fish integer NOT NULL,
    deaths integer NOT NULL,
    fish_days double precision NOT NULL,
    weight_g double precision NOT NULL,
    tgc double precision,
    gained_kg double precision NOT NULL,
    feed_kg double precision NOT NULL,
    biomass_kg double precision NOT NULL,
    temperature_c double precision NOT NULL,
    weight_cv double precision NOT NULL,
    adult_female double precision,
    mobile double precision,
    attached double precision,
    gill_score double precision NOT NULL,
    appetite double precision,
    sick_days smallint NOT NULL,
    disease_id smallint
);

-- fill_pen_week --
-- Weight is that of the evening, so that the seven days of a week show six days of growth.
INSERT INTO pen_week
SELECT s.geography, d.assignment_id, s.batch_id, s.site_id, w.week,
       min(d.date) - s.start_date, count(*), max(d.population + d.deaths), sum(d.deaths),
       sum(d.population), avg(d.mean_weight_g),
       CASE WHEN count(*) = 7 THEN 1000 * (cbrt(max(d.mean_weight_g)) - cbrt(min(d.mean_weight_g)))
                                   / nullif(sum(d.temperature_c) * 6 / 7, 0) END,
       (max(d.mean_weight_g) - min(d.mean_weight_g)) * avg(d.population) / 1000 * 7 / 6,
       sum(d.feed_kg), sum(d.biomass_kg), avg(d.temperature_c), avg(d.weight_cv),
       avg(d.lice_adult_female), avg(d.lice_mobile), avg(d.lice_attached), avg(d.gill_score),
       avg(d.appetite) FILTER (WHERE d.feed_kg > 0), count(d.disease_id), max(d.disease_id)
  FROM public.daily_state AS d
  CROSS JOIN LATERAL (SELECT d.date - extract(isodow FROM d.date)::integer + 1) AS w (week)
  JOIN stay AS s USING (assignment_id)
 WHERE d.date >= %(first)s AND d.date < %(after)s AND s.site_id IS NOT NULL
 GROUP BY s.geography, d.assignment_id, s.batch_id, s.site_id, w.week, s.start_date;

-- lot_use --
-- What was drawn of each lot of feed: the draws are read once. A lot that is not there has no store.
CREATE TEMPORARY TABLE lot_use (
    quantity_kg numeric,
    cost numeric,
    remaining_kg numeric,
    discarded_kg numeric,
    drawn_kg numeric NOT NULL,
    drawn_cost numeric NOT NULL,
    feed_lot_id integer NOT NULL,
    feed_store_id integer,
    delivered_on date,
    expires_on date,
    discarded_on date,
    first_drawn_on date,
    last_drawn_on date,
    feed_type_id smallint
);

-- fill_lot_use --
-- Of all months: a lot is used up in its own time.
INSERT INTO lot_use
SELECT l.quantity_kg, l.cost, l.remaining_kg, l.discarded_kg, coalesce(d.kg, 0),
       coalesce(d.cost, 0), coalesce(l.id, d.feed_lot_id), l.feed_store_id, l.delivered_on,
       l.expires_on, l.discarded_on, d.first_on, d.last_on, l.feed_type_id
  FROM public.feed_lot AS l
  FULL JOIN (SELECT feed_lot_id, sum(quantity_kg) AS kg, sum(cost) AS cost, min(date) AS first_on,
                    max(date) AS last_on
               FROM public.feed_draw GROUP BY 1) AS d ON d.feed_lot_id = l.id;

-- stock_day --
-- The feeds of stores on days on which any of it came or went. What is thrown away is so in the
-- morning, before deliveries come; `morning_kg` is in store before anybody eats, `evening_kg` and
-- `evening_value` what is left.
CREATE TEMPORARY TABLE stock_day (
    delivered_kg numeric NOT NULL,
    drawn_kg numeric NOT NULL,
    discarded_kg numeric NOT NULL,
    morning_kg numeric NOT NULL,
    evening_kg numeric NOT NULL,
    evening_value numeric NOT NULL,
    feed_store_id integer NOT NULL,
    date date NOT NULL,
    feed_type_id smallint NOT NULL,
    PRIMARY KEY (feed_store_id, feed_type_id, date)
);

-- fill_stock_day --
-- Of all months: stock is carried from the first delivery on. What is left of a discarded lot cost
-- what the lot did, less its draws.
INSERT INTO stock_day
WITH drawn AS (
    SELECT feed_lot_id, date, sum(quantity_kg) AS kg, sum(cost) AS cost
      FROM public.feed_draw GROUP BY 1, 2
), moved AS (
    SELECT l.feed_store_id, l.feed_type_id, d.date, 0 AS delivered, d.kg AS drawn, 0 AS discarded,
           -d.cost AS value
      FROM drawn AS d JOIN public.feed_lot AS l ON l.id = d.feed_lot_id
    UNION ALL
    SELECT feed_store_id, feed_type_id, delivered_on, quantity_kg, 0, 0, cost FROM public.feed_lot
    UNION ALL
    SELECT l.feed_store_id, l.feed_type_id, l.discarded_on, 0, 0, l.discarded_kg,
           coalesce(sum(d.cost), 0) - l.cost
      FROM public.feed_lot AS l LEFT JOIN drawn AS d ON d.feed_lot_id = l.id
     WHERE l.discarded_on IS NOT NULL
     GROUP BY l.id
), day AS (
    SELECT feed_store_id, feed_type_id, date, sum(delivered) AS delivered, sum(drawn) AS drawn,
           sum(discarded) AS discarded, sum(value) AS value
      FROM moved GROUP BY 1, 2, 3
), evening AS (
    SELECT *, sum(delivered - drawn - discarded) OVER so_far AS kg,
           sum(value) OVER so_far AS worth
      FROM day
    WINDOW so_far AS (PARTITION BY feed_store_id, feed_type_id ORDER BY date)
)
SELECT delivered, drawn, discarded, kg + drawn, kg, worth, feed_store_id, date, feed_type_id
  FROM evening;

-- herd_day --
-- The fish of a batch at a place in a stage on a day, in one row: the history is read once for all
-- figures by month. Sums over containers; `warmth` is of temperatures by fish.
CREATE TEMPORARY TABLE herd_day (
    feed_kg numeric NOT NULL,
    feed_cost numeric NOT NULL,
    biomass_kg double precision NOT NULL,
    dead_kg double precision NOT NULL,
    warmth double precision NOT NULL,
    volume_m3 double precision NOT NULL,
    highest_density double precision NOT NULL,
    batch_id integer NOT NULL,
    place integer NOT NULL,
    date date NOT NULL,
    containers integer NOT NULL,
    fish integer NOT NULL,
    deaths integer NOT NULL,
    lice_found integer NOT NULL,
    lice_fish integer NOT NULL,
    stage_order smallint NOT NULL
);

-- fill_herd_day --
-- Of all months: a batch's account is of its whole life.
INSERT INTO herd_day
SELECT sum(d.feed_kg), sum(d.feed_cost), sum(d.biomass_kg), sum(d.deaths * d.mean_weight_g) / 1000,
       sum(d.population * d.temperature_c), sum(s.volume_m3), max(d.density_kg_m3), s.batch_id,
       s.place, d.date, count(*), sum(d.population), sum(d.deaths),
       sum(d.lice_adult_female_counted), sum(d.lice_fish_counted), s.stage_order
  FROM public.daily_state AS d JOIN stay AS s USING (assignment_id)
 GROUP BY s.batch_id, s.place, d.date, s.stage_order;
