-- What chunks start from.

-- snapshot --
-- The state a session left of one geography.
SELECT day, state::text, sha256 FROM ops.snapshot
 WHERE session = %(session)s AND geography = %(geography)s;

-- slice --
-- The days of one batch in one month, out of that month's leaf, by the index of its key. Binary,
-- every row equally long: feed as grams, no salinity as NaN. Columns as in DAILY_COLUMNS.
COPY (
    SELECT assignment_id, batch_id, date, lifecycle_stage_id, population, mean_weight_g, biomass_kg,
           deaths, deaths_by_cause, (feed_kg * 1000)::bigint, temperature_c, oxygen_mg_l,
           coalesce(salinity_psu, 'NaN'), ph, density_kg_m3, is_fasting
      FROM {leaf}
     WHERE assignment_id = ANY (ARRAY(
               SELECT a.id
                 FROM assignment AS a JOIN batch AS b ON b.id = a.batch_id
                WHERE b.code = {batch} AND a.start_date <= {last}
                  AND (a.end_date IS NULL OR a.end_date > {first})))
     ORDER BY assignment_id, date
) TO STDOUT (FORMAT BINARY);
