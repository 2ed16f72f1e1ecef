-- Feed: what becomes of it, what it costs, how it is bought and kept. `.wide` bands are yardsticks:
-- figures of other farms, mostly Norwegian, with twice the room around the middle.

-- feed_conversion_on_land --
-- Biological feed conversion of young fish, by stage
-- Feed over what fish gained while they were in a stage, those that died included; of all batches
-- that have left it. The band of fry is of warm recirculated water: a yardstick.
-- Needs: 5 batches
WITH flow AS (
    SELECT f.batch_id, f.stage_order, t.biomass_kg AS kg
      FROM transfer AS t
      JOIN stay AS f ON f.assignment_id = t.from_assignment_id
      JOIN stay AS x ON x.assignment_id = t.to_assignment_id
     WHERE f.stage_order <> x.stage_order
    UNION ALL
    SELECT x.batch_id, x.stage_order, -t.biomass_kg
      FROM transfer AS t
      JOIN stay AS f ON f.assignment_id = t.from_assignment_id
      JOIN stay AS x ON x.assignment_id = t.to_assignment_id
     WHERE f.stage_order <> x.stage_order
    UNION ALL
    SELECT batch_id, stage_order, dead_kg FROM herd_day
), grown AS (
    SELECT batch_id, stage_order, sum(kg) AS kg FROM flow GROUP BY 1, 2
), fed AS (
    SELECT batch_id, stage_order, sum(feed_kg)::double precision AS kg FROM herd_day GROUP BY 1, 2
)
SELECT geo.code || ' ' || s.code AS subject, b.band, sum(f.kg) / sum(g.kg) AS measured,
       count(*) AS had
  FROM fed AS f
  JOIN grown AS g USING (batch_id, stage_order)
  JOIN lifecycle_stage AS s USING (stage_order)
  JOIN (VALUES ('fry', 'FD05a.wide'), ('parr', 'FD05b'), ('smolt', 'FD05c'), ('post_smolt', 'FD05d'))
       AS b (stage, band) ON b.stage = s.code
  JOIN batch ON batch.id = f.batch_id
  JOIN geography AS geo ON geo.id = batch.geography_id
 WHERE NOT EXISTS (SELECT FROM stay AS x
                    WHERE x.batch_id = f.batch_id AND x.stage_order <= f.stage_order
                      AND x.end_date IS NULL)
 GROUP BY 1, 2 ORDER BY 1;

-- feed_conversion_by_size --
-- Biological feed conversion at sea, by size
-- Of months of batches: feed over what fish gained, those that died included; classes by mean weight
-- at the end.
-- Needs: 20 months of batches
WITH class (name, above_g, upto_g, band) AS (VALUES
    ('to 1 kg', 0, 1000, 'FD06a'), ('1 to 3 kg', 1000, 3000, 'FD06b'),
    ('above 3 kg', 3000, 100000, 'FD06c')
)
SELECT g.code || ' ' || c.name AS subject, c.band, count(*) AS had,
       sum(m.feed_kg) / sum(m.growth_kg) AS measured
  FROM batch_month AS m
  JOIN batch AS b ON b.id = m.batch_id
  JOIN geography AS g ON g.id = b.geography_id
  JOIN lifecycle_stage AS s ON s.id = m.lifecycle_stage_id AND s.container_kind = 'pen'
  JOIN class AS c ON m.mean_weight_g > c.above_g AND m.mean_weight_g <= c.upto_g
 WHERE m.month >= %(first)s AND m.month < %(after)s
 GROUP BY 1, 2 ORDER BY 1;

