"""Readings and events: high volume, partitioned by calendar month, no row-level foreign keys.

Column order is the order in which rows pack without padding.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from farm.db.tables.naming import count, metadata, money, number, pointer, text, weight

_INSTANT = TIMESTAMP(timezone=True)

Table(
    "environmental_reading",
    metadata,
    Column("reading_time", _INSTANT, nullable=False),
    number("value"),
    pointer("sensor"),
    Column("container_id", Integer),
    Column("assignment_id", Integer),
    pointer("environmental_parameter"),
    pointer("quality_flag"),
    PrimaryKeyConstraint("sensor_id", "reading_time"),
    postgresql_partition_by="RANGE (reading_time)",
)

Table(
    "feeding_event",
    metadata,
    Column("fed_at", _INSTANT, nullable=False),
    pointer("assignment"),
    pointer("feed_store"),
    pointer("feed_type"),
    weight("amount_kg"),
    number("feeding_percent"),
    text("method"),
    money("cost"),
    PrimaryKeyConstraint("assignment_id", "fed_at"),
    postgresql_partition_by="RANGE (fed_at)",
)

Table(
    "mortality_event",
    metadata,
    Column("date", Date, nullable=False),
    pointer("assignment"),
    pointer("mortality_cause"),
    count("count"),
    number("mean_weight_g"),
    CheckConstraint("count > 0", name="count"),
    PrimaryKeyConstraint("assignment_id", "date", "mortality_cause_id"),
    postgresql_partition_by="RANGE (date)",
)

Table(
    "growth_sample",
    metadata,
    Column("sampled_on", Date, nullable=False),
    pointer("assignment"),
    count("n"),
    number("mean_weight_g"),
    number("sd_weight_g"),
    number("min_weight_g"),
    number("max_weight_g"),
    number("mean_length_cm"),
    number("condition_factor"),
    number("biomass_estimate_kg"),
    PrimaryKeyConstraint("assignment_id", "sampled_on"),
    postgresql_partition_by="RANGE (sampled_on)",
)

Table(
    "fish_observation",
    metadata,
    Column("sampled_on", Date, nullable=False),
    pointer("assignment"),
    Column("fish_no", SmallInteger, nullable=False),
    number("weight_g"),
    number("length_cm"),
    PrimaryKeyConstraint("assignment_id", "sampled_on", "fish_no"),
    postgresql_partition_by="RANGE (sampled_on)",
)

Table(
    "sensor_calibration",
    metadata,
    Column("calibrated_on", Date, nullable=False),
    pointer("sensor"),
    number("deviation"),
    PrimaryKeyConstraint("sensor_id", "calibrated_on"),
    postgresql_partition_by="RANGE (calibrated_on)",
)

Table(
    "equipment_service",
    metadata,
    Column("serviced_on", Date, nullable=False),
    pointer("equipment"),
    text("kind"),
    PrimaryKeyConstraint("equipment_id", "serviced_on"),
    postgresql_partition_by="RANGE (serviced_on)",
)

Table(
    "lice_count",
    metadata,
    Column("counted_on", Date, nullable=False),
    pointer("assignment"),
    count("n"),
    number("adult_female"),
    number("mobile"),
    number("attached"),
    PrimaryKeyConstraint("assignment_id", "counted_on"),
    postgresql_partition_by="RANGE (counted_on)",
)

Table(
    "lice_observation",
    metadata,
    Column("counted_on", Date, nullable=False),
    pointer("assignment"),
    Column("fish_no", SmallInteger, nullable=False),
    Column("adult_female", SmallInteger, nullable=False),
    Column("mobile", SmallInteger, nullable=False),
    Column("attached", SmallInteger, nullable=False),
    PrimaryKeyConstraint("assignment_id", "counted_on", "fish_no"),
    postgresql_partition_by="RANGE (counted_on)",
)

Table(
    "health_sample",
    metadata,
    Column("sampled_on", Date, nullable=False),
    pointer("assignment"),
    count("n"),
    number("gill_score"),
    number("gill_score_max"),
    count("gills_affected"),
    count("wounded"),
    number("fin_score"),
    number("side_effect_score"),
    PrimaryKeyConstraint("assignment_id", "sampled_on"),
    postgresql_partition_by="RANGE (sampled_on)",
)
