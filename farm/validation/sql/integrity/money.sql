-- Money is conserved from purchase to sale, to the cent. Every query returns offenders.

-- batch_months_follow_each_other --
-- A batch has a row for every month in which it has fish, and each begins where the last one ended
-- Population and biomass; from the month in which the eggs come to the one in which the last fish
-- leave.
-- Source: conservation of fish
WITH book AS (
    SELECT m.*, lag(month) OVER by_month AS last_month, lead(month) OVER by_month AS next_month,
           lag(end_population) OVER by_month AS was, lag(end_biomass_kg) OVER by_month AS was_kg
      FROM batch_month AS m
    WINDOW by_month AS (PARTITION BY batch_id ORDER BY month)
)
SELECT coalesce(m.batch_id, b.id) AS batch_id, m.month, m.last_month, m.was, m.start_population,
       m.end_population, b.start_date, b.end_date
  FROM batch AS b FULL JOIN book AS m ON m.batch_id = b.id
 WHERE m.batch_id IS NULL OR b.id IS NULL
    OR m.start_population <> coalesce(m.was, 0)
    OR m.start_biomass_kg <> coalesce(m.was_kg, 0)
    OR m.last_month <> m.month - interval '1 month'
    OR (m.last_month IS NULL AND m.month <> date_trunc('month', b.start_date))
    OR (m.next_month IS NULL AND m.end_population > 0
        AND m.month + interval '1 month' < %(after_horizon)s::date);

-- book_values --
-- What is spent on a batch goes with its dead and its harvested fish, and stays with the living
-- The book value of the evening before and the costs of the month are shared out over the fish that
-- were there and the eggs that came: to the cent, shares rounded down; none is left of a batch that
-- is gone.
-- Source: conservation of money
WITH egg AS (
    SELECT batch_id, date_trunc('month', start_date)::date AS month, sum(start_count) AS eggs
      FROM stay WHERE stage_order = 1 GROUP BY 1, 2
), month AS (
    SELECT m.*, start_population + coalesce(e.eggs, 0) AS there,
           100 * (coalesce(lag(book_value) OVER (PARTITION BY batch_id ORDER BY month), 0) + egg_cost
                  + feed_cost + treatment_cost + vaccination_cost + operating_cost) AS cents
      FROM batch_month AS m LEFT JOIN egg AS e USING (batch_id, month)
)
SELECT batch_id, month, cents / 100 AS spent, there, deaths, harvested, mortality_cost, book_value
  FROM month
 WHERE there = 0
    OR 100 * mortality_cost <> div(cents * deaths, there)
    OR 100 * book_value <> cents - div(cents * (deaths + harvested), there)
    OR (end_population = 0 AND book_value <> 0);

-- costs_add_up_over_sites_and_batches --
-- Feed costs the same whoever adds it up
-- By month and geography: what draws cost, what batches paid, and what sites and stations used. Kilograms
-- as well.
-- Source: conservation of money
-- By: year
WITH drawn AS (
    SELECT p.geography_id, date_trunc('month', d.date)::date AS month, sum(d.quantity_kg) AS kg,
           sum(d.cost) AS cost
      FROM feed_draw AS d
      JOIN assignment AS a ON a.id = d.assignment_id
      JOIN container_place AS p USING (container_id)
     WHERE d.date >= %(first)s AND d.date < %(after)s
     GROUP BY 1, 2
), paid AS (
    SELECT b.geography_id, m.month, sum(m.feed_kg) AS kg, sum(m.feed_cost) AS cost
      FROM batch_month AS m JOIN batch AS b ON b.id = m.batch_id
     WHERE m.month >= %(first)s AND m.month < %(after)s
     GROUP BY 1, 2
), used AS (
    SELECT a.geography_id, m.month, sum(m.feed_kg) AS kg, sum(m.feed_cost) AS cost
      FROM site_month AS m
      LEFT JOIN site AS s ON s.id = m.site_id
      LEFT JOIN station AS t ON t.id = m.station_id
      JOIN area AS a ON a.id = coalesce(s.area_id, t.area_id)
     WHERE m.month >= %(first)s AND m.month < %(after)s
     GROUP BY 1, 2
)
SELECT geography_id, month, d.kg AS drawn_kg, p.kg AS of_batches_kg, u.kg AS of_sites_kg, d.cost,
       p.cost AS cost_of_batches, u.cost AS cost_of_sites
  FROM drawn AS d
  FULL JOIN paid AS p USING (geography_id, month)
  FULL JOIN used AS u USING (geography_id, month)
 WHERE coalesce(d.kg, 0) <> coalesce(p.kg, 0) OR coalesce(d.kg, 0) <> coalesce(u.kg, 0)
    OR coalesce(d.cost, 0) <> coalesce(p.cost, 0) OR coalesce(d.cost, 0) <> coalesce(u.cost, 0);

-- accounts_of_harvested_batches --
-- Every batch that was harvested has its account, and no other
-- Closed on the day on which its last fish left.
-- Source: status follows facts
SELECT coalesce(b.id, a.batch_id) AS batch_id, b.status, b.end_date, a.closed_on, b.eggs,
       a.eggs AS in_account
  FROM batch AS b FULL JOIN batch_account AS a ON a.batch_id = b.id
 WHERE (b.end_date, b.eggs) IS DISTINCT FROM (a.closed_on, coalesce(a.eggs, b.eggs));

