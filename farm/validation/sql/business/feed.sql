-- The rules of buying, keeping and giving feed. Every query returns offenders.

-- draws_from_its_store --
-- Fish eat from the store that serves their container
-- The barge of their site or the silo of their hall.
-- Source: husbandry
-- By: year
SELECT d.feed_lot_id, d.assignment_id, d.date, l.feed_store_id, c.code AS container
  FROM feed_draw AS d
  LEFT JOIN feed_lot AS l ON l.id = d.feed_lot_id
  LEFT JOIN feed_store AS s ON s.id = l.feed_store_id
  LEFT JOIN assignment AS a ON a.id = d.assignment_id
  LEFT JOIN container AS c ON c.id = a.container_id
 WHERE d.date >= %(first)s AND d.date < %(after)s
   AND (s.site_id = c.site_id OR s.hall_id = c.hall_id) IS NOT TRUE;

-- pellets_suit_the_fish --
-- Fish eat pellets of their size
-- By their weight of the evening before: what is made for it, or the next smaller pellet while they
-- are hardly too large for it and their store uses it up. Where their store has too little of that
-- left in the evening for all that they ate, the size below or above; nobody knows what fish wanted
-- that were short of it.
-- Source: feed_type; scenario, feed.used_up
WITH size AS (
    SELECT id, min_weight_g, max_weight_g, treatment_type_id AS medicine,
           rank() OVER (PARTITION BY treatment_type_id ORDER BY min_weight_g) AS size,
           max(min_weight_g) OVER (PARTITION BY treatment_type_id) AS largest_g
      FROM feed_type
), odd AS (
    SELECT d.assignment_id, d.date, d.feed_type_id, d.feed_kg, z.size, z.medicine
      FROM daily_state AS d JOIN size AS z ON z.id = d.feed_type_id
     WHERE d.date >= %(first)s AND d.date < %(after)s
       AND (d.mean_weight_g < z.min_weight_g
            OR (d.mean_weight_g >= z.max_weight_g AND z.min_weight_g < z.largest_g))
), fish AS (
    SELECT o.*, s.container_id, coalesce(y.mean_weight_g, s.start_weight_g) AS weight_g
      FROM odd AS o
      JOIN stay AS s USING (assignment_id)
      LEFT JOIN daily_state AS y ON y.assignment_id = o.assignment_id AND y.date = o.date - 1
), suited AS (
    SELECT f.*, right_one.size AS right_size,
           right_one.size - (f.weight_g < right_one.min_weight_g * (1 + %(used_up)s) + 1e-4)::int
               AS smaller_size
      FROM fish AS f
      JOIN size AS right_one ON right_one.medicine IS NULL
                            AND f.weight_g >= right_one.min_weight_g
                            AND (f.weight_g < right_one.max_weight_g
                                 OR right_one.min_weight_g = right_one.largest_g)
)
SELECT f.assignment_id, f.date, f.weight_g, f.size AS size_eaten, f.right_size, f.smaller_size,
       f.feed_kg
  FROM suited AS f
  JOIN container AS c ON c.id = f.container_id
  JOIN feed_store AS s ON s.site_id = c.site_id OR s.hall_id = c.hall_id
 WHERE f.size <> f.right_size AND f.size <> f.smaller_size
   AND (f.size NOT BETWEEN f.smaller_size - 1 AND f.right_size + 1
        OR EXISTS (
            SELECT FROM size AS z
             CROSS JOIN LATERAL (
                 SELECT d.evening_kg FROM stock_day AS d
                  WHERE d.feed_store_id = s.id AND d.feed_type_id = z.id AND d.date <= f.date
                  ORDER BY d.date DESC LIMIT 1) AS left_over
             WHERE z.medicine IS NOT DISTINCT FROM f.medicine
               AND z.size IN (f.right_size, f.smaller_size) AND abs(z.size - f.size) = 1
               AND left_over.evening_kg >= f.feed_kg))
   AND NOT EXISTS (SELECT FROM feed_shortage AS x
                    WHERE x.feed_store_id = s.id AND x.feed_type_id = f.feed_type_id
                      AND x.date = f.date);

-- medicated_feed_in_treatments --
-- Fish eat medicated feed only while they are treated with that medicine
-- From the first day of a treatment of that type to its last. Functional feed is no medicine: what a
-- course leaves may be fed to anybody.
-- Source: veterinary prescription
-- By: year
WITH eaten AS (
    SELECT d.assignment_id, d.date, t.treatment_type_id, d.feed_kg
      FROM daily_state AS d
      JOIN feed_type AS t ON t.id = d.feed_type_id
      JOIN treatment_type AS y ON y.id = t.treatment_type_id AND y.is_medicine
     WHERE d.date >= %(first)s AND d.date < %(after)s
)
SELECT e.assignment_id, e.date, e.treatment_type_id, e.feed_kg
  FROM eaten AS e
 WHERE NOT EXISTS (SELECT FROM treatment AS t
                    WHERE t.assignment_id = e.assignment_id
                      AND t.treatment_type_id = e.treatment_type_id AND e.date >= t.start_date
                      AND e.date < coalesce(t.end_date, 'infinity'));

