-- Money: what salmon costs and brings, in Norwegian kroner at the scenario's rates of exchange where a
-- publication is Norwegian. Per kilogram is per kilogram gutted.

-- salmon_price --
-- Price of salmon of 4 to 5 kg, mean of single years
-- What superior fish bring in the Faroes; limits lie a sixth around what is published.
-- Unit: NOK/kg
-- Needs: 10 months
-- Source: Norwegian Seafood Council: export price of fresh salmon 42.85 (2015) and 60.11 NOK/kg (2016); Akvafakta: spot prices of 2019 and 2020 about 56-57 NOK/kg
WITH kroner AS (
    SELECT * FROM unnest(%(kroner_geography)s::text[], %(kroner_month)s::date[],
                         %(kroner_rate)s::float8[]) AS k (geography, month, rate)
)
SELECT b.year AS subject, count(*) AS had, b.nok * 5 / 6 AS low, b.nok * 7 / 6 AS high,
       avg(p.price_per_kg * k.rate) AS measured
  FROM salmon_price AS p
  JOIN geography AS g ON g.id = p.geography_id AND g.code = 'FO'
  JOIN kroner AS k ON k.geography = g.code AND k.month = p.month
  JOIN (VALUES (2015, 42.85), (2016, 60.11), (2019, 56.5), (2020, 56.5)) AS b (year, nok)
    ON b.year = extract(year FROM p.month)
 WHERE p.weight_class = '4-5' AND p.month >= %(first)s AND p.month < %(after)s
 GROUP BY b.year, b.nok ORDER BY 1;

-- salmon_price_season --
-- Price of salmon in April against October
-- Over the mean of the twelve months around each: dear before the harvest of summer, cheap in autumn.
-- Unit: ratio
-- Needs: 5 years
-- Source: Akvafakta: Norwegian spot prices 2019-2024 peak in weeks 11-20 and are lowest in autumn
WITH price AS (
    SELECT geography_id, month, price_per_kg,
           count(*) OVER around AS months, avg(price_per_kg) OVER around AS usual
      FROM salmon_price WHERE weight_class = '4-5'
    WINDOW around AS (PARTITION BY geography_id ORDER BY month
                      ROWS BETWEEN 6 PRECEDING AND 5 FOLLOWING)
)
SELECT g.code AS subject, 1.03 AS low, 1.5 AS high, count(*) FILTER (WHERE extract(month FROM month) = 4)
       AS had,
       avg(price_per_kg / usual) FILTER (WHERE extract(month FROM month) = 4)
           / avg(price_per_kg / usual) FILTER (WHERE extract(month FROM month) = 10) AS measured
  FROM price AS p JOIN geography AS g ON g.id = p.geography_id
 WHERE months = 12 GROUP BY 1 ORDER BY 1;

-- salmon_price_varies --
-- How much the price of salmon moves from month to month
-- Standard deviation of the change of its logarithm.
-- Unit: per cent
-- Needs: 60 months
-- Source: judgement: monthly means of Norwegian prices move by 5 to 12 per cent
WITH price AS (
    SELECT geography_id, ln(price_per_kg) - lag(ln(price_per_kg))
               OVER (PARTITION BY geography_id ORDER BY month) AS change
      FROM salmon_price WHERE weight_class = '4-5'
)
SELECT g.code AS subject, 3 AS low, 15 AS high, count(*) AS had,
       100 * stddev_samp(change) AS measured
  FROM price AS p JOIN geography AS g ON g.id = p.geography_id
 WHERE change IS NOT NULL GROUP BY 1 ORDER BY 1;

