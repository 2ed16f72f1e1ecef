"""Migrations: each changes a schema once; Alembic remembers which were applied."""
