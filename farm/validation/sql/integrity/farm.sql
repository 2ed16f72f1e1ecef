-- The rows agree with each other. Every query returns offenders.

-- fish_balance_of_assignments --
-- Fish of every assignment balance
-- start + in - out - deaths - harvested = end, where the end of an open assignment is its last
-- population. Fish that came with the opening transfer are in start.
-- Source: conservation of fish
WITH arrived AS (
    SELECT t.to_assignment_id AS id, sum(t.count) AS n
      FROM transfer AS t JOIN assignment AS a ON a.id = t.to_assignment_id
     WHERE t.date > a.start_date
     GROUP BY 1
), moved AS (
    SELECT from_assignment_id AS id, sum(count) AS n FROM transfer GROUP BY 1
), harvested AS (
    SELECT assignment_id AS id, sum(count) AS n FROM harvest_event GROUP BY 1
), lived AS (
    SELECT assignment_id AS id, sum(deaths) AS deaths, max(date) AS last_day
      FROM daily_state GROUP BY 1
), alive AS (
    SELECT d.assignment_id AS id, d.population
      FROM daily_state AS d JOIN assignment AS a ON a.id = d.assignment_id AND a.end_date IS NULL
     WHERE d.date = %(after_horizon)s::date - 1
)
SELECT a.id AS assignment_id, a.start_count, coalesce(arrived.n, 0) AS arrived,
       coalesce(moved.n, 0) AS moved, coalesce(lived.deaths, 0) AS deaths,
       coalesce(harvested.n, 0) AS harvested, coalesce(a.end_count, alive.population) AS at_the_end
  FROM assignment AS a
  LEFT JOIN arrived USING (id)
  LEFT JOIN moved USING (id)
  LEFT JOIN harvested USING (id)
  LEFT JOIN lived USING (id)
  LEFT JOIN alive USING (id)
 WHERE a.start_count + coalesce(arrived.n, 0) - coalesce(moved.n, 0) - coalesce(lived.deaths, 0)
       - coalesce(harvested.n, 0) IS DISTINCT FROM coalesce(a.end_count, alive.population);

-- fish_balance_of_batches --
-- Fish of every batch balance
-- Eggs laid down = deaths + harvested + alive at the end.
-- Source: conservation of fish
WITH lived AS (
    SELECT batch_id, sum(deaths) AS deaths,
           sum(population) FILTER (WHERE date = %(after_horizon)s::date - 1) AS alive
      FROM daily_state GROUP BY 1
), harvested AS (
    SELECT a.batch_id, sum(h.count) AS n
      FROM harvest_event AS h JOIN assignment AS a ON a.id = h.assignment_id GROUP BY 1
), laid AS (
    SELECT batch_id, sum(start_count) AS n
      FROM assignment AS a
     WHERE NOT EXISTS (SELECT FROM transfer AS t WHERE t.to_assignment_id = a.id)
     GROUP BY 1
)
SELECT b.code AS batch, b.eggs, laid.n AS laid_down, coalesce(lived.deaths, 0) AS deaths,
       coalesce(harvested.n, 0) AS harvested, coalesce(lived.alive, 0) AS alive
  FROM batch AS b
  LEFT JOIN laid ON laid.batch_id = b.id
  LEFT JOIN lived ON lived.batch_id = b.id
  LEFT JOIN harvested ON harvested.batch_id = b.id
 WHERE laid.n IS DISTINCT FROM b.eggs
    OR b.eggs <> coalesce(lived.deaths, 0) + coalesce(harvested.n, 0) + coalesce(lived.alive, 0);

-- population_falls_by_deaths --
-- The population falls from day to day by deaths and what was moved or harvested
-- On the first day it falls from start_count.
-- Source: conservation of fish
SELECT assignment_id, date, yesterday, deaths, moved, population FROM odd_day WHERE is_unbalanced;

-- days_change_slowly --
-- Fish of one day are those of the day before
-- Where none came or went: weight, its spread, wounds, adhesions and lice do not leap.
-- Source: growth of a salmon, course of its ailments
SELECT assignment_id, date, leaps FROM odd_day WHERE leaps <> '{}';