-- quality_of_salmon --
-- Share of the fish that are superior at harvest, and that go to production
-- Of all lots. Years with winter wounds count as any other.
-- Unit: share of fish
-- Needs: 20 pens
-- Source: judgement: 90 to 95 per cent superior in good months, 2 to 10 per cent production fish without winter ulcers, and several times that with them
WITH graded AS (
    SELECT s.geography, count(DISTINCT l.assignment_id) AS had, sum(l.count)::float8 AS fish,
           sum(l.count) FILTER (WHERE l.quality = 'superior') AS superior,
           sum(l.count) FILTER (WHERE l.quality = 'production') AS production
      FROM harvest_lot AS l JOIN stay AS s USING (assignment_id)
     GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.low, part.high, had
  FROM graded, LATERAL (VALUES ('superior', superior / fish, 0.7, 0.96),
                               ('production', production / fish, 0.015, 0.2))
                        AS part (subject, measured, low, high)
 ORDER BY 1;

-- wounds_cost_quality --
-- Correlation of the share of production fish with that of wounded fish
-- Of pens, when they are harvested.
-- Unit: correlation
-- Needs: 50 pens
-- Source: judgement: nine in ten fish with open wounds become production fish; scars and luck do the rest
WITH graded AS (
    SELECT assignment_id, min(date) AS date, sum(count)::float8 AS fish,
           coalesce(sum(count) FILTER (WHERE quality = 'production'), 0) AS production
      FROM harvest_lot GROUP BY 1
)
SELECT NULL AS subject, count(*) AS had, 0.3 AS low, 0.98 AS high,
       coalesce(corr(g.production / g.fish, d.wounded_percent), 0) AS measured
  FROM graded AS g
 CROSS JOIN LATERAL (
       SELECT wounded_percent
         FROM daily_state
        WHERE assignment_id = g.assignment_id AND date = g.date - 1 LIMIT 1) AS d;

-- feed_cost_of_salmon --
-- Feed cost per kilogram of salmon
-- Of batches that were harvested by 2020, in Norwegian kroner.
-- Needs: 5 batches
WITH kroner AS (
    SELECT * FROM unnest(%(kroner_geography)s::text[], %(kroner_month)s::date[],
                         %(kroner_rate)s::float8[]) AS k (geography, month, rate)
)
SELECT g.code AS subject, 'FD38.wide' AS band, count(*) AS had,
       sum(a.feed_cost * k.rate) / sum(a.gutted_kg) AS measured
  FROM batch_account AS a
  JOIN batch AS b ON b.id = a.batch_id
  JOIN geography AS g ON g.id = b.geography_id
  JOIN kroner AS k ON k.geography = g.code AND k.month = date_trunc('month', a.closed_on)::date
 WHERE a.closed_on < '2021-01-01' GROUP BY 1 ORDER BY 1;

-- cost_of_salmon --
-- Cost per kilogram of salmon, and what part of it is feed
-- Of batches that were harvested by 2018; all costs from egg to box, in Norwegian kroner.
-- Unit: NOK/kg; share
-- Needs: 5 batches
-- Source: Nofima report 24/2017: about 36 NOK/kg in Norway in 2016, half of it feed; judgement: a quarter more in the Faroes and up to three quarters more in Scotland, where sites are small and losses higher
WITH kroner AS (
    SELECT * FROM unnest(%(kroner_geography)s::text[], %(kroner_month)s::date[],
                         %(kroner_rate)s::float8[]) AS k (geography, month, rate)
), cost AS (
    SELECT g.code AS geography, count(*) AS had,
           sum(a.total_cost * k.rate) / sum(a.gutted_kg) AS per_kg,
           (sum(a.feed_cost) / sum(a.total_cost))::double precision AS feed
      FROM batch_account AS a
      JOIN batch AS b ON b.id = a.batch_id
      JOIN geography AS g ON g.id = b.geography_id
      JOIN kroner AS k ON k.geography = g.code AND k.month = date_trunc('month', a.closed_on)::date
     WHERE a.closed_on < '2019-01-01' GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.low, part.high, had
  FROM cost, LATERAL (VALUES ('cost', per_kg, 28.0, CASE geography WHEN 'FO' THEN 45.0 ELSE 63.0 END),
                             ('share of feed', feed, 0.35, 0.6)) AS part (subject, measured, low, high)
 ORDER BY 1;

-- smolt_cost --
-- What a smolt has cost when it goes to sea, by weight
-- Book value per fish at the end of the last month before the sea, in Norwegian kroner of the first
-- half of the decade.
-- Unit: NOK per smolt
-- Needs: 5 batches
-- Source: judgement after Norwegian producers: 10-12 NOK for a smolt of 100-150 g, 16 for 250 g, 20-25 for 350-500 g; half as much and twice as much are still seen
WITH kroner AS (
    SELECT * FROM unnest(%(kroner_geography)s::text[], %(kroner_month)s::date[],
                         %(kroner_rate)s::float8[]) AS k (geography, month, rate)
), sea AS (
    SELECT s.batch_id, date_trunc('month', min(t.date)) AS month
      FROM transfer AS t JOIN stay AS s ON s.assignment_id = t.to_assignment_id
     WHERE t.kind = 'sea' GROUP BY 1
), last AS (
    SELECT DISTINCT ON (m.batch_id) m.batch_id, g.code AS geography, m.mean_weight_g,
           m.book_value * k.rate / m.end_population AS nok
      FROM batch_month AS m
      JOIN sea ON sea.batch_id = m.batch_id AND m.month < sea.month
      JOIN batch AS b ON b.id = m.batch_id
      JOIN geography AS g ON g.id = b.geography_id
      JOIN kroner AS k ON k.geography = g.code AND k.month = m.month
     WHERE m.end_population > 0 AND m.month < '2020-01-01'
     ORDER BY m.batch_id, m.month DESC
)
SELECT geography || ' ' || c.name AS subject, count(*) AS had, c.low, c.high,
       avg(nok)::double precision AS measured
  FROM last
  JOIN (VALUES ('to 150 g', 0, 150, 5.0, 20.0), ('150 to 300 g', 150, 300, 8.0, 30.0),
               ('above 300 g', 300, 2000, 12.0, 45.0)) AS c (name, above_g, upto_g, low, high)
    ON mean_weight_g > c.above_g AND mean_weight_g <= c.upto_g
 GROUP BY geography, c.name, c.low, c.high ORDER BY 1;

-- margins --
-- Profit over revenue, and how many batches lose money
-- Of all batches that were harvested. Salmon was dear in most of these years, yet some batches fail.
-- Unit: share
-- Needs: 10 batches
-- Source: judgement after annual reports of Faroese and Scottish producers 2015-2024: operating margins of 10 to 45 per cent over the years
WITH figure AS (
    SELECT g.code AS geography, count(*) AS had,
           (sum(a.profit) / sum(a.revenue))::double precision AS margin,
           avg((a.profit < 0)::int)::double precision AS lost
      FROM batch_account AS a
      JOIN batch AS b ON b.id = a.batch_id
      JOIN geography AS g ON g.id = b.geography_id
     GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.low, part.high, had
  FROM figure, LATERAL (VALUES ('margin', margin, 0.1, 0.5), ('lose money', lost, 0.0, 0.3))
                        AS part (subject, measured, low, high)
 ORDER BY 1;

-- good_prices_make_good_years --
-- Correlation of a batch's margin with the price it got
-- Revenue per kilogram against profit over revenue, of all batches of a geography.
-- Unit: correlation
-- Needs: 20 batches
-- Source: judgement: costs move less than prices do
SELECT g.code AS subject, count(*) AS had, 0.3 AS low, 0.98 AS high,
       corr(a.revenue / a.gutted_kg, a.profit / a.revenue) AS measured
  FROM batch_account AS a
  JOIN batch AS b ON b.id = a.batch_id
  JOIN geography AS g ON g.id = b.geography_id
 GROUP BY 1 ORDER BY 1;

-- cost_of_mortality --
-- What had been spent on fish that died, over all costs
-- Of all batches that were harvested.
-- Unit: share
-- Needs: 10 batches
-- Source: judgement: a sixth of the fish die at sea, most of them young and cheap
SELECT g.code AS subject, count(*) AS had, 0.02 AS low, 0.18 AS high,
       (sum(a.mortality_cost) / sum(a.total_cost))::double precision AS measured
  FROM batch_account AS a
  JOIN batch AS b ON b.id = a.batch_id
  JOIN geography AS g ON g.id = b.geography_id
 GROUP BY 1 ORDER BY 1;

-- losses_make_batches_dear --
-- Correlation of the losses of batches with their cost per kilogram
-- Economic over biological feed conversion is what dead fish ate; dear batches are those that lost
-- many. Costs are over the mean of the batches of the same year.
-- Unit: correlation
-- Needs: 20 batches
-- Source: the task: cause and effect; a batch that loses fish pays for their feed
WITH batch_cost AS (
    SELECT g.code, a.fcr_economic / a.fcr_biological AS lost,
           a.cost_per_kg / avg(a.cost_per_kg) OVER (PARTITION BY g.code, extract(year FROM a.closed_on))
               AS cost
      FROM batch_account AS a
      JOIN batch AS b ON b.id = a.batch_id
      JOIN geography AS g ON g.id = b.geography_id
)
SELECT code AS subject, count(*) AS had, 0.15 AS low, 0.99 AS high, corr(lost, cost) AS measured
  FROM batch_cost GROUP BY 1 ORDER BY 1;

-- mature_years_convert_better --
-- Economic feed conversion at sea in the third session against the first
-- Of all batches, in classes of size and month, like with like: fewer losses and better feeding.
-- Unit: ratio
-- Needs: 100 months of batches in each
-- Source: the task: feed conversion improves in mature years
WITH month AS (
    SELECT g.code AS geography, floor(cbrt(m.mean_weight_g) / 2) AS size,
           extract(quarter FROM m.month) AS season, m.month >= %(late_first)s AS late,
           m.feed_kg::double precision AS feed_kg, m.growth_kg - m.dead_kg AS gain
      FROM batch_month AS m
      JOIN batch AS b ON b.id = m.batch_id
      JOIN geography AS g ON g.id = b.geography_id
      JOIN lifecycle_stage AS s ON s.id = m.lifecycle_stage_id AND s.container_kind = 'pen'
     WHERE m.month < %(early_after)s OR (m.month >= %(late_first)s AND m.month < %(late_after)s)
), class AS (
    SELECT geography, size, season, late, count(*) AS n, sum(feed_kg) / nullif(sum(gain), 0) AS fcr
      FROM month GROUP BY 1, 2, 3, 4
)
SELECT e.geography AS subject, 0.85 AS low, 0.995 AS high,
       least(sum(e.n), sum(l.n))::bigint AS had,
       sum(least(e.n, l.n) * l.fcr / e.fcr) / sum(least(e.n, l.n)) AS measured
  FROM class AS e
  JOIN class AS l ON l.geography = e.geography AND l.size = e.size AND l.season = e.season
                 AND l.late AND NOT e.late
 WHERE e.fcr > 0 AND l.fcr > 0
 GROUP BY 1 ORDER BY 1;
