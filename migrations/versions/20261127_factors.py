"""The second step of signing in, and accounts known to somebody else's log-in."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_factors"
down_revision = "20261127_offline"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "totp_factor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_ref", sa.String(length=64), nullable=False),
        _moment("created_at"),
        _moment("confirmed_at", nullable=True),
        sa.Column("last_step", sa.BigInteger()),
        _user("totp_factor"),
        sa.ForeignKeyConstraint(
            ["secret_ref"], ["pii.commitment"], name=op.f("fk_totp_factor_secret_ref_pii")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp_factor")),
    )
    op.create_table(
        "security_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=2048), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        _moment("created_at"),
        _moment("last_used_at", nullable=True),
        _user("security_key"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_key")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_security_key_credential_id")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        _moment("made_at"),
        _moment("used_at", nullable=True),
        _user("recovery_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_table(
        "half_sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "door",
            sa.Enum(
                "api",
                "pages",
                "own-password",
                name="door",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provider", sa.String(length=40), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        sa.Column("failures", sa.Integer(), nullable=False),
        _user("half_sign_in"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_half_sign_in_token_hash")),
    )
    op.create_table(
        "linked_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        _moment("made_at"),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("subject_index", sa.String(length=64)),
        _moment("linked_at", nullable=True),
        sa.Column("code_hash", sa.LargeBinary(length=32)),
        _moment("expires_at", nullable=True),
        sa.CheckConstraint(
            "(subject_index IS NULL) <> (code_hash IS NULL)",
            name=op.f("ck_linked_identity_linked_or_invited"),
        ),
        sa.CheckConstraint(
            "(code_hash IS NULL) = (expires_at IS NULL)",
            name=op.f("ck_linked_identity_invitation_ends"),
        ),
        _user("linked_identity"),
        _user("linked_identity", "made_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_identity")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_linked_identity_code_hash")),
        sa.UniqueConstraint("subject_index", name=op.f("uq_linked_identity_subject_index")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f("uq_linked_identity_user_id_issuer")),
    )
    op.create_table(
        "sso_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("invitation_hash", sa.LargeBinary(length=32)),
        sa.Column("next_address", sa.String(length=500), nullable=False),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sso_attempt")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sso_attempt_token_hash")),
    )
    for table in ("totp_factor", "security_key", "recovery_code", "half_sign_in"):
        op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])
    op.create_index(op.f("ix_sso_attempt_expires_at"), "sso_attempt", ["expires_at"])


def downgrade() -> None:
    for table in (
        "sso_attempt",
        "linked_identity",
        "half_sign_in",
        "recovery_code",
        "security_key",
        "totp_factor",
    ):
        op.drop_table(table)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _user(table: str, column: str = "user_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["user_account.id"], name=op.f(f"fk_{table}_{column}_user_account")
    )
