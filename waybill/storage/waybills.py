"""Tables of a waybill's life: draft, signed revisions, checks, verdicts, clearance, release."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import Aboard, CheckStatus, WaybillStatus
from waybill.storage.base import Base, JsonObject


def unreleased_index(*columns: str) -> Index:
    """Return an index of waybills that are not released: few, however many are behind them."""
    where = text("status <> 'released'")
    name = f"ix_waybill_unreleased_{'_'.join(columns)}"
    return Index(name, *columns, postgresql_where=where, sqlite_where=where)


class WaybillRow(Base):
    """One waybill (危险货物运单) and where it is in its life.

    `draft` is what the carrier wrote; the other columns follow it and are for search and for
    gathering facts. Once issued, the bytes in `waybill_revision` alone are the waybill, and no
    code may rebuild them from the columns. `attention_since` is when the newest pre-clearance
    first said something that did not stand at issue, empty while it says nothing new.
    `released_at` is that of its release, so that an index gives a tank's newest trips.
    """

    __tablename__ = "waybill"
    __table_args__ = (
        CheckConstraint("(status = 'draft') = (number IS NULL)", name="issued_has_number"),
        CheckConstraint("(status = 'draft') = (revision = 0)", name="issued_has_revision"),
        Index("ix_waybill_carrier_id_id", "carrier_id", "id"),
        Index("ix_waybill_loader_id_id", "loader_id", "id"),
        Index("ix_waybill_consignor_id_id", "consignor_id", "id"),
        Index("ix_waybill_consignee_id_id", "consignee_id", "id"),
        Index("ix_waybill_facility_id_status_id", "facility_id", "status", "id"),
        Index("ix_waybill_tank_id_released_at", "tank_id", "released_at"),
        Index("ix_waybill_driver_id_id", "driver_id", "id"),
        Index("ix_waybill_escort_id", "escort_id"),
        Index("ix_waybill_status_planned_loading_at", "status", "planned_loading_at"),
        Index("ix_waybill_vehicle_id_released_at", "vehicle_id", "released_at"),
        Index("ix_waybill_trailer_id_released_at", "trailer_id", "released_at"),
        unreleased_index("status", "id"),
        unreleased_index("carrier_id", "status", "id"),
        unreleased_index("consignor_id", "status", "id"),
        unreleased_index("consignee_id", "status", "id"),
        unreleased_index("loader_id", "status", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    carrier_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime]
    draft: Mapped[JsonObject]
    status: Mapped[WaybillStatus] = mapped_column(default=WaybillStatus.DRAFT)
    number: Mapped[str | None] = mapped_column(String(32), unique=True, default=None)
    revision: Mapped[int] = mapped_column(default=0)
    consignor_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    consignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    loader_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    facility_id: Mapped[UUID | None] = mapped_column(ForeignKey("facility.id"), default=None)
    vehicle_id: Mapped[UUID | None] = mapped_column(ForeignKey("vehicle.id"), default=None)
    trailer_id: Mapped[UUID | None] = mapped_column(ForeignKey("vehicle.id"), default=None)
    tank_id: Mapped[UUID | None] = mapped_column(ForeignKey("tank.id"), default=None)
    driver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    escort_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    planned_loading_at: Mapped[datetime | None] = mapped_column(default=None)
    valid_from: Mapped[datetime | None] = mapped_column(default=None)
    valid_until: Mapped[datetime | None] = mapped_column(default=None)
    issued_at: Mapped[datetime | None] = mapped_column(default=None)
    released_at: Mapped[datetime | None] = mapped_column(default=None)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")
    attention_since: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class WaybillRevisionRow(Base):
    """One signed revision: the exact bytes, their signature, the code that travels with them.

    `document_jws` is detached: header and signature over `document`, whose SHA-256 is `digest`.
    `verdict_id` is the pre-clearance whose open findings the carrier confirmed.
    """

    __tablename__ = "waybill_revision"

    waybill_id: Mapped[UUID] = mapped_column(ForeignKey("waybill.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    signed_at: Mapped[datetime]
    document: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    document_jws: Mapped[str] = mapped_column(Text)
    qr_text: Mapped[str] = mapped_column(Text)
    kid: Mapped[str] = mapped_column(String(40))
    verdict_id: Mapped[UUID] = mapped_column(ForeignKey("verdict.id"))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")


class WaybillGoodsRow(Base):
    """A goods line of the newest revision, for search and figures."""

    __tablename__ = "waybill_goods"

    waybill_id: Mapped[UUID] = mapped_column(ForeignKey("waybill.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    entry_key: Mapped[str] = mapped_column(String(40))
    un_number: Mapped[str] = mapped_column(String(4))
    quantity_kg: Mapped[Decimal]


class NumberSequenceRow(Base):
    """The next sequence number of a carrier's day, taken under the row's lock."""

    __tablename__ = "number_sequence"

    scope: Mapped[str] = mapped_column(String(60), primary_key=True)
    next_value: Mapped[int]


class VerdictRow(Base):
    """What was judged and how: the facts and findings as canonical bytes, kept to be recomputed.

    `digest` (hexadecimal SHA-256 over facts ‖ 0x00 ‖ findings) is what the event names. `check_id`
    has no foreign key: a check refers to a revision, which refers to a verdict.
    """

    __tablename__ = "verdict"
    __table_args__ = (Index("ix_verdict_waybill_id_id", "waybill_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    waybill_id: Mapped[UUID] = mapped_column(ForeignKey("waybill.id"))
    judged_at: Mapped[datetime]
    phase: Mapped[Phase]
    edition: Mapped[str] = mapped_column(String(40))
    clears: Mapped[bool]
    facts: Mapped[bytes] = mapped_column(LargeBinary)
    findings: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    check_id: Mapped[UUID | None] = mapped_column(default=None)


class LoadingCheckRow(Base):
    """One check at one bay (查验): evidence is added until it is decided.

    A refused check stays open to be cured: evidence is added and it is decided again; every
    decision is a verdict of its own. `status` is the newest decision.
    """

    __tablename__ = "loading_check"
    __table_args__ = (
        ForeignKeyConstraint(
            ["waybill_id", "revision"], ["waybill_revision.waybill_id", "waybill_revision.revision"]
        ),
        Index("ix_loading_check_waybill_id_id", "waybill_id", "id"),
        Index("ix_loading_check_facility_id_id", "facility_id", "id"),
        Index("ix_loading_check_opened_by_id", "opened_by", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    waybill_id: Mapped[UUID]
    revision: Mapped[int]
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    bay_id: Mapped[UUID] = mapped_column(ForeignKey("bay.id"))
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    status: Mapped[CheckStatus] = mapped_column(default=CheckStatus.OPEN)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class CheckEvidenceRow(Base):
    """One thing a check has gathered, in the shape of `waybill.rules.evidence.EvidenceItem`.

    `took_ms` is the time from its showing to its giving, where it was told: no rule knows of it.
    """

    __tablename__ = "check_evidence"
    __table_args__ = (Index("ix_check_evidence_check_id_id", "check_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("loading_check.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    item: Mapped[JsonObject]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    took_ms: Mapped[int | None] = mapped_column(default=None)


class CheckAbortRow(Base):
    """A check that was broken off (中止): once each; `was` is how it stood before."""

    __tablename__ = "check_abort"
    __table_args__ = (
        Index("ix_check_abort_waybill_id", "waybill_id"),
        Index("ix_check_abort_was_aboard_aborted_at", "was", "aboard", "aborted_at"),
    )

    check_id: Mapped[UUID] = mapped_column(ForeignKey("loading_check.id"), primary_key=True)
    waybill_id: Mapped[UUID] = mapped_column(ForeignKey("waybill.id"))
    was: Mapped[CheckStatus]
    aboard: Mapped[Aboard]
    reason: Mapped[str] = mapped_column(String(300))
    aborted_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    aborted_at: Mapped[datetime]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))


class ClearanceRow(Base):
    """A waybill may be loaded (准装): once each, by its primary key."""

    __tablename__ = "clearance"
    __table_args__ = (Index("ix_clearance_supervisor_id", "supervisor_id"),)

    waybill_id: Mapped[UUID] = mapped_column(ForeignKey("waybill.id"), primary_key=True)
    revision: Mapped[int]
    check_id: Mapped[UUID] = mapped_column(ForeignKey("loading_check.id"))
    verdict_id: Mapped[UUID] = mapped_column(ForeignKey("verdict.id"))
    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    cleared_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    cleared_at: Mapped[datetime]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))


class ReleaseRow(Base):
    """A loaded vehicle may leave (放行): once each; the loading record as signed bytes."""

    __tablename__ = "release"

    waybill_id: Mapped[UUID] = mapped_column(ForeignKey("waybill.id"), primary_key=True)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("loading_check.id"))
    verdict_id: Mapped[UUID] = mapped_column(ForeignKey("verdict.id"))
    loading_record: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    document_jws: Mapped[str] = mapped_column(Text)
    kid: Mapped[str] = mapped_column(String(40))
    released_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    released_at: Mapped[datetime]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
