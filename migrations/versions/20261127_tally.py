"""Tables for counting, made from the log."""

from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "20261127_tally"
down_revision = "20261126_acting"
branch_labels = None
depends_on = None

ACTS = ("issue", "arrival", "scan", "check", "release", "cancel")
OUTCOMES = ("passed", "refused", "unproven")
FINDINGS = ("passed", "failed", "unknown", "not_applicable")
SEVERITIES = ("STOP", "WARN", "INFO")


def upgrade() -> None:
    op.create_table(
        "projection",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("next_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_projection")),
    )
    op.create_table(
        "tally",
        sa.Column("log_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("act", _closed_list("tallyact", *ACTS), nullable=False),
        sa.Column("outcome", _closed_list("tallyoutcome", *OUTCOMES), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("waybill_id", sa.Uuid(), nullable=True),
        sa.Column("check_id", sa.Uuid(), nullable=True),
        sa.Column("carrier_id", sa.Uuid(), nullable=True),
        sa.Column("facility_id", sa.Uuid(), nullable=True),
        sa.Column("bay_id", sa.Uuid(), nullable=True),
        sa.Column("area_code", sa.String(length=6), nullable=False),
        sa.Column("vehicle", sa.String(length=24), nullable=False),
        sa.Column("trailer", sa.String(length=24), nullable=False),
        sa.Column("tank", sa.String(length=40), nullable=False),
        sa.Column("driver", sa.String(length=12), nullable=False),
        sa.Column("escort", sa.String(length=12), nullable=False),
        sa.Column("seconds_from_issue", sa.BigInteger(), nullable=True),
        sa.Column("seconds_from_opening", sa.BigInteger(), nullable=True),
        sa.Column("issued_after_loading", sa.Boolean(), nullable=True),
        sa.Column("planned_kg", _quantity(), nullable=True),
        sa.Column("loaded_kg", _quantity(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_tally_event_id_event")),
        sa.PrimaryKeyConstraint("log_index", name=op.f("pk_tally")),
        sa.UniqueConstraint("event_id", name=op.f("uq_tally_event_id")),
    )
    for columns in TALLY_INDEXES:
        op.create_index(f"ix_tally_{'_'.join(columns)}", "tally", list(columns))
    op.create_table(
        "tally_rule",
        sa.Column("log_index", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("outcome", _closed_list("outcome", *FINDINGS), nullable=False),
        sa.Column("severity", _closed_list("severity", *SEVERITIES), nullable=False),
        sa.ForeignKeyConstraint(
            ["log_index"], ["tally.log_index"], name=op.f("fk_tally_rule_log_index_tally")
        ),
        sa.PrimaryKeyConstraint("log_index", "code", name=op.f("pk_tally_rule")),
    )
    op.create_index("ix_tally_rule_code_log_index", "tally_rule", ["code", "log_index"])
    op.create_table(
        "tally_goods",
        sa.Column("log_index", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("un_number", sa.String(length=4), nullable=False),
        sa.Column("hazard_class", sa.String(length=12), nullable=False),
        sa.Column("planned_kg", _quantity(), nullable=True),
        sa.Column("loaded_kg", _quantity(), nullable=True),
        sa.ForeignKeyConstraint(
            ["log_index"], ["tally.log_index"], name=op.f("fk_tally_goods_log_index_tally")
        ),
        sa.PrimaryKeyConstraint("log_index", "position", name=op.f("pk_tally_goods")),
    )
    op.create_index("ix_tally_goods_un_number_log_index", "tally_goods", ["un_number", "log_index"])


def downgrade() -> None:
    for table in ("tally_goods", "tally_rule", "tally", "projection"):
        op.drop_table(table)


TALLY_INDEXES = (
    ("recorded_at", "act"),
    ("carrier_id", "recorded_at"),
    ("facility_id", "recorded_at"),
    ("user_id", "recorded_at"),
    ("vehicle", "recorded_at"),
    ("waybill_id",),
)


def _closed_list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _quantity() -> sa.Numeric[Decimal]:
    return sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite")
