-- Where the company stands: views of schema public, each under its name. The comment becomes that
-- of the view. Today is the last day of the last completed session; everything is taken from dates,
-- not from statuses, so that a session that is being made already changes nothing.

-- company_day --
-- The company's today: the last day of the last completed session. One row; null before there is one.
SELECT (max(m.month) + interval '1 month' - interval '1 day')::date AS today
  FROM ops.month AS m
  JOIN ops.session AS s USING (session)
 WHERE s.status = 'completed';

-- company_place --
-- Sea sites and freshwater stations with their area, geography and currency.
SELECT p.place_kind, p.place_id, p.place, p.name, a.code AS area, a.geography_id,
       g.code AS geography, g.currency
  FROM (SELECT 'site' AS place_kind, id AS place_id, code AS place, name, area_id FROM site
         UNION ALL
        SELECT 'station', id, code, name, area_id FROM station) AS p
  JOIN area AS a ON a.id = p.area_id
  JOIN geography AS g ON g.id = a.geography_id;

-- current_assignment --
-- Today's fish, container by container: how many, how heavy, where, and whether they may be
-- harvested.
SELECT d.assignment_id, d.batch_id, b.code AS batch, a.container_id, c.code AS container,
       p.geography, p.place_kind, p.place_id, p.place, s.code AS stage, s.stage_order,
       a.start_date, d.population, d.mean_weight_g, d.biomass_kg, d.density_kg_m3, d.feed_kg,
       d.deaths, d.is_fasting, d.is_withheld
  FROM daily_state AS d
  JOIN assignment AS a ON a.id = d.assignment_id
  JOIN batch AS b ON b.id = d.batch_id
  JOIN lifecycle_stage AS s ON s.id = d.lifecycle_stage_id
  JOIN container AS c ON c.id = a.container_id
  LEFT JOIN hall AS h ON h.id = c.hall_id
  JOIN company_place AS p ON p.place_kind = CASE WHEN c.site_id IS NULL THEN 'station' ELSE 'site' END
                         AND p.place_id = coalesce(c.site_id, h.station_id)
 WHERE d.date = (SELECT today FROM company_day) AND d.population > 0;

-- current_batch --
-- The living batches: stage (that of most of the fish) and days in it, fish, mean weight, biomass,
-- where they are, and when they are expected to be harvested.
WITH held AS (
    SELECT batch_id, sum(population) AS population, sum(biomass_kg) AS biomass_kg,
           count(*) AS containers, string_agg(DISTINCT place, ', ' ORDER BY place) AS places
      FROM current_assignment GROUP BY batch_id
), staged AS (
    SELECT DISTINCT ON (batch_id) batch_id, stage, sum(population) AS population
      FROM current_assignment
     GROUP BY batch_id, stage, stage_order
     ORDER BY batch_id, sum(population) DESC, stage_order DESC
), entered AS (
    SELECT a.batch_id, s.code AS stage, min(a.start_date) AS since
      FROM assignment AS a JOIN lifecycle_stage AS s ON s.id = a.lifecycle_stage_id
     GROUP BY 1, 2
)
SELECT b.id AS batch_id, b.code, g.code AS geography, t.stage, h.population::bigint AS population,
       round((1000 * h.biomass_kg / h.population)::numeric, 2) AS mean_weight_g,
       round(h.biomass_kg::numeric, 1) AS biomass_kg, h.containers, h.places,
       e.since AS stage_since, n.today - e.since AS days_in_stage, b.start_date,
       n.today - b.start_date AS age_days, b.expected_harvest
  FROM held AS h
  JOIN staged AS t USING (batch_id)
  JOIN entered AS e USING (batch_id, stage)
  JOIN batch AS b ON b.id = h.batch_id
  JOIN geography AS g ON g.id = b.geography_id
 CROSS JOIN company_day AS n
 ORDER BY b.start_date, b.code;

-- current_inventory --
-- Feed in stock and on its way, by store and feed type. Use is the mean of the last fourteen days; a
-- lot is in stock if those delivered after it do not make up the stock alone (the oldest goes first).
WITH stock AS (
    SELECT feed_store_id, feed_type_id, closing_kg AS stock_kg, closing_value
      FROM stock_balance
     WHERE month = (SELECT date_trunc('month', today)::date FROM company_day) AND closing_kg > 0
), ordered AS (
    SELECT o.feed_store_id, o.feed_type_id, count(*) AS orders, sum(o.quantity_kg) AS ordered_kg,
           min(o.promised_on) AS next_delivery
      FROM purchase_order AS o CROSS JOIN company_day AS n
     WHERE o.ordered_on <= n.today AND (o.delivered_on IS NULL OR o.delivered_on > n.today)
     GROUP BY 1, 2
), used AS (
    SELECT l.feed_store_id, l.feed_type_id, sum(d.quantity_kg) / 14 AS kg_per_day
      FROM feed_draw AS d JOIN feed_lot AS l ON l.id = d.feed_lot_id
     WHERE d.date > (SELECT today - 14 FROM company_day)
       AND d.date <= (SELECT today FROM company_day)
     GROUP BY 1, 2
), lot AS (
    SELECT l.feed_store_id, l.feed_type_id, l.delivered_on, l.expires_on, l.quantity_kg,
           sum(l.quantity_kg) OVER (PARTITION BY l.feed_store_id, l.feed_type_id
                                    ORDER BY l.delivered_on DESC, l.id DESC) AS from_here_kg
      FROM feed_lot AS l CROSS JOIN company_day AS n
     WHERE l.delivered_on <= n.today AND l.expires_on > n.today
), oldest AS (
    SELECT feed_store_id, feed_type_id, count(*) AS lots, min(l.delivered_on) AS oldest_lot,
           min(l.expires_on) AS expires_on
      FROM lot AS l JOIN stock AS s USING (feed_store_id, feed_type_id)
     WHERE l.from_here_kg - l.quantity_kg < s.stock_kg
     GROUP BY 1, 2
)
SELECT p.geography, p.place, f.code AS feed_store, t.code AS feed_type, t.pellet_mm,
       t.treatment_type_id IS NOT NULL AS is_medicated, coalesce(s.stock_kg, 0) AS stock_kg,
       coalesce(s.closing_value, 0) AS stock_value, p.currency,
       round(coalesce(u.kg_per_day, 0), 1) AS kg_per_day,
       round(coalesce(s.stock_kg, 0) / u.kg_per_day, 1) AS days_left, coalesce(l.lots, 0) AS lots,
       l.oldest_lot, l.expires_on, coalesce(o.orders, 0) AS orders,
       coalesce(o.ordered_kg, 0) AS ordered_kg, o.next_delivery
  FROM stock AS s
  FULL JOIN ordered AS o USING (feed_store_id, feed_type_id)
  LEFT JOIN used AS u USING (feed_store_id, feed_type_id)
  LEFT JOIN oldest AS l USING (feed_store_id, feed_type_id)
  JOIN feed_store AS f ON f.id = feed_store_id
  JOIN feed_type AS t ON t.id = feed_type_id
  LEFT JOIN hall AS h ON h.id = f.hall_id
  JOIN company_place AS p ON p.place_kind = CASE WHEN f.site_id IS NULL THEN 'station' ELSE 'site' END
                         AND p.place_id = coalesce(f.site_id, f.station_id, h.station_id)
 ORDER BY f.code, t.pellet_mm, t.code;

-- current_withholding --
-- Withholding periods that still run, with the day on which they are expected to be over: after the
-- days that are required, or the degree-days that are missing in water as warm as in the last week.
SELECT w.id AS withholding_id, c.geography, c.place_kind, c.place_id, c.place, c.container, c.batch,
       y.code AS treatment, w.start_date, w.required_days, w.required_degree_days,
       round(d.degree_days::numeric, 1) AS degree_days,
       coalesce(w.start_date + w.required_days,
                n.today + 1 + greatest(ceil((w.required_degree_days - d.degree_days)
                                            / greatest(d.recent_c, 1)), 0)::int) AS expected_end
  FROM company_day AS n
  JOIN withholding_period AS w
    ON w.start_date <= n.today AND (w.end_date IS NULL OR w.end_date > n.today)
  JOIN current_assignment AS c USING (assignment_id)
  JOIN treatment AS t ON t.id = w.treatment_id
  JOIN treatment_type AS y ON y.id = t.treatment_type_id
 CROSS JOIN LATERAL (
      SELECT coalesce(sum(greatest(temperature_c, 0)) FILTER (WHERE date >= w.start_date), 0)
                 AS degree_days,
             avg(temperature_c) FILTER (WHERE date > n.today - 7) AS recent_c
        FROM daily_state
       WHERE assignment_id = w.assignment_id AND date > least(w.start_date - 1, n.today - 7)
         AND date <= n.today
 ) AS d
 ORDER BY c.place, c.container, w.start_date;