-- feed_conversion_of_years --
-- Economic feed conversion at sea, of single years
-- Feed over growth less losses of all batches with fish at sea. Single years vary more than what is
-- published of whole generations and regions.
-- Needs: 40 months of batches
SELECT g.code || ' ' || extract(year FROM m.month) AS subject, count(*) AS had,
       CASE g.code WHEN 'FO' THEN 'FD03.wide' ELSE 'FD04.wide' END AS band,
       sum(m.feed_kg) / sum(m.growth_kg - m.dead_kg) AS measured
  FROM batch_month AS m
  JOIN batch AS b ON b.id = m.batch_id
  JOIN geography AS g ON g.id = b.geography_id
  JOIN lifecycle_stage AS s ON s.id = m.lifecycle_stage_id AND s.container_kind = 'pen'
 WHERE m.month >= %(first)s AND m.month < %(after)s
 GROUP BY 1, 3 ORDER BY 1;

-- feed_conversion_rises_with_size --
-- Feed conversion of fish above 3 kg against that of fish to 1 kg
-- At sea, biological; large fish burn more of their feed.
-- Unit: ratio
-- Needs: 40 months of batches
-- Source: FD06 [from memory, to be verified] 0.85-1.05 to 1 kg, 1.1-1.35 above 3 kg
SELECT g.code AS subject, 1.08 AS low, 1.45 AS high, count(*) AS had,
       sum(m.feed_kg) FILTER (WHERE m.mean_weight_g > 3000)
           / nullif(sum(m.growth_kg) FILTER (WHERE m.mean_weight_g > 3000), 0)
           / (sum(m.feed_kg) FILTER (WHERE m.mean_weight_g <= 1000)
              / nullif(sum(m.growth_kg) FILTER (WHERE m.mean_weight_g <= 1000), 0)) AS measured
  FROM batch_month AS m
  JOIN batch AS b ON b.id = m.batch_id
  JOIN geography AS g ON g.id = b.geography_id
  JOIN lifecycle_stage AS s ON s.id = m.lifecycle_stage_id AND s.container_kind = 'pen'
 WHERE m.month >= %(first)s AND m.month < %(after)s
 GROUP BY 1 ORDER BY 1;

-- feeding_rate_by_size --
-- Daily feed over biomass, by weight and temperature
-- Of weeks of pens with healthy fish near a weight (within a sixth) and temperature (within 0.75 °C)
-- of the table, two months and more after transfer where fish are large enough.
-- Needs: 40 weeks of pens
WITH node (weight_g, temperature_c, band) AS (VALUES
    (300, 6, 'FD24a'), (300, 10, 'FD24b'), (300, 13, 'FD24c'), (500, 6, 'FD25a'),
    (500, 10, 'FD25b'), (500, 13, 'FD25c'), (1000, 6, 'FD26a'), (1000, 10, 'FD26b'),
    (1000, 13, 'FD26c'), (2000, 6, 'FD27a'), (2000, 10, 'FD27b'), (2000, 13, 'FD27c'),
    (3000, 6, 'FD28a'), (3000, 10, 'FD28b'), (3000, 13, 'FD28c'), (5000, 6, 'FD29a'),
    (5000, 10, 'FD29b'), (5000, 13, 'FD29c')
)
SELECT n.weight_g || ' g ' || n.temperature_c || ' °C' AS subject, n.band,
       100 * sum(p.feed_kg) / sum(p.biomass_kg) AS measured, count(*) AS had
  FROM node AS n
  JOIN pen_week AS p ON p.weight_g BETWEEN n.weight_g / 1.17 AND n.weight_g * 1.17
                    AND p.temperature_c BETWEEN n.temperature_c - 0.75 AND n.temperature_c + 0.75
 WHERE p.days = 7 AND p.sick_days = 0 AND (p.age >= 60 OR n.weight_g < 1000)
 GROUP BY n.weight_g, n.temperature_c, n.band ORDER BY n.weight_g, n.temperature_c;

