"""Whose a personal value is, restriction, requests to erase, and what retention did."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.append_only import protect

revision = "20261127_personal"
down_revision = "20261127_patterns"
branch_labels = None
depends_on = None

_REFS = ("name_ref", "id_number_ref", "phone_ref", "number_ref")
_KINDS = ("organisation", "facility", "bay", "vehicle", "tank", "person", "certificate", "user")
_NAMES_PEOPLE = (
    ("waybill", "driver_id"),
    ("waybill", "escort_id"),
    ("clearance", "supervisor_id"),
)

_PERSON = sa.table(
    "person", sa.column("id", sa.Uuid()), sa.column("organisation_id", sa.Uuid()),
    *(sa.column(name, sa.String()) for name in _REFS[:3]),
)  # fmt: skip
_CERTIFICATE = sa.table(
    "certificate", sa.column("id", sa.Uuid()), sa.column("organisation_id", sa.Uuid()),
    sa.column("subject_id", sa.Uuid()), sa.column("number_ref", sa.String()),
)  # fmt: skip
_USER = sa.table(
    "user_account", sa.column("id", sa.Uuid()), sa.column("organisation_id", sa.Uuid()),
    sa.column("name_ref", sa.String()),
)  # fmt: skip
_VERSION = sa.table(
    "registry_version", sa.column("subject_id", sa.Uuid()), sa.column("subject_kind", sa.String()),
    sa.column("recorded_at", sa.DateTime(timezone=True)), sa.column("snapshot", sa.JSON()),
)  # fmt: skip
_PII = sa.table("pii", sa.column("commitment", sa.String()))


def upgrade() -> None:
    holding = op.create_table(
        "personal_holding",
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("holder_kind", _closed_list("subjectkind", *_KINDS), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        sa.Column("restricted_at", sa.DateTime(timezone=True)),
        sa.Column("restricted_until", sa.Date()),
        sa.CheckConstraint(
            "(restricted_at IS NULL) = (restricted_until IS NULL)",
            name=op.f("ck_personal_holding_restriction_whole"),
        ),
        _key("personal_holding", "commitment", "pii.commitment"),
        _key("personal_holding", "organisation_id", "organisation.id"),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_personal_holding")),
    )
    op.create_index("ix_personal_holding_holder_id", "personal_holding", ["holder_id"])
    op.create_table(
        "erasure_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column(
            "status", _closed_list("requeststatus", "open", "approved", "refused"), nullable=False
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decision_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)",
            name=op.f("ck_erasure_request_decided_when_closed"),
        ),
        _key("erasure_request", "person_id", "person.id"),
        _key("erasure_request", "organisation_id", "organisation.id"),
        _key("erasure_request", "requested_by", "user_account.id"),
        _key("erasure_request", "decided_by", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
    )
    op.create_index(
        "uq_erasure_request_open",
        "erasure_request",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
        sqlite_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_erasure_request_organisation_id_id", "erasure_request", ["organisation_id", "id"]
    )
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "report", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        _key("retention_run", "event_id", "event.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    protect("retention_run")
    for table, column in _NAMES_PEOPLE:
        op.create_index(f"ix_{table}_{column}", table, [column])
    _attach(holding)


def downgrade() -> None:
    for table, column in _NAMES_PEOPLE:
        op.drop_index(f"ix_{table}_{column}", table)
    for table in ("retention_run", "erasure_request", "personal_holding"):
        op.drop_table(table)


def _attach(holding: sa.Table) -> None:
    """Note of every stored value whose it is; replaced ones count from their record's last word."""
    bind = op.get_bind()
    known = set(bind.scalars(sa.select(_PII.c.commitment)))
    held: dict[str, dict[str, Any]] = {}
    for row in [*_current(bind), *_former(bind)]:
        if row["commitment"] in known:
            held.setdefault(row["commitment"], row)
    if held:
        bind.execute(sa.insert(holding), list(held.values()))


def _current(bind: sa.Connection) -> Iterator[dict[str, Any]]:
    for row in bind.execute(sa.select(_PERSON)):
        for ref in filter(None, (row.name_ref, row.id_number_ref, row.phone_ref)):
            yield _held(ref, "person", row.id, row.organisation_id)
    for row in bind.execute(sa.select(_CERTIFICATE).where(_CERTIFICATE.c.number_ref.is_not(None))):
        yield _held(row.number_ref, "person", row.subject_id, row.organisation_id)
    for row in bind.execute(sa.select(_USER).where(_USER.c.name_ref.is_not(None))):
        yield _held(row.name_ref, "user", row.id, row.organisation_id)


def _former(bind: sa.Connection) -> Iterator[dict[str, Any]]:
    owners = {row.id: (row.id, row.organisation_id) for row in bind.execute(sa.select(_PERSON))}
    for row in bind.execute(sa.select(_CERTIFICATE)):
        owners[row.id] = (row.subject_id, row.organisation_id)
    versions = bind.execute(
        sa.select(_VERSION)
        .where(_VERSION.c.subject_kind.in_(("person", "certificate")))
        .order_by(_VERSION.c.recorded_at)
    ).all()
    last = {row.subject_id: row.recorded_at for row in versions}
    for row in versions:
        said = row.snapshot if isinstance(row.snapshot, dict) else json.loads(row.snapshot)
        for ref in filter(None, map(said.get, _REFS)):
            if row.subject_id in owners:
                holder_id, organisation_id = owners[row.subject_id]
                yield _held(ref, "person", holder_id, organisation_id, last[row.subject_id])


def _held(
    commitment: str, kind: str, holder_id: object, organisation_id: object, replaced: object = None
) -> dict[str, Any]:
    return {
        "commitment": commitment,
        "holder_kind": kind,
        "holder_id": holder_id,
        "organisation_id": organisation_id,
        "replaced_at": replaced,
    }


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target.partition('.')[0]}")
    return sa.ForeignKeyConstraint([column], [target], name=name)


def _closed_list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
