"""Health: what struck the fish, and what people did about it. Written by the simulation."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Integer,
    Numeric,
    Table,
    Text,
)

from farm.db.tables.naming import (
    count,
    day,
    key,
    link,
    metadata,
    number,
    optional_link,
    text,
)

Table(
    "disease_outbreak",
    metadata,
    key("disease_outbreak"),
    link("disease"),
    optional_link("site"),
    optional_link("station"),
    day("first_case_date"),
    Column("onset_date", Date),
    Column("diagnosed_date", Date),
    Column("peak_date", Date),
    Column("end_date", Date),
    count("assignments_affected"),
    count("deaths"),
    CheckConstraint("num_nonnulls(site_id, station_id) = 1", name="place"),
    CheckConstraint("onset_date >= first_case_date AND end_date > first_case_date", name="dates"),
)

Table(
    "treatment",
    metadata,
    key("treatment"),
    link("treatment_type"),
    link("assignment"),
    optional_link("disease_outbreak"),
    text("reason"),
    day("start_date"),
    Column("end_date", Date),
    count("fish"),
    number("biomass_kg"),
    Column("dose_total", Double),
    Column("dose_total_unit", Text),
    Column("cost", Numeric(14, 2), nullable=False),
    count("deaths"),
    Column("before_date", Date),
    Column("before_value", Double),
    Column("after_date", Date),
    Column("after_value", Double),
    Column("effect_percent", Double),
    text("status"),
    CheckConstraint("reason IN ('outbreak', 'lice', 'preventive')", name="reason"),
    CheckConstraint("status IN ('running', 'waiting', 'completed')", name="status"),
    CheckConstraint("end_date > start_date", name="dates"),
    CheckConstraint("fish > 0 AND deaths BETWEEN 0 AND fish", name="counts"),
)

Table(
    "withholding_period",
    metadata,
    key("withholding_period"),
    link("treatment"),
    link("assignment"),
    day("start_date"),
    Column("end_date", Date),
    Column("required_degree_days", Double),
    Column("required_days", Integer),
    number("degree_days"),
    CheckConstraint("num_nonnulls(required_degree_days, required_days) = 1", name="rule"),
    CheckConstraint("end_date >= start_date", name="dates"),
)

Table(
    "vaccination",
    metadata,
    key("vaccination"),
    link("vaccine"),
    link("assignment"),
    day("date"),
    count("count"),
    number("mean_weight_g"),
    number("side_effect_score"),
    Column("cost", Numeric(14, 2), nullable=False),
    CheckConstraint("count > 0", name="count"),
)

Table(
    "lab_sample",
    metadata,
    key("lab_sample"),
    link("lab_test"),
    link("assignment"),
    optional_link("disease_outbreak"),
    text("reason"),
    day("sampled_on"),
    Column("sent_on", Date),
    Column("received_on", Date),
    count("n"),
    Column("positive", Integer),
    Column("result", Text),
    CheckConstraint("reason IN ('screening', 'suspicion', 'follow_up')", name="reason"),
    CheckConstraint("sampled_on <= sent_on AND sent_on <= received_on", name="dates"),
    CheckConstraint("n > 0 AND positive BETWEEN 0 AND n", name="counts"),
    CheckConstraint(
        "num_nonnulls(received_on, positive, result) IN (0, 3)"
        " AND result IN ('positive', 'negative')",
        name="result",
    ),
)

Table(
    "journal_entry",
    metadata,
    key("journal_entry"),
    day("date"),
    optional_link("site"),
    optional_link("station"),
    Column("assignment_id", Integer, ForeignKey("assignment.id")),
    Column("disease_outbreak_id", Integer, ForeignKey("disease_outbreak.id")),
    text("kind"),
    text("author"),
    text("text"),
    CheckConstraint("num_nonnulls(site_id, station_id) = 1", name="place"),
)
