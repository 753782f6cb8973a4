"""The auditor's desk: kept searches, exports, and older events found by what newer ones are."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261126_desk"
down_revision = "20261127_reports"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_STATUSES = ("requested", "running", "done", "cancelled", "failed", "expired")
_BATCH = 1000
_RESULTS = {
    "check-decided": ("cleared", "cleared", "refused"),
    "load-released": ("released", "released", "release-refused"),
    "release-refused": ("released", "released", "release-refused"),
    "issue-blocked": ("issued", "", "issue-blocked"),
}
"""Per kind of event: the key that says whether it went well, and the outcome for each."""


def upgrade() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("query", _JSON, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_saved_search_owner_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_saved_search_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index("ix_saved_search_owner_id_id", "saved_search", ["owner_id", "id"])
    op.create_table(
        "export_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("query", _JSON, nullable=False),
        sa.Column("formats", _JSON, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("upper_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                *_STATUSES,
                name="exportstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rows_done", sa.BigInteger(), nullable=False),
        sa.Column("rows_estimated", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("fault", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_export_job_owner_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_export_job_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_job")),
    )
    op.create_index("ix_export_job_owner_id_id", "export_job", ["owner_id", "id"])
    op.create_index("ix_export_job_status_id", "export_job", ["status", "id"])
    find_older_events()


def downgrade() -> None:
    """Drop the tables; what older events are found by stays, as `event_subject` only grows."""
    op.drop_index("ix_export_job_status_id", "export_job")
    op.drop_index("ix_export_job_owner_id_id", "export_job")
    op.drop_table("export_job")
    op.drop_index("ix_saved_search_owner_id_id", "saved_search")
    op.drop_table("saved_search")


def find_older_events() -> None:
    """Write under which bay, goods, rules and outcome events of checks and releases are found."""
    connection = op.get_bind()
    event = sa.table(
        "event",
        sa.column("id", sa.Uuid()),
        sa.column("kind", sa.String()),
        sa.column("body", sa.LargeBinary()),
    )
    add = sa.text(
        "INSERT INTO event_subject (subject_kind, subject_key, event_id) "
        "VALUES (:kind, :key, :event) ON CONFLICT DO NOTHING"
    ).bindparams(sa.bindparam("event", type_=sa.Uuid()))
    kinds = [*_RESULTS, "check-opened", "waybill-issued"]
    after = None
    while True:
        wanted = sa.select(event).where(event.c.kind.in_(kinds)).order_by(event.c.id)
        if after is not None:
            wanted = wanted.where(event.c.id > after)
        rows = connection.execute(wanted.limit(_BATCH)).all()
        subjects = [
            {"kind": kind, "key": key, "event": row.id}
            for row in rows
            for kind, key in _subjects(row.kind, json.loads(row.body)["data"])
        ]
        if subjects:
            connection.execute(add, subjects)
        if len(rows) < _BATCH:
            return
        after = rows[-1].id


def _subjects(kind: str, data: dict[str, object]) -> Iterator[tuple[str, str]]:
    if isinstance(bay := data.get("bay"), str):
        yield "bay", bay
    if kind == "waybill-issued" and isinstance(goods := data.get("goods"), list):
        yield from {("un", str(line[0])) for line in goods}
    if kind in _RESULTS:
        key, well, badly = _RESULTS[kind]
        yield "outcome", well if data.get(key) is True else badly
        if isinstance(standing := data.get("standing"), list):
            yield from {("rule", str(code)) for code in standing}
