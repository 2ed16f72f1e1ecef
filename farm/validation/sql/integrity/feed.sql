-- Feed is conserved from purchase to fish, to the gram and to the cent. Every query returns offenders.

-- lots_add_up --
-- Every lot of feed is eaten, thrown away or still there
-- Draws + discarded + remaining = delivered, to the gram; nobody draws of a lot that never came.
-- Source: conservation of feed
SELECT feed_lot_id, quantity_kg, drawn_kg, discarded_kg, remaining_kg
  FROM lot_use
 WHERE drawn_kg + discarded_kg + remaining_kg IS DISTINCT FROM quantity_kg;

-- draws_cost_their_lot --
-- What was drawn of a lot costs its part of what the lot cost
-- To the cent: the cost of a lot times the drawn part of it, rounded down; so all draws of a lot that
-- is used up cost exactly the lot. A lot costs its quantity times its unit cost, to half a cent.
-- Source: conservation of money
SELECT u.feed_lot_id, u.quantity_kg, l.unit_cost, u.cost, u.drawn_kg, u.drawn_cost
  FROM lot_use AS u JOIN feed_lot AS l ON l.id = u.feed_lot_id
 WHERE u.drawn_cost <> div(100 * u.cost * u.drawn_kg, u.quantity_kg) / 100
    OR abs(u.cost - u.quantity_kg * l.unit_cost) > 0.005;

-- drawn_while_good --
-- Nobody eats of a lot before it came, nor when it is too old or thrown away
-- Lots are thrown away in the morning, before anybody eats; on the day of expiry at the latest.
-- Source: feed_lot
SELECT feed_lot_id, delivered_on, expires_on, discarded_on, first_drawn_on, last_drawn_on
  FROM lot_use
 WHERE first_drawn_on < delivered_on OR last_drawn_on >= expires_on
    OR last_drawn_on >= discarded_on OR discarded_on < delivered_on OR discarded_on > expires_on
    OR (remaining_kg > 0 AND expires_on < %(after_horizon)s);

