"""Photos whose time has come are erased: the picture goes, its digest and all else stay.

What a program of before writes and reads is as it was: both columns may be empty.

Revision ID: 20261127_photo_erasure
Revises: 20261127_growth_indexes
"""

import sqlalchemy as sa
from alembic import op

from migrations.append_only import allow_photo_erasure, refuse_photo_erasure

revision = "20261127_photo_erasure"
down_revision = "20261127_growth_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("check_photo", sa.Column("restricted_until", sa.Date(), nullable=True))
    op.add_column("check_photo", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    allow_photo_erasure()


def downgrade() -> None:
    refuse_photo_erasure()
    op.drop_column("check_photo", "erased_at")
    op.drop_column("check_photo", "restricted_until")