-- accounts_add_up --
-- The account of a batch is the sum of its months and of its lots
-- Money to the cent, feed to the gram, fish exactly; revenue and gutted weight are those of its harvest
-- lots; feed conversion is recalculated from feed, growth and losses of its months.
-- Source: conservation of money
WITH month AS (
    SELECT batch_id, count(*) FILTER (WHERE harvested > 0) AS months, sum(harvested) AS harvested,
           sum(harvested_kg) AS harvested_kg, sum(feed_kg) AS feed_kg,
           sum(growth_kg) AS growth_kg, sum(dead_kg) AS dead_kg,
           sum(egg_cost) AS egg_cost, sum(feed_cost) AS feed_cost,
           sum(treatment_cost) AS treatment_cost, sum(vaccination_cost) AS vaccination_cost,
           sum(operating_cost) AS operating_cost, sum(mortality_cost) AS mortality_cost
      FROM batch_month GROUP BY 1
), lot AS (
    SELECT s.batch_id, sum(l.gutted_kg) AS gutted_kg, sum(l.revenue) AS revenue
      FROM harvest_lot AS l JOIN stay AS s USING (assignment_id) GROUP BY 1
)
SELECT a.batch_id, f.figure, f.in_account, f.summed
  FROM batch_account AS a
  LEFT JOIN month AS m USING (batch_id)
  LEFT JOIN lot AS l USING (batch_id)
 CROSS JOIN LATERAL (VALUES
       ('harvested', a.harvested, m.harvested, 0),
       ('harvested_kg', a.harvested_kg, m.harvested_kg, 0.0005 * (m.months + 1)),
       ('gutted_kg', a.gutted_kg, l.gutted_kg, 0.0006),
       ('feed_kg', a.feed_kg, m.feed_kg, 0),
       ('fcr_biological', a.fcr_biological, m.feed_kg / m.growth_kg, 0.00006),
       ('fcr_economic', a.fcr_economic, m.feed_kg / (m.growth_kg - m.dead_kg), 0.00006),
       ('survival_percent', a.survival_percent, 100.0 * m.harvested / a.eggs, 0.00006),
       ('revenue', a.revenue, l.revenue, 0),
       ('egg_cost', a.egg_cost, m.egg_cost, 0),
       ('feed_cost', a.feed_cost, m.feed_cost, 0),
       ('treatment_cost', a.treatment_cost, m.treatment_cost, 0),
       ('vaccination_cost', a.vaccination_cost, m.vaccination_cost, 0),
       ('operating_cost', a.operating_cost, m.operating_cost, 0),
       ('mortality_cost', a.mortality_cost, m.mortality_cost, 0),
       ('total_cost', a.total_cost, m.egg_cost + m.feed_cost + m.treatment_cost + m.vaccination_cost
                                    + m.operating_cost + a.harvest_cost, 0),
       ('profit', a.profit, l.revenue - a.total_cost, 0),
       ('cost_per_kg', a.cost_per_kg, a.total_cost / l.gutted_kg, 0.00006),
       ('feed_cost_per_kg', a.feed_cost_per_kg, m.feed_cost / l.gutted_kg, 0.00006)
       ) AS f (figure, in_account, summed, tolerance)
 WHERE (abs(f.in_account - f.summed) <= f.tolerance) IS NOT TRUE;

-- site_months_have_their_id --
-- The figures of a place and month have the id that they follow from
-- Sites, and after them stations, of one month after the other: so there is one row for each.
-- Source: definition of the ids
SELECT id, month, site_id, station_id
  FROM site_month
 WHERE id <> (12 * extract(year FROM month) + extract(month FROM month) - 1) * 10000
             + coalesce(site_id, 5000 + station_id)
    OR extract(day FROM month) <> 1;

-- harvest_lots_in_their_weight_class --
-- Fish of a harvest lot weigh, when gutted, what their class does
-- And the same whatever their quality.
-- Source: classes of the salmon trade; scenario, harvest.grades.classes
WITH lot AS (
    SELECT l.*, 1000 * gutted_kg / count AS gutted_g,
           min(mean_weight_g) OVER of_class AS lightest_g,
           max(mean_weight_g) OVER of_class AS heaviest_g
      FROM harvest_lot AS l
    WINDOW of_class AS (PARTITION BY assignment_id, date, weight_class)
)
SELECT l.assignment_id, l.date, l.weight_class, l.quality, l.count, l.gutted_g, l.lightest_g,
       l.heaviest_g
  FROM lot AS l
  LEFT JOIN jsonb_to_recordset(%(weight_classes)s::jsonb)
       AS c (name text, from_kg float8, to_kg float8) ON c.name = l.weight_class
 WHERE (l.gutted_g >= 1000 * c.from_kg
        AND l.gutted_g < coalesce(1000 * c.to_kg, 'infinity')) IS NOT TRUE
    OR heaviest_g - lightest_g > 1e-6 * heaviest_g;
