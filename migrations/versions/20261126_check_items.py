"""Items of a plant as a check asks them, from its opening on; photos are found by their digest."""

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "20261126_check_items"
down_revision = "20261126_phases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_plant_item",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("phase", _closed_list("phase", *_PHASES), nullable=False),
        sa.Column("question_zh", sa.String(length=200), nullable=False),
        sa.Column("question_en", sa.String(length=200), nullable=False),
        sa.Column("photo", sa.Boolean(), nullable=False),
        sa.Column("stops", sa.Boolean(), nullable=False),
        sa.Column("asked_of", _closed_list("askedof", "loader", "supervisor"), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["loading_check.id"],
            name=op.f("fk_check_plant_item_check_id_loading_check"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["plant_item.id"], name=op.f("fk_check_plant_item_item_id_plant_item")
        ),
        sa.PrimaryKeyConstraint("check_id", "item_id", name=op.f("pk_check_plant_item")),
    )
    # Checks of before go on being asked what they were asked until now.
    op.execute(
        "INSERT INTO check_plant_item (check_id, item_id, version, phase, question_zh,"
        " question_en, photo, stops, asked_of)"
        " SELECT c.id, i.id, i.version, i.phase, i.question_zh, i.question_en, i.photo, i.stops,"
        " i.asked_of FROM loading_check c JOIN plant_item i ON i.facility_id = c.facility_id"
        " WHERE i.status = 'active'"
    )
    protect("check_plant_item")
    op.create_index("ix_check_photo_sha256", "check_photo", ["sha256"])


def downgrade() -> None:
    op.drop_index("ix_check_photo_sha256", "check_photo")
    op.drop_table("check_plant_item")


_PHASES = ("issue", "day_before", "before_loading", "after_loading", "roadside")


def _closed_list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
