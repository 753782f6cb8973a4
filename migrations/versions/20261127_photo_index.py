"""An index of the photos that are still there, by when they were taken: retention asks for it.

On PostgreSQL it is built beside the work that goes on, in no transaction. Where that is broken
off, the next run begins here again.

Revision ID: 20261127_photo_index
Revises: 20261127_photo_erasure
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "20261127_photo_index"
down_revision = "20261127_photo_erasure"
branch_labels = None
depends_on = None

NAME: Final = "ix_check_photo_recorded_at"
LONG: Final = "2h"
ALONE: Final = "alone"
"""The option of our connections under which none opens a transaction."""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        _make()
        return
    connection.execute(sa.text(f"SET statement_timeout = '{LONG}'"))
    connection.execution_options(**{ALONE: True})
    try:
        with op.get_context().autocommit_block():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
            _make(beside=True)
    finally:
        connection.execution_options(**{ALONE: False})


def downgrade() -> None:
    op.drop_index(NAME, "check_photo")


def _make(*, beside: bool = False) -> None:
    there = sa.text("erased_at IS NULL")
    op.create_index(
        NAME,
        "check_photo",
        ["recorded_at"],
        postgresql_where=there,
        sqlite_where=there,
        postgresql_concurrently=beside,
    )
