"""Tables around personal values: whose they are, who asked to erase them, what retention did."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.registry.kinds import SubjectKind
from waybill.registry.personal import RequestStatus
from waybill.storage.base import Base, JsonObject


class PersonalHoldingRow(Base):
    """Whose a personal value is, and how it stands; the value itself lies in `pii`.

    `replaced_at` is when the register took another value in its place. A value with
    `restricted_at` is opened for a legal purpose only and is erased after `restricted_until`.
    """

    __tablename__ = "personal_holding"
    __table_args__ = (
        Index("ix_personal_holding_holder_id", "holder_id"),
        CheckConstraint(
            "(restricted_at IS NULL) = (restricted_until IS NULL)", name="restriction_whole"
        ),
    )

    commitment: Mapped[str] = mapped_column(
        String(64), ForeignKey("pii.commitment"), primary_key=True
    )
    holder_kind: Mapped[SubjectKind]
    holder_id: Mapped[UUID]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    replaced_at: Mapped[datetime | None] = mapped_column(default=None)
    restricted_at: Mapped[datetime | None] = mapped_column(default=None)
    restricted_until: Mapped[date | None] = mapped_column(default=None)


class ErasureRequestRow(Base):
    """A request to erase the values of a person; one open request a person."""

    __tablename__ = "erasure_request"
    __table_args__ = (
        Index(
            "uq_erasure_request_open",
            "person_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
            sqlite_where=text("status = 'open'"),
        ),
        Index("ix_erasure_request_organisation_id_id", "organisation_id", "id"),
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_when_closed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    requested_at: Mapped[datetime]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(300))
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.OPEN)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    decision_reason: Mapped[str] = mapped_column(String(300), default="")


class RetentionRunRow(Base):
    """One look at all personal values, with what it found and did; the worker takes one a day."""

    __tablename__ = "retention_run"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    ran_at: Mapped[datetime]
    report: Mapped[JsonObject]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
