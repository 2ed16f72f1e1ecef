-- The rules of buying, keeping and giving feed. Every query returns offenders.

-- draws_from_its_store --
-- Fish eat from the store that serves their container
-- The barge of their site or the silo of their hall.
-- Source: husbandry
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
-- the opening stock came before the first day, nothing else.
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
           WHEN 'medicated' THEN t.treatment_type_id IS NULL
           ELSE o.delivered_on >= %(horizon_first)s END
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