-- current_health --
-- Every place with fish: deaths of the last thirty days, outbreaks that are not over, treatments that
-- run, fish that may not be harvested and when they may, and the last count of adult female lice
-- against the limit of that month. An outbreak counts from its first case, noticed or not.
WITH held AS (
    SELECT geography, place_kind, place_id, place, count(*) AS containers,
           sum(population) AS population, sum(biomass_kg) AS biomass_kg,
           count(*) FILTER (WHERE is_withheld) AS withheld_containers
      FROM current_assignment GROUP BY 1, 2, 3, 4
), died AS (
    SELECT c.place_kind, c.place_id, sum(d.deaths) AS deaths, sum(d.population) AS fish_days
      FROM daily_state AS d JOIN current_assignment AS c USING (assignment_id)
     WHERE d.date > (SELECT today - 30 FROM company_day)
       AND d.date <= (SELECT today FROM company_day)
     GROUP BY 1, 2
), sick AS (
    SELECT CASE WHEN o.site_id IS NULL THEN 'station' ELSE 'site' END AS place_kind,
           coalesce(o.site_id, o.station_id) AS place_id, count(*) AS open_outbreaks,
           count(*) FILTER (WHERE o.diagnosed_date <= n.today) AS diagnosed_outbreaks,
           string_agg(DISTINCT x.code, ', ' ORDER BY x.code) AS diseases,
           min(o.first_case_date) AS sick_since
      FROM company_day AS n
      JOIN disease_outbreak AS o
        ON o.first_case_date <= n.today AND (o.end_date IS NULL OR o.end_date > n.today)
      JOIN disease AS x ON x.id = o.disease_id
     GROUP BY 1, 2
), treated AS (
    SELECT c.place_kind, c.place_id, count(*) AS running_treatments,
           string_agg(DISTINCT y.code, ', ' ORDER BY y.code) AS treatments
      FROM company_day AS n
      JOIN treatment AS t
        ON t.start_date <= n.today AND (t.end_date IS NULL OR t.end_date > n.today)
      JOIN treatment_type AS y ON y.id = t.treatment_type_id
      JOIN current_assignment AS c ON c.assignment_id = t.assignment_id
     GROUP BY 1, 2
), withheld AS (
    SELECT place_kind, place_id, max(expected_end) AS withheld_until
      FROM current_withholding GROUP BY 1, 2
), counted AS (
    SELECT DISTINCT ON (c.place_id) c.place_kind, c.place_id, l.counted_on,
           sum(l.n * l.adult_female) / sum(l.n) AS adult_female
      FROM lice_count AS l JOIN current_assignment AS c USING (assignment_id)
     WHERE l.counted_on > (SELECT today - 60 FROM company_day)
       AND l.counted_on <= (SELECT today FROM company_day)
     GROUP BY c.place_kind, c.place_id, l.counted_on
     ORDER BY c.place_id, l.counted_on DESC
)
SELECT h.geography, h.place_kind, h.place, h.containers, h.population::bigint AS population,
       round(h.biomass_kg::numeric) AS biomass_kg, coalesce(d.deaths, 0) AS deaths_30_days,
       round((3000.0 * d.deaths / nullif(d.fish_days, 0))::numeric, 2) AS mortality_percent_30_days,
       coalesce(s.open_outbreaks, 0) AS open_outbreaks,
       coalesce(s.diagnosed_outbreaks, 0) AS diagnosed_outbreaks, s.diseases, s.sick_since,
       coalesce(t.running_treatments, 0) AS running_treatments, t.treatments,
       h.withheld_containers, w.withheld_until, c.counted_on AS lice_counted_on,
       round(c.adult_female::numeric, 3) AS lice_adult_female, m.adult_female AS lice_limit,
       c.adult_female >= m.adult_female AS is_above_lice_limit
  FROM held AS h
  LEFT JOIN died AS d USING (place_kind, place_id)
  LEFT JOIN sick AS s USING (place_kind, place_id)
  LEFT JOIN treated AS t USING (place_kind, place_id)
  LEFT JOIN withheld AS w USING (place_kind, place_id)
  LEFT JOIN counted AS c USING (place_kind, place_id)
  JOIN geography AS g ON g.code = h.geography
  LEFT JOIN lice_limit AS m
    ON m.geography_id = g.id AND m.kind = 'treat' AND c.counted_on >= m.from_date
   AND c.counted_on <= coalesce(m.to_date, 'infinity')
   AND CASE WHEN m.first_month <= m.last_month
            THEN extract(month FROM c.counted_on) BETWEEN m.first_month AND m.last_month
            ELSE extract(month FROM c.counted_on) >= m.first_month
                 OR extract(month FROM c.counted_on) <= m.last_month END
 ORDER BY h.geography, h.place_kind, h.place;

-- recent_harvest --
-- What was harvested in the last ninety days, by batch, site and quality grade: fish, live and gutted
-- weight, and what it brought.
SELECT p.geography, b.code AS batch, p.place AS site, l.quality AS grade,
       min(l.date) AS first_day, max(l.date) AS last_day, sum(l.count)::bigint AS fish,
       round((1000 * sum(l.live_kg) / sum(l.count))::numeric) AS mean_weight_g,
       round(sum(l.live_kg)::numeric, 1) AS live_kg, round(sum(l.gutted_kg)::numeric, 1) AS gutted_kg,
       sum(l.revenue) AS revenue, p.currency,
       round(sum(l.revenue) / sum(l.gutted_kg)::numeric, 4) AS revenue_per_kg
  FROM company_day AS n
  JOIN harvest_lot AS l ON l.date > n.today - 90 AND l.date <= n.today
  JOIN assignment AS a ON a.id = l.assignment_id
  JOIN batch AS b ON b.id = a.batch_id
  JOIN container AS c ON c.id = a.container_id
  JOIN company_place AS p ON p.place_kind = 'site' AND p.place_id = c.site_id
 GROUP BY p.geography, b.code, p.place, l.quality, p.currency
 ORDER BY b.code, p.place, sum(l.gutted_kg) DESC;
