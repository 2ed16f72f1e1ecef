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
-- check. Means leave outliers out, and so do `low` and `high`; `off_time` are those taken at other
-- times than they were due; dawn is 3 to 8 UTC, afternoon 15 to 20.
CREATE TEMPORARY TABLE reading_month (
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    readings bigint NOT NULL,
    drifting bigint NOT NULL,
    outliers bigint NOT NULL,
    mean_value double precision,
    lowest double precision NOT NULL,
    highest double precision NOT NULL,
    low double precision,
    high double precision,
    off_time bigint NOT NULL,
    dawn_oxygen double precision,
    afternoon_oxygen double precision,
    month date NOT NULL,
    sensor_id integer NOT NULL,
    container_id integer,
    assignment_id integer,
    environmental_parameter_id smallint NOT NULL
);

-- fill_reading_month --
-- The rows of one month: one scan of its leaf. What the columns tell apart, flags and hours, is told
-- apart by the groups of the scan and not by every reading for every column.
INSERT INTO reading_month
WITH part AS (
    SELECT min(reading_time) AS first_at, max(reading_time) AS last_at, count(*) AS n,
           sum(value) AS total, min(value) AS lowest, max(value) AS highest,
           count(*) FILTER (WHERE date_bin(%(step)s, reading_time, %(first_at)s) <> reading_time)
               AS off_time,
           sensor_id, container_id, assignment_id, environmental_parameter_id,
           quality_flag_id AS flag,
           CASE WHEN environmental_parameter_id = 2
                THEN date_part('hour', date_bin('6 hours', reading_time, '2000-01-01 03:00+00'))
                END AS from_hour
      FROM public.environmental_reading
     WHERE reading_time >= %(first_at)s::timestamptz AND reading_time < %(after)s::timestamptz
     GROUP BY sensor_id, container_id, assignment_id, environmental_parameter_id, flag, from_hour
)
SELECT min(first_at), max(last_at), sum(n), coalesce(sum(n) FILTER (WHERE flag = 2), 0),
       coalesce(sum(n) FILTER (WHERE flag = 3), 0),
       sum(total) FILTER (WHERE flag <> 3) / sum(n) FILTER (WHERE flag <> 3),
       min(lowest), max(highest), min(lowest) FILTER (WHERE flag <> 3),
       max(highest) FILTER (WHERE flag <> 3), sum(off_time),
       sum(total) FILTER (WHERE flag <> 3 AND from_hour = 3)
           / sum(n) FILTER (WHERE flag <> 3 AND from_hour = 3),
       sum(total) FILTER (WHERE flag <> 3 AND from_hour = 15)
           / sum(n) FILTER (WHERE flag <> 3 AND from_hour = 15),
       %(month)s::date, sensor_id, container_id, assignment_id, environmental_parameter_id
  FROM part
 GROUP BY sensor_id, container_id, assignment_id, environmental_parameter_id;

-- water_month --
-- The water of stocked containers and of sites by month, as it was: the least, mean and most of the
-- days, one row for each parameter. `whose`: of an assignment, or of a site with its id below zero.
CREATE TEMPORARY TABLE water_month (
    lowest double precision NOT NULL,
    mean double precision NOT NULL,
    highest double precision NOT NULL,
    month date NOT NULL,
    whose integer NOT NULL,
    parameter text NOT NULL
);

-- fill_water_month --
-- Of the months looked at.
INSERT INTO water_month
WITH pen AS (
    SELECT assignment_id, date_trunc('month', date::timestamp)::date AS month,
           min(temperature_c) AS t0, avg(temperature_c) AS t, max(temperature_c) AS t1,
           min(oxygen_mg_l) AS o0, avg(oxygen_mg_l) AS o, max(oxygen_mg_l) AS o1,
           min(ph) AS ph0, avg(ph) AS ph, max(ph) AS ph1,
           min(salinity_psu) AS s0, avg(salinity_psu) AS s, max(salinity_psu) AS s1
      FROM public.daily_state WHERE date >= %(first)s AND date < %(after)s
     GROUP BY 1, 2
), site AS (
    SELECT site_id, date_trunc('month', date::timestamp)::date AS month,
           min(current_m_s) AS c0, avg(current_m_s) AS c, max(current_m_s) AS c1,
           min(air_temperature_c) AS a0, avg(air_temperature_c) AS a, max(air_temperature_c) AS a1,
           min(wind_m_s) AS w0, avg(wind_m_s) AS w, max(wind_m_s) AS w1,
           min(wave_height_m) AS h0, avg(wave_height_m) AS h, max(wave_height_m) AS h1
      FROM public.site_day WHERE date >= %(first)s AND date < %(after)s
     GROUP BY 1, 2
)
SELECT x.lowest, x.mean, x.highest, month, assignment_id, x.parameter
  FROM pen, LATERAL (VALUES ('temperature', t0, t, t1), ('oxygen', o0, o, o1), ('ph', ph0, ph, ph1),
                            ('salinity', s0, s, s1)) AS x (parameter, lowest, mean, highest)
 WHERE x.mean IS NOT NULL
