"""Tablets of the bay, the codes that enrol them, badges, and who signed on where."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_devices"
down_revision = "20261127_looking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=65), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_by", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "revoked",
                name="devicestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_reason", sa.String(length=300), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True)),
        sa.Column("app_version", sa.String(length=40), nullable=False),
        sa.Column("storage_used_bytes", sa.BigInteger()),
        sa.Column("storage_quota_bytes", sa.BigInteger()),
        sa.Column("unsent", sa.Integer()),
        sa.Column("battery", sa.Integer()),
        sa.CheckConstraint(
            "(status = 'revoked') = (revoked_at IS NOT NULL)",
            name=op.f("ck_device_revoked_has_time"),
        ),
        _key("device", "organisation_id", "organisation"),
        _key("device", "facility_id", "facility"),
        _key("device", "enrolled_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("prefix", name=op.f("uq_device_prefix")),
        sa.UniqueConstraint("public_key", name=op.f("uq_device_public_key")),
    )
    op.create_index("ix_device_organisation_id_id", "device", ["organisation_id", "id"])
    op.create_table(
        "device_enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("device_id", sa.Uuid()),
        sa.CheckConstraint(
            "(used_at IS NULL) = (device_id IS NULL)",
            name=op.f("ck_device_enrolment_used_has_device"),
        ),
        _key("device_enrolment", "facility_id", "facility"),
        _key("device_enrolment", "made_by", "user_account"),
        _key("device_enrolment", "device_id", "device"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_enrolment")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_device_enrolment_code_hash")),
    )
    op.create_table(
        "badge",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("badge_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        _key("badge", "user_id", "user_account"),
        _key("badge", "made_by", "user_account"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_badge")),
        sa.UniqueConstraint("badge_hash", name=op.f("uq_badge_badge_hash")),
    )
    op.create_table(
        "bay_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        _key("bay_session", "device_id", "device"),
        _key("bay_session", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bay_session")),
        sa.UniqueConstraint("family", name=op.f("uq_bay_session_family")),
    )
    op.create_index("ix_bay_session_device_id_user_id", "bay_session", ["device_id", "user_id"])
    op.create_index("ix_bay_session_user_id", "bay_session", ["user_id"])


def downgrade() -> None:
    for table in ("bay_session", "badge", "device_enrolment", "device"):
        op.drop_table(table)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
