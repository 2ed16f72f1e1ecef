"""The world: places, containers, sensors, catalogues. One table per field of `World`."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from farm.db.tables.naming import (
    code,
    count,
    day,
    key,
    link,
    metadata,
    number,
    optional_link,
    text,
)

Table("geography", metadata, key("geography"), code(), *map(text, ("name", "currency", "timezone")))

Table(
    "density_limit",
    metadata,
    key("density_limit"),
    link("geography"),
    number("from_weight_g"),
    number("limit_kg_m3"),
    UniqueConstraint(
        "geography_id", "from_weight_g", name="density_limit_geography_id_from_weight_g_key"
    ),
)

Table(
    "area",
    metadata,
    key("area"),
    link("geography"),
    code(),
    text("name"),
    number("latitude"),
    number("longitude"),
)

Table(
    "station",
    metadata,
    key("station"),
    link("area"),
    code(),
    text("name"),
    text("kind"),
    number("latitude"),
    number("longitude"),
    text("water_source"),
)

Table("hall", metadata, key("hall"), link("station"), code(), text("name"), link("lifecycle_stage"))

Table(
    "site",
    metadata,
    key("site"),
    link("area"),
    code(),
    text("name"),
    number("latitude"),
    number("longitude"),
    number("max_biomass_t"),
    text("exposure"),
)

Table(
    "environmental_parameter",
    metadata,
    key("environmental_parameter"),
    code(),
    text("name"),
    text("unit"),
    number("minimum"),
    number("maximum"),
    number("optimum"),
)

Table(
    "lifecycle_stage",
    metadata,
    key("lifecycle_stage"),
    code(),
    text("name"),
    count("stage_order"),
    text("container_kind"),
    count("typical_days"),
    number("min_weight_g"),
    number("max_weight_g"),
)

Table(
    "container",
    metadata,
    key("container"),
    optional_link("hall"),
    optional_link("site"),
    code(),
    text("kind"),
    number("volume_m3"),
    number("max_density_kg_m3"),
    count("capacity_fish"),
    Column("circumference_m", Double),
    Column("depth_m", Double),
    Column("latitude", Double),
    Column("longitude", Double),
    CheckConstraint("num_nonnulls(hall_id, site_id) = 1", name="place"),
)

Table(
    "sensor",
    metadata,
    key("sensor"),
    optional_link("container"),
    optional_link("site"),
    link("environmental_parameter"),
    code(),
    text("model"),
    day("installed_on"),
    day("calibrated_on"),
    text("position"),
    Column("depth_m", Double),
    CheckConstraint("num_nonnulls(container_id, site_id) = 1", name="place"),
)

Table(
    "equipment",
    metadata,
    key("equipment"),
    optional_link("container"),
    optional_link("site"),
    text("kind"),
    text("model"),
    day("installed_on"),
    code(),
    count("service_interval_days"),
    optional_link("station"),
    CheckConstraint("num_nonnulls(container_id, site_id, station_id) = 1", name="place"),
)

Table(
    "feed_store",
    metadata,
    key("feed_store"),
    optional_link("station"),
    optional_link("site"),
    code(),
    text("kind"),
    number("capacity_kg"),
    optional_link("hall"),
    CheckConstraint("num_nonnulls(station_id, hall_id, site_id) = 1", name="place"),
)

Table("strain", metadata, key("strain"), code(), text("name"))

Table("egg_supplier", metadata, key("egg_supplier"), code(), text("name"), text("country"))

Table(
    "broodstock",
    metadata,
    key("broodstock"),
    link("geography"),
    link("strain"),
    code(),
    text("name"),
)

Table(
    "feed_type",
    metadata,
    key("feed_type"),
    code(),
    text("name"),
    number("pellet_mm"),
    number("protein_percent"),
    number("fat_percent"),
    number("min_weight_g"),
    number("max_weight_g"),
    optional_link("treatment_type"),
)

Table(
    "feed_supplier",
    metadata,
    key("feed_supplier"),
    code(),
    text("name"),
    count("lead_time_days"),
    number("reliability"),
)

Table("mortality_cause", metadata, key("mortality_cause"), code(), text("name"))

Table("quality_flag", metadata, key("quality_flag"), code(), text("name"))

Table("disease", metadata, key("disease"), code(), text("name"), text("kind"), text("agent"))

Table(
    "treatment_type",
    metadata,
    key("treatment_type"),
    code(),
    text("name"),
    text("method"),
    Column("is_medicine", Boolean, nullable=False),
    Column("substance", Text),
    Column("dose", Double),
    Column("dose_unit", Text),
    count("duration_days"),
    count("fasting_days"),
    Column("withdrawal_degree_days", Double),
    Column("withdrawal_days", Integer),
    CheckConstraint("num_nonnulls(dose, dose_unit) IN (0, 2)", name="dose"),
    CheckConstraint("num_nonnulls(withdrawal_degree_days, withdrawal_days) < 2", name="withdrawal"),
)

Table(
    "vaccine",
    metadata,
    key("vaccine"),
    code(),
    text("name"),
    number("min_weight_g"),
    number("onset_degree_days"),
    number("dose_ml"),
)

Table(
    "vaccine_protection",
    metadata,
    link("vaccine"),
    link("disease"),
    number("protection"),
    PrimaryKeyConstraint("vaccine_id", "disease_id"),
    CheckConstraint("protection > 0 AND protection <= 1", name="protection"),
)

Table(
    "lab_test",
    metadata,
    key("lab_test"),
    code(),
    text("name"),
    text("method"),
    link("disease"),
    number("sensitivity"),
    number("specificity"),
)

Table(
    "lice_limit",
    metadata,
    key("lice_limit"),
    link("geography"),
    text("kind"),
    day("from_date"),
    Column("to_date", Date),
    count("first_month"),
    count("last_month"),
    number("adult_female"),
    CheckConstraint("kind IN ('treat', 'report', 'enforce')", name="kind"),
)
