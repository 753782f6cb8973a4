"""Records of work without network, and cases that the system opens about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.append_only import protect
from migrations.checks import replace_choices

revision = "20261127_offline"
down_revision = "20261127_devices"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_SOURCES = ("pattern", "hand", "public")
_STATES = ("accepted", "contradicted", "refused")
_DECISIONS = ("cleared", "refused", "not_proven")


def upgrade() -> None:
    replace_choices(
        "case_file", "source", "ck_case_file_casesource", old=_SOURCES, new=(*_SOURCES, "tablet")
    )
    op.create_table(
        "offline_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _choice("recordstate", _STATES), nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("standing", JSON, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("clock_offset_ms", sa.Integer()),
        sa.Column("decision", _choice("tabletdecision", _DECISIONS)),
        sa.Column("cleared", sa.Boolean()),
        sa.Column("waybill_id", sa.Uuid()),
        sa.Column("check_id", sa.Uuid()),
        sa.Column("case_id", sa.Uuid()),
        *(
            _key("offline_record", column, target)
            for column, target in (
                ("device_id", "device"),
                ("facility_id", "facility"),
                ("event_id", "event"),
                ("waybill_id", "waybill"),
                ("check_id", "loading_check"),
                ("case_id", "case_file"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_record")),
        sa.UniqueConstraint("number", name=op.f("uq_offline_record_number")),
    )
    op.create_table(
        "offline_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        _key("offline_item", "record_id", "offline_record"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_item")),
    )
    op.create_table(
        "offline_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid()),
        sa.Column("shows", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("received_at", sa.DateTime(timezone=True)),
        sa.Column("kept_sha256", sa.String(length=64)),
        _key("offline_photo", "device_id", "device"),
        _key("offline_photo", "record_id", "offline_record"),
        _key("offline_photo", "check_id", "loading_check"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_photo")),
    )
    for table, *columns in (
        ("offline_record", "waybill_id", "id"),
        ("offline_record", "facility_id", "id"),
        ("offline_photo", "device_id", "sha256"),
    ):
        op.create_index("_".join(("ix", table, *columns)), table, columns)
    for table, column in (
        ("offline_record", "device_id"),
        ("offline_record", "check_id"),
        ("offline_record", "case_id"),
        ("offline_item", "record_id"),
        ("offline_photo", "record_id"),
        ("offline_photo", "check_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    protect("offline_record")
    protect("offline_item")


def downgrade() -> None:
    for table in ("offline_photo", "offline_item", "offline_record"):
        op.drop_table(table)
    # Cases are never removed: those of tablets stay, no more are added.
    replace_choices(
        "case_file",
        "source",
        "ck_case_file_casesource",
        old=(*_SOURCES, "tablet"),
        new=_SOURCES,
        validated=False,
    )


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )
