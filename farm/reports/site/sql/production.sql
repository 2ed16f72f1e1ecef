-- Where the fish are, how much they weigh, and what was harvested.

-- stages --
-- The stages of each batch, from its first day in one to its last.
SELECT b.code AS batch, p.geography, s.name AS stage, min(d.date) AS first, max(d.date) + 1 AS last
  FROM day AS d JOIN batch AS b ON b.id = d.batch_id JOIN place AS p USING (place)
  JOIN lifecycle_stage AS s ON s.id = d.stage_id
 GROUP BY b.code, b.start_date, p.geography, s.id
 ORDER BY b.start_date, b.code, s.stage_order;

-- sites --
-- The generations of each sea site.
SELECT p.code AS place, p.geography, b.code AS batch, min(d.date) AS first, max(d.date) + 1 AS last,
       max(d.containers) AS pens, max(d.biomass_kg) / 1000 AS peak_t
  FROM day AS d JOIN batch AS b ON b.id = d.batch_id JOIN place AS p USING (place)
 WHERE p.kind = 'site'
 GROUP BY p.code, p.geography, b.code ORDER BY p.code, min(d.date);

-- biomass --
-- Biomass by stage at the end of each month.
SELECT d.date, s.name AS stage, sum(d.biomass_kg) / 1000 AS biomass_t, sum(d.population)::float8 AS fish
  FROM day AS d JOIN lifecycle_stage AS s ON s.id = d.stage_id
 WHERE d.date = (date_trunc('month', d.date) + interval '1 month' - interval '1 day')::date
 GROUP BY 1, 2, s.stage_order ORDER BY s.stage_order, 1;

-- harvest_by_month --
-- Harvest by month and geography, with the mean weight of the month.
SELECT date_trunc('month', h.date)::date AS month, p.geography, sum(h.count)::float8 AS fish,
       sum(h.biomass_kg) / 1000 AS live_t,
       1000 * sum(h.biomass_kg) / sum(h.count)::float8 AS mean_weight_g
  FROM harvest_event AS h JOIN stay AS s USING (assignment_id) JOIN place AS p USING (place)
 WHERE h.date <= %(last_day)s GROUP BY 1, 2 ORDER BY 1, 2;

-- lots --
-- Harvest by month, weight class and quality.
SELECT date_trunc('month', l.date)::date AS month, l.weight_class, l.quality,
       sum(l.count)::float8 AS fish, sum(l.live_kg) / 1000 AS live_t,
       sum(l.gutted_kg) / 1000 AS gutted_t
  FROM harvest_lot AS l WHERE l.date <= %(last_day)s
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- grades --
-- Harvest by year and quality, as shares of the gutted weight.
SELECT extract(year FROM l.date)::int AS year, p.geography, sum(l.live_kg) / 1000 AS live_t,
       sum(l.gutted_kg) / 1000 AS gutted_t,
       1000 * sum(l.live_kg) / sum(l.count)::float8 AS mean_weight_g,
       100 * sum(l.gutted_kg) FILTER (WHERE quality = 'superior') / sum(l.gutted_kg) AS superior,
       100 * coalesce(sum(l.gutted_kg) FILTER (WHERE quality = 'ordinary'), 0) / sum(l.gutted_kg)
           AS ordinary,
       100 * coalesce(sum(l.gutted_kg) FILTER (WHERE quality = 'production'), 0) / sum(l.gutted_kg)
           AS production
  FROM harvest_lot AS l JOIN stay AS s USING (assignment_id) JOIN place AS p USING (place)
 WHERE l.date <= %(last_day)s
 GROUP BY 1, 2 ORDER BY 1, 2;

-- containers --
-- The containers of each place: how many ever had fish, how often they were filled, and those with
-- fish on the last day.
SELECT p.code AS place, p.name, replace(p.kind, '_', ' ') AS kind, p.geography,
       (SELECT count(*) FROM container AS c LEFT JOIN hall AS h ON h.id = c.hall_id
         WHERE coalesce(c.site_id, -h.station_id) = p.place) AS containers,
       count(DISTINCT s.container_id) AS used, count(*) AS stays,
       count(*) FILTER (WHERE s.end_date IS NULL OR s.end_date > %(last_day)s) AS occupied,
       avg(coalesce(s.end_date, %(last_day)s) - s.start_date)::float8 AS mean_days
  FROM stay AS s JOIN place AS p USING (place)
 WHERE s.start_date <= %(last_day)s
 GROUP BY p.place, p.code, p.name, p.kind, p.geography
 ORDER BY p.geography, p.kind = 'site', p.code;
