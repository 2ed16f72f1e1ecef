"""Ways to damage the feed chain, one promise each."""

from __future__ import annotations

from tests.integration.validation.damage import a_day, damage, first

#: A draw that leaves some of its lot to later days.
_DRAW = """(feed_lot_id, assignment_id, date) = (
    SELECT d.feed_lot_id, d.assignment_id, d.date FROM feed_draw d
      JOIN feed_lot l ON l.id = d.feed_lot_id
     WHERE d.date > l.delivered_on + 2 AND d.quantity_kg > 1
       AND d.date < (SELECT max(x.date) FROM feed_draw x WHERE x.feed_lot_id = l.id)
     ORDER BY 1, 2, 3 LIMIT 1)"""

#: Lots of which fish ate the last gram.
_EATEN = "remaining_kg = 0 AND discarded_kg = 0"

#: Usual orders that have come.
_REORDER = "reason = 'reorder' AND status = 'delivered'"

#: A shortage on a day on which there was enough.
_SHORTAGE = """INSERT INTO feed_shortage
    SELECT l.feed_store_id, l.feed_type_id, d.date, sum(d.quantity_kg) + 1, sum(d.quantity_kg)
      FROM feed_draw d JOIN feed_lot l ON l.id = d.feed_lot_id
     WHERE d.date = l.delivered_on AND NOT EXISTS (
         SELECT FROM feed_shortage x WHERE (x.feed_store_id, x.feed_type_id, x.date)
                                         = (l.feed_store_id, l.feed_type_id, d.date))
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT 1"""

#: A balance in the middle of a store's feed.
_BALANCE = """(feed_store_id, feed_type_id, month) = (
    SELECT feed_store_id, feed_type_id, month FROM stock_balance b
     WHERE consumed_kg > 0 AND closing_kg > 1 AND month > '2015-06-01'
     ORDER BY 1, 2, 3 LIMIT 1)"""

