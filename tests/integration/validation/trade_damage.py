"""Ways to damage how feed is bought and kept, and what salmon is sold as, one promise each."""

from __future__ import annotations

from tests.integration.validation.damage import damage, first

#: Usual orders that came in full and in time.
_IN_TIME = """reason = 'reorder' AND delivered_on = promised_on AND delivered_kg = quantity_kg"""

#: A lot of which nobody ate yet, and one that was thrown away in the middle of a month.
_UNTOUCHED = first("feed_lot", "remaining_kg = quantity_kg")
_THROWN = first("feed_lot", "discarded_kg > 0 AND extract(day FROM discarded_on) > 1")

#: The price of a feed that nobody bought.
_UNBOUGHT = """(geography_id, feed_supplier_id, feed_type_id) = (
    SELECT geography_id, feed_supplier_id, feed_type_id FROM feed_price
     WHERE feed_type_id NOT IN (SELECT feed_type_id FROM purchase_order)
     ORDER BY 1, 2, 3 LIMIT 1)"""

#: The harvest of a day, and the weight class of most of its production fish.
_HARVEST = """(assignment_id, date) = (
    SELECT assignment_id, date FROM harvest_event ORDER BY 1, 2 LIMIT 1)"""
_CLASS = f"""{_HARVEST} AND weight_class = (
    SELECT weight_class FROM harvest_lot WHERE {_HARVEST} AND quality = 'production'
     ORDER BY count DESC LIMIT 1)"""


def _moved(fish: int, quality: str) -> str:
    """Return what puts so many fish more into the lot of a quality, at the weight of its fish."""
    return f"""UPDATE harvest_lot SET count = count + {fish},
        live_kg = live_kg + {fish} * mean_weight_g / 1000,
        gutted_kg = gutted_kg + {fish} * mean_weight_g / 1000 * gutted_kg / live_kg
        WHERE {_CLASS} AND quality = '{quality}'"""


