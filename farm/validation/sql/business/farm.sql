-- The farm keeps its rules: those of husbandry, of the law, and of its own programme.

-- one_batch_per_container --
-- One batch per container at a time
-- The database refuses it as well.
-- Source: husbandry
SELECT a.container_id, a.id AS assignment_id, b.id AS other_assignment_id, b.start_date
  FROM assignment AS a
  JOIN assignment AS b ON b.container_id = a.container_id AND b.id > a.id
                      AND daterange(a.start_date, a.end_date) && daterange(b.start_date, b.end_date);

-- cleaning_days --
-- Trays and tanks stay empty for cleaning between two batches
-- Trays 7 days, tanks 14, raceways 21.
-- Source: husbandry: wash, disinfect, dry
WITH rule (kind, days) AS (VALUES ('tray', 7), ('tank', 14), ('raceway', 21)),
stay AS (
    SELECT container_id, id AS assignment_id, start_date,
           lag(end_date) OVER (PARTITION BY container_id ORDER BY start_date) AS emptied
      FROM assignment
)
SELECT p.code AS container, s.assignment_id, s.emptied, s.start_date, r.days AS days_required
  FROM stay AS s
  JOIN container_place AS p USING (container_id)
  JOIN rule AS r ON r.kind = p.kind
 WHERE s.start_date >= s.emptied AND s.start_date - s.emptied < r.days;

