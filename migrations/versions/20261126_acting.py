"""Cases of the authority, requests for correction, and measures with four eyes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.append_only import protect

revision = "20261126_acting"
down_revision = "20261127_witnesses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "source", _closed_list("casesource", "pattern", "hand", "public"), nullable=False
        ),
        sa.Column(
            "matter",
            _closed_list(
                "casematter", "leak", "signs", "driving", "parking", "loading", "papers", "other"
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=False),
        sa.Column(
            "event_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "status",
            _closed_list("casestatus", "open", "waiting", "answered", "decided", "closed"),
            nullable=False,
        ),
        sa.Column(
            "about_kind",
            _closed_list(
                "casesubject",
                "event",
                "waybill",
                "organisation",
                "facility",
                "vehicle",
                "tank",
                "person",
            ),
            nullable=True,
        ),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("pattern_code", sa.String(length=60), nullable=True),
        sa.Column(
            "outcome",
            _closed_list("caseoutcome", "unfounded", "corrected", "warned", "measure", "referred"),
            nullable=True,
        ),
        sa.Column("plate", sa.String(length=10), nullable=True),
        sa.Column(
            "plate_colour",
            _closed_list(
                "platecolour", "blue", "yellow", "green", "yellow_green", "white", "black"
            ),
            nullable=True,
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place_ref", sa.String(length=64), nullable=True),
        sa.Column("contact_ref", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(source = 'pattern') = (pattern_code IS NOT NULL)",
            name=op.f("ck_case_file_of_pattern"),
        ),
        sa.CheckConstraint(
            "(about_kind IS NULL) = (about_id IS NULL)", name=op.f("ck_case_file_about_whole")
        ),
        sa.CheckConstraint("next_due_on <= due_on", name=op.f("ck_case_file_next_due_first")),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["user_account.id"], name=op.f("fk_case_file_assigned_to_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_case_file_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    op.create_index("ix_case_file_about_id", "case_file", ["about_id"], unique=False)
    op.create_index(op.f("ix_case_file_assigned_to"), "case_file", ["assigned_to"], unique=False)
    op.create_index("ix_case_file_next_due_on_id", "case_file", ["next_due_on", "id"], unique=False)
    op.create_index(
        op.f("ix_case_file_organisation_id"), "case_file", ["organisation_id"], unique=False
    )
    op.create_table(
        "case_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "act",
            _closed_list(
                "caseact",
                "open",
                "comment",
                "assign",
                "set-deadline",
                "ask",
                "withdraw-request",
                "answer",
                "accept-answer",
                "decide",
                "close",
                "reopen",
            ),
            nullable=False,
        ),
        sa.Column(
            "detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("text_ref", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_case_note_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_note_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_case_note_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    op.create_index("ix_case_note_case_id_id", "case_note", ["case_id", "id"], unique=False)
    op.create_table(
        "correction_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("text_ref", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            _closed_list("requeststatus", "open", "answered", "accepted", "returned", "withdrawn"),
            nullable=False,
        ),
        sa.Column("answer_ref", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("waybill_id", sa.Uuid(), nullable=True),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answer_ref IS NULL) = (answered_at IS NULL)"
            " AND (answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_correction_request_answer_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["user_account.id"],
            name=op.f("fk_correction_request_answered_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["user_account.id"],
            name=op.f("fk_correction_request_asked_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_correction_request_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_correction_request_certificate_id_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_correction_request_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_correction_request_waybill_id_waybill")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_request")),
    )
    op.create_index(
        "ix_correction_request_case_id", "correction_request", ["case_id"], unique=False
    )
    op.create_index(
        "ix_correction_request_organisation_id_id",
        "correction_request",
        ["organisation_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_correction_request_case_id_open",
        "correction_request",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
        sqlite_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            _closed_list("measurekind", "suspension", "revocation", "black-listing"),
            nullable=False,
        ),
        sa.Column(
            "subject_kind",
            _closed_list(
                "subjectkind",
                "organisation",
                "facility",
                "bay",
                "vehicle",
                "tank",
                "person",
                "certificate",
                "user",
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("decision_number", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            _closed_list(
                "measurestatus",
                "proposed",
                "interim",
                "approved",
                "lifting-proposed",
                "refused",
                "withdrawn",
                "lapsed",
                "lifted",
                "expired",
            ),
            nullable=False,
        ),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("in_effect", sa.Boolean(), nullable=False),
        sa.Column(
            "status_before",
            _closed_list("recordstatus", "active", "suspended", "retired"),
            nullable=True,
        ),
        sa.Column("interim_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("black_listing_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifting_proposed_by", sa.Uuid(), nullable=True),
        sa.Column("lifting_reason", sa.String(length=300), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_ref", sa.String(length=64), nullable=True),
        sa.Column("appeal_received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "appeal_outcome", _closed_list("appealoutcome", "upheld", "dismissed"), nullable=True
        ),
        sa.Column("appeal_answer_ref", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status <> 'lifted' OR lifted_by IS NOT NULL",
            name=op.f("ck_measure_lifted_by_somebody"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'lifting-proposed', 'lifted', 'expired')"
            " OR approved_by IS NOT NULL",
            name=op.f("ck_measure_approved_by_somebody"),
        ),
        sa.CheckConstraint("approved_by <> proposed_by", name=op.f("ck_measure_four_eyes")),
        sa.CheckConstraint(
            "lifted_by <> lifting_proposed_by", name=op.f("ck_measure_four_eyes_lifting")
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_from <= valid_until",
            name=op.f("ck_measure_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_measure_approved_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["black_listing_id"],
            ["black_listing.id"],
            name=op.f("fk_measure_black_listing_id_black_listing"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_measure_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["user_account.id"], name=op.f("fk_measure_lifted_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["lifting_proposed_by"],
            ["user_account.id"],
            name=op.f("fk_measure_lifting_proposed_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["user_account.id"], name=op.f("fk_measure_proposed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("black_listing_id", name=op.f("uq_measure_black_listing_id")),
    )
    op.create_index(op.f("ix_measure_case_id"), "measure", ["case_id"], unique=False)
    op.create_index("ix_measure_status_id", "measure", ["status", "id"], unique=False)
    op.create_index("ix_measure_subject_id", "measure", ["subject_id"], unique=False)
    op.create_index(
        "uq_measure_subject_id_live_suspension",
        "measure",
        ["subject_id"],
        unique=True,
        postgresql_where=_LIVE_SUSPENSION,
        sqlite_where=_LIVE_SUSPENSION,
    )
    op.create_table(
        "measure_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "act",
            _closed_list(
                "measureact",
                "propose",
                "impose-at-once",
                "approve",
                "refuse",
                "withdraw",
                "propose-lifting",
                "receive-appeal",
                "answer-appeal",
                "begin",
                "lapse",
                "expire",
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            _closed_list(
                "measurestatus",
                "proposed",
                "interim",
                "approved",
                "lifting-proposed",
                "refused",
                "withdrawn",
                "lapsed",
                "lifted",
                "expired",
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_measure_step_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_measure_step_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_measure_step_measure_id_measure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_step")),
    )
    op.create_index(
        "ix_measure_step_measure_id_id", "measure_step", ["measure_id", "id"], unique=False
    )
    protect("case_note")
    protect("measure_step")


def downgrade() -> None:
    op.drop_index("ix_measure_step_measure_id_id", table_name="measure_step")
    op.drop_table("measure_step")
    op.drop_index("uq_measure_subject_id_live_suspension", table_name="measure")
    op.drop_index("ix_measure_subject_id", table_name="measure")
    op.drop_index("ix_measure_status_id", table_name="measure")
    op.drop_index(op.f("ix_measure_case_id"), table_name="measure")
    op.drop_table("measure")
    op.drop_index("uq_correction_request_case_id_open", table_name="correction_request")
    op.drop_index("ix_correction_request_organisation_id_id", table_name="correction_request")
    op.drop_index("ix_correction_request_case_id", table_name="correction_request")
    op.drop_table("correction_request")
    op.drop_index("ix_case_note_case_id_id", table_name="case_note")
    op.drop_table("case_note")
    op.drop_index(op.f("ix_case_file_organisation_id"), table_name="case_file")
    op.drop_index("ix_case_file_next_due_on_id", table_name="case_file")
    op.drop_index(op.f("ix_case_file_assigned_to"), table_name="case_file")
    op.drop_index("ix_case_file_about_id", table_name="case_file")
    op.drop_table("case_file")


_LIVE_SUSPENSION = sa.text(
    "kind = 'suspension' AND status IN ('proposed', 'interim', 'approved', 'lifting-proposed')"
)


def _closed_list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
