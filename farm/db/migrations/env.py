"""Alembic's entry: runs migrations on the connection that farm.db.migrate hands over."""

from __future__ import annotations

from alembic import context

from farm.db.migrate import VERSION_TABLE
from farm.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_schemas=True,
    **VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
