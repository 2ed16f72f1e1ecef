"""What all tables share: one metadata, one way to name constraints, the few column shapes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    Date,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Text,
)
from sqlalchemy.types import TypeEngine

#: Constraints and indexes are named as PostgreSQL itself would name them, so that a month's leaf,
#: whose key PostgreSQL names, reads like its parent.
metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_name)s_idx",
    }
)

#: Catalogues with a handful of rows: two bytes are enough for a reference to them.
SMALL_CATALOGUES = frozenset(
    {
        "geography",
        "environmental_parameter",
        "lifecycle_stage",
        "mortality_cause",
        "quality_flag",
        "feed_type",
        "disease",
        "treatment_type",
        "vaccine",
        "lab_test",
    }
)


def id_type(table: str) -> TypeEngine[Any]:
    """Return the type of a table's id and of every reference to it."""
    return SmallInteger() if table in SMALL_CATALOGUES else Integer()


def key(table: str) -> Column[Any]:
    """Return the `id` column of a table; ids are computed, never drawn from a sequence."""
    return Column("id", id_type(table), primary_key=True, autoincrement=False)


def link(table: str) -> Column[Any]:
    """Return a reference to another table that the database enforces."""
    return Column(f"{table}_id", id_type(table), ForeignKey(f"{table}.id"), nullable=False)


def optional_link(table: str) -> Column[Any]:
    """Return a reference that the database enforces and that may be absent."""
    return Column(f"{table}_id", id_type(table), ForeignKey(f"{table}.id"), nullable=True)


def pointer(table: str) -> Column[Any]:
    """Return a reference that is checked in bulk: a row-level key costs ten times the load."""
    return Column(f"{table}_id", id_type(table), nullable=False)


def text(name: str) -> Column[Any]:
    """Return a column of text."""
    return Column(name, Text, nullable=False)


def code() -> Column[Any]:
    """Return the short stable code by which people know a row; unique in its table."""
    return Column("code", Text, nullable=False, unique=True)


def number(name: str) -> Column[Any]:
    """Return a column of double precision; its unit is in its name."""
    return Column(name, Double, nullable=False)


def count(name: str) -> Column[Any]:
    """Return a column of whole numbers."""
    return Column(name, Integer, nullable=False)


def day(name: str) -> Column[Any]:
    """Return a column of days."""
    return Column(name, Date, nullable=False)


def weight(name: str) -> Column[Any]:
    """Return a column of kilograms, exact to the gram."""
    return Column(name, Numeric(12, 3), nullable=False)


def money(name: str) -> Column[Any]:
    """Return a column of money in the geography's currency, exact to the cent."""
    return Column(name, Numeric(14, 2), nullable=False)