-- days_within_their_scales --
-- Every figure of a day lies on its scale
-- Shares and scores; appetite where fish were fed and nowhere else, and so the type of their feed;
-- lice found where fish were looked at.
-- Source: definition of each figure
-- By: year
SELECT assignment_id, date, weight_cv, appetite, feed_kg, feed_type_id, feed_cost, gill_score,
       wounded_percent, sick_percent, side_effect_score, lice_adult_female, lice_mobile,
       lice_attached, lice_fish_counted, lice_adult_female_counted, lice_mobile_counted,
       lice_attached_counted
  FROM daily_state
 WHERE date >= %(first)s AND date < %(after)s
   AND (weight_cv NOT BETWEEN 0.03 AND 0.6 OR appetite NOT BETWEEN 0 AND 2
        OR (appetite > 0) <> (feed_kg > 0) OR (feed_type_id IS NULL) <> (feed_kg = 0)
        OR (feed_kg = 0 AND feed_cost <> 0)
        OR gill_score NOT BETWEEN 0 AND 5 OR side_effect_score NOT BETWEEN 0 AND 6
        OR wounded_percent NOT BETWEEN 0 AND 100 OR sick_percent NOT BETWEEN 0 AND 100
        OR least(lice_adult_female, lice_mobile, lice_attached, lice_fish_counted,
                 lice_adult_female_counted, lice_mobile_counted, lice_attached_counted) < 0
        OR (lice_fish_counted = 0
            AND greatest(lice_adult_female_counted, lice_mobile_counted, lice_attached_counted)
                > 0));

-- water_of_their_place --
-- Fish live in the water of their site or hall
-- In pens of its temperature and salinity, in tanks of its temperature and no salinity. They use up
-- oxygen and make the water sour, within limits.
-- Source: the water of a place is one
-- By: year
SELECT d.assignment_id, d.date, d.temperature_c, d.salinity_psu, d.oxygen_mg_l, d.ph,
       coalesce(w.temperature_c, h.temperature_c) AS temperature_of_place,
       w.salinity_psu AS salinity_of_place, coalesce(w.oxygen_mg_l, h.oxygen_mg_l) AS oxygen_of_place,
       coalesce(w.ph, h.ph) AS ph_of_place
  FROM daily_state AS d
  JOIN assignment AS a ON a.id = d.assignment_id
  JOIN container AS c ON c.id = a.container_id
  LEFT JOIN site_day AS w ON w.site_id = c.site_id AND w.date = d.date
  LEFT JOIN hall_day AS h ON h.hall_id = c.hall_id AND h.date = d.date
 WHERE d.date >= %(first)s AND d.date < %(after)s
   AND (d.temperature_c IS DISTINCT FROM coalesce(w.temperature_c, h.temperature_c)
        OR d.salinity_psu IS DISTINCT FROM w.salinity_psu
        OR (d.oxygen_mg_l - coalesce(w.oxygen_mg_l, h.oxygen_mg_l)
            BETWEEN CASE WHEN c.site_id IS NULL THEN -3 ELSE -5 END AND 0.002) IS NOT TRUE
        OR (d.ph - coalesce(w.ph, h.ph)
            BETWEEN CASE WHEN c.site_id IS NULL THEN -0.5 ELSE -0.1 END AND 0.002) IS NOT TRUE);

-- water_changes_slowly --
-- Water and weather of one day are those of the day before, within what they can change
-- And on their scales: sea water of 25 to 36 PSU, pH 7.5 to 8.5; winds below a hurricane's daily mean.
-- Source: physics of the sea; EN01 to EN32
WITH sea AS (
    SELECT d.*, temperature_c - lag(temperature_c) OVER own AS warmer,
           salinity_psu - lag(salinity_psu) OVER own AS saltier,
           oxygen_mg_l - lag(oxygen_mg_l) OVER own AS more_oxygen, ph - lag(ph) OVER own AS less_sour,
           current_m_s - lag(current_m_s) OVER own AS faster, wind_m_s - lag(wind_m_s) OVER own AS gust,
           wave_height_m - lag(wave_height_m) OVER own AS higher,
           air_temperature_c - lag(air_temperature_c) OVER own AS milder
      FROM site_day AS d WHERE date >= %(first)s AND date < %(after)s
    WINDOW own AS (PARTITION BY site_id ORDER BY date)
), fresh AS (
    SELECT d.*, temperature_c - lag(temperature_c) OVER own AS warmer,
           oxygen_mg_l - lag(oxygen_mg_l) OVER own AS more_oxygen, ph - lag(ph) OVER own AS less_sour
      FROM hall_day AS d WHERE date >= %(first)s AND date < %(after)s
    WINDOW own AS (PARTITION BY hall_id ORDER BY date)
)
SELECT 'site' AS place, site_id AS id, date, temperature_c, oxygen_mg_l, ph, salinity_psu,
       current_m_s, wind_m_s, wave_height_m, air_temperature_c
  FROM sea
 WHERE abs(warmer) > 1.25 OR temperature_c NOT BETWEEN -1.5 AND 22
    OR abs(saltier) > 6 OR salinity_psu NOT BETWEEN 25 AND 36
    OR abs(more_oxygen) > 6 OR oxygen_mg_l NOT BETWEEN 2 AND 18
    OR abs(less_sour) > 0.2 OR ph NOT BETWEEN 7.5 AND 8.5
    OR abs(faster) > 0.6 OR current_m_s NOT BETWEEN 0 AND 1.5
    OR abs(gust) > 22 OR wind_m_s NOT BETWEEN 0 AND 45
    OR abs(higher) > 7.5 OR wave_height_m NOT BETWEEN 0 AND 16
    OR abs(milder) > 10 OR air_temperature_c NOT BETWEEN -15 AND 30
UNION ALL
SELECT 'hall', hall_id, date, temperature_c, oxygen_mg_l, ph, NULL, NULL, NULL, NULL, NULL
  FROM fresh
 WHERE abs(warmer) > 2 OR temperature_c NOT BETWEEN 0 AND 22
    OR abs(more_oxygen) > 1 OR oxygen_mg_l NOT BETWEEN 6 AND 16
    OR abs(less_sour) > 0.3 OR ph NOT BETWEEN 6 AND 8;

-- nothing_below_zero --
-- No fish, weight, death or feed below zero
-- In the history of every day.
-- Source: conservation of fish
-- By: year
SELECT assignment_id, date, population, mean_weight_g, deaths, feed_kg
  FROM daily_state
 WHERE date >= %(first)s AND date < %(after)s
   AND (population < 0 OR mean_weight_g <= 0 OR deaths < 0 OR feed_kg < 0
        OR 0 > ANY (deaths_by_cause));

-- deaths_by_cause --
-- Deaths of the day are the sum of their causes
-- In the history of every day.
-- Source: conservation of fish
-- By: year
SELECT assignment_id, date, deaths, deaths_by_cause
  FROM daily_state
 WHERE date >= %(first)s AND date < %(after)s
   AND deaths <> (SELECT sum(n) FROM (SELECT unnest(deaths_by_cause) AS n) AS cause);

-- deaths_in_events --
-- Deaths in mortality events are the deaths of the history
-- By assignment, day and cause; the dead weigh as much as the living.
-- Source: conservation of fish
-- By: year
WITH event AS (
    SELECT assignment_id, date, mortality_cause_id AS cause, count, mean_weight_g
      FROM mortality_event WHERE date >= %(first)s AND date < %(after)s
), history AS (
    SELECT assignment_id, date, cause::smallint, n AS count, mean_weight_g
      FROM (SELECT assignment_id, date, mean_weight_g, unnest(deaths_by_cause) AS n,
                   generate_subscripts(deaths_by_cause, 1) AS cause
              FROM daily_state
             WHERE date >= %(first)s AND date < %(after)s AND deaths > 0) AS day
     WHERE n > 0
)
SELECT assignment_id, date, cause, e.count AS in_events, h.count AS in_history,
       e.mean_weight_g AS weight_in_events, h.mean_weight_g AS weight_in_history
  FROM event AS e FULL JOIN history AS h USING (assignment_id, date, cause)
 WHERE e.count IS DISTINCT FROM h.count OR e.mean_weight_g IS DISTINCT FROM h.mean_weight_g;

-- feed_in_events --
-- Feed in feeding events is the feed of the history
-- By assignment and day: its type, to the gram and to the cent, and what it is of the biomass.
-- Source: conservation of feed
-- By: year
WITH event AS (
    SELECT assignment_id, fed_at::date AS date, sum(amount_kg) AS kg, sum(cost) AS cost,
           sum(feeding_percent) AS percent, min(feed_type_id) AS least_type, max(feed_type_id) AS most_type
      FROM feeding_event
     WHERE fed_at >= %(first)s::timestamptz AND fed_at < %(after)s::timestamptz
     GROUP BY 1, 2
), history AS (
    SELECT assignment_id, date, feed_kg AS kg, feed_cost AS cost, feed_type_id, biomass_kg
      FROM daily_state
     WHERE date >= %(first)s AND date < %(after)s AND feed_kg > 0
)
SELECT assignment_id, date, e.kg AS in_events, h.kg AS in_history, e.cost AS cost_of_events,
       h.cost AS cost_in_history, least_type, most_type, feed_type_id, percent
  FROM event AS e FULL JOIN history AS h USING (assignment_id, date)
 WHERE (e.kg, e.cost, least_type, most_type)
       IS DISTINCT FROM (h.kg, h.cost, feed_type_id, feed_type_id)
    OR abs(percent * biomass_kg - 100 * h.kg) > 1e-6 * h.kg + 1e-9;

-- biomass_of_days --
-- Biomass is population times mean weight, every day
-- Within the rounding of doubles.
-- Source: definition of biomass
-- By: year
SELECT assignment_id, date, population, mean_weight_g, biomass_kg
  FROM daily_state
 WHERE date >= %(first)s AND date < %(after)s
   AND abs(biomass_kg - population * mean_weight_g / 1000.0) > 1e-6 * greatest(biomass_kg, 1.0);

-- biomass_of_moves --
-- Biomass is count times mean weight, in transfers and harvests
-- Within the rounding of doubles.
-- Source: definition of biomass
SELECT what, assignment_id, date, count, mean_weight_g, biomass_kg
  FROM (SELECT 'transfer' AS what, from_assignment_id AS assignment_id, date, count, mean_weight_g,
               biomass_kg FROM transfer
        UNION ALL
        SELECT 'harvest', assignment_id, date, count, mean_weight_g, biomass_kg
          FROM harvest_event) AS moves
 WHERE abs(biomass_kg - count * mean_weight_g / 1000.0) > 1e-6 * greatest(biomass_kg, 1.0);

-- density_of_days --
-- Density is biomass over the container's volume, every day
-- Within a hundredth of a per cent.
-- Source: definition of stocking density
-- By: year
SELECT d.assignment_id, d.date, c.code AS container, d.biomass_kg, c.volume_m3, d.density_kg_m3
  FROM daily_state AS d
  JOIN assignment AS a ON a.id = d.assignment_id
  JOIN container AS c ON c.id = a.container_id
 WHERE d.date >= %(first)s AND d.date < %(after)s
   AND abs(d.density_kg_m3 - d.biomass_kg / c.volume_m3) > 1e-4 * greatest(d.density_kg_m3, 0.01);

-- transfers_move_what_they_say --
-- A transfer moves the fish it says
-- It joins two assignments of one batch; the receiver lives that day, the giver ends then or later;
-- an assignment that opens with transfers starts with their fish; no more die of it than came.
-- Source: conservation of fish
WITH opening AS (
    SELECT t.to_assignment_id AS id, sum(t.count) AS n
      FROM transfer AS t JOIN assignment AS a ON a.id = t.to_assignment_id
     WHERE t.date = a.start_date GROUP BY 1
)
SELECT t.from_assignment_id, t.to_assignment_id, t.date, t.count, t.mortality_count,
       opening.n AS arrived, target.start_count
  FROM transfer AS t
  JOIN assignment AS source ON source.id = t.from_assignment_id
  JOIN assignment AS target ON target.id = t.to_assignment_id
  LEFT JOIN opening ON opening.id = target.id
 WHERE source.batch_id <> target.batch_id OR source.id = target.id
    OR t.date <= source.start_date OR t.date > coalesce(source.end_date, t.date)
    OR t.date < target.start_date OR t.date >= coalesce(target.end_date, t.date + 1)
    OR (t.date = target.start_date AND opening.n <> target.start_count)
    OR t.mortality_count > t.count;

-- history_of_every_day --
-- The history has every day of every assignment, once, and no other
-- From its start to the day before its end; of an open one to the last day of the last session.
-- Source: the history is one row per assignment and day
WITH lived AS (
    SELECT assignment_id, count(*) AS days, min(date) AS first_day, max(date) AS last_day
      FROM daily_state GROUP BY 1
)
SELECT assignment_id, a.start_date, a.end_date, l.first_day, l.last_day, l.days
  FROM (SELECT id AS assignment_id, start_date,
               coalesce(end_date, %(after_horizon)s) AS end_date FROM assignment) AS a
  FULL JOIN lived AS l USING (assignment_id)
 WHERE l.first_day IS DISTINCT FROM a.start_date OR l.last_day IS DISTINCT FROM a.end_date - 1
    OR l.days IS DISTINCT FROM a.end_date - a.start_date;

-- history_of_its_assignment --
-- The history names the batch and stage of its assignment
-- Both are repeated in every day for speed, and must not differ.
-- Source: the history is one row per assignment and day
-- By: year
SELECT d.assignment_id, d.date, d.batch_id, a.batch_id AS batch_of_assignment,
       d.lifecycle_stage_id, a.lifecycle_stage_id AS stage_of_assignment
  FROM daily_state AS d JOIN assignment AS a ON a.id = d.assignment_id
 WHERE d.date >= %(first)s AND d.date < %(after)s
   AND (d.batch_id <> a.batch_id OR d.lifecycle_stage_id <> a.lifecycle_stage_id);

-- water_of_every_day --
-- The water of every site and hall is known on every day
-- One row per place and day.
-- Source: daily truth per site and station
WITH known AS (
    SELECT 'site' AS place, site_id AS id, count(*) AS days FROM site_day
     WHERE date >= %(first)s AND date < %(after)s GROUP BY 2
    UNION ALL
    SELECT 'hall', hall_id, count(*) FROM hall_day
     WHERE date >= %(first)s AND date < %(after)s GROUP BY 2
), place AS (
    SELECT 'site' AS place, id FROM site
    UNION ALL
    SELECT 'hall', id FROM hall
)
SELECT place, id, coalesce(days, 0) AS days, %(after)s::date - %(first)s::date AS days_expected
  FROM place FULL JOIN known USING (place, id)
 WHERE days IS DISTINCT FROM %(after)s::date - %(first)s::date;

-- readings_of_stocked_linked --
-- Every reading of a stocked container carries its assignment
-- No reading of a container without assignment was taken while fish lived in it.
-- Source: the linked share of readings is 100 per cent
WITH doubtful AS MATERIALIZED (
    SELECT r.sensor_id, c.container_id, a.id AS assignment_id,
           greatest(r.first_at, a.start_date::timestamptz) AS from_time,
           least(r.last_at, coalesce(a.end_date, %(after_horizon)s)::timestamptz
                            - interval '1 microsecond') AS to_time
      FROM reading_month AS r
      JOIN sensor AS s ON s.id = r.sensor_id
      CROSS JOIN LATERAL (SELECT coalesce(r.container_id, s.container_id)) AS c (container_id)
      JOIN assignment AS a ON a.container_id = c.container_id
                          AND a.start_date::timestamptz <= r.last_at
                          AND (a.end_date IS NULL OR a.end_date::timestamptz > r.first_at)
     WHERE r.assignment_id IS NULL
)
-- few on sound data: each looked up by itself (OFFSET 0), instead of reading all readings again
SELECT d.sensor_id, d.container_id, d.assignment_id, e.reading_time
  FROM doubtful AS d
  CROSS JOIN LATERAL (SELECT reading_time FROM environmental_reading AS e
                       WHERE e.sensor_id = d.sensor_id AND e.assignment_id IS NULL
                         AND e.reading_time BETWEEN d.from_time AND d.to_time OFFSET 0) AS e;

-- readings_inside_assignment --
-- Linked readings lie inside their assignment's dates and container
-- So no reading of an empty container is linked.
-- Source: the linked share of readings is 100 per cent
SELECT r.assignment_id, r.sensor_id, r.container_id, r.first_at, r.last_at, a.start_date, a.end_date
  FROM reading_month AS r LEFT JOIN assignment AS a ON a.id = r.assignment_id
 WHERE r.assignment_id IS NOT NULL
   AND (a.id IS NULL OR r.container_id IS DISTINCT FROM a.container_id
        OR r.first_at < a.start_date::timestamptz
        OR r.last_at >= coalesce(a.end_date, %(after_horizon)s)::timestamptz);

-- readings_of_their_sensor --
-- Readings name the container and parameter of their sensor
-- Those of a site's own sensors name no container.
-- Source: a sensor hangs in one place and measures one thing
SELECT r.sensor_id, r.month, r.container_id, s.container_id AS container_of_sensor,
       r.environmental_parameter_id, s.environmental_parameter_id AS parameter_of_sensor
  FROM reading_month AS r LEFT JOIN sensor AS s ON s.id = r.sensor_id
 WHERE s.id IS NULL OR r.container_id IS DISTINCT FROM s.container_id
    OR r.environmental_parameter_id <> s.environmental_parameter_id
    OR r.first_at < s.installed_on::timestamptz;

-- readings_of_the_world --
-- Readings lie between the parameter's minimum and maximum
-- What the sensor can show; outliers included.
-- Source: environmental_parameter
SELECT r.sensor_id, r.month, p.code AS parameter, r.lowest, r.highest, p.minimum, p.maximum
  FROM reading_month AS r JOIN environmental_parameter AS p ON p.id = r.environmental_parameter_id
 WHERE r.lowest < p.minimum OR r.highest > p.maximum;

-- readings_not_doubled --
-- No sensor reports more often than the scenario says
-- At most readings_per_day on each day of the month.
-- Source: scenario, observation.readings_per_day
SELECT sensor_id, month, sum(readings) AS readings,
       %(readings_per_day)s * ((month + interval '1 month')::date - month) AS expected
  FROM reading_month
 GROUP BY sensor_id, month
HAVING sum(readings) > %(readings_per_day)s * ((month + interval '1 month')::date - month);

-- natural_keys --
-- Every table has its key, so that nothing is there twice
-- A table by month has it in each of its months.
-- Source: exactly-once loading
WITH leaf AS (
    SELECT c.relname AS name, coalesce(i.inhrelid, c.oid) AS id,
           i.inhrelid IS NULL AND c.relname = ANY (%(monthly_tables)s) AS has_no_month
      FROM pg_class AS c LEFT JOIN pg_inherits AS i ON i.inhparent = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
       AND c.relname = ANY (%(tables)s)
)
SELECT name AS "table", id::regclass::text AS leaf
  FROM leaf
 WHERE NOT has_no_month
   AND NOT EXISTS (SELECT FROM pg_index AS x
                    WHERE x.indrelid = leaf.id AND x.indisunique AND x.indisvalid
                      AND x.indpred IS NULL);

-- feedings_inside_assignment --
-- Feedings lie inside their assignment's dates
-- Day by day of the assignment.
-- Source: events belong to an assignment
WITH event AS (
    SELECT assignment_id, min(fed_at) AS first_at, max(fed_at) AS last_at
      FROM feeding_event
     WHERE fed_at >= %(first)s::timestamptz AND fed_at < %(after)s::timestamptz
     GROUP BY 1
)
SELECT e.assignment_id, e.first_at, e.last_at, a.start_date, a.end_date
  FROM event AS e LEFT JOIN assignment AS a ON a.id = e.assignment_id
 WHERE a.id IS NULL OR e.first_at < a.start_date::timestamptz
    OR e.last_at >= coalesce(a.end_date, %(after_horizon)s)::timestamptz;

-- deaths_inside_assignment --
-- Deaths lie inside their assignment's dates
-- Day by day of the assignment.
-- Source: events belong to an assignment
WITH event AS (
    SELECT assignment_id, min(date) AS first_day, max(date) AS last_day
      FROM mortality_event WHERE date >= %(first)s AND date < %(after)s GROUP BY 1
)
SELECT e.assignment_id, e.first_day, e.last_day, a.start_date, a.end_date
  FROM event AS e LEFT JOIN assignment AS a ON a.id = e.assignment_id
 WHERE a.id IS NULL OR e.first_day < a.start_date
    OR e.last_day >= coalesce(a.end_date, %(after_horizon)s);

-- samples_inside_assignment --
-- Growth samples lie inside their assignment's dates
-- Day by day of the assignment.
-- Source: events belong to an assignment
WITH event AS (
    SELECT assignment_id, min(sampled_on) AS first_day, max(sampled_on) AS last_day
      FROM growth_sample WHERE sampled_on >= %(first)s AND sampled_on < %(after)s GROUP BY 1
)
SELECT e.assignment_id, e.first_day, e.last_day, a.start_date, a.end_date
  FROM event AS e LEFT JOIN assignment AS a ON a.id = e.assignment_id
 WHERE a.id IS NULL OR e.first_day < a.start_date
    OR e.last_day >= coalesce(a.end_date, %(after_horizon)s);

-- samples_are_their_fish --
-- The figures of a growth sample are those of its fish
-- Number, from 1; mean, spread, smallest and largest weight; length; condition, which is Fulton's: 100
-- times weight over length cubed, between 0.5 and 2.5 of every fish.
-- Source: definition of a sample
WITH fish AS (
    SELECT assignment_id, sampled_on, count(*) AS n, min(fish_no) AS first_no,
           max(fish_no) AS last_no, avg(weight_g) AS mean_g, stddev_samp(weight_g) AS sd_g,
           min(weight_g) AS min_g, max(weight_g) AS max_g, avg(length_cm) AS length_cm,
           avg(k) AS k, min(k) AS leanest, max(k) AS fattest
      FROM fish_observation,
           LATERAL (SELECT 100 * weight_g / nullif(length_cm * length_cm * length_cm, 0)) AS f (k)
     WHERE sampled_on >= %(first)s AND sampled_on < %(after)s
     GROUP BY 1, 2
), sample AS (
    SELECT * FROM growth_sample WHERE sampled_on >= %(first)s AND sampled_on < %(after)s
)
SELECT assignment_id, sampled_on, s.n, f.n AS fish, s.mean_weight_g, f.mean_g, s.sd_weight_g, f.sd_g,
       s.mean_length_cm, f.length_cm, s.condition_factor, f.k AS condition
  FROM sample AS s FULL JOIN fish AS f USING (assignment_id, sampled_on)
 WHERE (s.n = f.n AND f.first_no = 1 AND f.last_no = f.n
        AND abs(s.mean_weight_g - f.mean_g) <= 1e-6 * f.mean_g
        AND abs(s.sd_weight_g - f.sd_g) <= 1e-6 * greatest(f.sd_g, 1)
        AND s.min_weight_g = f.min_g AND s.max_weight_g = f.max_g
        AND abs(s.mean_length_cm - f.length_cm) <= 1e-6 * f.length_cm
        AND abs(s.condition_factor - f.k) <= 1e-6 * f.k
        AND f.leanest >= 0.5 AND f.fattest <= 2.5) IS NOT TRUE;

-- status_follows_facts --
-- A batch is harvested or active as its assignments are
-- Harvested: none open, and a harvest whose last day is its end. Active: an open assignment.
-- Source: status follows facts
WITH fact AS (
    SELECT a.batch_id, bool_or(a.end_date IS NULL) AS is_open, max(a.end_date) AS ended,
           max(h.date) AS last_harvest
      FROM assignment AS a LEFT JOIN harvest_event AS h ON h.assignment_id = a.id
     GROUP BY 1
)
SELECT b.code AS batch, b.status, b.end_date, f.is_open, f.ended, f.last_harvest
  FROM batch AS b LEFT JOIN fact AS f ON f.batch_id = b.id
 WHERE CASE b.status
           WHEN 'active' THEN f.is_open IS NOT TRUE OR b.end_date IS NOT NULL
           WHEN 'harvested' THEN f.is_open IS NOT FALSE OR f.last_harvest IS NULL
                                 OR b.end_date <> f.ended
           ELSE true END;

-- assignments_end_complete --
-- An assignment that ended says how many fish were left, and at what weight
-- An open one says neither.
-- Source: status follows facts
SELECT id AS assignment_id, end_date, end_count, end_weight_g
  FROM assignment
 WHERE (end_date IS NULL) <> (end_count IS NULL) OR (end_date IS NULL) <> (end_weight_g IS NULL)
    OR start_weight_g <= 0 OR end_weight_g <= 0;

-- nothing_after_the_end --
-- Nothing is dated before the first day or after the last session's end
-- Batches, assignments, moves, harvests, site events, records of health, and the months there are.
-- Source: status follows facts
SELECT what, id, date
  FROM (SELECT 'batch' AS what, id, unnest(ARRAY[start_date, end_date - 1]) AS date FROM batch
        UNION ALL
        SELECT 'assignment', id, unnest(ARRAY[start_date, end_date - 1]) FROM assignment
        UNION ALL
        SELECT 'transfer', from_assignment_id, date FROM transfer
        UNION ALL
        SELECT 'harvest_event', assignment_id, date FROM harvest_event
        UNION ALL
        SELECT 'site_event', id, unnest(ARRAY[start_date, end_date - 1]) FROM site_event
        UNION ALL
        SELECT 'disease_outbreak', id,
               unnest(ARRAY[first_case_date, onset_date, diagnosed_date, peak_date, end_date])
          FROM disease_outbreak
        UNION ALL
        SELECT 'treatment', id, unnest(ARRAY[before_date, start_date, end_date, after_date])
          FROM treatment
        UNION ALL
        SELECT 'withholding_period', id, unnest(ARRAY[start_date, end_date]) FROM withholding_period
        UNION ALL
        SELECT 'vaccination', id, date FROM vaccination
        UNION ALL
        SELECT 'lab_sample', id, unnest(ARRAY[sampled_on, sent_on, received_on]) FROM lab_sample
        UNION ALL
        SELECT 'journal_entry', id, date FROM journal_entry
        UNION ALL
        SELECT 'daily_state', assignment_id, date FROM daily_state
         WHERE date < %(horizon_first)s OR date >= %(after_horizon)s) AS dated
 WHERE date < %(horizon_first)s OR date >= %(after_horizon)s;

-- rows_as_planned --
-- Every chunk was committed with the rows that were planned for it
-- By table; a simulation's rows are not planned, only that it was committed.
-- Source: planned by formula from the history
SELECT c.session, c.chunk, c.planned_rows, m.rows AS committed_rows
  FROM ops.chunk AS c LEFT JOIN ops.chunk_commit AS m USING (session, chunk)
 WHERE c.session <= %(last_session)s
   AND (m.rows IS NULL OR (c.month IS NOT NULL AND m.rows <> c.planned_rows));

-- rows_as_marked --
-- Every table holds the rows that the markers of its chunks add up to
-- What a reader sees is what was committed.
-- Source: exactly-once loading
WITH marked AS (
    SELECT t.key AS name, sum(t.value::bigint) AS rows
      FROM ops.chunk_commit AS m CROSS JOIN LATERAL jsonb_each_text(m.rows) AS t
     WHERE m.session BETWEEN %(first_session)s AND %(last_session)s
     GROUP BY 1
), held AS (
    SELECT 'environmental_reading' AS name, sum(readings)::bigint AS rows FROM reading_month
    UNION ALL
    SELECT 'daily_state', count(*) FROM daily_state
     WHERE date >= %(first)s AND date < %(after)s
    UNION ALL
    SELECT 'feed_draw', count(*) FROM feed_draw WHERE date >= %(first)s AND date < %(after)s
    UNION ALL
    SELECT 'site_day', count(*) FROM site_day WHERE date >= %(first)s AND date < %(after)s
    UNION ALL
    SELECT 'hall_day', count(*) FROM hall_day WHERE date >= %(first)s AND date < %(after)s
    UNION ALL
    SELECT 'feeding_event', count(*) FROM feeding_event
     WHERE fed_at >= %(first)s::timestamptz AND fed_at < %(after)s::timestamptz
    UNION ALL
    SELECT 'mortality_event', count(*) FROM mortality_event
     WHERE date >= %(first)s AND date < %(after)s
    UNION ALL
    SELECT 'growth_sample', count(*) FROM growth_sample
     WHERE sampled_on >= %(first)s AND sampled_on < %(after)s
    UNION ALL
    SELECT 'fish_observation', count(*) FROM fish_observation
     WHERE sampled_on >= %(first)s AND sampled_on < %(after)s
    UNION ALL
    SELECT 'lice_count', count(*) FROM lice_count
     WHERE counted_on >= %(first)s AND counted_on < %(after)s
    UNION ALL
    SELECT 'lice_observation', count(*) FROM lice_observation
     WHERE counted_on >= %(first)s AND counted_on < %(after)s
    UNION ALL
    SELECT 'health_sample', count(*) FROM health_sample
     WHERE sampled_on >= %(first)s AND sampled_on < %(after)s
    UNION ALL
    SELECT 'sensor_calibration', count(*) FROM sensor_calibration
     WHERE calibrated_on >= %(first)s AND calibrated_on < %(after)s
    UNION ALL
    SELECT 'equipment_service', count(*) FROM equipment_service
     WHERE serviced_on >= %(first)s AND serviced_on < %(after)s
)
SELECT h.name AS "table", coalesce(m.rows, 0) AS marked, coalesce(h.rows, 0) AS held
  FROM held AS h LEFT JOIN marked AS m USING (name)
 WHERE coalesce(m.rows, 0) <> coalesce(h.rows, 0);
