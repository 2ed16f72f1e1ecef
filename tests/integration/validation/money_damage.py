"""Ways to damage the accounts, one promise each."""

from __future__ import annotations

from tests.integration.validation.damage import damage

#: A batch that was harvested, and a month in the middle of its life.
_BATCH = "batch_id = (SELECT min(batch_id) FROM batch_account)"
_MONTH = f"{_BATCH} AND month = '2016-02-01'"

#: A month of the site of its fish.
_SITE = "month = '2016-10-01' AND site_id = (SELECT min(site_id) FROM site_month WHERE feed_kg > 0)"

#: One lot.
_LOT = """(assignment_id, date, weight_class, quality) = (
    SELECT assignment_id, date, weight_class, quality FROM harvest_lot
     ORDER BY 1, 2, 3, 4 LIMIT 1)"""

MONEY_DAMAGES = [
    damage(
        "batch_months_follow_each_other",
        f"DELETE FROM batch_month WHERE {_MONTH}",
        also="accounts_add_up book_values batch_months_of_the_days deaths_of_batch_months"
        " costs_add_up_over_sites_and_batches",
    ),
    damage(
        "book_values",
        f"UPDATE batch_month SET book_value = book_value - 0.01 WHERE {_MONTH}",
    ),
    damage(
        "book_values",
        f"UPDATE batch_month SET mortality_cost = mortality_cost + 0.01 WHERE {_MONTH}",
        also="accounts_add_up",
    ),
    damage(
        "costs_add_up_over_sites_and_batches",
        f"UPDATE site_month SET feed_cost = feed_cost + 0.01 WHERE {_SITE}",
        also="site_months_of_the_days",
    ),
    damage(
        "accounts_of_harvested_batches",
        f"UPDATE batch_account SET closed_on = closed_on - 1 WHERE {_BATCH}",
    ),
    damage(
        "accounts_add_up",
        f"UPDATE batch_account SET fcr_economic = fcr_economic + 0.0005 WHERE {_BATCH}",
    ),
    damage(
        "accounts_add_up",
        f"UPDATE batch_account SET revenue = revenue + 0.01, profit = profit + 0.01 WHERE {_BATCH}",
    ),
    damage(
        "revenue_of_harvest_lots",
        f"UPDATE harvest_lot SET revenue = revenue + 0.02 WHERE {_LOT}",
        also="accounts_add_up",
    ),
    *(
        damage(
            "batch_months_of_the_days",
            f"UPDATE batch_month SET {figure} = {change} WHERE {_MONTH}",
            also=also,
        )
        for figure, change, also in (
            ("fcr_biological", "fcr_biological + 0.001", ""),
            ("fcr_economic", "NULL", ""),
            ("sgr_percent_day", "sgr_percent_day + 0.001", ""),
            ("tgc", "tgc + 0.001", ""),
            ("mortality_percent", "mortality_percent + 0.001", ""),
            ("max_density_kg_m3", "max_density_kg_m3 + 0.001", ""),
            ("treatments", "treatments + 1", ""),
            ("feed_kg", "feed_kg + 0.001", "accounts_add_up costs_add_up_over_sites_and_batches"),
        )
    ),
    damage(
        "deaths_of_batch_months",
        f"UPDATE batch_month SET deaths_by_cause[1] = deaths_by_cause[1] + 1 WHERE {_MONTH}",
    ),
    *(
        damage("site_months_of_the_days", f"UPDATE site_month SET {change} WHERE {_SITE}")
        for change in (
            "occupied_container_days = occupied_container_days + 1",
            "fallow_days = fallow_days + 1",
            "growth_kg = growth_kg + 1",
            "lice_adult_female = coalesce(lice_adult_female, 0) + 1",
        )
    ),
    damage(
        "costs_of_batch_months",
        "UPDATE batch_month SET operating_cost = operating_cost + 0.02,"
        f" book_value = book_value + 0.02 WHERE {_MONTH}",
        also="accounts_add_up book_values",
    ),
    damage(
        "cost_of_harvest",
        "UPDATE batch_account SET harvest_cost = harvest_cost + 1, total_cost = total_cost + 1,"
        f" profit = profit - 1, cost_per_kg = (total_cost + 1) / gutted_kg WHERE {_BATCH}",
    ),
]