FEED_DAMAGES = [
    damage(
        "lots_add_up",
        f"UPDATE feed_lot SET remaining_kg = remaining_kg - 0.001"
        f" WHERE {first('feed_lot', 'remaining_kg > 0')}",
        also="stock_is_what_is_left",
    ),
    damage(
        "draws_cost_their_lot",
        f"UPDATE feed_lot SET cost = cost + 0.01 WHERE {first('feed_lot', _EATEN)}",
        also="balances_are_their_days",
    ),
    damage(
        "draws_cost_their_lot",
        f"UPDATE feed_lot SET unit_cost = unit_cost + 0.1 WHERE {first('feed_lot', _EATEN)}",
        also="lots_are_their_orders",
    ),
    damage(
        "drawn_while_good",
        "UPDATE feed_lot AS l SET expires_on = (SELECT max(date) FROM feed_draw AS d"
        f" WHERE d.feed_lot_id = l.id) WHERE {first('feed_lot', _EATEN)}",
        also="feed_keeps",
    ),
    damage(
        "drawn_while_good",
        "UPDATE feed_lot AS l SET expires_on = delivered_on + 1"
        f" WHERE {first('feed_lot', 'remaining_kg = quantity_kg')}",
        also="feed_keeps",
    ),
    damage(
        "oldest_lots_first",
        """UPDATE feed_draw AS d SET feed_lot_id = next.id
             FROM (SELECT l.id AS old, (SELECT x.id FROM feed_lot x
                            WHERE x.feed_store_id = l.feed_store_id
                              AND x.feed_type_id = l.feed_type_id
                              AND x.delivered_on > l.delivered_on AND x.delivered_on < (
                                  SELECT max(date) FROM feed_draw y WHERE y.feed_lot_id = l.id)
                            ORDER BY x.id LIMIT 1) AS id, l.delivered_on
                     FROM feed_lot l) AS next
            WHERE next.old = d.feed_lot_id AND next.id IS NOT NULL
              AND d.date = (SELECT max(y.date) - 1 FROM feed_draw y WHERE y.feed_lot_id = next.old)
              AND d.date >= (SELECT delivered_on FROM feed_lot x WHERE x.id = next.id)""",
        also="lots_add_up draws_cost_their_lot balances_are_their_days",
    ),
    damage(
        "stores_never_below_nothing",
        f"UPDATE feed_draw SET quantity_kg = 1e6 WHERE {_DRAW}",
        also="lots_add_up draws_cost_their_lot balances_are_their_days fed_as_drawn"
        " costs_add_up_over_sites_and_batches ordered_because_stock_fell shortages_are_felt",
    ),
    damage(
        "stores_never_overflow",
        "UPDATE feed_store SET capacity_kg = 0.9 * (SELECT max(quantity_kg) FROM feed_lot"
        " WHERE feed_store_id = 1501) WHERE id = 1501",
        also="ordered_by_the_load world_as_built",
    ),
    damage(
        "balances_follow_each_other",
        "UPDATE stock_balance SET opening_kg = opening_kg + 1, delivered_kg = delivered_kg - 1"
        f" WHERE {_BALANCE.replace('consumed_kg', 'delivered_kg')}",
        also="balances_are_their_days stock_is_what_is_left",
    ),
    damage(
        "balances_are_their_days",
        f"UPDATE stock_balance SET closing_value = closing_value + 0.01 WHERE {_BALANCE}",
    ),
    damage(
        "stock_is_what_is_left",
        "UPDATE stock_balance SET consumed_kg = consumed_kg + 1, closing_kg = closing_kg - 1"
        " WHERE (feed_store_id, feed_type_id, month) = (SELECT feed_store_id, feed_type_id, month"
        " FROM stock_balance WHERE month = '2017-08-01' AND closing_kg > 1 ORDER BY 1, 2 LIMIT 1)",
        also="balances_are_their_days",
    ),
    damage(
        "fed_as_drawn",
        f"UPDATE feed_draw SET quantity_kg = quantity_kg - 0.001 WHERE {_DRAW}",
        also="lots_add_up draws_cost_their_lot balances_are_their_days"
        " costs_add_up_over_sites_and_batches",
    ),
    damage(
        "fed_as_drawn",
        "UPDATE daily_state SET feed_type_id = feed_type_id + 1"
        f" WHERE {a_day(6, 'd.feed_type_id = 10')}",
        also="feed_in_events pellets_suit_the_fish",
    ),
    damage("shortages_are_felt", _SHORTAGE),
    damage(
        "lots_are_their_orders",
        f"UPDATE purchase_order SET delivered_kg = delivered_kg - 1"
        f" WHERE {first('purchase_order', _REORDER)}",
    ),
    damage(
        "orders_at_the_price",
        "UPDATE feed_price SET price_per_kg = price_per_kg + 0.0001 WHERE month = '2016-06-01'",
        also="feed_prices_follow_their_market",
    ),
    damage(
        "orders_are_answered",
        "UPDATE purchase_order SET confirmed_on = ordered_on + 5 WHERE id = (SELECT min(id)"
        " FROM purchase_order WHERE delivered_on > ordered_on + 5)",
    ),
    damage(
        "orders_are_answered",
        "UPDATE purchase_order SET promised_on = ordered_on WHERE id = (SELECT min(id)"
        " FROM purchase_order WHERE delivered_on > ordered_on + 8 AND feed_store_id > 9999)",
        also="promised_after_the_lead_time",
    ),
    damage(
        "draws_from_its_store",
        f"UPDATE feed_draw SET assignment_id = (SELECT max(id) FROM assignment) WHERE {_DRAW}",
        also="fed_as_drawn costs_add_up_over_sites_and_batches",
    ),
    damage(
        "pellets_suit_the_fish",
        "UPDATE feed_type SET min_weight_g = min_weight_g + 1000 WHERE id = 11",
        "UPDATE feed_type SET max_weight_g = max_weight_g + 1000 WHERE id = 10",
        also="world_as_built",
    ),
    damage(
        "medicated_feed_in_treatments",
        "UPDATE treatment SET end_date = start_date + 1",
        also="medicines_are_withheld thrown_away_for_a_reason treatments_last_as_long"
        " treatments_measured",
    ),
    damage(
        "ordered_because_stock_fell",
        "UPDATE purchase_order SET threshold_kg = stock_kg"
        f" WHERE {first('purchase_order', _REORDER)}",
    ),
    damage(
        "ordered_because_stock_fell",
        "UPDATE purchase_order SET stock_kg = 1e6, threshold_kg = 2e6"
        f" WHERE {first('purchase_order', _REORDER)}",
        also="ordered_by_the_load",
    ),
    damage(
        "medicated_feed_for_treatments",
        "UPDATE purchase_order SET promised_on = promised_on + 60 WHERE reason = 'medicated'",
        also="orders_are_answered orders_are_numbered promised_after_the_lead_time",
    ),
    damage(
        "no_boat_calls_in_a_storm",
        """INSERT INTO site_event
            SELECT 1, s.site_id, 'storm', o.delivered_on, o.delivered_on + 1, 1, 0, 0
              FROM purchase_order AS o JOIN feed_store AS s ON s.id = o.feed_store_id
             WHERE o.reason = 'reorder' AND s.site_id IS NOT NULL AND NOT EXISTS (
                   SELECT FROM site_event AS e WHERE e.site_id = s.site_id AND e.kind = 'storm'
                      AND e.start_date <= o.delivered_on + 1
                      AND coalesce(e.end_date, 'infinity') >= o.delivered_on)
             ORDER BY o.id LIMIT 1""",
        also="records_as_marked records_of_their_place storms_are_gales",
    ),
    damage(
        "feed_and_money_until_the_end",
        "UPDATE feed_lot SET expires_on = expires_on + 999, discarded_on = '2017-09-01'"
        f" WHERE {first('feed_lot', 'discarded_kg > 0')}",
        also="balances_are_their_days feed_keeps thrown_away_for_a_reason",
    ),
    damage(
        "prices_of_every_month",
        "DELETE FROM salmon_price WHERE month = '2015-02-01' AND weight_class = '9+'",
    ),
]
