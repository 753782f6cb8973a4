"""The log in service: origins, keys, full tiles only, cosignatures; no event without its place."""

import sqlalchemy as sa
from alembic import op

from migrations.append_only import pass_on_events, protect, release_events

revision = "20261127_log"
down_revision = "20261126_check_items"
branch_labels = None
depends_on = None

NEW = ("log_identity", "log_tile", "log_checkpoint", "log_cosignature")


def upgrade() -> None:
    # Nothing wrote these two before there was a sequencer, so they are made anew.
    op.drop_table("log_checkpoint")
    op.drop_table("log_tile")
    op.create_table(
        "log_identity",
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succession_index", sa.BigInteger(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(epoch = 0) = (event_id IS NULL) AND (epoch = 0) = (succession_index IS NULL)",
            name=op.f("ck_log_identity_succession"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_log_identity_event_id_event")
        ),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_log_identity")),
        sa.UniqueConstraint("origin", name=op.f("uq_log_identity_origin")),
    )
    op.create_table(
        "log_tile",
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("epoch", "level", "index", name=op.f("pk_log_tile")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", "size", name=op.f("pk_log_checkpoint")),
    )
    op.create_table(
        "log_cosignature",
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key_id", sa.LargeBinary(length=4), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["epoch", "size"],
            ["log_checkpoint.epoch", "log_checkpoint.size"],
            name=op.f("fk_log_cosignature_epoch_size_log_checkpoint"),
        ),
        sa.PrimaryKeyConstraint(
            "epoch", "size", "name", "key_id", "at", name=op.f("pk_log_cosignature")
        ),
    )
    op.create_table(
        "log_key",
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_epoch", sa.Integer(), nullable=False),
        sa.Column("from_size", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until_epoch", sa.Integer(), nullable=True),
        sa.Column("until_size", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_log_key_event_id_event")),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_log_key")),
        sa.UniqueConstraint("public_key", name=op.f("uq_log_key_public_key")),
    )
    for table in NEW:
        protect(table)
    pass_on_events()


def downgrade() -> None:
    release_events()
    for table in ("log_key", "log_cosignature", "log_checkpoint", "log_tile", "log_identity"):
        op.drop_table(table)
    op.create_table(
        "log_tile",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", "width", name=op.f("pk_log_tile")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoint")),
    )
    protect("log_tile")
    protect("log_checkpoint")
