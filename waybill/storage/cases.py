"""Tables of the authority's cases. Free texts may name people, so they stand as commitments.

`*_ref` are commitments, hexadecimal; the texts lie encrypted in `pii` and can be erased there.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.registry.cases import (
    CaseAct,
    CaseMatter,
    CaseOutcome,
    CaseSource,
    CaseStatus,
    CaseSubject,
    RequestStatus,
)
from waybill.registry.kinds import PlateColour
from waybill.storage.base import Base, JsonObject, Words

OPEN_REQUEST = text("status = 'open'")


class CaseRow(Base):
    """A case and where it stands. `next_due_on` is kept for the order of lists."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("(about_kind IS NULL) = (about_id IS NULL)", name="about_whole"),
        CheckConstraint("(source = 'pattern') = (pattern_code IS NOT NULL)", name="of_pattern"),
        CheckConstraint("next_due_on <= due_on", name="next_due_first"),
        Index("ix_case_file_next_due_on_id", "next_due_on", "id"),
        Index("ix_case_file_about_id", "about_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    opened_at: Mapped[datetime]
    source: Mapped[CaseSource]
    matter: Mapped[CaseMatter]
    due_on: Mapped[date]
    next_due_on: Mapped[date]
    event_ids: Mapped[Words]
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.OPEN)
    about_kind: Mapped[CaseSubject | None] = mapped_column(default=None)
    about_id: Mapped[UUID | None] = mapped_column(default=None)
    organisation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organisation.id"), index=True, default=None
    )
    assigned_to: Mapped[UUID | None] = mapped_column(
        ForeignKey("user_account.id"), index=True, default=None
    )
    pattern_code: Mapped[str | None] = mapped_column(String(60), default=None)
    outcome: Mapped[CaseOutcome | None] = mapped_column(default=None)
    plate: Mapped[str | None] = mapped_column(String(10), default=None)
    plate_colour: Mapped[PlateColour | None] = mapped_column(default=None)
    seen_at: Mapped[datetime | None] = mapped_column(default=None)
    place_ref: Mapped[str | None] = mapped_column(String(64), default=None)
    contact_ref: Mapped[str | None] = mapped_column(String(64), default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is


class CaseNoteRow(Base):
    """One thing that happened to a case, with its event; never changed or removed."""

    __tablename__ = "case_note"
    __table_args__ = (Index("ix_case_note_case_id_id", "case_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    at: Mapped[datetime]
    act: Mapped[CaseAct]
    detail: Mapped[JsonObject]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    text_ref: Mapped[str | None] = mapped_column(String(64), default=None)


class CorrectionRequestRow(Base):
    """What a carrier is asked in a case, and its answer. A case has at most one open request."""

    __tablename__ = "correction_request"
    __table_args__ = (
        Index(
            "uq_correction_request_case_id_open",
            "case_id",
            unique=True,
            postgresql_where=OPEN_REQUEST,
            sqlite_where=OPEN_REQUEST,
        ),
        Index("ix_correction_request_case_id", "case_id"),
        Index("ix_correction_request_organisation_id_id", "organisation_id", "id"),
        CheckConstraint(
            "(answer_ref IS NULL) = (answered_at IS NULL)"
            " AND (answered_at IS NULL) = (answered_by IS NULL)",
            name="answer_whole",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    text_ref: Mapped[str] = mapped_column(String(64))
    due_on: Mapped[date]
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.OPEN)
    answer_ref: Mapped[str | None] = mapped_column(String(64), default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    waybill_id: Mapped[UUID | None] = mapped_column(ForeignKey("waybill.id"), default=None)
    certificate_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"), default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as is
