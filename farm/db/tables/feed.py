"""Feed: prices, orders, lots, and who ate them. Written by the simulation.

Quantities are exact to the gram, money to the cent of the geography's currency.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Numeric, PrimaryKeyConstraint, Table

from farm.db.tables.naming import day, key, link, metadata, money, pointer, text, weight

Table(
    "feed_price",
    metadata,
    link("geography"),
    link("feed_supplier"),
    link("feed_type"),
    day("month"),
    Column("price_per_kg", Numeric(10, 4), nullable=False),
    PrimaryKeyConstraint("geography_id", "feed_supplier_id", "feed_type_id", "month"),
    CheckConstraint("price_per_kg > 0", name="price"),
)

Table(
    "purchase_order",
    metadata,
    key("purchase_order"),
    link("feed_supplier"),
    link("feed_type"),
    link("feed_store"),
    text("reason"),
    text("status"),
    day("ordered_on"),
    Column("confirmed_on", Date),
    day("promised_on"),
    Column("delivered_on", Date),
    weight("quantity_kg"),
    Column("delivered_kg", Numeric(12, 3)),
    Column("price_per_kg", Numeric(10, 4), nullable=False),
    weight("stock_kg"),
    weight("threshold_kg"),
    CheckConstraint("reason IN ('opening', 'reorder', 'medicated')", name="reason"),
    CheckConstraint("status IN ('ordered', 'confirmed', 'delivered')", name="status"),
    CheckConstraint(
        "(status <> 'ordered') = (confirmed_on IS NOT NULL)"
        " AND (status = 'delivered') = (delivered_on IS NOT NULL)"
        " AND (delivered_on IS NULL) = (delivered_kg IS NULL)",
        name="facts",
    ),
    CheckConstraint(
        "ordered_on <= confirmed_on AND confirmed_on <= delivered_on AND ordered_on <= promised_on",
        name="dates",
    ),
    CheckConstraint(
        "quantity_kg > 0 AND delivered_kg BETWEEN 0 AND quantity_kg", name="quantities"
    ),
)

Table(
    "feed_lot",
    metadata,
    key("feed_lot"),
    link("purchase_order"),
    link("feed_store"),
    link("feed_type"),
    day("delivered_on"),
    day("expires_on"),
    weight("quantity_kg"),
    Column("unit_cost", Numeric(10, 4), nullable=False),
    money("cost"),
    weight("remaining_kg"),
    weight("discarded_kg"),
    Column("discarded_on", Date),
    CheckConstraint("expires_on > delivered_on", name="dates"),
    CheckConstraint(
        "quantity_kg > 0 AND remaining_kg >= 0 AND discarded_kg >= 0"
        " AND remaining_kg + discarded_kg <= quantity_kg",
        name="quantities",
    ),
    CheckConstraint("(discarded_kg > 0) = (discarded_on IS NOT NULL)", name="discarded"),
)

Table(
    "feed_draw",
    metadata,
    day("date"),
    pointer("feed_lot"),
    pointer("assignment"),
    weight("quantity_kg"),
    money("cost"),
    CheckConstraint("quantity_kg > 0 AND cost >= 0", name="quantities"),
    PrimaryKeyConstraint("feed_lot_id", "assignment_id", "date"),
    postgresql_partition_by="RANGE (date)",
)

Table(
    "feed_shortage",
    metadata,
    link("feed_store"),
    link("feed_type"),
    day("date"),
    weight("wanted_kg"),
    weight("fed_kg"),
    PrimaryKeyConstraint("feed_store_id", "feed_type_id", "date"),
    CheckConstraint("fed_kg >= 0 AND fed_kg < wanted_kg", name="quantities"),
)

Table(
    "stock_balance",
    metadata,
    link("feed_store"),
    link("feed_type"),
    day("month"),
    weight("opening_kg"),
    weight("delivered_kg"),
    weight("consumed_kg"),
    weight("discarded_kg"),
    weight("closing_kg"),
    money("closing_value"),
    PrimaryKeyConstraint("feed_store_id", "feed_type_id", "month"),
    CheckConstraint(
        "opening_kg + delivered_kg - consumed_kg - discarded_kg = closing_kg", name="balance"
    ),
    CheckConstraint("opening_kg >= 0 AND closing_kg >= 0", name="quantities"),
)
