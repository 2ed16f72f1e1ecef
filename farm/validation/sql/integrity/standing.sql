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
-- Feed and salmon have a price in every month, dated on its first day
-- Every supplier that sells in a geography asks one for each feed that it ever sells there, from the
-- month in which the opening stock was ordered; every weight class is quoted.
-- Source: feed_price, salmon_price
WITH quoted AS (
    SELECT 'feed' AS what, geography_id, feed_supplier_id || ' ' || feed_type_id AS of, month
      FROM feed_price
    UNION ALL
    SELECT 'salmon', geography_id, weight_class, month FROM salmon_price
), opening AS (
    SELECT 'feed' AS what, s.geography_id, min(o.ordered_on) AS first_day
      FROM purchase_order AS o JOIN store_place AS s USING (feed_store_id)
     WHERE o.ordered_on < %(horizon_first)s
     GROUP BY 2
), wanted AS (
    SELECT q.what, q.geography_id, q.of, m.month::date
      FROM (SELECT DISTINCT what, geography_id, of FROM quoted) AS q
      LEFT JOIN opening AS o USING (what, geography_id)
     CROSS JOIN generate_series(date_trunc('month', coalesce(o.first_day, %(horizon_first)s)),
                                %(after_horizon)s::date - 1, '1 month') AS m (month)
)
SELECT what, geography_id, of, month, q IS NOT NULL AS is_quoted
  FROM quoted AS q FULL JOIN wanted AS w USING (what, geography_id, of, month)
 WHERE q IS NULL OR w IS NULL;