-- oldest_lots_first --
-- Oldest lots are eaten first
-- By store and feed: a lot is not begun before the day on which all older ones are used up or thrown
-- away.
-- Source: first in, first out
WITH lot AS (
    SELECT *, CASE WHEN remaining_kg > 0 THEN 'infinity'
                   ELSE greatest(last_drawn_on, discarded_on) END AS ended_on
      FROM lot_use
), queue AS (
    SELECT *, max(ended_on) OVER (PARTITION BY feed_store_id, feed_type_id
                                  ORDER BY delivered_on, feed_lot_id
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS older_ended_on
      FROM lot
)
SELECT feed_lot_id, feed_store_id, feed_type_id, delivered_on, first_drawn_on,
       CASE WHEN older_ended_on < 'infinity' THEN older_ended_on END AS older_ended_on
  FROM queue
 WHERE first_drawn_on < older_ended_on;

-- stores_never_below_nothing --
-- No store gives out feed that it does not have
-- Any feed, on any day.
-- Source: conservation of feed
SELECT feed_store_id, feed_type_id, date, morning_kg, drawn_kg, evening_kg
  FROM stock_day
 WHERE evening_kg < 0;

-- stores_never_overflow --
-- No store ever holds more than it can
-- All feeds together, in the morning, when deliveries have come and nobody has eaten yet.
-- Source: feed_store.capacity_kg
WITH day AS (
    SELECT feed_store_id, date, sum(drawn_kg) AS drawn,
           sum(delivered_kg - drawn_kg - discarded_kg) AS change
      FROM stock_day GROUP BY 1, 2
), held AS (
    SELECT *, sum(change) OVER (PARTITION BY feed_store_id ORDER BY date) + drawn AS kg FROM day
)
SELECT s.code AS store, h.date, h.kg AS morning_kg, s.capacity_kg
  FROM held AS h JOIN feed_store AS s ON s.id = h.feed_store_id
 WHERE h.kg > s.capacity_kg::numeric;

-- balances_follow_each_other --
-- The stock balance of a month begins with what the month before left
-- By store and feed; the first month with what was bought before the first day. A feed without a
-- balance is out of stock; one that does not move keeps its value.
-- Source: conservation of feed
WITH bought AS (
    SELECT feed_store_id, feed_type_id, sum(quantity_kg) AS kg
      FROM feed_lot WHERE delivered_on < %(horizon_first)s GROUP BY 1, 2
), book AS (
    SELECT b.*,
           lag(b.month) OVER by_feed AS last_month, lag(b.closing_kg) OVER by_feed AS last_kg,
           lag(b.closing_value) OVER by_feed AS last_value, lead(b.month) OVER by_feed AS next_month
      FROM stock_balance AS b
    WINDOW by_feed AS (PARTITION BY feed_store_id, feed_type_id ORDER BY month)
)
SELECT feed_store_id, feed_type_id, b.month, b.last_month, b.last_kg, b.opening_kg, b.closing_kg,
       b.last_value, b.closing_value
  FROM book AS b LEFT JOIN bought AS o USING (feed_store_id, feed_type_id)
 WHERE b.opening_kg <> CASE WHEN b.month = %(horizon_first)s THEN coalesce(o.kg, 0)
                            WHEN b.last_month = b.month - interval '1 month' THEN b.last_kg
                            ELSE 0 END
    OR (b.closing_kg > 0 AND b.next_month IS DISTINCT FROM (b.month + interval '1 month')::date
        AND b.month + interval '1 month' < %(after_horizon)s::date)
    OR (b.delivered_kg + b.consumed_kg + b.discarded_kg = 0 AND b.closing_value <> b.last_value)
    OR (b.closing_kg = 0 AND b.closing_value <> 0);

-- balances_are_their_days --
-- The stock balance of a month is what came and went
-- By store and feed: delivered is what its lots were, consumed what was drawn of them; closing value
-- is what the rest of its lots cost.
-- Source: conservation of feed
WITH moved AS (
    SELECT feed_store_id, feed_type_id, date_trunc('month', date)::date AS month,
           sum(delivered_kg) AS delivered_kg, sum(drawn_kg) AS consumed_kg,
           sum(discarded_kg) AS discarded_kg, max(date) AS last_day
      FROM stock_day WHERE date >= %(first)s AND date < %(after)s GROUP BY 1, 2, 3
), summed AS (
    SELECT m.*, d.evening_kg AS closing_kg, d.evening_value AS closing_value
      FROM moved AS m
      JOIN stock_day AS d ON d.feed_store_id = m.feed_store_id
                         AND d.feed_type_id = m.feed_type_id AND d.date = m.last_day
), book AS (
    SELECT * FROM stock_balance
     WHERE month >= %(first)s AND month < %(after)s
       AND (delivered_kg > 0 OR consumed_kg > 0 OR discarded_kg > 0)
)
SELECT feed_store_id, feed_type_id, month, b.delivered_kg, s.delivered_kg AS of_lots, b.consumed_kg,
       s.consumed_kg AS drawn, b.closing_kg, s.closing_kg AS in_store, b.closing_value,
       s.closing_value AS cost_of_the_rest
  FROM book AS b FULL JOIN summed AS s USING (feed_store_id, feed_type_id, month)
 WHERE (b.delivered_kg, b.consumed_kg, b.discarded_kg, b.closing_kg, b.closing_value)
       IS DISTINCT FROM (s.delivered_kg, s.consumed_kg, s.discarded_kg, s.closing_kg, s.closing_value);

-- stock_is_what_is_left --
-- The last stock balances are what is left of the lots
-- By store and feed: purchased = eaten + thrown away + in stock.
-- Source: conservation of feed
WITH book AS (
    SELECT feed_store_id, feed_type_id, sum(delivered_kg - consumed_kg - discarded_kg) AS moved_kg,
           sum(closing_kg) FILTER (WHERE month >= %(after_horizon)s::date - interval '1 month')
               AS closing_kg
      FROM stock_balance GROUP BY 1, 2
), held AS (
    SELECT feed_store_id, feed_type_id, sum(remaining_kg) AS remaining_kg,
           coalesce(sum(quantity_kg) FILTER (WHERE delivered_on < %(horizon_first)s), 0) AS opening_kg
      FROM feed_lot GROUP BY 1, 2
)
SELECT feed_store_id, feed_type_id, h.opening_kg, b.moved_kg, b.closing_kg, h.remaining_kg
  FROM held AS h FULL JOIN book AS b USING (feed_store_id, feed_type_id)
 WHERE h.remaining_kg IS DISTINCT FROM coalesce(b.closing_kg, 0)
    OR h.remaining_kg IS DISTINCT FROM h.opening_kg + b.moved_kg;

-- fed_as_drawn --
-- Feed of the history is what was drawn for it
-- By assignment and day: to the gram, to the cent, and of the lots' feed.
-- Source: conservation of feed
-- By: year
WITH drawn AS (
    SELECT d.assignment_id, d.date, sum(d.quantity_kg) AS kg, sum(d.cost) AS cost,
           min(l.feed_type_id) AS least_type, max(l.feed_type_id) AS most_type
      FROM feed_draw AS d LEFT JOIN feed_lot AS l ON l.id = d.feed_lot_id
     WHERE d.date >= %(first)s AND d.date < %(after)s
     GROUP BY 1, 2
), history AS (
    SELECT assignment_id, date, feed_kg AS kg, feed_cost AS cost, feed_type_id
      FROM daily_state
     WHERE date >= %(first)s AND date < %(after)s
       AND (feed_kg <> 0 OR feed_cost <> 0 OR feed_type_id IS NOT NULL)
)
SELECT assignment_id, date, d.kg AS drawn_kg, h.kg AS fed_kg, d.cost AS cost_of_draws,
       h.cost AS cost_in_history, least_type, most_type, feed_type_id
  FROM drawn AS d FULL JOIN history AS h USING (assignment_id, date)
 WHERE (d.kg, d.cost, least_type, most_type)
       IS DISTINCT FROM (h.kg, h.cost, feed_type_id, feed_type_id);

-- shortages_are_felt --
-- Feed is short where all that there was of it was eaten, and nowhere else
-- What a shortage says was fed is what was drawn of the store's feed that day, and none was left; of a
-- feed of which nothing was fed there was none. A store that is eaten empty was short.
-- Source: conservation of feed
WITH short AS (
    SELECT * FROM feed_shortage WHERE date >= %(first)s AND date < %(after)s
), emptied AS (
    SELECT * FROM stock_day
     WHERE drawn_kg > 0 AND evening_kg <= 0 AND date >= %(first)s AND date < %(after)s
)
SELECT feed_store_id, feed_type_id, date, s.wanted_kg, s.fed_kg, e.drawn_kg, o.evening_kg AS unfed_kg
  FROM short AS s
  FULL JOIN emptied AS e USING (feed_store_id, feed_type_id, date)
  LEFT JOIN LATERAL (
       SELECT d.evening_kg
         FROM stock_day AS d
        WHERE d.feed_store_id = s.feed_store_id AND d.feed_type_id = s.feed_type_id
          AND d.date <= s.date AND s.fed_kg = 0
        ORDER BY d.date DESC LIMIT 1) AS o ON true
 WHERE s.fed_kg IS DISTINCT FROM coalesce(e.drawn_kg, 0) OR o.evening_kg > 0;

-- lots_are_their_orders --
-- Every lot is what its order brought
-- Of the same store, feed, day, quantity and price; whatever was unloaded is a lot.
-- Source: purchase_order
SELECT o.id AS purchase_order_id, o.status, o.feed_store_id, o.feed_type_id, o.delivered_on,
       o.delivered_kg, o.price_per_kg, l.id AS feed_lot_id, l.feed_store_id AS store_of_lot,
       l.feed_type_id AS type_of_lot, l.delivered_on AS lot_came_on, l.quantity_kg, l.unit_cost
  FROM purchase_order AS o FULL JOIN feed_lot AS l ON l.purchase_order_id = o.id
 WHERE CASE WHEN l.id IS NULL THEN o.delivered_kg > 0
            ELSE (o.feed_store_id, o.feed_type_id, o.delivered_on, o.delivered_kg, o.price_per_kg)
                 IS DISTINCT FROM
                 (l.feed_store_id, l.feed_type_id, l.delivered_on, l.quantity_kg, l.unit_cost) END;

-- orders_at_the_price --
-- Feed is ordered at the price of the month
-- At what its supplier asked for it in the geography of the store.
-- Source: feed_price
SELECT o.id AS purchase_order_id, o.feed_supplier_id, o.feed_type_id, o.ordered_on, o.price_per_kg,
       p.price_per_kg AS asked
  FROM purchase_order AS o
  JOIN store_place AS s USING (feed_store_id)
  LEFT JOIN feed_price AS p ON p.geography_id = s.geography_id
                           AND p.feed_supplier_id = o.feed_supplier_id
                           AND p.feed_type_id = o.feed_type_id
                           AND p.month = date_trunc('month', o.ordered_on)::date
 WHERE o.price_per_kg IS DISTINCT FROM p.price_per_kg;

-- orders_are_answered --
-- Orders are confirmed and delivered as far as there was time
-- Confirmed after one of the times that suppliers take, as soon as that is over; never delivered
-- early, nor later than one is ever late, unless a storm holds up the boat. The opening stock and
-- what comes for a treatment are confirmed at once and there on the day.
-- Source: scenario, feed.deliveries
SELECT o.id AS purchase_order_id, o.status, o.reason, o.ordered_on, o.confirmed_on, o.promised_on,
       o.delivered_on
  FROM purchase_order AS o
  JOIN feed_store AS s ON s.id = o.feed_store_id
 CROSS JOIN LATERAL (SELECT coalesce(o.delivered_on, %(after_horizon)s) AS there) AS d
 WHERE coalesce(o.confirmed_on, %(after_horizon)s::date - 1) > o.ordered_on + %(confirmed_within)s
    OR NOT %(feed_trade)s::jsonb #> '{deliveries,confirmed}'
           @> to_jsonb(o.confirmed_on - o.ordered_on)
    OR o.delivered_on < o.promised_on
    OR (o.reason <> 'reorder'
        AND (o.delivered_on IS DISTINCT FROM o.promised_on
             OR o.confirmed_on <> o.ordered_on
                + (%(feed_trade)s::jsonb #>> '{deliveries,confirmed,0}')::integer))
    OR (d.there > o.promised_on + %(late_at_most)s
        AND NOT EXISTS (SELECT FROM site_event AS e
                         WHERE e.site_id = s.site_id AND e.kind = 'storm' AND e.start_date < d.there
                           AND coalesce(e.end_date, %(after_horizon)s)
                               > o.promised_on + %(late_at_most)s));

-- feed_is_sold_by_those_who_sell_it --
-- Feed has a price where it is sold, of those who sell it
-- Plain feed everywhere, feed for a treatment where that is allowed.
-- Source: scenario, feed.suppliers, treatments.allowed
WITH sold AS (
    SELECT g.id AS geography_id, u.id AS feed_supplier_id, t.id AS feed_type_id
      FROM jsonb_to_recordset(%(feed_sellers)s::jsonb) AS w (geography text, supplier text)
      JOIN jsonb_to_recordset(%(feeds_sold)s::jsonb) AS f (geography text, feed text)
           USING (geography)
      JOIN geography AS g ON g.code = geography
      JOIN feed_supplier AS u ON u.code = w.supplier
      JOIN feed_type AS t ON t.code = f.feed
), asked AS (
    SELECT DISTINCT geography_id, feed_supplier_id, feed_type_id FROM feed_price
)
SELECT geography_id, feed_supplier_id, feed_type_id, a IS NOT NULL AS has_a_price
  FROM sold AS s FULL JOIN asked AS a USING (geography_id, feed_supplier_id, feed_type_id)
 WHERE s IS NULL OR a IS NULL;

-- orders_are_numbered --
-- The orders of a store are numbered one after the other, and a lot has its order's number
-- None is left out. Feed for a treatment is entered when it comes, all other when it is ordered.
-- Source: definition of the ids
WITH entered AS (
    SELECT o.id, o.feed_store_id, l.id AS feed_lot_id, row_number() OVER by_store AS number,
           CASE o.reason WHEN 'medicated' THEN o.promised_on ELSE o.ordered_on END AS entered_on
      FROM purchase_order AS o LEFT JOIN feed_lot AS l ON l.purchase_order_id = o.id
    WINDOW by_store AS (PARTITION BY o.feed_store_id ORDER BY o.id)
), queue AS (
    SELECT *, lag(entered_on) OVER (PARTITION BY feed_store_id ORDER BY id) AS last_entered_on
      FROM entered
)
SELECT id AS purchase_order_id, feed_store_id, number, feed_lot_id, entered_on, last_entered_on
  FROM queue
 WHERE id - feed_store_id * %(lots_of_a_store)s <> number OR feed_lot_id <> id
    OR entered_on < last_entered_on;

-- feed_keeps --
-- A lot of feed expires when its shelf life is over
-- Counted from the day of delivery.
-- Source: scenario, feed.shelf_life
SELECT id AS feed_lot_id, delivered_on, expires_on
  FROM feed_lot
 WHERE expires_on <> delivered_on + (%(feed_trade)s::jsonb ->> 'shelf_life')::integer;
