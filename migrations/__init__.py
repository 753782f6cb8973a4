"""Alembic migrations; the settings are in code, `waybill.storage.migrate` runs them."""
