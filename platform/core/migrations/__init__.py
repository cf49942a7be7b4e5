"""Alembic migrations, one file a slice."""
