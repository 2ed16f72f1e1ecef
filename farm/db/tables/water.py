"""The water and the weather of every day, and what went wrong with them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, PrimaryKeyConstraint, Table

from farm.db.tables.naming import count, day, key, link, metadata, number, pointer, text

#: Kinds of `site_event`.
_EVENTS = (
    "storm",
    "heat_wave",
    "cold_spell",
    "hypoxia",
    "algal_bloom",
    "jellyfish",
)

Table(
    "site_day",
    metadata,
    pointer("site"),
    day("date"),
    number("temperature_c"),
    number("salinity_psu"),
    number("oxygen_mg_l"),
    number("ph"),
    number("current_m_s"),
    number("wind_m_s"),
    number("wave_height_m"),
    number("air_temperature_c"),
    PrimaryKeyConstraint("site_id", "date"),
    postgresql_partition_by="RANGE (date)",
)

Table(
    "hall_day",
    metadata,
    pointer("hall"),
    day("date"),
    number("temperature_c"),
    number("oxygen_mg_l"),
    number("ph"),
    PrimaryKeyConstraint("hall_id", "date"),
    postgresql_partition_by="RANGE (date)",
)

Table(
    "site_event",
    metadata,
    key("site_event"),
    link("site"),
    text("kind"),
    day("start_date"),
    Column("end_date", Date),
    number("severity"),
    count("fasting_days"),
    count("deaths"),
    CheckConstraint(
        "kind IN (" + ", ".join(f"'{kind}'" for kind in _EVENTS) + ")",
        name="kind",
    ),
    CheckConstraint("end_date > start_date", name="dates"),
    CheckConstraint("severity > 0 AND severity <= 1", name="severity"),
)
