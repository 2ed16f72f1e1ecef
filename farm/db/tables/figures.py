"""Figures that managers ask for: by batch and month, by site and month, and what a batch earned.

Written by the simulation, and recalculated from the rows by the checks. A month is its first day;
money is in the geography's currency.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy.dialects.postgresql import ARRAY

from farm.db.tables.naming import (
    count,
    day,
    key,
    link,
    metadata,
    money,
    number,
    optional_link,
    text,
    weight,
)

Table(
    "salmon_price",
    metadata,
    link("geography"),
    day("month"),
    text("weight_class"),
    Column("price_per_kg", Numeric(10, 4), nullable=False),
    PrimaryKeyConstraint("geography_id", "month", "weight_class"),
    CheckConstraint("price_per_kg > 0", name="price"),
)

Table(
    "batch_month",
    metadata,
    link("batch"),
    day("month"),
    link("lifecycle_stage"),
    count("start_population"),
    count("end_population"),
    number("start_biomass_kg"),
    number("end_biomass_kg"),
    number("mean_weight_g"),
    count("deaths"),
    Column("deaths_by_cause", ARRAY(Integer), nullable=False),
    number("mortality_percent"),
    number("dead_kg"),
    count("harvested"),
    number("harvested_kg"),
    number("growth_kg"),
    weight("feed_kg"),
    number("degree_days"),
    Column("sgr_percent_day", Double),
    Column("tgc", Double),
    Column("fcr_biological", Double),
    Column("fcr_economic", Double),
    number("max_density_kg_m3"),
    Column("lice_adult_female", Double),
    count("treatments"),
    money("egg_cost"),
    money("feed_cost"),
    money("treatment_cost"),
    money("vaccination_cost"),
    money("operating_cost"),
    money("mortality_cost"),
    money("book_value"),
    PrimaryKeyConstraint("batch_id", "month"),
)

Table(
    "site_month",
    metadata,
    key("site_month"),
    optional_link("site"),
    optional_link("station"),
    day("month"),
    count("containers"),
    count("occupied_container_days"),
    number("utilisation_percent"),
    count("fallow_days"),
    count("end_population"),
    number("end_biomass_kg"),
    number("max_biomass_kg"),
    number("max_density_kg_m3"),
    count("deaths"),
    number("mortality_percent"),
    number("growth_kg"),
    number("harvested_kg"),
    weight("feed_kg"),
    money("feed_cost"),
    Column("fcr_biological", Double),
    Column("lice_adult_female", Double),
    count("lice_fish_counted"),
    count("treatments"),
    CheckConstraint("num_nonnulls(site_id, station_id) = 1", name="place"),
)

Table(
    "batch_account",
    metadata,
    Column("batch_id", Integer, ForeignKey("batch.id"), primary_key=True, autoincrement=False),
    day("closed_on"),
    count("eggs"),
    count("harvested"),
    number("harvested_kg"),
    number("gutted_kg"),
    weight("feed_kg"),
    number("fcr_biological"),
    number("fcr_economic"),
    number("survival_percent"),
    money("revenue"),
    money("egg_cost"),
    money("feed_cost"),
    money("treatment_cost"),
    money("vaccination_cost"),
    money("operating_cost"),
    money("harvest_cost"),
    money("total_cost"),
    money("profit"),
    money("mortality_cost"),
    Column("cost_per_kg", Numeric(10, 4), nullable=False),
    Column("feed_cost_per_kg", Numeric(10, 4), nullable=False),
    CheckConstraint(
        "total_cost = egg_cost + feed_cost + treatment_cost + vaccination_cost + operating_cost"
        " + harvest_cost AND profit = revenue - total_cost",
        name="sums",
    ),
)
