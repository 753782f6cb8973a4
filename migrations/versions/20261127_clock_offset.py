"""A tablet's clock may be wrong by years: that many milliseconds need eight bytes."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_clock_offset"
down_revision = "20261127_factors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _retype(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    _retype(sa.BigInteger(), sa.Integer())


def _retype(was: sa.types.TypeEngine[int], now: sa.types.TypeEngine[int]) -> None:
    """Change the type on PostgreSQL; a number of SQLite is as wide as it must be."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("offline_record", "clock_offset_ms", existing_type=was, type_=now)
