-- The water and the weather.

-- water --
-- The sea by month and area: mean of all sites, coldest and warmest site.
SELECT date_trunc('month', d.date)::date AS month, p.area, p.geography, avg(d.temperature_c) AS temperature_c,
       min(d.temperature_c) AS coldest_c, max(d.temperature_c) AS warmest_c,
       avg(d.salinity_psu) AS salinity_psu, avg(d.oxygen_mg_l) AS oxygen_mg_l,
       min(d.oxygen_mg_l) AS lowest_oxygen_mg_l, avg(d.current_m_s) AS current_m_s,
       avg(d.wind_m_s) AS wind_m_s, avg(d.wave_height_m) AS wave_m, max(d.wave_height_m) AS highest_wave_m
  FROM site_day AS d JOIN place AS p ON p.place = d.site_id
 WHERE d.date <= %(last_day)s
 GROUP BY 1, 2, 3 ORDER BY 3, 2, 1;

-- halls --
-- The water that runs into the halls, by month and stage.
SELECT date_trunc('month', d.date)::date AS month, s.name AS stage, avg(d.temperature_c) AS temperature_c,
       avg(d.oxygen_mg_l) AS oxygen_mg_l, avg(d.ph) AS ph
  FROM hall_day AS d JOIN hall AS h ON h.id = d.hall_id
  JOIN lifecycle_stage AS s ON s.id = h.lifecycle_stage_id
 WHERE d.date <= %(last_day)s
 GROUP BY 1, s.id ORDER BY s.stage_order, 1;

-- events --
-- Storms and the like by year: how many, and the fish they took.
SELECT extract(year FROM e.start_date)::int AS year, replace(e.kind, '_', ' ') AS kind, count(*) AS events,
       avg(e.severity) AS severity, sum(e.fasting_days) AS fasting_days, sum(e.deaths)::float8 AS deaths
  FROM site_event AS e WHERE e.start_date <= %(last_day)s
 GROUP BY 1, 2 ORDER BY 1, 2;

-- worst --
-- The events that took the most fish.
SELECT p.code AS place, p.name, replace(e.kind, '_', ' ') AS kind, e.start_date, e.end_date, e.severity,
       e.fasting_days, e.deaths
  FROM site_event AS e JOIN place AS p ON p.place = e.site_id
 WHERE e.start_date <= %(last_day)s AND e.deaths > 0 ORDER BY e.deaths DESC LIMIT 40;