UNION ALL
SELECT x.lowest, x.mean, x.highest, month, -site_id, x.parameter
  FROM site, LATERAL (VALUES ('current', c0, c, c1), ('air_temperature', a0, a, a1),
                             ('wind_speed', w0, w, w1), ('wave_height', h0, h, h1))
                  AS x (parameter, lowest, mean, highest);

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
WITH week AS (
    SELECT assignment_id, date - extract(isodow FROM date)::integer + 1 AS week,
           min(date) AS first_on, count(*) AS days, max(population + deaths) AS fish,
           sum(deaths) AS deaths, sum(population) AS fish_days, avg(mean_weight_g) AS weight_g,
           CASE WHEN count(*) = 7
                THEN 1000 * (cbrt(max(mean_weight_g)) - cbrt(min(mean_weight_g)))
                     / nullif(sum(temperature_c) * 6 / 7, 0) END AS tgc,
           (max(mean_weight_g) - min(mean_weight_g)) * avg(population) / 1000 * 7 / 6 AS gained_kg,
           sum(feed_kg) AS feed_kg, sum(biomass_kg) AS biomass_kg,
           avg(temperature_c) AS temperature_c, avg(weight_cv) AS weight_cv,
           avg(lice_adult_female) AS adult_female, avg(lice_mobile) AS mobile,
           avg(lice_attached) AS attached, avg(gill_score) AS gill_score,
           avg(appetite) FILTER (WHERE feed_kg > 0) AS appetite, count(disease_id) AS sick_days,
           max(disease_id) AS disease_id
      FROM public.daily_state
     WHERE date >= %(first)s AND date < %(after)s
     GROUP BY 1, 2
)
SELECT s.geography, assignment_id, s.batch_id, s.site_id, week, first_on - s.start_date, days, fish,
       deaths, fish_days, weight_g, tgc, gained_kg, feed_kg, biomass_kg, temperature_c, weight_cv,
       adult_female, mobile, attached, gill_score, appetite, sick_days, disease_id
  FROM week JOIN stay AS s USING (assignment_id)
 WHERE s.site_id IS NOT NULL;

-- evening --
-- The evenings before fish were treated, vaccinated, moved or harvested, or sampled for a laboratory;
-- those of a week before the effect of a treatment was measured by deaths; and the days on which fish
-- were weighed: a few days of the history, so that it is read once for all that was done to fish.
CREATE TEMPORARY TABLE evening (
    mean_weight_g double precision NOT NULL,
    biomass_kg double precision NOT NULL,
    weight_cv double precision NOT NULL,
    assignment_id integer NOT NULL,
    date date NOT NULL,
    population integer NOT NULL,
    deaths integer NOT NULL,
    PRIMARY KEY (assignment_id, date)
);

-- fill_evening --
-- Of all months: what was done is looked at as a whole.
INSERT INTO evening
WITH done AS (
    SELECT assignment_id, start_date - 1 AS date FROM public.treatment
    UNION
    SELECT assignment_id, date - 1 FROM public.vaccination
    UNION
    SELECT assignment_id, sampled_on - 1 FROM public.lab_sample
    UNION
    SELECT from_assignment_id, date - 1 FROM public.transfer
    UNION
    SELECT assignment_id, date - 1 FROM public.harvest_event
    UNION
    SELECT id, end_date - 1 FROM public.assignment
    UNION
    SELECT assignment_id, sampled_on FROM public.growth_sample
    UNION
    SELECT assignment_id, unnest(ARRAY[before_date, after_date]) - ago
      FROM public.treatment, generate_series(1, 7) AS ago WHERE before_date = start_date
)
SELECT d.mean_weight_g, d.biomass_kg, d.weight_cv, d.assignment_id, d.date, d.population, d.deaths
  FROM done JOIN public.daily_state AS d USING (assignment_id, date);

