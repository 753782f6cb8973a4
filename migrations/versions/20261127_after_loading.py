"""Checks that are broken off, and facilities where the loading supervisor's consent is asked."""

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect
from migrations.checks import replace_choices

revision = "20261127_after_loading"
down_revision = "20261126_desk"
branch_labels = None
depends_on = None

_BEFORE = ("open", "refused", "cleared", "released")
_SINCE = (*_BEFORE, "aborted")
_ABOARD = ("nothing", "unloaded", "goods", "unsaid")


def upgrade() -> None:
    replace_choices(
        "loading_check", "status", "ck_loading_check_checkstatus", old=_BEFORE, new=_SINCE
    )
    op.create_table(
        "check_abort",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("waybill_id", sa.Uuid(), nullable=False),
        sa.Column("was", _closed_list("checkstatus", *_SINCE), nullable=False),
        sa.Column("aboard", _closed_list("aboard", *_ABOARD), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("aborted_by", sa.Uuid(), nullable=False),
        sa.Column("aborted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_check_abort_{column}_{table}")
            )
            for column, table in (
                ("check_id", "loading_check"),
                ("waybill_id", "waybill"),
                ("aborted_by", "user_account"),
                ("event_id", "event"),
            )
        ),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_check_abort")),
    )
    op.create_index("ix_check_abort_waybill_id", "check_abort", ["waybill_id"])
    protect("check_abort")
    op.add_column(
        "facility",
        sa.Column("supervisor_consents", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("facility", "supervisor_consents")
    op.drop_index("ix_check_abort_waybill_id", "check_abort")
    op.drop_table("check_abort")
    # Checks are never removed: those that were broken off stay, no more are added.
    replace_choices(
        "loading_check",
        "status",
        "ck_loading_check_checkstatus",
        old=_SINCE,
        new=_BEFORE,
        validated=False,
    )


def _closed_list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
