-- What chunks start from.

-- snapshot --
-- The state a session left of one geography.
SELECT day, state::text, sha256 FROM ops.snapshot
 WHERE session = %(session)s AND geography = %(geography)s;

-- slice --
-- The days of one batch in one month, out of that month's leaf, by the index of its key. Binary,
-- every row equally long: feed as grams and cents, no salinity as NaN, no feed type as 0. Columns as
-- in SLICE_COLUMNS.
COPY (
    SELECT assignment_id, batch_id, date, lifecycle_stage_id, population, mean_weight_g, biomass_kg,
           deaths_by_cause, (feed_kg * 1000)::bigint, temperature_c, oxygen_mg_l,
           coalesce(salinity_psu, 'NaN'), ph, density_kg_m3, is_fasting, weight_cv, appetite,
           gill_score, wounded_percent, side_effect_score, sick_percent, lice_fish_counted,
           lice_adult_female_counted, lice_mobile_counted, lice_attached_counted,
           coalesce(feed_type_id, 0::smallint), (feed_cost * 100)::bigint
      FROM {leaf}
     WHERE assignment_id = ANY (ARRAY(
               SELECT a.id
                 FROM assignment AS a JOIN batch AS b ON b.id = a.batch_id
                WHERE b.code = {batch} AND a.start_date <= {last}
                  AND (a.end_date IS NULL OR a.end_date > {first})))
     ORDER BY assignment_id, date
) TO STDOUT (FORMAT BINARY);

-- site_days --
-- The water and weather of an area's sites in one month, out of that month's leaf. Binary, every
-- row equally long.
COPY (
    SELECT {columns}
      FROM {leaf}
     WHERE site_id = ANY (ARRAY(
               SELECT s.id FROM site AS s JOIN area AS a ON a.id = s.area_id WHERE a.code = {area}))
     ORDER BY site_id, date
) TO STDOUT (FORMAT BINARY);

-- hall_days --
-- The same of the water that runs into the halls of an area's stations.
COPY (
    SELECT {columns}
      FROM {leaf}
     WHERE hall_id = ANY (ARRAY(
               SELECT h.id
                 FROM hall AS h JOIN station AS s ON s.id = h.station_id JOIN area AS a ON a.id = s.area_id
                WHERE a.code = {area}))
     ORDER BY hall_id, date
) TO STDOUT (FORMAT BINARY);

-- stays --
-- When fish were in the containers of an area, as far as it touches a month. The area's containers
-- first: joined any other way, the server looks for the area of every container that held fish.
WITH own AS MATERIALIZED (
    SELECT c.id
      FROM container AS c JOIN site AS s ON s.id = c.site_id JOIN area AS a ON a.id = s.area_id
     WHERE a.code = %(area)s
     UNION ALL
    SELECT c.id
      FROM container AS c JOIN hall AS h ON h.id = c.hall_id JOIN station AS t ON t.id = h.station_id
      JOIN area AS a ON a.id = t.area_id
     WHERE a.code = %(area)s
)
SELECT own.id, s.start_date, s.end_date
  FROM own JOIN assignment AS s ON s.container_id = own.id
 WHERE s.start_date <= %(last)s AND (s.end_date IS NULL OR s.end_date > %(first)s)
 ORDER BY own.id, s.start_date;