-- pellet_sizes --
-- Pellet that fish of a weight are fed
-- What the catalogue has for the middle of each class; that fish get it is a rule of its own.
-- Needs: 1 pellet
SELECT c.name AS subject, c.band, t.pellet_mm AS measured, 1 AS had
  FROM (VALUES ('10-30 g', 17, 'FD30a'), ('30-100 g', 55, 'FD30b'), ('100-250 g', 158, 'FD30c'),
               ('250-500 g', 354, 'FD30d'), ('500-1000 g', 707, 'FD30e'), ('1-2 kg', 1414, 'FD30f'),
               ('2-3 kg', 2449, 'FD30g'), ('above 3 kg', 4500, 'FD30h')) AS c (name, weight_g, band)
  JOIN feed_type AS t ON t.treatment_type_id IS NULL AND c.weight_g >= t.min_weight_g
                     AND c.weight_g < t.max_weight_g
 ORDER BY c.weight_g;

-- feed_composition --
-- Protein and fat of the feed that was bought, by weight of the fish
-- Fry, smolts of 100 to 250 g, and fish above 2 kg; by kilogram.
-- Needs: 20 lots
WITH class (name, least_g, upto_g, protein, fat) AS (VALUES
    ('fry', 0, 10, 'FD31a', 'FD32a'), ('100 to 250 g', 100, 250, 'FD31b', 'FD32b'),
    ('above 2 kg', 2000, 100000, 'FD31c', 'FD32c')
), bought AS (
    SELECT c.*, count(*) AS had,
           sum(l.quantity_kg * t.protein_percent::numeric) / sum(l.quantity_kg) AS protein_percent,
           sum(l.quantity_kg * t.fat_percent::numeric) / sum(l.quantity_kg) AS fat_percent
      FROM feed_lot AS l
      JOIN feed_type AS t ON t.id = l.feed_type_id
      JOIN class AS c ON t.min_weight_g >= c.least_g AND t.max_weight_g <= c.upto_g
     GROUP BY c.name, c.least_g, c.upto_g, c.protein, c.fat
)
SELECT name || ' ' || part.subject AS subject, part.band, part.measured, had
  FROM bought, LATERAL (VALUES ('protein', protein, protein_percent), ('fat', fat, fat_percent))
                        AS part (subject, band, measured)
 ORDER BY 1;

-- feed_price --
-- Price of feed, in the years and quarters that a publication speaks of
-- What suppliers ask for plain feed for fish of one to two kilograms, mean of suppliers and months, in
-- Norwegian kroner at the scenario's rates of exchange.
-- Needs: 3 months
WITH kroner AS (
    SELECT * FROM unnest(%(kroner_geography)s::text[], %(kroner_month)s::date[],
                         %(kroner_rate)s::float8[]) AS k (geography, month, rate)
), asked AS (
    SELECT g.code AS geography, p.month, p.price_per_kg * k.rate AS nok
      FROM feed_price AS p
      JOIN feed_type AS t ON t.id = p.feed_type_id AND t.treatment_type_id IS NULL
                         AND 1500 >= t.min_weight_g AND 1500 < t.max_weight_g
      JOIN geography AS g ON g.id = p.geography_id
      JOIN kroner AS k ON k.geography = g.code AND k.month = p.month
     WHERE p.month >= %(first)s AND p.month < %(after)s
)
SELECT p.geography || ' ' || b.name AS subject, b.band, count(DISTINCT p.month) AS had,
       avg(p.nok) AS measured
  FROM asked AS p
  JOIN (VALUES ('2015', '2015-01-01'::date, '2016-01-01'::date, 'FD34'),
               ('2017', '2017-01-01', '2018-01-01', 'FD34'),
               ('Q2 2019', '2019-04-01', '2019-07-01', 'FD35'),
               ('Q2 2022', '2022-04-01', '2022-07-01', 'FD36'),
               ('2023-2024', '2023-01-01', '2025-01-01', 'FD37')) AS b (name, first, after, band)
    ON p.month >= b.first AND p.month < b.after
 GROUP BY 1, 2 ORDER BY 1;

