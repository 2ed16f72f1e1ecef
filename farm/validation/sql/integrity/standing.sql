-- Where things stand on the last day. Every query returns offenders.

-- feed_and_money_until_the_end --
-- Nothing about feed and money is dated before the first day or after the last session's end
-- But for the opening stock, which was bought before. Promised deliveries and dates of expiry may lie
-- beyond.
-- Source: status follows facts
SELECT what, id, date
  FROM (SELECT 'purchase_order' AS what, id, reason = 'opening' AS is_opening,
               unnest(ARRAY[ordered_on, confirmed_on, delivered_on]) AS date FROM purchase_order
        UNION ALL
        SELECT 'feed_lot', l.id, o.reason = 'opening',
               unnest(ARRAY[l.delivered_on, l.discarded_on])
          FROM feed_lot AS l JOIN purchase_order AS o ON o.id = l.purchase_order_id
        UNION ALL
        SELECT 'feed_price', feed_type_id, true, month FROM feed_price
        UNION ALL
        SELECT 'feed_draw', feed_lot_id, false, date FROM feed_draw
         WHERE date < %(horizon_first)s OR date >= %(after_horizon)s
        UNION ALL
        SELECT 'feed_shortage', feed_store_id, false, date FROM feed_shortage
        UNION ALL
        SELECT 'stock_balance', feed_store_id, false, month FROM stock_balance
        UNION ALL
        SELECT 'salmon_price', geography_id, false, month FROM salmon_price
        UNION ALL
        SELECT 'batch_month', batch_id, false, month FROM batch_month
        UNION ALL
        SELECT 'site_month', id, false, month FROM site_month
        UNION ALL
        SELECT 'batch_account', batch_id, false, closed_on - 1 FROM batch_account) AS dated
 WHERE date >= %(after_horizon)s OR (date < %(horizon_first)s AND NOT is_opening);

-- prices_of_every_month --
-- Feed and salmon have a price in every month
-- Every supplier that sells in a geography asks one for each feed that it ever sells there; every
-- weight class is quoted.
-- Source: feed_price, salmon_price
WITH quoted AS (
    SELECT 'feed' AS what, geography_id, feed_supplier_id || ' ' || feed_type_id AS of, month
      FROM feed_price
    UNION ALL
    SELECT 'salmon', geography_id, weight_class, month FROM salmon_price
)
SELECT what, geography_id, of, count(*) AS months, min(month) AS first_month, max(month) AS last_month
  FROM quoted
 WHERE month >= %(horizon_first)s
 GROUP BY 1, 2, 3
HAVING count(*) <> (SELECT count(*) FROM generate_series(%(horizon_first)s::timestamp,
                                                         %(after_horizon)s::date - 1, '1 month'));
