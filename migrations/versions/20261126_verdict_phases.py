"""Verdicts of the day before and of the roadside; waybills that need attention since then."""

import sqlalchemy as sa
from alembic import op

from migrations.checks import replace_choices

revision = "20261126_phases"
down_revision = "20261126_plant_items"
branch_labels = None
depends_on = None

BEFORE = ("issue", "before_loading", "after_loading")
SINCE = ("issue", "day_before", "before_loading", "after_loading", "roadside")


def upgrade() -> None:
    op.add_column("waybill", sa.Column("attention_since", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_waybill_status_planned_loading_at", "waybill", ["status", "planned_loading_at"]
    )
    replace_choices("verdict", "phase", "ck_verdict_phase", old=BEFORE, new=SINCE)


def downgrade() -> None:
    # Verdicts are never removed: those of the two phases stay, no more are added.
    replace_choices("verdict", "phase", "ck_verdict_phase", old=SINCE, new=BEFORE, validated=False)
    op.drop_index("ix_waybill_status_planned_loading_at", "waybill")
    op.drop_column("waybill", "attention_since")
