"""What a plant asks beside the law, and the photos of a check."""

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "20261126_plant_items"
down_revision = "20261126_fitness"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plant_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("phase", _closed_list("phase", *_PHASES), nullable=False),
        sa.Column("question_zh", sa.String(length=200), nullable=False),
        sa.Column("question_en", sa.String(length=200), nullable=False),
        sa.Column("photo", sa.Boolean(), nullable=False),
        sa.Column("stops", sa.Boolean(), nullable=False),
        sa.Column("asked_of", _closed_list("askedof", "loader", "supervisor"), nullable=False),
        sa.Column("status", _closed_list("itemstatus", "active", "retired"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "phase IN ('before_loading', 'after_loading')",
            name=op.f("ck_plant_item_asked_at_the_bay"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_plant_item_facility_id_facility")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["user_account.id"],
            name=op.f("fk_plant_item_created_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plant_item")),
    )
    op.create_index("ix_plant_item_facility_id_id", "plant_item", ["facility_id", "id"])
    op.create_table(
        "check_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("shows", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "length(content) <= 1048576", name=op.f("ck_check_photo_content_length")
        ),
        sa.ForeignKeyConstraint(
            ["check_id"], ["loading_check.id"], name=op.f("fk_check_photo_check_id_loading_check")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_check_photo_recorded_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_check_photo_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_photo")),
    )
    op.create_index("ix_check_photo_check_id_sha256", "check_photo", ["check_id", "sha256"])
    protect("check_photo")


def downgrade() -> None:
    op.drop_index("ix_check_photo_check_id_sha256", "check_photo")
    op.drop_table("check_photo")
    op.drop_index("ix_plant_item_facility_id_id", "plant_item")
    op.drop_table("plant_item")


_PHASES = ("issue", "day_before", "before_loading", "after_loading", "roadside")


def _closed_list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