-- odd_day --
-- Days of the history that do not follow from the day before: its days are put in order once for all
-- that is to be asked of two of them. `is_unbalanced`: fish came from nowhere or vanished; `leaps`:
-- the columns that changed more in a day than they can.
CREATE TEMPORARY TABLE odd_day (
    assignment_id integer NOT NULL,
    date date NOT NULL,
    yesterday integer NOT NULL,
    deaths integer NOT NULL,
    moved bigint NOT NULL,
    population integer NOT NULL,
    is_unbalanced boolean NOT NULL,
    leaps text[] NOT NULL
);

-- fill_odd_day --
-- Leaps are those of days on which no fish came or went: limits lie outside of what sound fish do.
-- Side effects go back where fish are vaccinated again.
INSERT INTO odd_day
WITH flow AS (
    SELECT assignment_id, date, sum(n) AS n
      FROM (SELECT from_assignment_id AS assignment_id, date, -count AS n FROM public.transfer
            UNION ALL
            SELECT assignment_id, date, -count FROM public.harvest_event
            UNION ALL
            SELECT t.to_assignment_id, t.date, CASE WHEN t.date > a.start_date THEN t.count ELSE 0 END
              FROM public.transfer AS t JOIN public.assignment AS a ON a.id = t.to_assignment_id)
           AS flows
     GROUP BY 1, 2
), day AS (
    SELECT assignment_id, date, deaths, population, lag(population) OVER own AS fish_before,
           mean_weight_g AS weight, lag(mean_weight_g) OVER own AS weight_before,
           weight_cv AS cv, lag(weight_cv) OVER own AS cv_before,
           wounded_percent - lag(wounded_percent) OVER own AS more_wounded,
           side_effect_score - lag(side_effect_score) OVER own AS more_effects,
           lice_adult_female - lag(lice_adult_female) OVER own AS more_females,
           lice_mobile - lag(lice_mobile) OVER own AS more_mobile,
           lice_attached - lag(lice_attached) OVER own AS more_attached
      FROM public.daily_state
     WHERE date >= %(first)s::date - 1 AND date < %(after)s
    WINDOW own AS (PARTITION BY assignment_id ORDER BY date)
), judged AS (
    SELECT d.assignment_id, d.date, coalesce(fish_before, a.start_count) AS yesterday, deaths,
           coalesce(f.n, 0) AS moved, population,
           coalesce(fish_before, a.start_count) + coalesce(f.n, 0) - deaths <> population
               AS is_unbalanced,
           f.date IS NULL AS at_rest,
           weight / coalesce(weight_before, a.start_weight_g) NOT BETWEEN 0.99 AND 1.15 AS weight,
           cv / cv_before NOT BETWEEN 0.95 AND 1.2 AS cv,
           more_wounded NOT BETWEEN -25 AND 50 AS wounded,
           more_effects NOT BETWEEN -2 AND 0.4 AS effects,
           more_females > 6 OR more_mobile > 40 OR more_attached > 60 AS lice
      FROM day AS d
      JOIN public.assignment AS a ON a.id = d.assignment_id
      LEFT JOIN flow AS f ON f.assignment_id = d.assignment_id AND f.date = d.date
     WHERE d.date >= %(first)s
)
SELECT assignment_id, date, yesterday, deaths, moved, population, is_unbalanced,
       array_remove(ARRAY[CASE WHEN at_rest AND weight THEN 'mean_weight_g' END,
                          CASE WHEN at_rest AND cv THEN 'weight_cv' END,
                          CASE WHEN at_rest AND wounded THEN 'wounded_percent' END,
                          CASE WHEN at_rest AND effects THEN 'side_effect_score' END,
                          CASE WHEN at_rest AND lice THEN 'lice' END], NULL)
  FROM judged
 WHERE is_unbalanced OR (at_rest AND (weight OR cv OR wounded OR effects OR lice));

-- counted_metric --
-- The figures of the completed sessions, counted anew.
CREATE TEMPORARY TABLE counted_metric (
    session integer NOT NULL,
    scope text NOT NULL,
    name text NOT NULL,
    value double precision NOT NULL,
    unit text NOT NULL
);

-- built_row --
-- The rows of the world that the scenario makes, as JSON of the types of their tables.
CREATE TEMPORARY TABLE built_row (
    name text NOT NULL,
    row jsonb NOT NULL
);

-- fill_built_row --
-- Those of one table.
INSERT INTO built_row
SELECT {name}, to_jsonb(r) FROM jsonb_populate_recordset(NULL::public.{table}, %(rows)s) AS r;

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
