-- Feed: what was bought, kept and eaten.

-- stock --
-- What lay in the stores at the end of each month, and how many days it would last at that month's use.
SELECT p.geography, b.month, sum(b.opening_kg) / 1000 AS opening_t, sum(b.delivered_kg) / 1000 AS delivered_t,
       sum(b.consumed_kg) / 1000 AS consumed_t, sum(b.discarded_kg) / 1000 AS discarded_t,
       sum(b.closing_kg) / 1000 AS closing_t, sum(b.closing_value) AS closing_value, p.currency,
       sum(b.closing_kg) / nullif(sum(b.consumed_kg) / 30.4, 0) AS days_left
  FROM stock_balance AS b JOIN feed_store AS s ON s.id = b.feed_store_id
  LEFT JOIN hall AS h ON h.id = s.hall_id
  JOIN place AS p ON p.place = coalesce(s.site_id, -coalesce(s.station_id, h.station_id))
 WHERE b.month <= %(last_day)s
 GROUP BY 1, 2, p.currency ORDER BY 1, 2;

-- types --
-- Each feed: what was bought, eaten and thrown away over all years.
SELECT p.geography, p.currency, f.name AS feed, f.pellet_mm, f.protein_percent, f.fat_percent,
       sum(b.delivered_kg) / 1000 AS delivered_t, sum(b.consumed_kg) / 1000 AS consumed_t,
       sum(b.discarded_kg) / 1000 AS discarded_t,
       100 * sum(b.discarded_kg) / nullif(sum(b.delivered_kg), 0) AS discarded_percent
  FROM stock_balance AS b JOIN feed_store AS s ON s.id = b.feed_store_id
  JOIN feed_type AS f ON f.id = b.feed_type_id
  LEFT JOIN hall AS h ON h.id = s.hall_id
  JOIN place AS p ON p.place = coalesce(s.site_id, -coalesce(s.station_id, h.station_id))
 WHERE b.month <= %(last_day)s
 GROUP BY 1, 2, f.id HAVING sum(b.delivered_kg) > 0 ORDER BY 1, f.id;

-- prices --
-- The price of plain feed by month: mean of suppliers and pellet sizes, cheapest and dearest supplier.
SELECT geography, currency, month, avg(price) AS price, min(price) AS cheapest, max(price) AS dearest
  FROM (SELECT g.name AS geography, g.currency, f.month, f.feed_supplier_id, avg(f.price_per_kg) AS price
          FROM feed_price AS f JOIN geography AS g ON g.id = f.geography_id
          JOIN feed_type AS t ON t.id = f.feed_type_id AND t.treatment_type_id IS NULL
         WHERE f.month <= %(last_day)s
         GROUP BY 1, 2, 3, 4) AS supplier
 GROUP BY 1, 2, 3 ORDER BY 1, 3;

-- purchases --
-- Orders by year, geography and supplier: how much, at what price, and how late.
SELECT extract(year FROM o.ordered_on)::int AS year, p.geography, p.currency, u.name AS supplier,
       count(*) AS orders, sum(o.quantity_kg) / 1000 AS ordered_t, sum(o.delivered_kg) / 1000 AS delivered_t,
       sum(o.delivered_kg * o.price_per_kg) / nullif(sum(o.delivered_kg), 0) AS price,
       sum(o.delivered_kg * o.price_per_kg) AS spent,
       avg(o.delivered_on - o.ordered_on)::float8 AS lead_days,
       100.0 * count(*) FILTER (WHERE o.delivered_on > o.promised_on) / nullif(count(o.delivered_on), 0) AS late
  FROM purchase_order AS o JOIN feed_supplier AS u ON u.id = o.feed_supplier_id
  JOIN feed_store AS s ON s.id = o.feed_store_id LEFT JOIN hall AS h ON h.id = s.hall_id
  JOIN place AS p ON p.place = coalesce(s.site_id, -coalesce(s.station_id, h.station_id))
 WHERE o.ordered_on <= %(last_day)s
 GROUP BY 1, 2, 3, u.id ORDER BY 1, 2, 4;

-- shortages --
-- Days on which a store could not give what the fish would have eaten, by year and geography.
SELECT extract(year FROM x.date)::int AS year, p.geography, count(*) AS store_days,
       sum(x.wanted_kg) / 1000 AS wanted_t, sum(x.fed_kg) / 1000 AS fed_t,
       100 * (1 - sum(x.fed_kg) / sum(x.wanted_kg)) AS missing_percent
  FROM feed_shortage AS x JOIN feed_store AS s ON s.id = x.feed_store_id
  LEFT JOIN hall AS h ON h.id = s.hall_id
  JOIN place AS p ON p.place = coalesce(s.site_id, -coalesce(s.station_id, h.station_id))
 WHERE x.date <= %(last_day)s GROUP BY 1, 2 ORDER BY 1, 2;

-- fcr --
-- Feed and growth by quarter, at sea.
SELECT date_trunc('quarter', m.month)::date AS quarter, p.geography, sum(m.feed_kg) / 1000 AS feed_t,
       sum(m.growth_kg) / 1000 AS growth_t, sum(m.feed_kg) / nullif(sum(m.growth_kg), 0)::numeric AS fcr
  FROM site_month AS m JOIN place AS p ON p.place = m.site_id
 WHERE m.month <= %(last_day)s
 GROUP BY 1, 2 HAVING sum(m.growth_kg) > 0 ORDER BY 2, 1;

-- stores --
-- Each store: how much it holds and how full it was at the ends of months.
SELECT s.code AS store, p.code AS place, s.kind, s.capacity_kg / 1000 AS capacity_t,
       avg(b.kg) / 1000 AS mean_t, max(b.kg) / 1000 AS most_t,
       100 * avg(b.kg) / nullif(s.capacity_kg, 0) AS mean_percent, sum(b.consumed) / 1000 AS consumed_t
  FROM feed_store AS s LEFT JOIN hall AS h ON h.id = s.hall_id
  JOIN place AS p ON p.place = coalesce(s.site_id, -coalesce(s.station_id, h.station_id))
  JOIN (SELECT feed_store_id, month, sum(closing_kg)::float8 AS kg, sum(consumed_kg)::float8 AS consumed
          FROM stock_balance WHERE month <= %(last_day)s GROUP BY 1, 2) AS b ON b.feed_store_id = s.id
 GROUP BY s.id, p.code ORDER BY sum(b.consumed) DESC;
