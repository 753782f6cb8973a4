"""Against ticking without looking: tags at a bay, what a check asks for it, and what was seen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.append_only import protect

revision = "20261127_looking"
down_revision = "20261127_after_loading"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_POINTS = (
    "rear_coupling",
    "valve_box",
    "cab",
    "tank_top",
    "earthing",
    "signs_rear",
    "signs_side",
    "extinguishers",
)


def upgrade() -> None:
    op.create_table(
        "presence_tag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("bay_id", sa.Uuid(), nullable=False),
        sa.Column("point", _closed_list("tagpoint", *_POINTS), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("status", _closed_list("itemstatus", "active", "retired"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        _refers("presence_tag", "facility_id", "facility"),
        _refers("presence_tag", "bay_id", "bay"),
        _refers("presence_tag", "created_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_tag")),
    )
    op.create_index("ix_presence_tag_bay_id_id", "presence_tag", ["bay_id", "id"])
    op.create_index("ix_presence_tag_facility_id_id", "presence_tag", ["facility_id", "id"])
    op.create_table(
        "check_looking",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("draw", sa.String(length=64), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("factors", _JSON, nullable=False),
        sa.Column("photos", _JSON, nullable=False),
        sa.Column("controls", _JSON, nullable=False),
        sa.Column("tags", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        _refers("check_looking", "check_id", "loading_check"),
        _refers("check_looking", "event_id", "event"),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_check_looking")),
    )
    protect("check_looking")
    op.create_table(
        "check_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("kind", _closed_list("lookkind", "tag", "control"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "seen",
            _closed_list("tagseen", "here", "other_bay", "retired", "unknown"),
            nullable=True,
        ),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("correct", sa.Boolean(), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'tag') = (seen IS NOT NULL)", name=op.f("ck_check_look_tag_was_seen")
        ),
        sa.CheckConstraint(
            "(kind = 'control') = (correct IS NOT NULL)",
            name=op.f("ck_check_look_control_was_judged"),
        ),
        _refers("check_look", "check_id", "loading_check"),
        _refers("check_look", "recorded_by", "user_account"),
        _refers("check_look", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_look")),
    )
    op.create_index("ix_check_look_check_id_id", "check_look", ["check_id", "id"])
    op.create_index("ix_check_look_name_id", "check_look", ["name", "id"])
    protect("check_look")
    op.add_column("check_evidence", sa.Column("took_ms", sa.Integer(), nullable=True))
    op.create_index("ix_loading_check_opened_by_id", "loading_check", ["opened_by", "id"])


def downgrade() -> None:
    op.drop_index("ix_loading_check_opened_by_id", "loading_check")
    op.drop_column("check_evidence", "took_ms")
    op.drop_table("check_look")
    op.drop_table("check_looking")
    op.drop_table("presence_tag")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _closed_list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