TRADE_DAMAGES = [
    damage("shortages_are_felt", "DELETE FROM feed_shortage"),
    damage(
        "shortages_are_felt",
        """INSERT INTO feed_shortage
            SELECT feed_store_id, feed_type_id, month + 5, 1, 0 FROM stock_balance
             WHERE opening_kg > 0 AND closing_kg = opening_kg AND delivered_kg = 0
             ORDER BY 3, 1, 2 LIMIT 1""",
    ),
    damage("feed_is_sold_by_those_who_sell_it", f"DELETE FROM feed_price WHERE {_UNBOUGHT}"),
    damage("orders_are_numbered", f"UPDATE feed_lot SET id = id + 1000 WHERE {_UNTOUCHED}"),
    damage("feed_keeps", f"UPDATE feed_lot SET expires_on = expires_on + 1 WHERE {_UNTOUCHED}"),
    damage(
        "orders_are_answered",
        "UPDATE purchase_order SET confirmed_on = ordered_on"
        f" WHERE {first('purchase_order', _IN_TIME)}",
    ),
    damage(
        "ordered_because_stock_fell",
        "UPDATE purchase_order SET threshold_kg = 1 WHERE reason = 'opening'",
    ),
    damage(
        "promised_after_the_lead_time",
        "UPDATE purchase_order SET promised_on = promised_on - 1"
        f" WHERE {first('purchase_order', _IN_TIME)}",
    ),
    damage(
        "promised_after_the_lead_time",
        "UPDATE purchase_order SET ordered_on = ordered_on - 1, confirmed_on = confirmed_on - 1,"
        " promised_on = promised_on - 1, delivered_on = delivered_on - 1 WHERE reason = 'opening'",
        "UPDATE feed_lot SET delivered_on = delivered_on - 1, expires_on = expires_on - 1"
        " WHERE delivered_on < '2015-01-01'",
    ),
    damage(
        "ordered_by_the_load",
        "UPDATE purchase_order SET quantity_kg = quantity_kg + 0.001"
        f" WHERE {first('purchase_order', _IN_TIME)}",
    ),
    damage(
        "deliveries_bring_most_of_it",
        "UPDATE purchase_order SET quantity_kg = 2 * quantity_kg"
        f" WHERE {first('purchase_order', _IN_TIME)}",
    ),
    damage(
        "one_supplier_for_a_year",
        "UPDATE purchase_order SET feed_supplier_id = (SELECT max(id) FROM feed_supplier)"
        f" WHERE {first('purchase_order', _IN_TIME)}",
        also="orders_at_the_price promised_after_the_lead_time",
    ),
    damage(
        "thrown_away_for_a_reason",
        f"UPDATE feed_lot SET discarded_on = discarded_on - 1 WHERE {_THROWN}",
    ),
    damage(
        "feed_prices_follow_their_market",
        "UPDATE feed_price SET price_per_kg = 1.001 * price_per_kg"
        f" WHERE {_UNBOUGHT} AND month = '2016-05-01'",
    ),
    damage(
        "feed_prices_follow_their_market",
        "UPDATE feed_price SET price_per_kg = 2 * price_per_kg"
        " WHERE extract(year FROM month) = 2016",
        also="orders_at_the_price",
    ),
    damage(
        "feed_prices_follow_their_market",
        """UPDATE feed_price AS p SET price_per_kg = q.price_per_kg FROM feed_price AS q
            WHERE (p.geography_id, p.feed_supplier_id, p.feed_type_id)
                  = (q.geography_id, q.feed_supplier_id, q.feed_type_id)
              AND q.month = '2015-06-01' AND p.month BETWEEN '2015-06-01' AND '2015-08-01'""",
        also="orders_at_the_price",
    ),
    damage(
        "prices_of_every_month",
        f"UPDATE feed_price SET month = month + 1 WHERE {_UNBOUGHT} AND month = '2016-05-01'",
    ),
    damage(
        "salmon_prices_follow_their_market",
        "UPDATE salmon_price SET price_per_kg = price_per_kg + 0.01"
        " WHERE month = '2015-03-01' AND geography_id = 2 AND weight_class = '1-2'",
    ),
    damage(
        "salmon_prices_follow_their_market",
        "UPDATE salmon_price SET price_per_kg = 1.5 * price_per_kg WHERE month = '2015-03-01'",
    ),
    damage("site_months_have_their_id", "UPDATE site_month SET id = -id"),
    damage(
        "site_months_have_their_id",
        """INSERT INTO site_month
            SELECT (jsonb_populate_record(m, '{"id": -1}')).*
              FROM site_month AS m WHERE month = '2015-01-01' AND occupied_container_days = 0
             ORDER BY m.id LIMIT 1""",
    ),
    damage(
        "accounts_add_up",
        "UPDATE batch_account SET harvested_kg = harvested_kg + 0.05"
        " WHERE batch_id = (SELECT min(batch_id) FROM batch_account)",
    ),
    damage(
        "harvest_lots_in_their_weight_class",
        f"UPDATE harvest_lot SET weight_class = '0-1' WHERE {_CLASS} AND quality = 'production'",
        also="downgraded_fish_are_small revenue_of_harvest_lots",
    ),
    damage(
        "gutting_leaves_the_share",
        "UPDATE harvest_lot SET gutted_kg = 0.9999 * gutted_kg,"
        f" revenue = round(0.9999 * revenue, 2) WHERE {_CLASS} AND quality = 'production'",
        also="accounts_add_up cost_of_harvest",
    ),
    damage(
        "downgraded_fish_are_small",
        _moved(200, "production"),
        _moved(-200, "superior"),
        also="revenue_of_harvest_lots",
    ),
    damage(
        "wounded_fish_go_to_production",
        "UPDATE daily_state AS d SET wounded_percent = 40 FROM harvest_event AS h"
        " WHERE d.assignment_id = h.assignment_id AND d.date = h.date - 1",
    ),
]
