"""Reports that are asked for and made, and the signed totals of each day."""

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "20261127_reports"
down_revision = "20261127_personal"
branch_labels = None
depends_on = None

_STATUSES = ("waiting", "counting", "done", "failed")


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        *_signed(),
        _key("report", "event_id", "event.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index("ix_report_from_on_until_on", "report", ["from_on", "until_on"])
    op.create_table(
        "report_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_by", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                *_STATUSES,
                name="orderstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.BigInteger()),
        sa.Column("sections", sa.LargeBinary(), nullable=False),
        sa.Column("report_id", sa.Uuid()),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_report_order_days_in_order")),
        sa.CheckConstraint(
            "(status = 'done') = (report_id IS NOT NULL)",
            name=op.f("ck_report_order_done_has_report"),
        ),
        _key("report_order", "ordered_by", "user_account.id"),
        _key("report_order", "organisation_id", "organisation.id"),
        _key("report_order", "report_id", "report.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_order")),
    )
    op.create_index("ix_report_order_status_id", "report_order", ["status", "id"])
    op.create_table(
        "daily_total",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        *_signed(),
        _key("daily_total", "event_id", "event.id"),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_total")),
    )
    protect("report")
    protect("daily_total")


def downgrade() -> None:
    for table in ("daily_total", "report_order", "report"):
        op.drop_table(table)


def _signed() -> tuple["sa.Column[object]", ...]:
    return (
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document_jws", sa.Text(), nullable=False),
        sa.Column("kid", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
    )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [target], name=name)
