"""What each figure of feed and money must notice: statements by check."""

from __future__ import annotations

#: A number from 0 to 1 that hangs on nothing but these.
_CHANCE = "abs(hashtext(feed_supplier_id || ' ' || month)::float8) / 2147483648"


def _second_batch(change: str) -> tuple[str, ...]:
    """Return a harvested batch of each geography that did as the first one, but for a change."""
    return (
        """CREATE TEMPORARY TABLE copy ON COMMIT DROP AS
            SELECT a.*, (SELECT min(x.id) FROM batch AS x WHERE x.geography_id = b.geography_id
                            AND x.id NOT IN (SELECT batch_id FROM batch_account)) AS other
              FROM batch_account AS a JOIN batch AS b ON b.id = a.batch_id""",
        f"UPDATE copy SET batch_id = other, {change}",
        "ALTER TABLE copy DROP COLUMN other; INSERT INTO batch_account SELECT * FROM copy",
    )


def _deliveries(kind: str, promised: str) -> str:
    return f"""UPDATE purchase_order SET promised_on = {promised} WHERE status = 'delivered'
        AND feed_store_id IN (SELECT id FROM feed_store WHERE kind = '{kind}')"""


WRONG_FEED: dict[str, tuple[str, ...]] = {
    "feed_conversion_on_land": (
        "UPDATE daily_state SET feed_kg = 2 * feed_kg WHERE salinity_psu IS NULL",
    ),
    "feed_conversion_by_size": ("UPDATE batch_month SET feed_kg = 2 * feed_kg",),
    "feed_conversion_of_years": ("UPDATE batch_month SET feed_kg = 2 * feed_kg",),
    "feed_conversion_rises_with_size": ("UPDATE batch_month SET growth_kg = feed_kg",),
    "feeding_rate_by_size": ("UPDATE daily_state SET feed_kg = 4 * feed_kg",),
    "pellet_sizes": ("UPDATE feed_type SET pellet_mm = 2 * pellet_mm",),
    "feed_composition": ("UPDATE feed_type SET fat_percent = 12",),
    "feed_price": ("UPDATE feed_price SET price_per_kg = 2 * price_per_kg",),
    "feed_is_dearer_in_winter": ("UPDATE feed_price SET price_per_kg = 9",),
    "feed_prices_move_together": (f"UPDATE feed_price SET price_per_kg = 9 + {_CHANCE}",),
    "fasting_before_baths": ("UPDATE daily_state SET temperature_c = 60",),
    "days_of_stock": (
        "UPDATE stock_balance SET opening_kg = opening_kg + 1e6, closing_kg = closing_kg + 1e6",
    ),
    "late_deliveries": (_deliveries("silo", "ordered_on"),),
    "people_reckon_what_is_eaten": ("UPDATE purchase_order SET threshold_kg = 2 * threshold_kg",),
    "boats_wait_for_the_weather": (
        _deliveries("silo", "ordered_on"),
        _deliveries("barge", "delivered_on"),
    ),
    "short_deliveries": (
        "UPDATE purchase_order SET delivered_kg = 0.5 * quantity_kg WHERE status = 'delivered'",
    ),
    "discarded_feed": (
        """UPDATE feed_lot SET discarded_kg = quantity_kg, remaining_kg = 0,
            discarded_on = delivered_on + 1""",
    ),
    "feed_shortages": (
        "DELETE FROM feed_shortage",
        """INSERT INTO feed_shortage
            SELECT l.feed_store_id, l.feed_type_id, d.date, 1e6, 0
              FROM feed_draw AS d JOIN feed_lot AS l ON l.id = d.feed_lot_id GROUP BY 1, 2, 3""",
    ),
    "deliveries_follow_the_season": (
        """UPDATE feed_lot SET quantity_kg = 10 * quantity_kg
            WHERE extract(month FROM delivered_on) BETWEEN 1 AND 4""",
    ),
    "salmon_price": ("UPDATE salmon_price SET price_per_kg = 2 * price_per_kg",),
    "salmon_price_season": ("UPDATE salmon_price SET price_per_kg = 50",),
    "salmon_price_varies": ("UPDATE salmon_price SET price_per_kg = 50",),
    "quality_of_salmon": (
        "UPDATE harvest_lot SET count = 20 * count WHERE quality = 'production'",
    ),
    "wounds_cost_quality": (
        """UPDATE daily_state AS d SET wounded_percent = 60 - 100.0 * l.production / l.fish
            FROM (SELECT assignment_id, sum(count) AS fish,
                         sum(count) FILTER (WHERE quality = 'production') AS production
                    FROM harvest_lot GROUP BY 1) AS l
           WHERE l.assignment_id = d.assignment_id""",
    ),
    "feed_cost_of_salmon": ("UPDATE batch_account SET gutted_kg = 3 * gutted_kg",),
    "cost_of_salmon": ("UPDATE batch_account SET gutted_kg = 3 * gutted_kg",),
    "smolt_cost": ("UPDATE batch_month SET book_value = 10 * book_value",),
    "margins": ("UPDATE batch_account SET revenue = 1, profit = 1 - total_cost",),
    "good_prices_make_good_years": _second_batch(
        "gutted_kg = 2 * gutted_kg, revenue = revenue + 1e6, profit = profit + 1e6"
    ),
    "cost_of_mortality": ("UPDATE batch_account SET mortality_cost = total_cost",),
    "losses_make_batches_dear": _second_batch(
        "fcr_economic = 2 * fcr_economic, cost_per_kg = 0.5 * cost_per_kg"
    ),
}