-- ordered_because_stock_fell --
-- Feed is ordered because stock falls below the threshold
-- Of the usual orders: the stock projected to the day of delivery lies below the threshold, and is no
-- more than was in store and under way that evening. Medicated feed is ordered for its treatment;
-- the opening stock came before the first day, nothing else. Nobody reckons for these.
-- Source: reorder rule
WITH change AS (
    SELECT feed_store_id, feed_type_id, date, 0 AS id,
           delivered_kg - drawn_kg - discarded_kg AS kg FROM stock_day
    UNION ALL
    SELECT feed_store_id, feed_type_id, ordered_on, id, quantity_kg FROM purchase_order
    UNION ALL
    SELECT feed_store_id, feed_type_id, delivered_on, 0, -quantity_kg FROM purchase_order
     WHERE delivered_on IS NOT NULL
), supply AS (
    SELECT id, sum(kg) OVER (PARTITION BY feed_store_id, feed_type_id ORDER BY date, id
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS kg
      FROM change
)
SELECT o.id AS purchase_order_id, o.reason, o.ordered_on, o.delivered_on, o.stock_kg,
       o.threshold_kg, s.kg AS supply_kg, t.treatment_type_id
  FROM purchase_order AS o
  JOIN supply AS s USING (id)
  JOIN feed_type AS t ON t.id = o.feed_type_id
 WHERE CASE o.reason
           WHEN 'reorder' THEN o.stock_kg >= o.threshold_kg OR o.stock_kg > coalesce(s.kg, 0)
                OR o.threshold_kg < 0
           WHEN 'medicated' THEN t.treatment_type_id IS NULL
           ELSE o.delivered_on >= %(horizon_first)s END
    OR (o.reason <> 'reorder' AND (o.stock_kg <> 0 OR o.threshold_kg <> 0))
    OR (o.reason <> 'opening' AND o.delivered_on < %(horizon_first)s);

-- medicated_feed_for_treatments --
-- Medicated feed comes for a treatment
-- Where it is ordered for one: a treatment of that type begins or goes on among the fish of the store
-- on the day for which it is ordered.
-- Source: veterinary prescription
SELECT o.id AS purchase_order_id, o.feed_store_id, o.feed_type_id, o.promised_on
  FROM purchase_order AS o
  JOIN feed_type AS f ON f.id = o.feed_type_id
  JOIN feed_store AS s ON s.id = o.feed_store_id
 WHERE o.reason = 'medicated'
   AND NOT EXISTS (SELECT FROM treatment AS t
                     JOIN assignment AS a ON a.id = t.assignment_id
                     JOIN container AS c ON c.id = a.container_id
                    WHERE t.treatment_type_id = f.treatment_type_id AND t.start_date <= o.promised_on
                      AND coalesce(t.end_date, 'infinity') > o.promised_on
                      AND (c.site_id = s.site_id OR c.hall_id = s.hall_id));

-- no_boat_calls_in_a_storm --
-- Barges get no feed while a storm is on
-- What was ordered for that day comes when it is over.
-- Source: husbandry
SELECT o.id AS purchase_order_id, s.code AS store, o.delivered_on, e.start_date, e.end_date
  FROM purchase_order AS o
  JOIN feed_store AS s ON s.id = o.feed_store_id
  JOIN site_event AS e ON e.site_id = s.site_id AND e.kind = 'storm'
                      AND o.delivered_on >= e.start_date
                      AND o.delivered_on < coalesce(e.end_date, 'infinity')
 WHERE o.reason = 'reorder';

-- promised_after_the_lead_time --
-- Feed is promised for the day on which its lead time is over
-- Usual orders are placed on working days; what would come on a Sunday comes on the Monday. Feed for a
-- treatment takes as long as it is mixed; the opening stock came so many days before the first.
-- Source: feed_supplier.lead_time_days; scenario, feed.medicated.lead, feed.opening.age
SELECT o.id AS purchase_order_id, o.reason, o.feed_supplier_id, u.lead_time_days, o.ordered_on,
       o.promised_on
  FROM purchase_order AS o
  JOIN feed_supplier AS u ON u.id = o.feed_supplier_id
 CROSS JOIN LATERAL (SELECT o.ordered_on + u.lead_time_days AS day) AS due
 WHERE CASE o.reason
           WHEN 'reorder' THEN extract(isodow FROM o.ordered_on) > 5
                OR o.promised_on <> due.day + (extract(isodow FROM due.day) = 7)::integer
           WHEN 'medicated' THEN o.promised_on
                <> o.ordered_on + (%(feed_trade)s::jsonb #>> '{medicated,lead}')::integer
           ELSE o.promised_on <> due.day OR o.promised_on
                <> %(horizon_first)s::date - (%(feed_trade)s::jsonb #>> '{opening,age}')::integer
       END;

-- ordered_by_the_load --
-- Feed is ordered in whole loads, and no more than there will be room for
-- Loads for silos and for barges, bags of feed that is mixed to order. With what is reckoned to be
-- left of it, a usual order fits into the part of its store that is filled on purpose.
-- Source: scenario, feed.silo, feed.barge, feed.medicated, feed.filled
SELECT o.id AS purchase_order_id, s.code AS store, t.code AS feed, o.quantity_kg, l.load_kg,
       o.stock_kg, s.capacity_kg
  FROM purchase_order AS o
  JOIN feed_store AS s ON s.id = o.feed_store_id
  JOIN feed_type AS t ON t.id = o.feed_type_id
 CROSS JOIN LATERAL (
       SELECT (%(feed_trade)s::jsonb
               #>> ARRAY[CASE WHEN t.treatment_type_id IS NULL THEN s.kind ELSE 'medicated' END,
                         'load'])::numeric AS load_kg) AS l
 WHERE (o.quantity_kg %% l.load_kg = 0) IS NOT TRUE
    OR (o.reason = 'reorder' AND o.quantity_kg + greatest(o.stock_kg, 0)
                                 > s.capacity_kg * (%(feed_trade)s::jsonb ->> 'filled')::float8);

-- deliveries_bring_most_of_it --
-- A delivery brings most of what was ordered, unless the store is full
-- At least the part that a short one brings; all that is for a treatment, and the opening stock.
-- Where less was unloaded, nothing more went in before fish were fed.
-- Source: scenario, feed.deliveries.short_least
WITH short AS (
    SELECT *
      FROM purchase_order
     WHERE delivered_kg < CASE reason WHEN 'reorder'
                               THEN (%(feed_trade)s::jsonb #>> '{deliveries,short_least}')::numeric
                               ELSE 1 END * quantity_kg - 0.001
)
SELECT o.id AS purchase_order_id, s.code AS store, o.delivered_on, o.quantity_kg, o.delivered_kg,
       h.kg AS held_kg, s.capacity_kg
  FROM short AS o
  JOIN feed_store AS s ON s.id = o.feed_store_id
 CROSS JOIN LATERAL (
       SELECT sum(d.delivered_kg - d.discarded_kg
                  - CASE WHEN d.date < o.delivered_on THEN d.drawn_kg ELSE 0 END) AS kg
         FROM stock_day AS d
        WHERE d.feed_store_id = o.feed_store_id AND d.date <= o.delivered_on) AS h
 WHERE h.kg IS DISTINCT FROM s.capacity_kg::numeric;

-- one_supplier_for_a_year --
-- A store buys from one supplier for a year
-- The year in which it is ordered, for a treatment that in which it comes.
-- Source: scenario, feed.suppliers: contracts are for a year
SELECT o.feed_store_id, y.year, array_agg(DISTINCT o.feed_supplier_id)::text AS suppliers
  FROM purchase_order AS o
 CROSS JOIN LATERAL (
       SELECT extract(year FROM CASE o.reason WHEN 'medicated' THEN o.promised_on
                                ELSE greatest(o.ordered_on, %(horizon_first)s) END) AS year) AS y
 GROUP BY 1, 2
HAVING count(DISTINCT o.feed_supplier_id) > 1;

-- thrown_away_for_a_reason --
-- Feed is thrown away for a reason, on the day on which there is one
-- When it is too old; when a site has been empty for as long as its barge is left before it is
-- cleared; what is left of a medicine, so long after the last course at its place, or when those fish
-- have begun another one with their feed.
-- Source: scenario, feed.shelf_life, feed.cleared, feed.medicated.kept
WITH stocked AS (
    SELECT site_id, max(gone) OVER by_start AS empty_from, lead(start_date) OVER by_start AS next_on
      FROM stay
     WHERE site_id IS NOT NULL
    WINDOW by_start AS (PARTITION BY site_id ORDER BY start_date, assignment_id)
), cleared AS (
    SELECT DISTINCT site_id,
           empty_from + (%(feed_trade)s::jsonb ->> 'cleared')::integer AS cleared_on
      FROM stocked
     WHERE empty_from < 'infinity' AND coalesce(next_on, 'infinity') > empty_from
), course AS (
    SELECT t.treatment_type_id, p.site_id, p.hall_id, t.start_date,
           least(t.end_date, t.start_date + y.duration_days)
               + (%(feed_trade)s::jsonb #>> '{medicated,kept}')::integer AS kept_until,
           lead(t.start_date) OVER (PARTITION BY t.assignment_id ORDER BY t.start_date, t.id) + 1
               AS next_on
      FROM treatment AS t
      JOIN treatment_type AS y ON y.id = t.treatment_type_id
      JOIN assignment AS a ON a.id = t.assignment_id
      JOIN container_place AS p USING (container_id)
     WHERE EXISTS (SELECT FROM feed_type AS f WHERE f.treatment_type_id = t.treatment_type_id)
), thrown AS (
    SELECT l.id, l.feed_store_id, l.feed_type_id, l.delivered_on, l.discarded_on, l.expires_on,
           s.site_id, s.hall_id, y.id AS medicine_id
      FROM feed_lot AS l
      JOIN feed_store AS s ON s.id = l.feed_store_id
      JOIN feed_type AS f ON f.id = l.feed_type_id
      LEFT JOIN treatment_type AS y ON y.id = f.treatment_type_id AND y.is_medicine
     WHERE l.discarded_on <> l.expires_on
), destroyed AS (
    SELECT t.id, greatest(max(least(c.kept_until, c.next_on)), t.delivered_on + 1) AS destroyed_on
      FROM thrown AS t
      JOIN course AS c ON c.treatment_type_id = t.medicine_id AND c.start_date < t.discarded_on
                      AND (c.site_id = t.site_id OR c.hall_id = t.hall_id)
     GROUP BY t.id, t.delivered_on
)
SELECT t.id AS feed_lot_id, t.feed_store_id, t.feed_type_id, t.delivered_on, t.discarded_on,
       t.expires_on, d.destroyed_on
  FROM thrown AS t
  LEFT JOIN destroyed AS d USING (id)
  LEFT JOIN cleared AS c ON c.site_id = t.site_id AND c.cleared_on = t.discarded_on
 WHERE t.discarded_on IS DISTINCT FROM d.destroyed_on AND c.site_id IS NULL;

-- feed_prices_follow_their_market --
-- What a supplier asks in a month is one quote for all his feeds, and not far from the market
-- Over trend, season, his level and the pellet's ratio, all his prices leave the same noise, in both
-- geographies, as exactly as they are rounded. Noise and its change lie within five standard
-- deviations; it never stands still for three months.
-- Source: scenario, feed.prices, feed.suppliers.level
WITH asked AS (
    SELECT p.feed_supplier_id, p.month, p.feed_type_id, p.price_per_kg,
           m.price * w.level * f.ratio AS usual
      FROM feed_price AS p
      JOIN geography AS g ON g.id = p.geography_id
      JOIN feed_supplier AS u ON u.id = p.feed_supplier_id
      JOIN feed_type AS t ON t.id = p.feed_type_id
      JOIN jsonb_to_recordset(%(feed_market)s::jsonb)
           AS m (geography text, month date, price float8)
           ON m.geography = g.code AND m.month = p.month
      JOIN jsonb_to_recordset(%(feed_sellers)s::jsonb)
           AS w (geography text, supplier text, level float8)
           ON w.geography = g.code AND w.supplier = u.code
      JOIN jsonb_to_recordset(%(feeds_sold)s::jsonb) AS f (geography text, feed text, ratio float8)
           ON f.geography = g.code AND f.feed = t.code
), quote AS (
    SELECT feed_supplier_id, month, sum(price_per_kg) AS price,
           max((price_per_kg - 0.00005) / usual) AS least,
           min((price_per_kg + 0.00005) / usual) AS most,
           (array_agg(feed_type_id ORDER BY price_per_kg / usual))[1] AS cheapest_feed,
           (array_agg(feed_type_id ORDER BY price_per_kg / usual DESC))[1] AS dearest_feed
      FROM asked GROUP BY 1, 2
), noise AS (
    SELECT q.*, ln(least) AS noise, ln(least) - lag(ln(least)) OVER by_month AS change,
           price = lag(price) OVER by_month AND price = lag(price, 2) OVER by_month AS stands_still
      FROM quote AS q
    WINDOW by_month AS (PARTITION BY feed_supplier_id ORDER BY month)
), spread AS (
    SELECT sqrt(%(feed_market_sd)s::float8 ^ 2 + %(feed_supplier_sd)s::float8 ^ 2) AS sd
)
SELECT feed_supplier_id, month, cheapest_feed, least, dearest_feed, most, noise, change
  FROM noise CROSS JOIN spread
 WHERE least > most + 1e-9 OR abs(noise) > 5 * sd + 0.001
    OR abs(change) > 5 * sd * sqrt(2 * (1 - %(feed_persistence)s)) + 0.001
    OR (stands_still AND sd > 0);