-- feed_is_dearer_in_winter --
-- Price of feed in the first and fourth quarter against the second and third
-- Over the mean of the twelve months around each; mean of all suppliers and plain feeds.
-- Unit: ratio
-- Needs: 4 years
-- Source: the task: dearer in Q1 and Q4
WITH price AS (
    SELECT geography_id, feed_supplier_id, feed_type_id, month, price_per_kg,
           count(*) OVER around AS months,
           (2 * sum(price_per_kg) OVER around - first_value(price_per_kg) OVER around
            - last_value(price_per_kg) OVER around) / 24 AS usual
      FROM feed_price
    WINDOW around AS (PARTITION BY geography_id, feed_supplier_id, feed_type_id ORDER BY month
                      ROWS BETWEEN 6 PRECEDING AND 6 FOLLOWING)
)
SELECT g.code AS subject, 1.005 AS low, 1.08 AS high,
       count(DISTINCT extract(year FROM p.month)) AS had,
       avg(p.price_per_kg / p.usual) FILTER (WHERE extract(quarter FROM p.month) IN (1, 4))
           / avg(p.price_per_kg / p.usual) FILTER (WHERE extract(quarter FROM p.month) IN (2, 3))
           AS measured
  FROM price AS p
  JOIN geography AS g ON g.id = p.geography_id
  JOIN feed_type AS t ON t.id = p.feed_type_id AND t.treatment_type_id IS NULL
 WHERE p.months = 13
 GROUP BY 1 ORDER BY 1;

-- feed_prices_move_together --
-- Correlation of what two suppliers ask, month by month
-- Of the changes of the logarithm of the price of the most bought feed: both follow the market, and
-- neither does in full. Prices that stand still follow nothing.
-- Unit: correlation
-- Needs: 60 months
-- Source: the task: supplier and market noise
WITH price AS (
    SELECT geography_id, feed_supplier_id, month,
           ln(price_per_kg) - lag(ln(price_per_kg)) OVER (PARTITION BY geography_id, feed_supplier_id
                                                          ORDER BY month) AS change
      FROM feed_price
     WHERE feed_type_id = (SELECT feed_type_id FROM feed_lot GROUP BY 1
                            ORDER BY sum(quantity_kg) DESC, 1 LIMIT 1)
)
SELECT g.code AS subject, count(*) AS had, 0.5 AS low, 0.99 AS high,
       coalesce(corr(a.change, b.change), 0) AS measured
  FROM price AS a
  JOIN price AS b ON b.geography_id = a.geography_id AND b.month = a.month
                 AND b.feed_supplier_id > a.feed_supplier_id
  JOIN geography AS g ON g.id = a.geography_id
 WHERE a.change IS NOT NULL AND b.change IS NOT NULL
 GROUP BY 1 ORDER BY 1;

-- fasting_before_baths --
-- Degree-days without feed before a bath
-- Of the days of fasting up to the day before; mean of all baths with and without medicine.
-- Needs: 20 treatments
WITH bath AS (
    SELECT t.id, sum(d.temperature_c) AS degree_days
      FROM treatment AS t
      JOIN treatment_type AS y ON y.id = t.treatment_type_id
                              AND y.method IN ('bath', 'freshwater_bath') AND y.fasting_days > 0
      JOIN daily_state AS d ON d.assignment_id = t.assignment_id AND d.is_fasting
                           AND d.date BETWEEN t.start_date - 5 AND t.start_date - 1
     WHERE t.start_date >= %(first)s AND t.start_date < %(after)s
     GROUP BY 1
)
SELECT NULL AS subject, 'FD40.wide' AS band, avg(degree_days) AS measured, count(*) AS had FROM bath;

-- days_of_stock --
-- Days for which the feed in a store lasts
-- On the last evenings of months, at the pace of the month; median of the months of stores that were
-- fed from, by kind of store.
-- Unit: days
-- Needs: 40 months of stores
-- Source: judgement: one to two weeks between deliveries, and a reserve of some days
WITH month AS (
    SELECT s.kind, b.feed_store_id, b.month, sum(b.closing_kg) AS kg, sum(b.consumed_kg) AS eaten
      FROM stock_balance AS b JOIN feed_store AS s ON s.id = b.feed_store_id
     WHERE b.month >= %(first)s AND b.month < %(after)s
     GROUP BY 1, 2, 3
)
SELECT kind AS subject, count(*) AS had, 4 AS low, 20 AS high,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY 30.4 * kg / eaten) AS measured
  FROM month WHERE eaten > 0 GROUP BY 1 ORDER BY 1;

