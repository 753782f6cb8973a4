"""What patterns found in the log, and where a facility lies."""

import sqlalchemy as sa
from alembic import op

revision = "20261127_patterns"
down_revision = "20261127_tally"
branch_labels = None
depends_on = None

SUBJECTS = ("user", "organisation", "waybill", "plate", "tank", "person")
SEEN_BY = ("trailer", "driver", "escort", "tank")


def upgrade() -> None:
    for name in ("latitude", "longitude"):
        degrees = sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite")
        op.add_column("facility", sa.Column(name, degrees, nullable=True))
    for name in SEEN_BY:
        op.create_index(f"ix_tally_{name}_recorded_at", "tally", [name, "recorded_at"])
    op.create_table(
        "pattern_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                *SUBJECTS,
                name="patternsubject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_key", sa.String(length=64), nullable=False),
        sa.Column(
            "detail",
            sa.JSON(none_as_null=True).with_variant(
                sa.dialects.postgresql.JSONB(none_as_null=True), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("first_event", sa.Uuid(), nullable=False),
        sa.Column("last_event", sa.Uuid(), nullable=False),
        sa.Column("log_size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_event"], ["event.id"], name=op.f("fk_pattern_finding_first_event_event")
        ),
        sa.ForeignKeyConstraint(
            ["last_event"], ["event.id"], name=op.f("fk_pattern_finding_last_event_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern_finding")),
    )
    for columns in FINDING_INDEXES:
        name = f"ix_pattern_finding_{'_'.join(columns)}"
        op.create_index(name, "pattern_finding", list(columns))
    op.create_table(
        "pattern_event",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("log_index", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["pattern_finding.id"],
            name=op.f("fk_pattern_event_finding_id_pattern_finding"),
        ),
        sa.ForeignKeyConstraint(
            ["log_index"], ["log_entry.index"], name=op.f("fk_pattern_event_log_index_log_entry")
        ),
        sa.PrimaryKeyConstraint("finding_id", "log_index", name=op.f("pk_pattern_event")),
    )


def downgrade() -> None:
    op.drop_table("pattern_event")
    op.drop_table("pattern_finding")
    for name in SEEN_BY:
        op.drop_index(f"ix_tally_{name}_recorded_at", "tally")
    for name in ("longitude", "latitude"):
        op.drop_column("facility", name)


FINDING_INDEXES = (
    ("found_at", "id"),
    ("code", "found_at"),
    ("subject_kind", "subject_key"),
)