-- fallow_days --
-- A site lies fallow between two generations
-- All its pens are empty: 30 days at least, in the Faroes two months (60 days), in Scotland four
-- weeks by law, so 30 days here.
-- Source: Faroese Veterinary Model (two months); scottishsalmon.co.uk, Fallowing (four weeks)
WITH rule (geography, days) AS (VALUES ('FO', 60), ('SC', 30)),
stay AS (
    SELECT p.site_id, p.geography, a.batch_id, min(a.start_date) AS came,
           max(coalesce(a.end_date, 'infinity')) AS gone
      FROM assignment AS a JOIN container_place AS p USING (container_id)
     WHERE p.site_id IS NOT NULL
     GROUP BY 1, 2, 3
), turn AS (
    SELECT *, max(gone) OVER (PARTITION BY site_id ORDER BY came, batch_id
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS emptied
      FROM stay
)
SELECT s.code AS site, b.code AS batch, t.emptied, t.came, coalesce(r.days, 30) AS days_required
  FROM turn AS t
  JOIN site AS s ON s.id = t.site_id
  JOIN batch AS b ON b.id = t.batch_id
  LEFT JOIN rule AS r ON r.geography = t.geography
 WHERE t.emptied IS NOT NULL
   AND (t.emptied = 'infinity' OR t.came - t.emptied < coalesce(r.days, 30));

-- one_generation_per_site --
-- One generation of fish at a site at a time
-- Fish of a second batch never come before those of the first have gone.
-- Source: Faroese law, all in all out; Code of Good Practice, Scotland
WITH stay AS (
    SELECT p.site_id, a.batch_id, min(a.start_date) AS came,
           max(coalesce(a.end_date, 'infinity')) AS gone
      FROM assignment AS a JOIN container_place AS p USING (container_id)
     WHERE p.site_id IS NOT NULL
     GROUP BY 1, 2
)
SELECT s.code AS site, first.batch_id, first.gone, other.batch_id AS other_batch_id, other.came
  FROM stay AS first
  JOIN stay AS other ON other.site_id = first.site_id AND other.batch_id <> first.batch_id
                    AND other.came >= first.came AND other.came < first.gone
  JOIN site AS s ON s.id = first.site_id;

-- stages_in_order --
-- Fish go from stage to stage, none skipped
-- Eggs come first; every later assignment was filled from the stage before it or, by a split or a
-- grading, from its own.
-- Source: life cycle of salmon
WITH filled AS (
    SELECT a.id AS assignment_id, stage.stage_order, min(source.stage_order) AS lowest,
           max(source.stage_order) AS highest
      FROM assignment AS a
      JOIN lifecycle_stage AS stage ON stage.id = a.lifecycle_stage_id
      LEFT JOIN transfer AS t ON t.to_assignment_id = a.id
      LEFT JOIN assignment AS b ON b.id = t.from_assignment_id
      LEFT JOIN lifecycle_stage AS source ON source.id = b.lifecycle_stage_id
     GROUP BY 1, 2
)
SELECT assignment_id, stage_order, lowest AS filled_from, highest AS filled_to
  FROM filled
 WHERE CASE WHEN lowest IS NULL THEN stage_order <> 1
            ELSE lowest < stage_order - 1 OR highest > stage_order END;

-- stage_in_its_container --
-- Each stage lives in the right kind of container
-- Trays for eggs, tanks on land, pens at sea.
-- Source: lifecycle_stage.container_kind
SELECT a.id AS assignment_id, s.code AS stage, s.container_kind, p.code AS container, p.kind
  FROM assignment AS a
  JOIN lifecycle_stage AS s ON s.id = a.lifecycle_stage_id
  JOIN container_place AS p USING (container_id)
 WHERE p.kind <> s.container_kind;

-- stage_in_its_hall --
-- Each stage lives in a hall that serves it
-- On land.
-- Source: a hall serves one stage
SELECT a.id AS assignment_id, a.lifecycle_stage_id, p.code AS container, p.hall_stage_id
  FROM assignment AS a JOIN container_place AS p USING (container_id)
 WHERE p.hall_id IS NOT NULL AND p.hall_stage_id <> a.lifecycle_stage_id;

-- batch_stays_in_its_geography --
-- A batch never leaves its geography
-- All its containers lie there, and broodstock is of there.
-- Source: no movement of live fish between Scotland and the Faroes
SELECT b.code AS batch, a.id AS assignment_id, p.code AS container, p.geography
  FROM assignment AS a
  JOIN batch AS b ON b.id = a.batch_id
  JOIN container_place AS p USING (container_id)
  LEFT JOIN broodstock AS s ON s.id = b.broodstock_id
 WHERE p.geography_id <> b.geography_id OR s.geography_id <> b.geography_id;

-- salinity_only_at_sea --
-- Salinity is measured at sea and nowhere else
-- No salinity sensor on land; that the history knows salinity in pens alone, `water_of_their_place`
-- asks.
-- Source: fresh water has none
SELECT s.id AS sensor_id, p.code AS container
  FROM sensor AS s
  JOIN environmental_parameter AS e ON e.id = s.environmental_parameter_id AND e.code = 'salinity'
  JOIN container_place AS p USING (container_id)
 WHERE p.hall_id IS NOT NULL;

-- fish_fit_their_container --
-- Never more fish than a container may hold
-- Every day, and on the day of arrival.
-- Source: container.capacity_fish
SELECT a.id AS assignment_id, c.code AS container, a.start_count AS fish, c.capacity_fish
  FROM assignment AS a JOIN container AS c ON c.id = a.container_id
 WHERE a.start_count > c.capacity_fish
UNION ALL
SELECT d.assignment_id, c.code, max(d.population), c.capacity_fish
  FROM daily_state AS d
  JOIN assignment AS a ON a.id = d.assignment_id
  JOIN container AS c ON c.id = a.container_id
 WHERE d.date >= %(first)s AND d.date < %(after)s AND d.population > c.capacity_fish
 GROUP BY 1, 2, 4;

-- density_within_container --
-- Stocking density never above the container's limit
-- Every day.
-- Source: container.max_density_kg_m3
SELECT d.assignment_id, c.code AS container, max(d.density_kg_m3) AS density_kg_m3,
       c.max_density_kg_m3, min(d.date) AS first_day, count(*) AS days
  FROM daily_state AS d
  JOIN assignment AS a ON a.id = d.assignment_id
  JOIN container AS c ON c.id = a.container_id
 WHERE d.date >= %(first)s AND d.date < %(after)s AND d.density_kg_m3 > c.max_density_kg_m3
 GROUP BY 1, 2, 4;

-- density_within_the_law --
-- Stocking density at sea never above the law's limit for the fish's weight
-- Every day, by mean weight.
-- Source: density_limit: Faroese Act s. 61 (10, 15, 20, 25 kg/m3); RSPCA Assured in Scotland
WITH law AS (
    SELECT geography_id, limit_kg_m3, from_weight_g,
           lead(from_weight_g, 1, 'infinity') OVER (PARTITION BY geography_id
                                                    ORDER BY from_weight_g) AS below_g
      FROM density_limit
)
SELECT d.assignment_id, p.code AS container, l.limit_kg_m3, max(d.density_kg_m3) AS density_kg_m3,
       min(d.date) AS first_day, count(*) AS days
  FROM daily_state AS d
  JOIN assignment AS a ON a.id = d.assignment_id
  JOIN container_place AS p USING (container_id)
  JOIN law AS l ON l.geography_id = p.geography_id
               AND d.mean_weight_g >= l.from_weight_g AND d.mean_weight_g < l.below_g
 WHERE d.date >= %(first)s AND d.date < %(after)s AND p.site_id IS NOT NULL
   AND d.density_kg_m3 > l.limit_kg_m3
 GROUP BY 1, 2, 3;

-- biomass_within_site --
-- Biomass of a site never above what it is licensed for
-- All pens together, every day.
-- Source: site.max_biomass_t
-- By: year
WITH held AS (
    SELECT p.site_id, d.date, sum(d.biomass_kg) / 1000 AS biomass_t
      FROM daily_state AS d
      JOIN assignment AS a ON a.id = d.assignment_id
      JOIN container_place AS p USING (container_id)
     WHERE d.date >= %(first)s AND d.date < %(after)s AND p.site_id IS NOT NULL
     GROUP BY 1, 2
)
SELECT s.code AS site, h.date, h.biomass_t, s.max_biomass_t
  FROM held AS h JOIN site AS s ON s.id = h.site_id
 WHERE h.biomass_t > s.max_biomass_t;

-- eggs_are_not_fed --
-- Eggs and alevins are not fed
-- They live on their yolk.
-- Source: biology of salmon
-- By: year
SELECT d.assignment_id, d.date, d.feed_kg
  FROM daily_state AS d
  JOIN lifecycle_stage AS s ON s.id = d.lifecycle_stage_id AND s.stage_order = 1
 WHERE d.date >= %(first)s AND d.date < %(after)s AND d.feed_kg > 0;

-- fasting_fish_get_no_feed --
-- Fish that fast get no feed
-- Before moves and harvests, and in storms.
-- Source: husbandry
-- By: year
SELECT assignment_id, date, feed_kg
  FROM daily_state
 WHERE date >= %(first)s AND date < %(after)s AND is_fasting AND feed_kg > 0;

-- feed_from_its_place --
-- Feed comes out of a store of the place where the fish are
-- Its site's barge, or a silo of its hall or station; and its pellet is one there is. It is given in
-- the way of the fish's stage.
-- Source: husbandry; scenario, observation.stages
WITH used AS (
    SELECT DISTINCT assignment_id, feed_store_id, feed_type_id, method
      FROM feeding_event
     WHERE fed_at >= %(first)s::timestamptz AND fed_at < %(after)s::timestamptz
)
SELECT u.assignment_id, u.feed_store_id, u.feed_type_id, u.method, p.code AS container
  FROM used AS u
  LEFT JOIN assignment AS a ON a.id = u.assignment_id
  LEFT JOIN container_place AS p USING (container_id)
  LEFT JOIN feed_store AS s ON s.id = u.feed_store_id
  LEFT JOIN feed_type AS t ON t.id = u.feed_type_id
 WHERE t.id IS NULL
    OR u.method IS DISTINCT FROM (%(feeding_methods)s::text[])[a.lifecycle_stage_id]
    OR (s.site_id = p.site_id OR s.hall_id = p.hall_id OR s.station_id = p.station_id) IS NOT TRUE;

-- sensors_calibrated_in_time --
-- Sensors are calibrated as often as they must be
-- Never longer without than the interval, from the first calibration to the last day.
-- Source: scenario, sensors.calibration_interval_days
WITH calibrated AS (
    SELECT id AS sensor_id, calibrated_on FROM sensor
    UNION
    SELECT sensor_id, calibrated_on FROM sensor_calibration WHERE calibrated_on < %(after)s
), gap AS (
    SELECT sensor_id, calibrated_on,
           lead(calibrated_on, 1, %(after)s) OVER (PARTITION BY sensor_id ORDER BY calibrated_on)
               AS next_on
      FROM calibrated
)
SELECT sensor_id, calibrated_on, next_on
  FROM gap
 WHERE next_on - greatest(calibrated_on, %(first)s) > %(calibration_interval_days)s;

-- equipment_serviced_in_time --
-- Machines are serviced as often as they must be
-- Never longer without than their interval, once they have worked for one.
-- Source: equipment.service_interval_days
WITH serviced AS (
    SELECT id AS equipment_id, greatest(installed_on, %(first)s::date) AS serviced_on FROM equipment
    UNION
    SELECT equipment_id, serviced_on FROM equipment_service
     WHERE kind = 'service' AND serviced_on >= %(first)s AND serviced_on < %(after)s
), gap AS (
    SELECT equipment_id, serviced_on,
           lead(serviced_on, 1, %(after)s) OVER (PARTITION BY equipment_id ORDER BY serviced_on)
               AS next_on
      FROM serviced
)
SELECT g.equipment_id, e.kind, g.serviced_on, g.next_on, e.service_interval_days
  FROM gap AS g JOIN equipment AS e ON e.id = g.equipment_id
 WHERE g.next_on - g.serviced_on > e.service_interval_days;

-- events_do_not_overlap --
-- A site has one event of a kind at a time
-- A second storm begins after the first is over.
-- Source: definition of a site event
SELECT a.site_id, a.kind, a.id AS event_id, a.start_date, a.end_date, b.id AS other_event_id,
       b.start_date AS other_start
  FROM site_event AS a
  JOIN site_event AS b ON b.site_id = a.site_id AND b.kind = a.kind AND b.id <> a.id
                      AND (b.start_date, b.id) > (a.start_date, a.id)
 WHERE b.start_date < coalesce(a.end_date, 'infinity');

-- events_cause_what_they_say --
-- An event costs no more days and deaths than there were
-- No more fasting days than it lasted; no more deaths than the site's fish died of their environment
-- from its first day until the next event of its kind was known, which it was when that one ended:
-- wounds outlast a storm, and a heat wave is known as one only after some days.
-- Source: definition of a site event
WITH died AS (
    SELECT p.site_id, d.date, sum(d.deaths_by_cause[c.id]) AS deaths
      FROM daily_state AS d
      JOIN mortality_cause AS c ON c.code = 'environment'
      JOIN assignment AS a ON a.id = d.assignment_id
      JOIN container_place AS p USING (container_id)
     WHERE p.site_id IS NOT NULL AND d.deaths > 0
     GROUP BY 1, 2
), event AS (
    SELECT id, site_id, start_date,
           lead(coalesce(end_date, %(after_horizon)s), 1, %(after_horizon)s)
               OVER (PARTITION BY site_id, kind ORDER BY start_date, id) AS next_known
      FROM site_event
), cost AS (
    SELECT e.id, coalesce(sum(died.deaths), 0) AS deaths
      FROM event AS e
      LEFT JOIN died ON died.site_id = e.site_id
                    AND died.date >= e.start_date AND died.date < e.next_known
     GROUP BY 1
)
SELECT e.id AS event_id, e.kind, e.start_date, e.end_date, e.fasting_days, e.deaths,
       cost.deaths AS deaths_of_environment
  FROM site_event AS e JOIN cost USING (id)
 WHERE e.fasting_days > coalesce(e.end_date, %(after_horizon)s) - e.start_date
    OR e.fasting_days < 0 OR e.deaths < 0 OR e.deaths > cost.deaths;

-- external_eggs --
-- Share of batches from bought eggs
-- The rest comes from the company's own broodstock. Limits are two standard deviations of the count.
-- Unit: share of batches
-- Needs: 10 batches
-- Source: mission: 60 per cent external suppliers, 40 per cent own broodstock
WITH counted AS (
    SELECT count(*) AS n, avg((egg_source = 'external')::int)::double precision AS share FROM batch
)
SELECT NULL AS subject, share AS measured, n AS had,
       %(external_share)s - 2 * sqrt(%(external_share)s * (1 - %(external_share)s) / n) AS low,
       %(external_share)s + 2 * sqrt(%(external_share)s * (1 - %(external_share)s) / n) AS high
  FROM counted WHERE n > 0;

-- starts_in_winter_and_spring --
-- Share of batches that start from December to May
-- More than half: salmon spawn in autumn and winter.
-- Unit: share of batches
-- Needs: 20 batches
-- Source: mission: more starts in winter and spring
SELECT NULL AS subject, count(*) AS had, 0.5 AS low, 1.0 AS high,
       avg((extract(month FROM start_date) IN (12, 1, 2, 3, 4, 5))::int)::double precision
           AS measured
  FROM batch;

-- first_year --
-- Batches that start in the first year
-- Staggered, and few enough to ramp up smoothly. Only a programme that aims at 40 to 50 is asked.
-- Unit: batches
-- Needs: 12 months of a programme of 40 to 50
-- Source: mission: 15-20 batches in the first year
SELECT NULL AS subject, 15 AS low, 20 AS high,
       count(*) FILTER (WHERE start_date < %(horizon_first)s::date + interval '1 year') AS measured,
       CASE WHEN %(target_active)s BETWEEN 40 AND 50
            THEN (%(after_horizon)s::date - %(horizon_first)s::date) / 30 ELSE 0 END AS had
  FROM batch;

-- active_batches --
-- Active batches on the 15th of a month
-- From the third year on. Only a programme that aims at 40 to 50 is asked.
-- Unit: batches
-- Needs: 12 months of a programme of 40 to 50
-- Source: mission: 40-50 active batches held through the decade
WITH counted AS (
    SELECT day, count(DISTINCT a.batch_id) AS n
      FROM generate_series((%(horizon_first)s::date + interval '2 years 14 days')::timestamp,
                           %(after_horizon)s::date - 1, '1 month') AS day
      LEFT JOIN assignment AS a
        ON a.start_date <= day AND (a.end_date IS NULL OR a.end_date > day)
     GROUP BY 1
), extreme AS (
    SELECT min(n) AS fewest, max(n) AS most,
           CASE WHEN %(target_active)s BETWEEN 40 AND 50 THEN count(*) ELSE 0 END AS had
      FROM counted
)
SELECT figure.subject, figure.measured, had, 40 AS low, 50 AS high
  FROM extreme, LATERAL (VALUES ('fewest', fewest), ('most', most)) AS figure (subject, measured);

-- months_without_harvest --
-- Months without any harvest, once the farm is mature
-- From the fourth year on. Only a programme of 20 batches or more is asked.
-- Unit: months
-- Needs: 12 months of a programme of 20 or more
-- Source: mission: continuous supply
WITH month AS (
    SELECT m::date AS first, (m + interval '1 month')::date AS after
      FROM generate_series((%(horizon_first)s::date + interval '3 years')::timestamp,
                           %(after_horizon)s::date - 1, '1 month') AS m
)
SELECT NULL AS subject, 0 AS low, 0 AS high,
       count(*) FILTER (WHERE NOT EXISTS (SELECT FROM harvest_event AS h
                                           WHERE h.date >= month.first AND h.date < month.after))
           AS measured,
       CASE WHEN %(target_active)s >= 20 THEN count(*) ELSE 0 END AS had
  FROM month;
