-- How well the containers were used.

-- months --
-- Every place and month: containers with fish, as a share of those there are.
SELECT p.code AS place, p.name, p.kind, p.geography, m.month, m.containers, m.occupied_container_days,
       m.utilisation_percent, m.fallow_days, m.max_biomass_kg / 1000 AS most_t,
       p.max_biomass_t AS licence_t
  FROM site_month AS m JOIN place AS p ON p.place = coalesce(m.site_id, -m.station_id)
 WHERE m.month <= %(last_day)s
 ORDER BY p.geography, CASE p.kind WHEN 'hatchery' THEN 1 WHEN 'nursery' THEN 2
          WHEN 'smolt_facility' THEN 3 ELSE 4 END, p.code, m.month;

-- kinds --
-- The same by kind of place and year.
SELECT extract(year FROM m.month)::int AS year, p.geography, replace(p.kind, '_', ' ') AS kind,
       count(DISTINCT p.place) AS places,
       100.0 * sum(m.occupied_container_days) / nullif(sum(m.containers *
           extract(day FROM m.month + interval '1 month' - interval '1 day')), 0)::float8 AS utilisation
  FROM site_month AS m JOIN place AS p ON p.place = coalesce(m.site_id, -m.station_id)
 WHERE m.month <= %(last_day)s
 GROUP BY 1, 2, p.kind ORDER BY 2, 3, 1;

-- places --
-- Every place over all years.
SELECT p.code AS place, p.name, replace(p.kind, '_', ' ') AS kind, p.area, p.geography,
       max(m.containers) AS containers,
       100.0 * sum(m.occupied_container_days) / nullif(sum(m.containers *
           extract(day FROM m.month + interval '1 month' - interval '1 day')), 0)::float8 AS utilisation,
       sum(m.fallow_days)::int AS fallow_days, max(m.max_biomass_kg) / 1000 AS most_t,
       p.max_biomass_t AS licence_t, 100 * max(m.max_biomass_kg) / 1000 / p.max_biomass_t AS of_licence,
       sum(m.harvested_kg) / 1000 AS harvested_t
  FROM site_month AS m JOIN place AS p ON p.place = coalesce(m.site_id, -m.station_id)
 WHERE m.month <= %(last_day)s
 GROUP BY p.place, 1, 2, p.kind, p.area, p.geography, p.max_biomass_t ORDER BY p.geography, CASE p.kind WHEN 'hatchery' THEN 1 WHEN 'nursery' THEN 2
          WHEN 'smolt_facility' THEN 3 ELSE 4 END, 1;
