"""Batches, where they live, how they move, and their daily state."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint

from farm.db.tables.naming import (
    code,
    count,
    day,
    key,
    link,
    metadata,
    money,
    number,
    optional_link,
    pointer,
    text,
)

Table(
    "batch",
    metadata,
    key("batch"),
    link("geography"),
    code(),
    text("species"),
    link("strain"),
    text("egg_source"),
    optional_link("egg_supplier"),
    optional_link("broodstock"),
    count("eggs"),
    day("start_date"),
    day("expected_harvest"),
    text("status"),
    Column("end_date", Date),
    CheckConstraint(
        "CASE egg_source WHEN 'external' THEN egg_supplier_id IS NOT NULL AND broodstock_id IS NULL"
        " WHEN 'internal' THEN broodstock_id IS NOT NULL AND egg_supplier_id IS NULL"
        " ELSE false END",
        name="egg_source",
    ),
    CheckConstraint("(status = 'harvested') = (end_date IS NOT NULL)", name="status"),
)

_assignment = Table(
    "assignment",
    metadata,
    key("assignment"),
    Column("batch_id", Integer, ForeignKey("batch.id"), nullable=False, index=True),
    link("container"),
    link("lifecycle_stage"),
    day("start_date"),
    Column("end_date", Date),
    count("start_count"),
    number("start_weight_g"),
    Column("end_count", Integer),
    Column("end_weight_g", Double),
    CheckConstraint("end_date > start_date", name="dates"),
    CheckConstraint("start_count >= 0 AND end_count >= 0", name="counts"),
)
# Never two batches in one container at once; the day one leaves, the next may enter.
_assignment.append_constraint(
    ExcludeConstraint(
        (_assignment.c.container_id, "="),
        (func.daterange(_assignment.c.start_date, _assignment.c.end_date), "&&"),
        using="gist",
        name="assignment_one_batch_per_container_excl",
    )
)


def _end_of(role: str) -> Column[int]:
    return Column(f"{role}assignment_id", Integer, ForeignKey("assignment.id"), nullable=False)


Table(
    "transfer",
    metadata,
    day("date"),
    _end_of("from_"),
    _end_of("to_"),
    count("count"),
    number("mean_weight_g"),
    number("biomass_kg"),
    count("mortality_count"),
    text("kind"),
    PrimaryKeyConstraint("from_assignment_id", "to_assignment_id", "date"),
    CheckConstraint("count > 0 AND mortality_count BETWEEN 0 AND count", name="counts"),
)

Table(
    "harvest_event",
    metadata,
    _end_of(""),
    day("date"),
    count("count"),
    number("mean_weight_g"),
    number("biomass_kg"),
    PrimaryKeyConstraint("assignment_id", "date"),
    CheckConstraint("count > 0", name="count"),
)

Table(
    "harvest_lot",
    metadata,
    pointer("assignment"),  # enforced by way of its harvest event
    day("date"),
    text("weight_class"),
    text("quality"),
    count("count"),
    number("mean_weight_g"),
    number("live_kg"),
    number("gutted_kg"),
    money("revenue"),
    PrimaryKeyConstraint("assignment_id", "date", "weight_class", "quality"),
    ForeignKeyConstraint(
        ["assignment_id", "date"],
        ["harvest_event.assignment_id", "harvest_event.date"],
        name="harvest_lot_harvest_event_fkey",
    ),
    CheckConstraint("count > 0 AND gutted_kg < live_kg", name="weights"),
    CheckConstraint("quality IN ('superior', 'ordinary', 'production')", name="quality"),
)

Table(
    "daily_state",
    metadata,
    pointer("assignment"),
    pointer("batch"),
    day("date"),
    pointer("lifecycle_stage"),
    count("population"),
    number("mean_weight_g"),
    number("biomass_kg"),
    count("deaths"),
    Column("deaths_by_cause", ARRAY(Integer), nullable=False),
    Column("feed_kg", Numeric(12, 3), nullable=False),
    number("temperature_c"),
    number("oxygen_mg_l"),
    Column("salinity_psu", Double),
    number("ph"),
    number("density_kg_m3"),
    Column("is_fasting", Boolean, nullable=False),
    number("weight_cv"),
    number("appetite"),
    Column("lice_adult_female", Double),
    Column("lice_mobile", Double),
    Column("lice_attached", Double),
    number("gill_score"),
    number("wounded_percent"),
    number("side_effect_score"),
    Column("disease_id", SmallInteger),
    number("sick_percent"),
    Column("is_withheld", Boolean, nullable=False),
    count("lice_fish_counted"),
    count("lice_adult_female_counted"),
    count("lice_mobile_counted"),
    count("lice_attached_counted"),
    Column("feed_type_id", SmallInteger),
    money("feed_cost"),
    PrimaryKeyConstraint("assignment_id", "date"),
    postgresql_partition_by="RANGE (date)",
)
