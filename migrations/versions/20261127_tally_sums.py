"""Sums of tallies by day. The worker makes them, from the first entry on.

A program of before carries tallies on and no sums: how far these have come is noted apart, and
what they lack is counted from the tallies.

Revision ID: 20261127_tally_sums
Revises: 20261127_unreleased
"""

from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "20261127_tally_sums"
down_revision = "20261127_unreleased"
branch_labels = None
depends_on = None

FACES = (
    *("all", "hour", "carrier", "facility", "district"),
    *("un_number", "hazard_class", "rule", "from_issue"),
)
ACTS = ("issue", "arrival", "scan", "check", "release", "cancel")
OUTCOMES = ("passed", "refused", "unproven")
KEY = ("face", "key", "day", "act", "outcome", "offline", "after_loading")


def upgrade() -> None:
    op.create_table(
        "tally_sum",
        sa.Column("face", _closed_list("face", *FACES), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("act", _closed_list("tallyact", *ACTS), nullable=False),
        sa.Column("outcome", _closed_list("tallyoutcome", *OUTCOMES), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("after_loading", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("many", sa.BigInteger(), nullable=False),
        sa.Column("with_planned", sa.BigInteger(), nullable=False),
        sa.Column("planned_kg", _quantity(), nullable=False),
        sa.Column("with_loaded", sa.BigInteger(), nullable=False),
        sa.Column("loaded_kg", _quantity(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_tally_sum")),
    )
    op.create_index("ix_tally_sum_face_day", "tally_sum", ["face", "day"])


def downgrade() -> None:
    op.drop_table("tally_sum")
    op.execute("DELETE FROM projection WHERE name = 'tally_sum'")


def _closed_list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _quantity() -> sa.Numeric[Decimal]:
    return sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite")