-- late_deliveries --
-- Share of the deliveries that come late
-- Of the usual orders to silos, by supplier; barges wait for the weather as well. Limits are three
-- standard deviations of the count, and a delivery.
-- Unit: share of deliveries
-- Needs: 40 deliveries
-- Source: feed_supplier.reliability
SELECT u.code AS subject, count(*) AS had,
       1 - u.reliability - 3 * sqrt(u.reliability * (1 - u.reliability) / count(*)) - 1.0 / count(*)
           AS low,
       1 - u.reliability + 3 * sqrt(u.reliability * (1 - u.reliability) / count(*)) + 1.0 / count(*)
           AS high,
       avg((o.delivered_on > o.promised_on)::int)::double precision AS measured
  FROM purchase_order AS o
  JOIN feed_supplier AS u ON u.id = o.feed_supplier_id
  JOIN feed_store AS s ON s.id = o.feed_store_id AND s.site_id IS NULL
 WHERE o.reason = 'reorder' AND o.promised_on < %(after_horizon)s::date - %(late_at_most)s
 GROUP BY u.code, u.reliability ORDER BY 1;

-- people_reckon_what_is_eaten --
-- Feed that people reckon with when they order against what fish eat
-- Of usual orders of plain feed: the threshold is what they think will be eaten from the promised day
-- until a later order could come. Somewhat more, for harvests and storms come in between.
-- Unit: ratio
-- Needs: 40 orders
-- Source: judgement: people who know their fish are off by a tenth; scenario, feed.silo.reserve, feed.barge.reserve
WITH ordered AS (
    SELECT o.*, s.kind,
           o.promised_on + (%(feed_trade)s::jsonb #>> ARRAY[s.kind, 'reserve'])::integer
               + CASE WHEN extract(isodow FROM o.ordered_on) = 5 THEN 1 ELSE -1 END AS until
      FROM purchase_order AS o
      JOIN feed_store AS s ON s.id = o.feed_store_id
      JOIN feed_type AS t ON t.id = o.feed_type_id AND t.treatment_type_id IS NULL
     WHERE o.reason = 'reorder'
), eaten AS (
    SELECT o.id, sum(d.drawn_kg) AS kg
      FROM ordered AS o
      JOIN stock_day AS d ON d.feed_store_id = o.feed_store_id
                         AND d.feed_type_id = o.feed_type_id
                         AND d.date BETWEEN o.promised_on AND o.until
     GROUP BY 1
)
SELECT o.kind AS subject, count(*) AS had, 0.85 AS low, 1.4 AS high,
       sum(o.threshold_kg) / nullif(sum(e.kg), 0) AS measured
  FROM ordered AS o LEFT JOIN eaten AS e USING (id)
 WHERE o.until < %(after_horizon)s
 GROUP BY 1 ORDER BY 1;

-- boats_wait_for_the_weather --
-- Late deliveries to barges against those to silos, of the same suppliers
-- Share of late ones: storms hold up boats, not lorries.
-- Unit: ratio
-- Needs: 1000 deliveries
-- Source: the task: suppliers with lead time and reliability; judgement: few deliveries meet a storm
WITH late AS (
    SELECT o.feed_supplier_id, s.site_id IS NOT NULL AS boat, count(*) AS n,
           avg((o.delivered_on > o.promised_on)::int)::double precision AS share
      FROM purchase_order AS o JOIN feed_store AS s ON s.id = o.feed_store_id
     WHERE o.reason = 'reorder' AND o.status = 'delivered'
     GROUP BY 1, 2
)
SELECT NULL AS subject, sum(b.n + l.n)::bigint AS had, 1.0 AS low, 3.0 AS high,
       sum(b.n * b.share) / nullif(sum(b.n * l.share), 0) AS measured
  FROM late AS b
  JOIN late AS l ON l.feed_supplier_id = b.feed_supplier_id AND b.boat AND NOT l.boat;

-- short_deliveries --
-- Share of the deliveries that bring less than was ordered
-- Of the usual orders to silos, that have room but for their last days. Limits are three standard
-- deviations of the count, and two in a hundred that find no room.
-- Unit: share of deliveries
-- Needs: 40 deliveries
-- Source: scenario, feed.deliveries.short
SELECT NULL AS subject, count(*) AS had,
       %(short_share)s - 3 * sqrt(%(short_share)s * (1 - %(short_share)s) / count(*))
           - 1.0 / count(*) AS low,
       %(short_share)s + 3 * sqrt(%(short_share)s * (1 - %(short_share)s) / count(*)) + 0.02 AS high,
       avg((o.delivered_kg < o.quantity_kg)::int)::double precision AS measured
  FROM purchase_order AS o
  JOIN feed_store AS s ON s.id = o.feed_store_id AND s.site_id IS NULL
 WHERE o.reason = 'reorder' AND o.status = 'delivered'
HAVING count(*) > 0;

-- discarded_feed --
-- Share of the feed that is thrown away
-- Of all that was delivered and is not in store any more; plain, and with a medicine or a function.
-- Unit: share of kilograms
-- Needs: 200 lots
-- Source: judgement: a few per cent: pellets that fish outgrow, and what is left of courses
SELECT CASE WHEN t.treatment_type_id IS NULL THEN 'plain' ELSE 'medicated' END AS subject,
       CASE WHEN t.treatment_type_id IS NULL THEN 0.0 ELSE 0.01 END AS low,
       CASE WHEN t.treatment_type_id IS NULL THEN 0.03 ELSE 0.25 END AS high, count(*) AS had,
       sum(l.discarded_kg) / sum(l.quantity_kg - l.remaining_kg) AS measured
  FROM feed_lot AS l JOIN feed_type AS t ON t.id = l.feed_type_id
 GROUP BY 1, 2, 3
HAVING sum(l.quantity_kg - l.remaining_kg) > 0 ORDER BY 1;

-- feed_shortages --
-- Share of the days on which a store is short of a feed that its fish want
-- Of all days on which it gave out any of it; they come from deliveries that are late and short.
-- Unit: share of days
-- Needs: 2000 days of feeds
-- Source: judgement: farms run out of a feed on a few days in a thousand
WITH fed AS (
    SELECT count(*) AS days FROM stock_day
     WHERE drawn_kg > 0 AND date >= %(first)s AND date < %(after)s
), short AS (
    SELECT count(*) AS days FROM feed_shortage WHERE date >= %(first)s AND date < %(after)s
)
SELECT NULL AS subject, f.days AS had, 0.00001 AS low, 0.01 AS high,
       s.days::double precision / nullif(f.days, 0) AS measured
  FROM fed AS f, short AS s;

-- deliveries_follow_the_season --
-- Feed brought to barges from July to October against January to April
-- Warm water makes appetite, and appetite makes deliveries.
-- Unit: ratio
-- Needs: 3 years
-- Source: the task: seasonal appetite makes seasonal logistics; FD10-FD18: Norway feeds twice as much in September as in March
SELECT NULL AS subject, 1.15 AS low, 2.5 AS high, count(DISTINCT extract(year FROM l.delivered_on)) AS had,
       sum(l.quantity_kg) FILTER (WHERE extract(month FROM l.delivered_on) BETWEEN 7 AND 10)
           / nullif(sum(l.quantity_kg) FILTER (WHERE extract(month FROM l.delivered_on) BETWEEN 1 AND 4), 0)
           AS measured
  FROM feed_lot AS l JOIN feed_store AS s ON s.id = l.feed_store_id AND s.site_id IS NOT NULL
 WHERE l.delivered_on >= %(horizon_first)s AND l.delivered_on < %(after_horizon)s;
