-- Where the company stands on the last day: the views of schema public, one each.

-- stages --
-- The living fish by stage of life.
SELECT s.name AS stage, count(DISTINCT c.batch_id) AS batches, count(*) AS containers,
       sum(c.population)::float8 AS fish, sum(c.biomass_kg) / 1000 AS biomass_t,
       1000 * sum(c.biomass_kg) / sum(c.population)::float8 AS mean_weight_g
  FROM current_assignment AS c JOIN lifecycle_stage AS s ON s.code = c.stage
 GROUP BY s.id ORDER BY s.stage_order;

-- batches --
-- The living batches.
SELECT code AS batch, g.name AS geography, replace(stage, '_', ' ') AS stage, places, containers,
       population::float8 AS fish, mean_weight_g, biomass_kg / 1000 AS biomass_t, b.start_date,
       days_in_stage, age_days, expected_harvest
  FROM current_batch AS b JOIN (SELECT code AS geography, name FROM geography) AS g USING (geography)
 ORDER BY b.start_date, b.code;

-- health --
-- Every place with fish.
SELECT h.place, p.name, h.containers, h.population::float8 AS fish, h.biomass_kg / 1000 AS biomass_t,
       h.mortality_percent_30_days, h.open_outbreaks, h.diseases, h.sick_since,
       h.running_treatments, h.treatments, h.withheld_containers, h.withheld_until,
       h.lice_counted_on, h.lice_adult_female, h.lice_limit
  FROM current_health AS h JOIN place AS p ON p.code = h.place
 ORDER BY h.open_outbreaks DESC, h.mortality_percent_30_days DESC NULLS LAST, h.place;

-- withholding --
-- Fish that may not be harvested yet.
SELECT place, batch, treatment, min(start_date) AS start_date, count(*) AS containers,
       min(coalesce(required_degree_days, required_days))::float8 AS required,
       CASE WHEN min(required_degree_days) IS NULL THEN 'days' ELSE 'degree-days' END AS rule,
       max(expected_end) AS expected_end
  FROM current_withholding GROUP BY 1, 2, 3 ORDER BY max(expected_end) DESC, 1;

-- inventory --
-- Feed in stock and on its way, by store and feed.
SELECT i.place, i.feed_store, t.name AS feed, i.stock_kg / 1000 AS stock_t, i.kg_per_day, i.days_left,
       i.lots, i.oldest_lot, i.expires_on, i.orders, i.ordered_kg / 1000 AS ordered_t, i.next_delivery
  FROM current_inventory AS i JOIN feed_type AS t ON t.code = i.feed_type
 ORDER BY i.feed_store, t.id;

-- harvests --
-- The harvests of the last ninety days.
SELECT site AS place, batch, grade, first_day, last_day, fish::float8 AS fish, mean_weight_g,
       live_kg / 1000 AS live_t, gutted_kg / 1000 AS gutted_t, revenue_per_kg, currency
  FROM recent_harvest ORDER BY last_day DESC, site, batch, gutted_kg DESC;
