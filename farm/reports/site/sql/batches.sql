-- The batches, one row each.

-- batches --
-- From eggs to harvest. Losses: dead before sea, of the eggs; dead at sea, of the smolts put there.
WITH lived AS (
    SELECT d.batch_id, sum(d.deaths) FILTER (WHERE d.place < 0) AS dead_on_land,
           sum(d.deaths) FILTER (WHERE d.place > 0) AS dead_at_sea,
           min(d.date) FILTER (WHERE d.place > 0) AS to_sea, sum(d.feed_kg) / 1000 AS feed_t,
           sum(d.population) FILTER (WHERE d.date = %(last_day)s) AS fish,
           count(DISTINCT d.place) FILTER (WHERE d.place > 0) AS sites
      FROM day AS d GROUP BY 1
), moved AS (
    SELECT s.batch_id, sum(t.count) AS smolts, sum(t.biomass_kg) * 1000 / sum(t.count) AS smolt_g
      FROM transfer AS t JOIN stay AS s ON s.assignment_id = t.to_assignment_id
     WHERE t.kind = 'sea' AND t.date <= %(last_day)s GROUP BY 1
), cut AS (
    SELECT s.batch_id, sum(h.count) AS harvested, sum(h.biomass_kg) / 1000 AS live_t,
           1000 * sum(h.biomass_kg) / sum(h.count) AS harvest_g, min(h.date) AS first_harvest,
           max(h.date) AS last_harvest
      FROM harvest_event AS h JOIN stay AS s USING (assignment_id)
     WHERE h.date <= %(last_day)s GROUP BY 1
)
SELECT b.id AS batch_id, b.code AS batch, g.name AS geography, g.currency, st.name AS strain,
       b.egg_source,
       coalesce(e.name, bs.name) AS origin, b.eggs, b.start_date, lived.to_sea,
       moved.smolts::float8 AS smolts, moved.smolt_g::float8 AS smolt_g, cut.first_harvest,
       CASE WHEN lived.fish IS NULL THEN cut.last_harvest END AS last_harvest,
       cut.harvested::float8 AS harvested, cut.live_t, cut.harvest_g::float8 AS harvest_g,
       coalesce(100.0 * lived.dead_on_land / b.eggs, 0)::float8 AS loss_on_land,
       (100.0 * lived.dead_at_sea / nullif(moved.smolts, 0))::float8 AS loss_at_sea, lived.feed_t,
       lived.sites, coalesce(lived.fish, 0)::float8 AS fish, a.fcr_biological, a.fcr_economic,
       a.cost_per_kg, a.profit, b.expected_harvest,
       CASE WHEN lived.fish IS NULL THEN 'harvested' ELSE 'in water' END AS status
  FROM batch AS b
  JOIN geography AS g ON g.id = b.geography_id
  JOIN strain AS st ON st.id = b.strain_id
  JOIN lived ON lived.batch_id = b.id
  LEFT JOIN egg_supplier AS e ON e.id = b.egg_supplier_id
  LEFT JOIN broodstock AS bs ON bs.id = b.broodstock_id
  LEFT JOIN moved ON moved.batch_id = b.id
  LEFT JOIN cut ON cut.batch_id = b.id
  LEFT JOIN batch_account AS a ON a.batch_id = b.id AND a.closed_on <= %(last_day)s
 WHERE %(batch)s::integer IS NULL OR b.id = %(batch)s
 ORDER BY b.start_date, b.code;
