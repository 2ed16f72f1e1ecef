"""The tables: public holds the farm's data, ops the generation itself."""

from __future__ import annotations

from sqlalchemy import MetaData, Table

from farm.db.tables import batches, events, feed, figures, health, ops, water, world
from farm.db.tables.naming import metadata

__all__ = ["DATA_TABLES", "MONTHLY_TABLES", "OPS", "metadata", "table"]

OPS = ops.SCHEMA


def _tables(found: MetaData) -> dict[str, Table]:
    return {t.name: t for t in found.sorted_tables if t.schema is None}


#: Tables of data by name, in an order in which references exist before they are used.
DATA_TABLES: dict[str, Table] = _tables(metadata)

#: Tables with one leaf per calendar month, and the column that says which.
MONTHLY_TABLES: dict[str, str] = {
    "daily_state": "date",
    "site_day": "date",
    "hall_day": "date",
    "feed_draw": "date",
    "environmental_reading": "reading_time",
    "feeding_event": "fed_at",
    "mortality_event": "date",
    "growth_sample": "sampled_on",
    "fish_observation": "sampled_on",
    "lice_count": "counted_on",
    "lice_observation": "counted_on",
    "health_sample": "sampled_on",
    "sensor_calibration": "calibrated_on",
    "equipment_service": "serviced_on",
}

#: Modules that define the tables; importing them fills `metadata`.
_ROOMS = (world, batches, water, events, health, feed, figures, ops)


def table(name: str) -> Table:
    """Return a table of data; raises KeyError for a name that is none."""
    return DATA_TABLES[name]
